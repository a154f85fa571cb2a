"""What is asked of the outbox and changed in it, by a running bot or from the store itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from botkit.control import open_desk
from botkit.errors import StoreReason
from botkit.outbox.key import dump_key, load_key
from botkit.outbox.rate import KeyState, Limits
from botkit.ports import Settlement
from botkit.server import changes, queues
from botkit.server.contacts import Refused
from botkit.server.control import ControlServer
from botkit.server.given import Given
from botkit.server.ingress import Ingress
from botkit.server.socket import control_path
from botkit.server.ways import Way, restore
from botkit.server.why import why
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import CHANNEL, WIRE, queue, text
from tests.contract.samples import NOW as QUEUED

ANA, LUIS = "59170000001", "59170000002"
NOW = QUEUED + 5
LIMITS = Limits(30, 60.0, 10.0)


@dataclass
class FakeSender:
    """A sender that notes what is asked of it."""

    paused: bool = False
    done: list[str] = field(default_factory=list)

    def wake(self) -> None:
        """Note it."""
        self.done.append("wake")

    async def resume(self) -> None:
        """Note it."""
        self.paused = False
        self.done.append("resume")


class Bot:
    """A store with its ways out, as operations see it; `looked` counts how often flows were told."""

    def __init__(self, store: SqliteStore, sender: FakeSender | None, policy: Any = "resend_once") -> None:
        self.store, self.sender, self.looked = store, sender, 0
        ways = {CHANNEL: Way(LIMITS, policy, sender), "other": Way(LIMITS, sender=sender)}
        self.ingress = Ingress(
            *(store, _no_flows, lambda rows: None, lambda: NOW, lambda: "BO"), ways=lambda: ways, look=self._look
        )

    def _look(self) -> None:
        self.looked += 1

    async def asks(self, name: str, **arguments: str) -> Any:
        """Return what an inquiry gives."""
        return await queues.INQUIRIES[name].run(self.ingress, arguments)

    async def does(self, what: str, **values: Any) -> Any:
        """Do a change."""
        act = {
            "retry": changes.retry,
            "drop": changes.drop,
            "pause": changes.pause_channels,
            "resume": changes.resume_channels,
        }
        return await act[what](self.ingress, Given(values, {}))

    async def end(self, status: Any) -> int:
        """Send the head, which comes to this end; return its row."""
        row = await self.store.head(CHANNEL, NOW)
        assert row is not None
        flight = await self.store.begin(CHANNEL, "main", [row.id], WIRE, NOW)
        assert flight is not None
        if status != "flying":
            due_at = NOW + 20 if status == "uncertain" else None
            await self.store.settle(flight, Settlement(status, NOW, detail="why", due_at=due_at))
        return row.id

    async def whys(self, **arguments: str) -> list[tuple[str, str]]:
        """Return what each row that waits says, and why it has not left."""
        return [(row["message"]["text"], row["why"]) for row in (await self.asks("queue", **arguments))["rows"]]


def _no_flows() -> Any:
    raise AssertionError("no flows are needed")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """A store in which two texts wait for Ana and one for Luis."""
    opened = await SqliteStore.open(tmp_path / "bot.db")
    await queue(opened, ANA, text("1"), text("2"))
    await queue(opened, LUIS, text("3"))
    yield opened
    await opened.close()


@pytest.fixture
def bot(store: SqliteStore) -> Bot:
    """A bot that runs."""
    return Bot(store, FakeSender())


async def test_queue(bot: Bot) -> None:
    """What waits comes in the order in which it leaves, with when and why not yet; the channel says how much."""
    told = await bot.asks("queue")
    assert [(row["message"]["text"], row["why"], row["class"], row["at"]) for row in told["rows"]] == [
        ("1", "next", "interactive", NOW),
        ("3", "turn", "interactive", NOW),
        ("2", "behind", "interactive", NOW),
    ]
    assert told["total"] == 3
    channel = told["channels"][1]
    assert (channel["channel"], channel["level"], channel["held"], channel["paused_at"]) == (
        CHANNEL,
        "green",
        None,
        None,
    )
    assert channel["waiting"] == {"system": 0, "interactive": 3, "timers": 0, "bulk": 0}


@pytest.mark.parametrize(
    ("arguments", "texts", "total"),
    [
        ({"contact": ANA}, ["1", "2"], 2),
        ({"contact": ANA, "limit": "1"}, ["1"], 2),
        ({"limit": "2"}, ["1", "3"], 3),
        ({"channel": "other"}, [], 0),
        ({"state": "pending"}, ["1", "3", "2"], 3),
        ({"state": "flying"}, [], 0),
    ],
)
async def test_chosen(bot: Bot, arguments: dict[str, str], texts: list[str], total: int) -> None:
    """A contact, a channel, a state and a limit choose; the total says how much there is."""
    told = await bot.asks("queue", **arguments)
    assert [row["message"]["text"] for row in told["rows"]] == texts
    assert told["total"] == total


async def test_refusing_store(bot: Bot) -> None:
    """Why the store takes nothing is told of the queue and of each contact, and only while it does."""

    async def full() -> StoreReason:
        return "full"

    async def said() -> list[str]:
        return [each["say"] for each in (await why(bot.ingress, {"contact": ANA}))[0]["statements"]]

    assert "store" not in await bot.asks("queue")
    assert "refused" not in await said()
    bot.ingress = replace(bot.ingress, refusal=full)
    assert (await bot.asks("queue"))["store"] == "full"
    assert "refused" in await said()


async def test_in_air(bot: Bot) -> None:
    """What is being sent and what is in doubt come first, and hold up only what is behind them."""
    await bot.end("uncertain")
    await bot.end("flying")
    assert await bot.whys() == [("1", "uncertain"), ("3", "flying"), ("2", "behind uncertain")]
    [doubt] = (await bot.asks("queue", state="uncertain"))["rows"]
    assert (doubt["at"], doubt["attempts"]) == (NOW + 20, 1)
    channel = (await bot.asks("queue", channel=CHANNEL))["channels"][0]
    assert (channel["flying"], channel["uncertain"]) == (1, 1)


async def test_held_for_a_person(store: SqliteStore) -> None:
    """Under `on_uncertain: hold` a doubt whose wait is over needs a person, and what is behind it does not leave."""
    bot = Bot(store, FakeSender(), "hold")
    await bot.end("uncertain")
    later = Ingress(bot.ingress.store, _no_flows, lambda rows: None, lambda: NOW + 30, ways=bot.ingress.ways)
    rows = (await queues.queue(later, {}))["rows"]
    told = {row["message"]["text"]: (row["why"], row["at"]) for row in rows}
    assert (told["1"], told["2"]) == (("held", None), ("behind held", None))


async def test_held_key(bot: Bot) -> None:
    """A key that is held says why, and when it is probed."""
    key = KeyState(held_until=NOW + 45, why="unavailable", probing=True)
    await bot.store.save_key_state(CHANNEL, dump_key(key), NOW)
    told = await bot.asks("queue", channel=CHANNEL)
    assert (told["channels"][0]["held"], told["channels"][0]["held_until"]) == ("unavailable", NOW + 45)
    assert {row["why"] for row in told["rows"]} == {"unavailable"}
    assert min(row["at"] for row in told["rows"]) == NOW + 45


async def test_not_running(store: SqliteStore) -> None:
    """With no bot running nothing leaves, and no time is promised."""
    told = await Bot(store, None).asks("queue")
    assert {(row["at"], row["why"]) for row in told["rows"]} == {(None, "not running")}
    assert told["channels"][0]["running"] is False


async def test_channel_gone(store: SqliteStore) -> None:
    """What waits in a channel that config.yaml has no more is told so."""
    bot = Bot(store, FakeSender())
    gone = Ingress(store, _no_flows, lambda rows: None, lambda: NOW)
    assert {row["why"] for row in (await queues.queue(gone, {}))["rows"]} == {"gone"}
    assert bot.sender is not None


async def test_message(bot: Bot) -> None:
    """A message tells its story, whatever became of it."""
    failed = await bot.end("failed")
    told = await bot.asks("message", row=str(failed))
    assert (told["status"], told["reason"], told["contact"], told["place"]) == ("failed", "why", ANA, "booking.yaml:3")
    assert [request["status"] for request in told["requests"]] == ["failed"]
    assert (told["class"], told["may_have_come"], "why" in told) == ("interactive", False, False)
    waiting = await bot.asks("message", row=str(failed + 1))
    assert (waiting["why"], waiting["at"], waiting["requests"]) == ("turn", NOW, [])
    await bot.end("uncertain")
    assert (await bot.asks("message", row=str(failed + 2)))["may_have_come"]


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("queue", {"channel": "fax"}, "there is no channel 'fax'"),
        ("queue", {"limit": "0"}, "'0' is no limit"),
        ("queue", {"contact": "1"}, "there is no conversation"),
        ("droppable", {"channel": "fax"}, "there is no channel 'fax'"),
        ("message", {"row": "99"}, "there is no message 99"),
        ("message", {"row": "x"}, "'x' is no number"),
        ("message", {"row": "9" * 40}, "is no number"),
    ],
)
async def test_refused(bot: Bot, name: str, arguments: dict[str, str], told: str) -> None:
    """What cannot be answered is refused in a sentence, in both languages."""
    with pytest.raises(Refused) as caught:
        await bot.asks(name, **arguments)
    assert told in caught.value.told("en")
    assert caught.value.told("es") != caught.value.told("en")


@pytest.mark.parametrize("http_status", [None, 500])
async def test_answered(bot: Bot, http_status: int | None) -> None:
    """A request without an answer was never answered, though the gate counts it from a time on as no more under way."""
    row = await bot.store.head(CHANNEL, NOW)
    assert row is not None
    flight = await bot.store.begin(CHANNEL, "main", [row.id], WIRE, NOW)
    assert flight is not None
    await bot.store.settle(flight, Settlement("uncertain", NOW + 20, http_status, detail="why", due_at=NOW + 40))
    told = await bot.asks("message", row=str(row.id))
    answered = None if http_status is None else NOW + 20
    assert [each["answered_at"] for each in (told, *told["requests"])] == [answered, answered]


async def test_retry(bot: Bot) -> None:
    """What failed waits again, in its place; its sender looks at once."""
    failed = await bot.end("failed")
    assert await bot.does("retry", ids=[failed]) == {"rows": [failed], "moved": {}}
    assert await bot.whys(contact=ANA) == [("1", "turn"), ("2", "behind")]
    assert bot.sender is not None
    assert (bot.sender.done, bot.looked) == (["wake"], 1)


async def test_retry_moves(bot: Bot) -> None:
    """Where one behind it has left, the answer says as what it is sent."""
    failed, _ = await bot.end("failed"), await bot.end("sent")
    await bot.end("sent")
    done = await bot.does("retry", ids=[failed])
    [copy] = done["rows"]
    assert done["moved"] == {str(failed): copy}
    assert copy > failed + 2


@pytest.mark.parametrize("status", ["unconfirmed", "uncertain", "dropped"])
async def test_twice(bot: Bot, status: str) -> None:
    """What may have arrived is sent again only if it may come twice."""
    row = await bot.end(status)
    with pytest.raises(Refused, match="could come twice") as caught:
        await bot.does("retry", ids=[row])
    assert caught.value.status == 409
    assert (await bot.does("retry", ids=[row], twice=True))["rows"] == [row]


@pytest.mark.parametrize("status", ["unconfirmed", "uncertain", "dropped"])
@pytest.mark.parametrize("then", ["dropped", "failed", "queued as another"])
async def test_twice_for_ever(bot: Bot, status: str, then: str) -> None:
    """What may have arrived once is never sent again without a question, whatever became of it after that."""
    row = await bot.end(status)
    if then == "queued as another":
        await bot.end("sent")
        while await bot.store.head(CHANNEL, NOW) is not None:
            await bot.end("sent")
    [row] = (await bot.does("retry", ids=[row], twice=True))["rows"]
    if then == "failed":
        while await bot.end("failed") != row:
            pass
    else:
        await bot.does("drop", ids=[row])
    assert (await bot.asks("message", row=str(row)))["may_have_come"]
    with pytest.raises(Refused, match="could come twice"):
        await bot.does("retry", ids=[row])


@pytest.mark.parametrize("status", ["pending", "sent", "flying"])
@pytest.mark.parametrize("what", ["retry", "drop"])
async def test_not_changed(bot: Bot, what: str, status: str) -> None:
    """What waits, is being sent or was sent is not sent again; what does not wait is not dropped; nothing is done."""
    failed = await bot.end("failed")
    row = failed + 1 if status == "pending" else await bot.end(status)
    if what == "drop" and status == "pending":
        row = failed
    other = failed if what == "retry" else failed + 1
    with pytest.raises(Refused, match=f"message {row} .*nothing was changed"):
        await bot.does(what, ids=[other, row])
    before = {each["id"]: each["status"] for each in await bot.store.queued([failed, failed + 1])}
    assert before[failed] == "failed"


async def test_drop(bot: Bot) -> None:
    """Messages are dropped by number, their flows told."""
    assert await bot.does("drop", ids=[1]) == {"dropped": 1, "told": 0}
    assert sorted(text for text, _ in await bot.whys()) == ["2", "3"]
    [row] = await bot.store.queued([1])
    assert (row["status"], row["reason"], row["settled_at"]) == ("dropped", "dropped by an operator", NOW)
    assert bot.looked == 1


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ({"contact": ANA}, ["3"]),
        ({"all": True}, []),
        ({"all": True, "channel": "other"}, ["1", "3", "2"]),
        ({"all": True, "up_to": 2}, ["3"]),
        ({"contact": LUIS, "channel": CHANNEL}, ["1", "2"]),
    ],
)
async def test_drop_many(bot: Bot, values: dict[str, Any], left: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """All that waits for a contact, in a channel, or up to a number is dropped, a part at a time."""
    monkeypatch.setattr("botkit.server.changes.DROPPED_AT_ONCE", 1)
    await bot.does("drop", **values)
    assert [text for text, _ in await bot.whys()] == left


async def test_droppable(bot: Bot) -> None:
    """How much would be dropped is known before, with how much of it is in doubt."""
    assert await bot.asks("droppable") == {"count": 3, "uncertain": 0, "up_to": 3}
    await bot.end("uncertain")
    assert await bot.asks("droppable", contact=ANA) == {"count": 2, "uncertain": 1, "up_to": 2}
    assert await bot.asks("droppable", channel="other") == {"count": 0, "uncertain": 0, "up_to": 0}


@pytest.mark.parametrize(
    ("what", "values", "told"),
    [
        ("retry", {}, r"\$.ids: it must be numbers"),
        ("retry", {"ids": []}, r"\$.ids: it must be numbers"),
        ("retry", {"ids": [True]}, r"\$.ids: it must be numbers"),
        ("retry", {"ids": ["1"]}, r"\$.ids: it must be numbers"),
        ("retry", {"ids": list(range(1, 1002))}, "over 1000 numbers"),
        ("retry", {"ids": [7, 9]}, "there is no message 7, 9"),
        ("retry", {"ids": [1], "force": True}, "no key here"),
        ("drop", {"ids": [1], "all": True}, "no key here"),
        ("drop", {}, "give ids, a contact, or all"),
        ("drop", {"contact": ANA, "all": True}, "give ids, a contact, or all"),
        ("drop", {"all": True, "up_to": "x"}, r"\$.up_to"),
        ("drop", {"all": True, "channel": "fax"}, "there is no channel 'fax'"),
        ("drop", {"ids": [1], "channel": "other"}, r"\$.channel: message 1 is of channel"),
        ("drop", {"contact": "1"}, "there is no conversation"),
        ("pause", {"channel": "fax"}, "there is no channel 'fax'"),
        ("resume", {"channel": "fax"}, "there is no channel 'fax'"),
    ],
)
async def test_wrong(bot: Bot, what: str, values: dict[str, Any], told: str) -> None:
    """What cannot be done as asked is refused, and nothing happens."""
    with pytest.raises(Refused, match=told):
        await bot.does(what, **values)
    assert len(await bot.whys()) == 3


async def test_pause(bot: Bot) -> None:
    """A pause holds its channel at once and in the store; a second one does not begin it anew."""
    assert await bot.does("pause", channel=CHANNEL) == {"channels": [CHANNEL]}
    assert bot.sender is not None
    assert bot.sender.paused
    assert {why for _, why in await bot.whys()} == {"paused"}
    paused = {each["channel"]: each["paused_at"] for each in (await bot.asks("queue"))["channels"]}
    assert paused == {CHANNEL: NOW, "other": None}
    assert await bot.does("pause") == {"channels": [CHANNEL, "other"]}


async def test_restore(bot: Bot) -> None:
    """A pause lasts over a restart, until it is ended."""
    await bot.does("pause", channel=CHANNEL)
    again = FakeSender()
    assert await restore(bot.store, {CHANNEL: Way(LIMITS, sender=again)}) == [CHANNEL]
    assert again.paused
    await bot.does("resume")
    assert await restore(bot.store, {CHANNEL: Way(LIMITS, sender=again)}) == []
    assert bot.sender is not None
    assert (bot.sender.paused, bot.sender.done) == (False, ["resume", "resume"])


async def test_resume_stored(store: SqliteStore) -> None:
    """With no bot running the key in the store is made to be probed at the next start."""
    bot = Bot(store, None)
    stopped = KeyState(stopped=True, why="redirect", is_linked=False)
    await store.save_key_state(CHANNEL, dump_key(stopped), NOW)
    await bot.does("pause")
    await bot.does("resume", channel=CHANNEL)
    key = load_key(await store.key_state(CHANNEL))
    assert (key.stopped, key.probing, key.is_linked) == (False, True, True)
    assert await restore(store, bot.ingress.ways()) == ["other"]


async def test_both_alike(tmp_path: Path, store: SqliteStore) -> None:
    """The running bot and the opened store are asked and changed alike, by the same names."""
    path = tmp_path / "bot.db"
    bot = Bot(store, FakeSender())
    server = ControlServer(bot.ingress, control_path(path))
    await server.start()
    told = []
    for _ in range(2):
        async with open_desk(path, ways=bot.ingress.ways) as desk:
            await desk.act("outbox pause", {"channel": CHANNEL})
            queue = await desk.call("queue", contact="7000 0001", country="BO")
            message = await desk.call("message", row="1")
            told.append((orjson.dumps(queue["rows"]), message["why"], await desk.call("droppable")))
        await server.stop()
        await store.close()
    assert told[0] == told[1]
