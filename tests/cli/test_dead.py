"""`botkit dead`: what failed for good is listed, shown without telling who people are, tried again or given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.messages_dead import DEAD
from botkit.ports import FORGET, Arrival, Failure, Leg
from botkit.store.lock import FileLock
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_event
from botkit.turn.event import FILED, Inbound

ANA, LUZ = "59176543210", "59176543211"
FLOW = """\
flow: pedido
start: {words: [pedido]}
steps:
  - ask: ¿A qué nombre?
    save: nombre
  - ask: ¿Qué te preparo?
    save: plato
"""
NOW = 1_790_000_000.0
BOOM = Failure("KeyError: 'Zoila Quispe 71234567'", "flow.yaml:4:5", "pedido/nombre")

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path) -> Call:
    """Call a command in the folder of a bot that gave up an answer of Ana's, and what Luz wrote, in its second leg."""
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    (in_english / "flows" / "pedido.yaml").write_text(FLOW)
    asyncio.run(_fill(in_english / "botkit.db"))
    return lambda *arguments, **options: CliRunner().invoke(botkit, list(arguments), **options)


async def _fill(path: Path) -> None:
    store = await SqliteStore.open(path)
    for contact, text, failure in ((ANA, "Zoila Quispe", BOOM), (LUZ, "pedido", Failure())):
        event = Inbound("whatsapp", "message", contact, text=text)
        [receipt] = await store.accept(
            [Arrival("whatsapp", "webhook", "message", contact, contact, "", b"", dump_event(event))], NOW
        )
        row = receipt.row
        assert row is not None
        if contact == LUZ:
            await store.commit(Leg(row.id, 1, False, row.conversation.id, "whatsapp", 0, 0, b"{}", b"{}", NOW))
        await store.bury(row.id, NOW + 9, 5, failure)
    await store.close()


def rows_of(folder: Path) -> list[tuple[int, str, str | None]]:
    """Return the inbox: id, text and status."""

    async def read() -> list[tuple[int, str, str | None]]:
        store = await SqliteStore.open(folder / "botkit.db")
        waiting = await store.claim(NOW + 9e9, 9, frozenset())
        letters = await store.letters(9)
        await store.close()
        found = [(each["id"], each["event"]["text"], "dead") for each in reversed(letters)]
        return [*found, *((row.id, json.loads(row.event)["text"], "pending") for row in waiting)]

    return asyncio.run(read())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be somebody at a terminal to ask."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)


def test_list(call: Call) -> None:
    """The newest stands first, each with its step, its place and the type of its error; nobody is named."""
    done = call("dead", "list")
    first, second = done.output.splitlines()
    assert first.split()[0] == "2"
    assert first.endswith("message  the process ended each time before the turn did")
    assert second.endswith("message  pedido/nombre  flow.yaml:4:5  KeyError")
    assert not any(private in done.output for private in (ANA, LUZ, "Zoila", "71234567"))
    assert ANA in call("dead", "list", "--personal").output


def test_show(call: Call) -> None:
    """One shows what happened, where and how often, masked as a transcript is: number, name, and the error's words."""
    done = call("dead", "show", "1")
    assert "step:     pedido/nombre  flow.yaml:4:5" in done.output
    assert "attempts: 5" in done.output
    assert not any(private in done.output for private in (ANA, "Zoila", "71234567"))
    assert "message: Zoila Quispe" in call("dead", "show", "1", "--personal").output


def test_forget(call: Call, in_english: Path) -> None:
    """A person who could not be forgotten is listed and shown like any other letter."""

    async def bury() -> None:
        store = await SqliteStore.open(in_english / "botkit.db")
        [receipt] = await store.accept([Arrival("whatsapp", "operator", FORGET, LUZ, "w", "", b"", b"{}")], NOW)
        await store.bury(receipt.inbox_id, NOW, 5, BOOM)
        await store.close()

    asyncio.run(bury())
    assert "a person to forget" in call("dead", "list").output.splitlines()[0]
    assert "a person to forget" in call("dead", "show", "3").output


def test_show_part(call: Call) -> None:
    """One that had done a part says so."""
    assert "a part: what it said and called before it failed stays done" in call("dead", "show", "2").output
    assert "a part" not in call("dead", "show", "1").output


def test_show_json(call: Call) -> None:
    """As JSON it is masked as well."""
    done = call("dead", "show", "1", "--json")
    letter = json.loads(done.stdout)
    assert (letter["step"], letter["attempts"], letter["event"]["kind"]) == ("pedido/nombre", 5, "message")
    assert not any(private in done.output for private in (ANA, "Zoila", "71234567"))
    personal = json.loads(call("dead", "show", "1", "--json", "--personal").stdout)
    assert personal["event"]["text"] == "Zoila Quispe"


def test_retry(call: Call, in_english: Path) -> None:
    """With no process running it waits for the next one, under a number of its own."""
    done = call("dead", "retry", "1")
    assert (done.exit_code, done.output) == (0, "1: will be tried when the bot runs\n")
    assert rows_of(in_english) == [(2, "pedido", "dead"), (3, "Zoila Quispe", "pending")]


def test_masked(call: Call) -> None:
    """That numbers and names are not the real ones is said, apart from what programs read."""
    assert "--personal shows the real ones" in call("dead", "show", "1").stderr
    assert "números y nombres cambiados" in call("dead", "show", "1", "--json", "--lang", "es").stderr
    assert "--personal" not in call("dead", "show", "1", "--personal").output


def test_retry_asks(call: Call, in_english: Path, terminal: None) -> None:
    """What had done a part is tried again only by somebody who knows."""
    before = rows_of(in_english)
    done = call("dead", "retry", "--all", input="n\n")
    assert done.exit_code == 2
    assert "1 did a part already" in done.output
    assert rows_of(in_english) == before
    assert call("dead", "retry", "--all", input="y\n").exit_code == 0
    assert [status for *_, status in rows_of(in_english)] == ["pending", "pending"]


@pytest.mark.parametrize(("arguments", "given"), [((), "y\n"), (("--yes",), None)])
def test_drop(call: Call, in_english: Path, terminal: None, arguments: tuple[str, ...], given: str | None) -> None:
    """A letter is given up once somebody says so."""
    done = call("dead", "drop", "2", *arguments, input=given)
    assert done.exit_code == 0
    assert rows_of(in_english) == [(1, "Zoila Quispe", "dead")]


def test_drop_asks(call: Call, in_english: Path, terminal: None) -> None:
    """Without a yes nothing is given up."""
    before = rows_of(in_english)
    done = call("dead", "drop", "1", "2", input="n\n")
    assert done.exit_code == 2
    assert "nothing was done" in done.output
    assert rows_of(in_english) == before


def test_asks_unlocked(call: Call, in_english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a person is asked, the store is free: a bot that starts meanwhile is not held up."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    monkeypatch.setattr("botkit.cli.questions.agreed", lambda *_, **__: FileLock(in_english / "botkit.db").release())
    assert "nothing was done" in call("dead", "drop", "1").output


@pytest.mark.parametrize("command", ["drop", "retry"])
def test_nobody_to_ask(call: Call, in_english: Path, command: str) -> None:
    """Where nobody can be asked nothing is asked, nor done: `--yes` is named."""
    before = rows_of(in_english)
    done = call("dead", command, "--all", input="y\n")
    assert (done.exit_code, "--yes does not ask" in done.output, "?" in done.output) == (2, True, False)
    assert rows_of(in_english) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "9"), "there is no such dead letter; `botkit dead list` lists them"),
        (("show", "x"), "there is no such dead letter"),
        (("retry", "9" * 30), "there is no such dead letter"),
        (("drop", "1", "9", "--yes"), "there is no such dead letter"),
        (("retry",), "say which: their numbers, or --all"),
        (("drop", "1", "--all", "--yes"), "say which: their numbers, or --all"),
        (("list", "--limit", "0"), "'0' is no limit"),
    ],
)
def test_refused(call: Call, in_english: Path, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done is said in a sentence, and nothing is done."""
    before = rows_of(in_english)
    done = call("dead", *arguments)
    assert done.exit_code == 2
    assert told in done.output
    assert rows_of(in_english) == before


def test_spanish(call: Call) -> None:
    """All of it is said in Spanish as well."""
    assert "paso:" in call("dead", "show", "1", "--lang", "es").output
    assert "el proceso terminó cada vez" in call("dead", "show", "2", "--lang", "es").output
    assert "no hay tal mensaje muerto" in call("dead", "show", "9", "--lang", "es").output
    call("dead", "drop", "--all", "--yes")
    assert call("dead", "list", "--lang", "es").output == "no hay mensajes muertos\n"


def test_every_kind() -> None:
    """Each kind of event that may die has its words."""
    assert {f"kind of {kind}" for kind in ("message", FORGET, *FILED)} <= set(DEAD)
