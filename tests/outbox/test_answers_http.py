"""The answers table row by row: over real HTTP, against the sandbox in a process of its own.

Answers and stores are real and take the time that they take; waits of minutes and hours are moved by hand.
"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from botkit.gateway.listing import Listing
from botkit.gateway.poll import Asker
from botkit.ports import Arrival
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound
from tests.outbox.http import Line, Remote, joined, profile_of, sandbox

INFINITE = float("inf")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The sandbox, in a process of its own, where no rate limit plays a part."""
    with sandbox("--limit", "100000") as url:
        yield url


@pytest.fixture
async def remote(url: str) -> AsyncIterator[Remote]:
    """The sandbox without any fault."""
    async with aiohttp.ClientSession() as session:
        remote = Remote(url, session)
        await remote.reset()
        yield remote


@pytest.fixture
async def line(remote: Remote) -> AsyncIterator[Line]:
    """A line that runs, to the sandbox."""
    async with joined(profile_of(remote.url)) as line:
        yield line


#: One row: what the gateway does, to how many people's messages at once, what becomes of each of them, why the key is
#: held, for how many seconds, and what a person is told.
ROWS: list[tuple[str, dict[str, Any] | None, int, str, str, float, list[str]]] = [
    ("2xx", None, 1, "sent", "", 0, []),
    ("301", {"kind": "error", "status": 301}, 1, "pending", "redirect", INFINITE, ["redirected"]),
    ("307", {"kind": "error", "status": 307}, 1, "pending", "redirect", INFINITE, ["redirected"]),
    *((str(code), {"kind": "error", "status": code}, 1, "failed", "", 0, []) for code in (400, 404, 405, 409, 413)),
    *((str(code), {"kind": "error", "status": code}, 1, "failed", "", 0, []) for code in (410, 415, 422, 451)),
    ("400 to four", {"kind": "error", "status": 400}, 4, "failed", "", 0, []),
    ("400 to five", {"kind": "error", "status": 400}, 5, "failed", "refused", 300, ["refused_by_many"]),
    ("401", {"kind": "unauthorized"}, 1, "pending", "unauthorized", 300, ["unauthorized"]),
    ("403", {"kind": "error", "status": 403}, 1, "pending", "unauthorized", 300, ["unauthorized"]),
    ("timeout", {"kind": "slow", "delay_s": 3}, 1, "uncertain", "", 0, []),
    ("408", {"kind": "error", "status": 408}, 1, "uncertain", "", 0, []),
    ("reset before", {"kind": "reset"}, 1, "uncertain", "", 0, []),
    ("reset after", {"kind": "reset", "when": "after"}, 1, "uncertain", "", 0, []),
    ("five resets", {"kind": "reset"}, 5, "uncertain", "silent", 30, []),
    ("five 408", {"kind": "error", "status": 408}, 5, "uncertain", "silent", 30, []),
    ("429", {"kind": "quota"}, 1, "pending", "throttled", 60.05, []),
    ("503", {"kind": "unavailable"}, 1, "pending", "unavailable", 15, []),
    ("500 before", {"kind": "error", "status": 500}, 1, "uncertain", "", 0, []),
    ("502 after", {"kind": "error", "status": 502, "when": "after"}, 1, "uncertain", "", 0, []),
    ("504", {"kind": "error", "status": 504}, 1, "uncertain", "", 0, []),
    ("three 500", {"kind": "error", "status": 500}, 3, "uncertain", "server_error", 60, ["server_errors"]),
    ("unreadable", {"kind": "not_json"}, 1, "uncertain", "", 0, []),
    ("five unreadable", {"kind": "not_json"}, 5, "uncertain", "unreadable", 30, []),
]


@pytest.mark.parametrize(
    ("fault", "people", "status", "why", "hold_s", "alerts"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
async def test_a_row_of_the_table(
    remote: Remote,
    line: Line,
    fault: dict[str, Any] | None,
    people: int,
    status: str,
    why: str,
    hold_s: float,
    alerts: list[str],
) -> None:
    """What an answer makes of the messages and of the key, and whom it calls."""
    if fault is not None:
        await remote.arm(**fault)
    await line.say(people)
    await line.until_sent(people)
    assert await line.statuses() == [status] * people
    assert (line.key.why, line.alerts) == (why, alerts)
    assert line.key.stopped if hold_s == INFINITE else line.hold_s == pytest.approx(hold_s, abs=0.1)


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "https", "name"])
async def test_no_connection_takes_no_message(remote: Remote, scheme: str) -> None:
    """Nobody listens, no TLS, no such name: pending, 1, 2, 4, 8 s, then the breaker's 30, and up to 60."""
    url = {
        "http": f"http://127.0.0.1:{_closed_port()}",
        "https": remote.url.replace("http:", "https:"),
        "name": "http://nobody.invalid",
    }[scheme]
    profile = profile_of(remote.url).model_copy(update={"base_url": url})
    async with joined(profile) as line:
        await line.say(1)
        for number, hold_s in enumerate((1, 2, 4, 8, 30, 32, 60, 60), 1):
            await line.until_sent(number)
            assert await line.statuses() == ["pending"]
            assert line.key.why == "unreachable"
            assert line.hold_s == pytest.approx(hold_s, abs=0.2)
            await line.run(line.hold_s + 0.05)


#: What the gateway goes on to answer, to how many messages at once at first, and for how long each probe then holds.
SPELLS: list[tuple[dict[str, Any], int, list[float]]] = [
    ({"kind": "unavailable"}, 1, [15, 30, 60, 120, 60, 60]),
    ({"kind": "unauthorized"}, 1, [300, 300, 300]),
    ({"kind": "quota"}, 1, [60.05, 300, 900, 3600, 3600]),
    ({"kind": "error", "status": 500}, 3, [60, 120, 240, 480, 600, 600]),
    ({"kind": "reset"}, 5, [30, 30, 30]),
    ({"kind": "not_json"}, 5, [30, 30, 30]),
    ({"kind": "error", "status": 400}, 5, [300, 300, 300]),
]


@pytest.mark.parametrize(
    ("fault", "people", "holds"), SPELLS, ids=[str(row[0].get("status", row[0]["kind"])) for row in SPELLS]
)
async def test_a_bad_spell_costs_one_request_per_probe(
    remote: Remote, line: Line, fault: dict[str, Any], people: int, holds: list[float]
) -> None:
    """Nothing leaves before a probe is due, then one request does; the first that is taken ends the spell."""
    await remote.arm(**fault)
    await line.say(people)
    await line.until_sent(people)
    await line.say(8)
    for number, hold_s in enumerate(holds):
        assert line.hold_s == pytest.approx(hold_s, abs=0.2)
        await line.run(line.hold_s - 0.1)
        assert line.sent == people + number
        if number == len(holds) - 1:
            await remote.reset()
        await line.run(0.2)
        await line.until_sent(people + number + 1)
    assert len(line.alerts) <= 1
    await line.until_sent(people + len(holds) + 5)
    assert (await line.statuses()).count("sent") >= 5
    assert not line.key.probing


@pytest.mark.parametrize(
    ("dial", "hold_s"),
    [
        ({"mode": "value", "value_s": 7}, 7),
        ({"mode": "value", "value_s": 2.5}, 2.5),
        ({"mode": "value", "value_s": 0}, 1),
        ({"mode": "value", "value_s": 86_400}, 900),
        ({"mode": "text", "text": "9" * 400}, 900),
        ({"mode": "date", "value_s": 30}, 30),
        ({"mode": "date", "value_s": 86_400}, 900),
        ({"mode": "text", "text": "Tue, 14 Nov 2023 22:00:00 GMT"}, 60.05),
        ({"mode": "text", "text": "-5"}, 60.05),
        ({"mode": "text", "text": "mañana"}, 60.05),
        ({"mode": "text", "text": "1_000"}, 60.05),
        ({"mode": "text", "text": "nan"}, 60.05),
        ({"mode": "text", "text": "Tue, 99 Nov 2023"}, 60.05),
    ],
    ids=str,
)
async def test_retry_after_in_all_its_forms(remote: Remote, line: Line, dial: dict[str, Any], hold_s: float) -> None:
    """Seconds and dates hold the key, fifteen minutes at most; garbage and the past count as not said."""
    await remote.arm("retry_after", **dial)
    await remote.arm("quota", count=1)
    await line.say(1)
    await line.until_sent(1)
    assert line.hold_s == pytest.approx(hold_s, abs=2 if dial["mode"] == "date" else 0.1)


async def test_an_unreadable_yes_is_never_sent_again(remote: Remote, line: Line) -> None:
    """After its wait it counts as sent."""
    await remote.arm("not_json", count=1)
    await line.say_to("5911", "uno", "dos")
    await line.until_sent(1)
    await line.run(19)
    assert await line.statuses() == ["uncertain", "pending"]
    await line.run(2)
    await line.until_sent(2)
    assert await line.statuses() == ["sent", "sent"]
    assert [message["body"]["text"] for message in await remote.get("messages?to=5911")] == ["uno", "dos"]


async def test_a_lost_answer_is_asked_for_once_more(remote: Remote, line: Line) -> None:
    """Byte for byte, after its wait; a second loss is said, and the next message goes on."""
    await remote.arm("reset", when="after", count=2)
    await line.say_to("5912", "uno", "dos")
    await line.until_sent(1)
    await line.run(19)
    assert line.sent == 1
    await line.run(2)
    await line.until_sent(2)
    first, second = await remote.get("requests?to=5912")
    assert first["digest"] == second["digest"]
    await line.run(21)
    await line.until_sent(3)
    assert await line.statuses() == ["unconfirmed", "sent"]


@pytest.mark.parametrize("kind", ["status", "echo"])
async def test_news_of_a_lost_answer_save_a_second_request(remote: Remote, line: Line, kind: str) -> None:
    """A status, or an echo of the words, within the wait: it was sent, and the next message goes at once."""
    await remote.arm("reset", when="after", count=1)
    contact = f"5913{kind}"
    await line.say_to(contact, "uno", "dos")
    await line.until_sent(1)
    [message] = await remote.get(f"messages?to={contact}")
    state, text = ("delivered", None) if kind == "status" else (None, "uno")
    event = Inbound("wa", kind, contact, id=message["id"], at=message["at"], state=state, text=text)
    filed = Arrival("wa", "webhook", kind, contact, message["id"], state or "", b"d", dump_event(event), turn=False)
    [receipt] = await line.store.accept([filed._replace(parsed=event)], line.clock.now())
    assert receipt.settles
    line.worker.wake()
    await line.until_sent(2)
    assert await line.statuses() == ["sent", "sent"]
    await line.run(60)
    assert line.sent == 2


@pytest.mark.parametrize(("policy", "status"), [("hold", ["uncertain", "pending"]), ("drop", ["dropped", "sent"])])
async def test_a_lost_answer_by_another_policy(remote: Remote, policy: str, status: list[str]) -> None:
    """Nothing is sent twice: it waits for news or a person, or is given up."""
    await remote.arm("reset", when="after", count=1)
    async with joined(profile_of(remote.url, on_uncertain=policy)) as line:
        await line.say_to(f"5914{policy}", "uno", "dos")
        await line.until_sent(1)
        await line.run(21)
        await line.run(120)
        assert await line.statuses() == status
    texts = [message["body"]["text"] for message in await remote.get(f"messages?to=5914{policy}")]
    assert texts == ["uno", "dos"][: 1 if policy == "hold" else 2]


async def test_a_gateway_that_came_back_is_let_in_gently(remote: Remote, line: Line) -> None:
    """One message, then 1, 2, 4 … at a time."""
    await remote.arm("unavailable", count=1)
    await line.say(1)
    await line.until_sent(1)
    await remote.arm("slow", delay_s=0.02)
    await line.say(30)
    await line.run(15.1)
    await line.until_sent(32)
    together = line.gateway.together[1:]
    assert together[0] == 1
    assert all(out <= 1 << (taken.bit_length() - 1) for taken, out in enumerate(together[1:], 1))
    assert max(together) >= 2


async def test_a_new_configuration_is_tried_at_once(remote: Remote, line: Line) -> None:
    """Nobody waits five minutes for a key that was just replaced."""
    await remote.arm("unauthorized", count=1)
    await line.say(1)
    await line.until_sent(1)
    line.worker.reload()
    await line.until_sent(2)
    assert await line.statuses() == ["sent"]


#: What a poll is answered, and what that does to messages: why the key is held, for how long, what a person is told.
POLLS: list[tuple[str, dict[str, Any] | None, str, float, list[str]]] = [
    ("2xx", None, "", 0, []),
    ("301", {"kind": "error", "status": 301}, "", 0, []),
    ("401", {"kind": "unauthorized"}, "unauthorized", 300, ["unauthorized"]),
    ("403", {"kind": "error", "status": 403}, "unauthorized", 300, ["unauthorized"]),
    ("404", {"kind": "error", "status": 404}, "", 0, []),
    ("429", {"kind": "quota"}, "throttled", 60.05, []),
    ("503", {"kind": "unavailable"}, "unavailable", 15, []),
    ("500", {"kind": "error", "status": 500}, "", 0, []),
    ("reset", {"kind": "reset"}, "", 0, []),
    ("timeout", {"kind": "slow", "delay_s": 3}, "", 0, []),
]


@pytest.mark.parametrize(
    ("fault", "why", "hold_s", "alerts"), [row[1:] for row in POLLS], ids=[row[0] for row in POLLS]
)
async def test_what_a_poll_is_answered(
    remote: Remote, fault: dict[str, Any] | None, why: str, hold_s: float, alerts: list[str]
) -> None:
    """It spends a request of the key and no message: what holds the key holds those, too, and then one is taken."""
    profile = profile_of(remote.url, inbound={"poll": {}})
    assert profile.poll is not None
    async with joined(profile) as line:
        listing, asker = Listing("wa", profile.poll), Asker(profile.poll.request, line.gateway)
        if fault is not None:
            await remote.arm(**fault, count=1)
        async with line.worker.slot(is_poll=True) as errand:
            errand.answer, _ = await asker.ask(listing.mark(None, line.clock.now()), line.clock.now())
        assert (line.key.why, line.alerts) == (why, alerts)
        assert line.hold_s == pytest.approx(hold_s, abs=0.2)
        await line.say(1)
        await line.run(max(line.hold_s - 0.1, 0.0))
        assert await line.statuses() == (["pending"] if hold_s else ["sent"])
        await line.run(0.2)
        assert await line.statuses() == ["sent"]
        entries = await line.store.ledger("wa", 0.0)
        assert len(entries) == 2
