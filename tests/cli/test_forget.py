"""`botkit forget`: it counts, asks, erases, and says what it cannot reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.ports import InboxRow
from botkit.store.lock import FileLock
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import queue, text
from tests.server.ingress import ingress_of, serving
from tests.waiting import eventually

CONFIG = "channels: {wa: {base_url: sandbox}}\n"
CONTACT = "51999000001"

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path) -> Call:
    """Call a command in the folder of a bot that has something to say to one person."""
    (in_english / "config.yaml").write_text(CONFIG)

    async def fill() -> None:
        store = await SqliteStore.open(in_english / "botkit.db")
        await queue(store, CONTACT, text("Hola, Anastasia"))
        await store.close()

    asyncio.run(fill())
    return lambda *arguments: CliRunner().invoke(botkit, list(arguments))


def test_asks(call: Call, in_english: Path) -> None:
    """Without a yes nothing is erased, and what there is is counted."""
    told = call("forget", CONTACT)
    assert told.exit_code == 2
    assert "wa: events 1, turns 1, messages 1, results 0, reminders 0" in told.output
    assert "--yes does not ask" in told.output
    assert b"Anastasia" in (in_english / "botkit.db").read_bytes()


def test_erases(call: Call, in_english: Path) -> None:
    """With no process running it is done at once, and a second time there is nobody of that name."""
    told = call("forget", CONTACT, "--yes")
    assert told.exit_code == 0, told.output
    assert "erased from the store\nout of reach: backups made before" in told.output
    held = b"".join(file.read_bytes() for file in in_english.glob("botkit.db*"))
    assert [word for word in (b"Anastasia", CONTACT.encode()) if word in held] == []
    assert "there is no conversation" in call("forget", CONTACT, "--yes").output


@pytest.mark.parametrize(
    ("answer", "language", "told"), [("n", "en", "nothing was changed"), ("", "es", "no se cambió")]
)
def test_no(call: Call, monkeypatch: pytest.MonkeyPatch, answer: str, language: str, told: str) -> None:
    """A no says that nothing was changed."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    result = CliRunner().invoke(botkit, ["forget", CONTACT, "--lang", language], input=f"{answer}\n")
    assert (result.exit_code, told in result.stderr) == (0, True)


def test_asks_unlocked(call: Call, in_english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a person is asked, the store is free: a bot that starts meanwhile is not held up."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    monkeypatch.setattr("botkit.cli.questions.agreed", lambda *_, **__: FileLock(in_english / "botkit.db").release())
    assert "nothing was changed" in call("forget", CONTACT).output


def test_broken_off(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at the question is told in the language of the command, too."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    result = CliRunner().invoke(botkit, ["forget", CONTACT, "--lang", "es"], input="")
    assert (result.exit_code, result.stderr.split()) == (1, ["interrumpido"])


def test_put_aside(call: Call, in_english: Path) -> None:
    """Stores that `restore` left are named, since they still hold the person; other neighbours are not."""
    (in_english / "botkit.db.2026-11-23T10-00-00").touch()
    (in_english / "botkit.db.lock-of-mine").touch()
    told = call("forget", CONTACT, "--yes").output
    assert "left beside this one: botkit.db.2026-11-23T10-00-00; delete" in told


async def test_running(call: Call, in_english: Path) -> None:
    """With one running its turn is waited for."""
    rows: list[InboxRow] = []
    store = await SqliteStore.open(in_english / "botkit.db")
    async with serving(store, in_english / "botkit.db", ingress_of(store, rows=rows)):
        asked = asyncio.create_task(asyncio.to_thread(call, "forget", CONTACT, "--yes"))
        await eventually(lambda: rows)
        assert not asked.done()
        assert await store.forget(rows[0].conversation.id, rows[0].id, 0.0)
        told = await asked
    assert told.exit_code == 0, told.output
    assert "erased from the store" in told.output
