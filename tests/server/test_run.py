"""`botkit run` as a real process: it starts, answers a person, and stops without losing anything."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from botkit.control import open_desk
from botkit.outbox.rate import Limits
from botkit.server.health import SANDBOX_NOTICE
from botkit.server.ways import Way, pause
from botkit.store.lock import FileLock
from botkit.store.sqlite import SqliteStore
from tests.server.process import CONFIG, CONTACT, PATIENCE_S, running
from tests.waiting import eventually

SLOW = """\
import asyncio
from botkit import handler

@handler("slow")
async def slow(ctx):
    ctx.log.info("handler_began")
    await asyncio.sleep(3600)
"""
#: A bot that waits for no store.
IMPATIENT = "from botkit import cli, parts; parts.OWNED_S = 0.0; cli.main()"


async def test_whole_path(folder: Path) -> None:
    """A person writes, the bot answers; after a stop and a new start the conversation goes on where it was."""
    async with running(folder) as bot:
        await bot.read_ready()
        assert bot.rest == SANDBOX_NOTICE
        status, told = await bot.get("/readyz")
        assert (status, told["ready"], told["target"]) == (200, True, SANDBOX_NOTICE)
        assert (told["handlers_hung"], told["flying"], told["held"]) == (0, {"whatsapp": 0}, {})
        await bot.write("hola", "¿Cómo te llamas?")
        async with open_desk(folder / "botkit.db") as desk:
            (conversation,) = await desk.call("conversations", contact=CONTACT)
        assert conversation["state"]["frames"][0]["flow"] == "saludo"
        assert await bot.stop() == 0
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("Ana", "Hola, Ana.")
        assert await bot.stop(signal.SIGINT) == 0
    # A stop lets what is in the air land: nothing is left uncertain.
    async with open_desk(folder / "botkit.db") as desk:
        assert [row["status"] for row in await desk.call("outbox", contact=CONTACT)] == ["sent", "sent"]


async def test_log(folder: Path) -> None:
    """The log tells the turn by the conversation's id, and holds neither number, nor text, nor secret."""
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "¿Cómo te llamas?")
        assert await bot.stop() == 0
        assert bot.child.stderr is not None
        console = (await bot.child.stderr.read()).decode()
    written = (folder / "botkit.log").read_text()
    events = [json.loads(line)["event"] for line in written.splitlines()]
    assert {"ready", "turn", "message_sent", "stopping", "stopped"} <= set(events)
    assert console == written
    for word in (CONTACT, CONTACT[3:], "hola", "llamas", "sandbox-key", "sandbox-secret"):
        assert word not in written


async def test_socket_gone(folder: Path) -> None:
    """The control socket goes with the process."""
    async with running(folder) as bot:
        await bot.read_ready()
        assert (folder / "botkit.db.sock").exists()
        assert await bot.stop() == 0
    assert not (folder / "botkit.db.sock").exists()


async def test_paused(folder: Path) -> None:
    """A channel that was paused is so after a start, which says so; what is queued leaves once it is resumed."""
    store = await SqliteStore.open(folder / "botkit.db")
    await pause(store, "whatsapp", Way(Limits(30, 60.0, 10.0)), 1_790_000_000.0)
    await store.close()
    async with running(folder) as bot:
        await bot.read_ready()
        assert "channel whatsapp: it is paused; `botkit outbox resume whatsapp`" in bot.rest
        assert (await bot.get("/readyz"))[1]["paused"] == ["whatsapp"]
        async with open_desk(folder / "botkit.db") as desk:
            answered = asyncio.create_task(bot.write("hola", "¿Cómo te llamas?"))
            while not (rows := (await desk.call("queue"))["rows"]):
                assert not answered.done()
            assert [(row["status"], row["why"]) for row in rows] == [("pending", "paused")]
            [found] = await desk.call("why", contact=CONTACT)
            assert {"paused", "stuck"} < {each["say"] for each in found["statements"]}
            assert await desk.act("outbox resume", {}) == {"channels": ["whatsapp"], "held": []}
            await answered
        assert await bot.stop() == 0


async def test_killed(folder: Path) -> None:
    """After a kill the next start takes over what stands there, and goes on."""
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "¿Cómo te llamas?")
        await sent(folder)  # or what was in the air holds the contact's next message back, for 20 s
        await bot.stop(signal.SIGKILL)
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("Ana", "Hola, Ana.")
        assert await bot.stop() == 0


async def test_second_signal(folder: Path) -> None:
    """A first signal waits for the leg in hand; a second one ends the process at once, as a kill would."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [slow.py]\n")
    (folder / "slow.py").write_text(SLOW)
    (folder / "flows" / "saludo.yaml").write_text("flow: saludo\nstart: {words: [hola]}\nsteps:\n  - run: slow\n")
    async with running(folder) as bot:
        await bot.read_ready()
        assert bot.child.stderr is not None
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_S):
            await session.post(f"{bot.page}/_sandbox/inbound", json={"from": CONTACT, "text": "hola"})
            while b"handler_began" not in await bot.child.stderr.readline():
                pass
            bot.child.send_signal(signal.SIGTERM)
            while b"stopping" not in await bot.child.stderr.readline():
                pass
        assert await bot.stop() == 128 + signal.SIGTERM


STRAY = """\
import asyncio
from botkit import handler

@handler("slow")
async def slow(ctx):
    ctx.log.info("handler_began")
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass
"""


THREAD = """\
import asyncio, time
from botkit import handler

@handler("slow")
async def slow():
    await asyncio.to_thread(time.sleep, 3600)
"""


SYNC = """\
import time
from botkit import handler

@handler("slow")
def slow():
    time.sleep(3600)
"""


@pytest.mark.parametrize(("code", "hung"), [(STRAY, 0), (THREAD, 0), (SYNC, 1)])
async def test_stray(folder: Path, code: str, hung: int) -> None:
    """A handler that swallows its cancellation, or hangs in a thread, holds nobody up at the end; ours are counted."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [slow.py]\n")
    (folder / "slow.py").write_text(code)
    flow = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - {run: slow, timeout: 1s, on_error: end}\n"
    (folder / "flows" / "saludo.yaml").write_text(flow)
    async with running(folder) as bot:
        await bot.read_ready()
        assert bot.child.stderr is not None
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_S):
            await session.post(f"{bot.page}/_sandbox/inbound", json={"from": CONTACT, "text": "hola"})
            while b"handler_failed" not in await bot.child.stderr.readline():
                pass
        assert (await bot.get("/readyz"))[1]["handlers_hung"] == hung
        async with asyncio.timeout(8):
            assert await bot.stop() == 0
    assert json.loads((folder / "botkit.log").read_text().splitlines()[-1])["event"] == "stopped"


async def test_other_directory(folder: Path) -> None:
    """A handler that changes the working directory changes nothing: flows are loaded anew from where they were."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [go.py]\n")
    code = 'import os\nfrom botkit import handler\n\n@handler("go")\ndef go():\n    os.chdir("/")\n'
    (folder / "go.py").write_text(code)
    flow = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - run: go\n  - say: Uno\n"
    (folder / "flows" / "saludo.yaml").write_text(flow)
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "Uno")
        (folder / "flows" / "saludo.yaml").write_text(flow.replace("Uno", "Dos"))
        bot.child.send_signal(signal.SIGHUP)
        await eventually(lambda: '"reloaded"' in (folder / "botkit.log").read_text())
        await bot.write("hola", "Dos")
        assert await bot.stop() == 0


async def test_python_warns(folder: Path) -> None:
    """What Python warns of, here a coroutine that a handler gives back, is a line of the log like any other."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [lazy.py]\n")
    work = "async def work():\n    pass\n\n@handler('lazy')\ndef lazy():\n    return work()\n"
    (folder / "lazy.py").write_text(f"from botkit import handler\n\n{work}")
    flow = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - {run: lazy, on_error: otro}\n  - say: x\n"
    (folder / "flows" / "saludo.yaml").write_text(flow + "  - {say: Nada, id: otro}\n")
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "Nada")
        assert await bot.stop() == 0
        assert bot.child.stderr is not None
        lines = [json.loads(line) for line in (await bot.child.stderr.read()).splitlines()]
    [line] = [line for line in lines if line["event"] == "python_warning"]
    assert (line["kind"], line["why"]) == ("RuntimeWarning", "coroutine 'work' was never awaited")


async def sent(folder: Path) -> None:
    """Wait until the store knows that the first message was taken."""
    async with asyncio.timeout(PATIENCE_S), open_desk(folder / "botkit.db") as desk:
        while (await desk.call("outbox", contact=CONTACT))[0]["status"] != "sent":
            pass


async def refused(folder: Path, *options: str, status: int = 2) -> str:
    """Return what a run that cannot start says; it must exit with `status` and without a traceback."""
    async with running(folder, *options, script=IMPATIENT) as bot, asyncio.timeout(PATIENCE_S):
        out, error = await bot.child.communicate()
    assert (bot.child.returncode, out) == (status, b"")
    assert b"Traceback" not in error
    return error.decode()


async def test_second_owner(folder: Path) -> None:
    """A second process on one store is refused, for now."""
    async with running(folder) as bot:
        await bot.read_ready()
        assert "is in use by process" in await refused(folder, status=75)
        assert "está en uso por el proceso" in await refused(folder, "--lang", "es", status=75)
        assert await bot.stop() == 0


async def test_owned_for_a_moment(folder: Path) -> None:
    """A start waits for a command that has the store for a moment."""
    lock = FileLock(folder / "botkit.db")
    async with running(folder) as bot:
        assert bot.child.stderr is not None
        async with asyncio.timeout(PATIENCE_S):
            while b"store_owned" not in await bot.child.stderr.readline():
                pass
        lock.release()
        await bot.read_ready()
        assert await bot.stop() == 0


async def test_store_refuses(folder: Path) -> None:
    """A store that a tool holds locked is no reason never to try again; one that is no store is."""
    await (await SqliteStore.open(folder / "botkit.db")).close()
    with closing(sqlite3.connect(folder / "botkit.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        assert "database is locked" in await refused(folder, status=75)
    (folder / "botkit.db").write_bytes(b"no database at all" * 999)
    assert "not a database" in await refused(folder)


@pytest.mark.parametrize("key", ["server", "sandbox"])
async def test_port_taken(folder: Path, key: str) -> None:
    """A port in use is told with the key that sets another one."""
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    (folder / "config.yaml").write_text(CONFIG.replace(f"{key}: {{port: 0}}", f"{key}: {{port: {port}}}"))
    told, spanish = await refused(folder, status=75), await refused(folder, "--lang", "es", status=75)
    listening.close()
    assert "otro programa usa el puerto" in spanish
    assert f"{key}.port" in spanish
    assert f"port {port}" in told
    assert f"set another {key}.port in config.yaml" in told


async def test_log_unwritable(folder: Path) -> None:
    """A log that cannot be written is told with the key that sets another one."""
    (folder / "config.yaml").write_text(CONFIG + "log: {file: nowhere/botkit.log}\n")
    assert "set log.file in config.yaml" in await refused(folder)
    assert "cambia log.file en config.yaml" in await refused(folder, "--lang", "es")


async def test_other_target(folder: Path) -> None:
    """A store of a real gateway refuses the sandbox: nothing meant for people vanishes in it."""
    store = await SqliteStore.open(folder / "botkit.db")
    await store.set_meta("target", '{"whatsapp":"waconecta api.example.com"}')
    await store.close()
    assert "this store was used with waconecta api.example.com" in await refused(folder)
    assert "el canal 'whatsapp' ahora es sandbox; pon otro archivo" in await refused(folder, "--lang", "es")


async def test_dangers(folder: Path) -> None:
    """A setting that gives safety away says so on the ready line."""
    (folder / "config.yaml").write_text(CONFIG + "log: {personal: true}\n")
    async with running(folder) as bot:
        await bot.read_ready()
        assert "WARNING: log.personal" in bot.rest
        assert await bot.stop() == 0
