"""Commands that keep a store: what they print, and that the running bot does it while there is one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.server.admin import admin_listener
from botkit.server.control import ControlServer
from botkit.server.socket import control_path
from botkit.settings import Admin
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import queue, take, text
from tests.server.ingress import ingress_of

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
TOKEN = "t" * 32

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path) -> Call:
    """Call a command in the folder of a bot to which one person has written."""
    (in_english / "config.yaml").write_text(CONFIG)

    async def fill() -> None:
        store = await SqliteStore.open(in_english / "botkit.db")
        await take(store)
        await store.close()

    asyncio.run(fill())
    return lambda *arguments: CliRunner().invoke(botkit, list(arguments))


def test_backup(call: Call, in_english: Path) -> None:
    """It says what the copy holds, in the language that was asked for, and makes none over another file."""
    first = call("backup", "copy.db")
    assert re.fullmatch(r"copy\.db: \d+ KB, conversations 1, rows 4, checked, in \d\.\d s\n", first.output)
    again = call("backup", "copy.db", "--lang", "es")
    assert (again.exit_code, again.output) == (
        2,
        f"error: {in_english / 'copy.db'} ya existe; --force lo cambia por el nuevo\n",
    )
    assert call("backup", "copy.db", "--force", "--lang", "es").output.count("revisado") == 1


async def test_backup_by_the_owner(call: Call, in_english: Path) -> None:
    """While a process owns the store, it is the one that copies; the way on TCP has no such thing."""
    store = await SqliteStore.open(in_english / "botkit.db")
    ingress = ingress_of(store)
    server = ControlServer(ingress, control_path(in_english / "botkit.db"))
    listener = admin_listener(ingress, Admin.model_validate({"port": 0, "token": TOKEN}))
    await server.start()
    await listener.start()
    done = await asyncio.to_thread(call, "backup", "copy.db")
    refused = await asyncio.to_thread(call, "backup", "copy.db")
    async with (
        aiohttp.ClientSession(listener.url, headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.post("/api/backup", json={"file": str(in_english / "more.db")}) as response,
    ):
        assert response.status == 404
    await listener.stop()
    await server.stop()
    await store.close()
    assert (done.exit_code, refused.exit_code) == (0, 2)
    assert "--force" in refused.output
    assert not (in_english / "more.db").exists()


def test_restore(call: Call, in_english: Path) -> None:
    """It says what it put back and where the store before is; what waited needs a word where nobody can be asked."""
    asyncio.run(_queue(in_english / "botkit.db"))
    call("backup", "copy.db")
    unasked = call("restore", "copy.db", "--lang", "es")
    assert unasked.exit_code == 2
    assert "1 mensaje esperaba" in unasked.output
    done = call("restore", "copy.db", "--waiting", "drop")
    lines = done.output.splitlines()
    assert re.fullmatch(r"restored copy\.db \(made \S+-04:00\), conversations 2; what came after it is gone", lines[0])
    assert re.search(r"botkit\.db\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d$", lines[1])
    assert [line.split()[:4] for line in lines[2:]] == [
        ["1", "message", "that", "waited"],
        ["1", "event", "waited", "for"],
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "nothing was changed"),
        ("s", "1 message that waited is sent when the bot runs"),
        ("d", "1 message that waited is not sent; 'botkit outbox list --state dropped'"),
        ("y\nd", "write s, d or nothing"),
    ],
)
def test_restore_asks(call: Call, in_english: Path, monkeypatch: pytest.MonkeyPatch, answer: str, told: str) -> None:
    """At a terminal a person sends, drops or gives it up; Enter alone changes nothing."""
    monkeypatch.setattr("botkit.cli.questions.is_asked", lambda: True)
    asyncio.run(_queue(in_english / "botkit.db"))
    call("backup", "copy.db")
    done = CliRunner().invoke(botkit, ["restore", "copy.db"], input=f"{answer}\n")
    assert (done.exit_code, told in done.output) == (0, True), done.output
    assert bool([*in_english.glob("botkit.db.2*")]) is bool(answer)


async def _queue(path: Path) -> None:
    store = await SqliteStore.open(path)
    await queue(store, "51900002", text())
    await store.close()
