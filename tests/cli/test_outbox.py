"""The commands about the outbox, with no process running: what they print, what they ask, what they refuse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.messages import MESSAGES
from botkit.cli.outbox import _tell_queue, outbox
from botkit.cli.outbox_lines import _request, channel_lines, leaves, tries, waiting_line
from botkit.cli.shown import date
from botkit.flow.level import LEVELS
from botkit.outbox.key import dump_key
from botkit.outbox.rate import KeyState
from botkit.ports import RequestStatus, Settlement
from botkit.server.changes import DROPPED
from botkit.server.operations import OUTBOX_STATUSES
from botkit.store.copies import _REPLACED
from botkit.store.ends import TAKEN_BACK
from botkit.store.lock import FileLock
from botkit.store.outbox import _RECALLED
from botkit.store.restore import DROPPED as RESTORED
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import CHANNEL, NOW, WIRE, queue, text

CONFIG = f"channels: {{{CHANNEL}: {{base_url: sandbox}}, otro: {{base_url: sandbox}}}}\n"
ANA, LUIS = "59170000001", "59170000002"
ZONE = ZoneInfo("America/La_Paz")

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command in the folder of a bot whose first message failed, whose second is in doubt; two more wait."""
    (in_english / "config.yaml").write_text(CONFIG)
    asyncio.run(_fill(in_english / "botkit.db"))
    monkeypatch.setattr("botkit.control.time.time", lambda: NOW + 10)
    return lambda *arguments, **options: CliRunner().invoke(botkit, ["outbox", *arguments], **options)


async def _fill(path: Path) -> None:
    store = await SqliteStore.open(path)
    await queue(store, ANA, text("uno"), text("dos"), text("tres"))
    await queue(store, LUIS, text("cuatro"))
    for row, status in ((1, "failed"), (2, "uncertain")):
        flight = await store.begin(CHANNEL, "main", [row], WIRE, NOW + 2)
        assert flight is not None
        end = Settlement(status, NOW + 3, 400, detail="no such number", due_at=NOW + 23)  # type: ignore[arg-type]
        await store.settle(flight, end)
    await store.close()


def states(folder: Path) -> list[str]:
    """Return how the messages stand, by number."""

    async def read() -> list[str]:
        store = await SqliteStore.open(folder / "botkit.db")
        rows = await store.outbox_rows(conversation_id=None, status=None, limit=99)
        await store.close()
        return [row["status"] for row in reversed(rows)]

    return asyncio.run(read())


def test_store_refuses(capsys: pytest.CaptureFixture[str], in_english: Path) -> None:
    """That the store takes nothing is told before what waits, with why and what to do."""
    found = {"channels": [], "rows": [], "total": 0, "store": "full"}
    with click.Context(outbox):
        _tell_queue(found, ZoneInfo("UTC"), as_json=False)
    assert capsys.readouterr().out.startswith("the store takes nothing: the disk is full; make room on the store's")


def test_list(call: Call) -> None:
    """A line for each channel, that no bot runs, and a line for each message that waits, with why."""
    assert call("list").stdout.splitlines() == [
        "otro: 30 requests per 60 s, level green, waiting 0",
        "wa: 30 requests per 60 s, level green, waiting 2 (interactive 2); in flight 0, in doubt 1",
        "the bot does not run: nothing leaves until `botkit run`",
        "       2  59170000001   interactive  uncertain  –: nobody knows whether it arrived; that is decided after a"
        " wait  dos",
        "       4  59170000002   interactive  pending    –: the bot does not run  cuatro",
        "       3  59170000001   interactive  pending    –: the bot does not run  tres",
    ]
    assert "no hay mensajes en espera" in call("list", "--channel", "otro", "--lang", "es").stderr


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ((), [2, 4, 3]),
        ((LUIS,), [4]),
        (("--contact", "7000 0001"), [2, 3]),
        (("--state", "uncertain"), [2]),
        (("--state", "failed"), [1]),
        (("--state", "all"), [4, 3, 2, 1]),
        (("--state", "all", "--channel", "otro"), []),
        (("--limit", "1"), [2]),
    ],
)
def test_chosen(call: Call, arguments: tuple[str, ...], numbers: list[int]) -> None:
    """Contact, channel, state and limit choose; as JSON it is the same."""
    told = json.loads(call("list", *arguments, "--json").stdout)
    assert [row["id"] for row in (told["rows"] if isinstance(told, dict) else told)] == numbers


def test_more(call: Call) -> None:
    """That there is more than was listed is said."""
    assert call("list", "--limit", "1").stdout.endswith("… and 2 more\n")


def test_show(call: Call) -> None:
    """The story of a message: who said it, what became of it, its requests, its text."""
    lines = [" ".join(line.split()) for line in call("show", "1").stdout.splitlines()]
    at, sent, answered = (date(each, ZONE) for each in (NOW + 1, NOW + 2, NOW + 3))
    assert lines == [
        "message: 1 (talk 1, interactive)",
        "to: 59170000001 (wa)",
        f"state: failed {answered} [no such number]",
        "said by: booking/day, booking.yaml:3",
        f"queued: {at}",
        f"request 1: failed (400), tried once, sent {sent}, answered {answered} [no such number]",
        "text: uno",
    ]
    assert "sale:" in call("show", "3", "--lang", "es").stdout
    assert call("show", "2", "--request").stdout == call("show", "2").stdout
    refused = call("show", "99", "--request")
    assert (refused.exit_code, "no message has request 99" in refused.stderr) == (2, True)
    assert json.loads(call("show", "2", "--json").stdout)["may_have_come"] is True


@pytest.mark.parametrize(
    ("status", "http_status", "detail", "told"),
    [
        (
            "unconfirmed",
            None,
            "TimeoutError",
            "unconfirmed, tried twice, last {}, no answer [the gateway did not answer",
        ),
        ("returned", None, "ClientConnectorError", "not taken, {} [no connection to the gateway could be made]"),
        ("returned", 503, "", "not taken (503), {}"),
        ("failed", 400, "bad number", "failed (400), tried twice, sent {}, answered {} [bad number]"),
    ],
)
def test_request(status: str, http_status: int | None, detail: str, told: str) -> None:
    """Only a request with an HTTP status was answered; an error of the connection is told in words."""
    row = {"status": status, "http_status": http_status, "detail": detail, "attempts": 2, "gateway_id": None}
    at = date(NOW, ZONE)
    assert _request({**row, "sent_at": NOW, "answered_at": NOW}, ZONE).startswith(told.format(at, at))


def test_in_doubt_for_ever(call: Call, tmp_path: Path) -> None:
    """What was dropped after it had been in doubt and sent again is told as such, and not sent again unasked."""
    call("retry", "2", "--yes")
    call("drop", "2", "--yes")
    assert "--yes" in call("retry", "2").stderr
    assert states(tmp_path)[1] == "dropped"
    assert [tries(each) for each in (None, 1, 3)] == ["tried before", "tried once", "tried 3 times"]


def test_states_in_spanish(call: Call) -> None:
    """States, levels and reasons that the store holds in English are told in Spanish to who asks so."""
    call("drop", "3", "--yes")
    told = call("list", "--state", "all", "--lang", "es").stdout
    assert "descartado" in told
    assert "[lo descartó un operador]" in told
    assert "nivel verde" in call("list", "--lang", "es").stdout
    assert {f"state {name}" for name in (*OUTBOX_STATUSES, *get_args(RequestStatus))} <= {*MESSAGES}
    assert {f"level {name}" for name in LEVELS} <= {*MESSAGES}
    assert {f"detail {each}" for each in (_REPLACED, DROPPED, RESTORED, TAKEN_BACK, _RECALLED)} <= {*MESSAGES}


def test_retry(call: Call, tmp_path: Path) -> None:
    """What failed goes to the end when what is behind it may have arrived, and that is said."""
    assert call("retry", "1").stdout == (
        "waiting again: 5\n1 is sent again as 5, at the end of its lane: one behind it has left\n"
    )
    assert states(tmp_path) == ["replaced", "uncertain", "pending", "pending", "pending"]
    assert "message 1 was replaced by 5" in call("retry", "1").stderr


def test_retry_doubt(call: Call, tmp_path: Path) -> None:
    """What may have arrived is sent again only by `--yes` where nobody can be asked."""
    refused = call("retry", "2")
    assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    assert states(tmp_path)[1] == "uncertain"
    assert call("retry", "2", "--yes").stdout == "waiting again: 2\n"
    assert states(tmp_path)[1] == "pending"


@pytest.mark.parametrize(("answer", "status"), [("y", "pending"), ("n", "uncertain")])
def test_retry_asks(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: str) -> None:
    """At a terminal a person is asked, and may say no."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    told = call("retry", "2", input=f"{answer}\n")
    assert "could come twice: 2" in told.stdout
    assert states(tmp_path)[1] == status


@pytest.mark.parametrize(
    ("arguments", "dropped"),
    [
        (("3",), [3]),
        (("3", "--channel", CHANNEL), [3]),
        (("2", "3"), [2, 3]),
        (("--contact", "70000001"), [2, 3]),
        (("--all",), [2, 3, 4]),
        (("--all", "--channel", "otro"), []),
    ],
)
def test_drop(call: Call, tmp_path: Path, arguments: tuple[str, ...], dropped: list[int]) -> None:
    """Messages, a contact's, or all that waits are dropped; without `--yes` nothing is."""
    before = states(tmp_path)
    call("drop", *arguments)
    assert states(tmp_path) == before
    assert call("drop", *arguments, "--yes").exit_code == 0
    assert [number for number, state in enumerate(states(tmp_path), 1) if state == "dropped"] == dropped


def test_drop_asks_unlocked(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a person is asked, the store is free: a bot that starts meanwhile is not held up."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    monkeypatch.setattr("botkit.cli.questions.agreed", lambda *_, **__: FileLock(tmp_path / "botkit.db").release())
    assert "nothing was changed" in call("drop", "--all").output


def test_drop_asks(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks with the count, and how many of them may have arrived."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    assert "Drop 3 messages that wait (1 in doubt)?" in call("drop", "--all", input="n\n").stdout
    assert "¿Descarto 1 mensaje en espera?" in call("drop", "3", "--lang", "es", input="s\n").stdout
    assert states(tmp_path) == ["failed", "uncertain", "dropped", "pending"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "99"), "there is no message 99"),
        (("retry", "99", "--yes"), "error: there is no message 99"),
        (("retry", "3"), "message 3 waits already"),
        (("retry", "99"), "there is no message 99"),
        (("drop", "1", "--yes"), "message 1 failed, and waits for nothing"),
        (("drop",), "say what to drop"),
        (("drop", "3", "--all"), "say what to drop"),
        (("drop", "--contact", ""), "the contact is empty"),
        (("drop", "--contact", "1"), "there is no conversation"),
        (("pause", "fax"), "there is no channel 'fax'"),
        (("list", "--channel", "fax"), "there is no channel 'fax'"),
        (("list", "--state", "x"), "'x' is no status"),
        (("list", "--state", "x"), ", all\n"),
        (("list", "--state", "sent", "--channel", "fax"), "there is no channel 'fax'"),
        (("list", LUIS, "--channel", "fax"), "with this contact in channel 'fax'; there is one in: wa"),
        (("drop", "3", "--channel", "otro", "--yes"), "message 3 is of channel 'wa'"),
        (("drop", "3", "--channel", "fax", "--yes"), "message 3 is of channel 'wa'"),
    ],
)
def test_refused(call: Call, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done is said in a sentence, and nothing changes."""
    before = states(tmp_path)
    result = call(*arguments)
    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert states(tmp_path) == before


def test_pause(call: Call, tmp_path: Path) -> None:
    """A pause is kept, shown, logged and ended, with no bot running too."""
    assert call("pause", CHANNEL).stdout == "paused: wa\n"
    shown = call("list").stdout
    assert f"  PAUSED since {date(NOW + 10, ZONE)}; `botkit outbox resume wa` ends it\n" in shown
    assert "–: the channel is paused  cuatro" in shown
    assert call("resume").stdout == "resumed: wa, otro\n"
    assert "PAUSED" not in call("list").stdout
    lines = [json.loads(line) for line in (tmp_path / "botkit.log").read_text().splitlines()]
    assert [(line["event"], line["action"], line["via"]) for line in lines] == [
        ("control_change", "outbox pause", "command"),
        ("control_change", "outbox resume", "command"),
    ]


def test_resume_held(call: Call, tmp_path: Path) -> None:
    """A resume ends no hold that the gateway asked for, and says so with why and until when."""

    async def hold() -> None:
        store = await SqliteStore.open(tmp_path / "botkit.db")
        key = KeyState(held_until=NOW + 45, why="throttled")
        await store.save_key_state(CHANNEL, dump_key(key), NOW)
        await store.close()

    asyncio.run(hold())
    told = f"wa is still held until {date(NOW + 45, ZONE)}: the gateway asked to wait (429)\n"
    assert call("resume").stdout == "resumed: wa, otro\n" + told
    assert call("resume", "otro").stdout == "resumed: otro\n"


def test_not_logged(call: Call, tmp_path: Path) -> None:
    """A change that the log cannot tell is done, and that is said."""
    (tmp_path / "botkit.log").mkdir()
    result = call("pause", CHANNEL)
    assert (result.exit_code, result.stdout) == (0, "paused: wa\n")
    assert result.stderr == "done, but the log does not tell it: Is a directory\n"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (None, "–"),
        (NOW + 1, "now"),
        (NOW - 99, "now"),
        (NOW + 125, "in about 2m (18:15:25)"),
        (NOW + 7 * 3600, "in about 7h (01:13:20)"),
        (NOW + 90_000, "in about 25h (2023-11-15 19:13)"),
    ],
)
def test_leaves(at: float | None, told: str) -> None:
    """When a message leaves is told roughly, with the clock, and with the day where it is far away."""
    assert leaves(at, ZONE, NOW) == told


def test_learnt_and_held(in_english: Path) -> None:
    """A channel tells what it learnt of its limit, and why it is held."""
    channel = {
        **{"channel": "wa", "limit": 25, "configured_limit": 30, "period_s": 60.0, "level": "black"},
        **{"flying": 0, "uncertain": 0, "waiting": {"bulk": 7}, "paused_at": None},
        **{"held": "unavailable", "held_until": NOW + 30, "deaf": None},
    }
    assert list(channel_lines(channel, ZONE, NOW)) == [
        "wa: 25 requests per 60 s (learnt; config.yaml says 30), level black, waiting 7 (bulk 7)",
        "  HELD: the gateway is unavailable (503); it is probed in about 30s (18:13:50)",
    ]
    deaf = {**channel, "held": None, "deaf": {"since": NOW, "status": 404, "is_long": True}}
    assert list(channel_lines(deaf, ZONE, NOW))[1:] == [
        "  DEAF since 2023-11-14T18:13:20-04:00: what people write cannot be read,"
        " the gateway answers 404 to inbound.poll; look for poll_refused in the log"
    ]
    row = {"id": 7, "contact": ANA, "class": "bulk", "status": "pending", "at": NOW + 30, "why": "unavailable"}
    line = waiting_line({**row, "message": {"type": "text", "text": "hola"}}, ZONE, NOW)
    assert line.endswith("in about 30s (18:13:50): the gateway is unavailable (503)  hola")
