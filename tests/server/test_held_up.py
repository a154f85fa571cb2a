"""What must not hold up a bot that serves: handlers that block, streams that take nothing, signals before it is up."""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from botkit import early
from botkit.process import Signals
from botkit.store.lock import FileLock
from tests.server.process import CONFIG, CONTACT, PATIENCE_S, Process, running
from tests.waiting import eventually

#: A bot whose watchdog waits a second.
HASTY = "from botkit import cli, process as p; p.STUCK_S, p.BEAT_S = 1.0, 0.1; cli.main()"
#: Blocks the loop; keeps the interpreter's lock, in a thread.
SLEEPS = "async def work(ctx):\n    ctx.log.info('handler_began')\n    time.sleep(3600)\n"
MATCHES = "def work(ctx):\n    ctx.log.info('handler_began')\n    re.match('(a+)+$', 'a' * 60 + 'b')\n"


def give_handler(folder: Path, code: str) -> None:
    """Let the bot's flow call a handler, whose function is `work`."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [works.py]\n")
    (folder / "works.py").write_text(
        f"import multiprocessing, os, re, signal, stat, time\nfrom botkit import handler\n\n@handler('works')\n{code}"
    )
    flow = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - {run: works, timeout: 1s}\n"
    (folder / "flows" / "saludo.yaml").write_text(flow)


async def begin(bot: Process) -> bytes:
    """Wait until the handler has begun, and return what it says."""
    if not bot.page:
        await bot.read_ready()
    assert bot.child.stderr is not None
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE_S):
        # The page is the bot's own: it may never answer.
        post = asyncio.ensure_future(
            session.post(f"{bot.page}/_sandbox/inbound", json={"from": CONTACT, "text": "hola"})
        )
        while b"handler_began" not in (line := await bot.child.stderr.readline()):
            pass
        post.cancel()
        await asyncio.gather(post, return_exceptions=True)
        return line


@pytest.mark.parametrize("code", [SLEEPS, MATCHES])
async def test_watchdog(folder: Path, code: str) -> None:
    """A handler that keeps the loop from turning ends the process, as a kill does, and standard error says which."""
    give_handler(folder, code)
    async with running(folder, script=HASTY) as bot:
        await begin(bot)
        async with asyncio.timeout(PATIENCE_S):
            _, error = await bot.child.communicate()
    assert bot.child.returncode == 1
    assert b"Timeout" in error
    assert b"works.py" in error


async def test_second_signal_while_blocked(folder: Path) -> None:
    """Whoever asks a process again whose loop is blocked has it ended at once."""
    give_handler(folder, SLEEPS)
    async with running(folder) as bot:
        await begin(bot)
        ended = asyncio.ensure_future(bot.child.wait())
        async with asyncio.timeout(PATIENCE_S / 2):  # before the deadline that the first one sets
            while not ended.done():  # of two at once the kernel may wake another thread, which does not end a sleep
                bot.child.send_signal(signal.SIGINT)
                await asyncio.wait([ended], timeout=0.2)
        assert ended.result() == 128 + signal.SIGINT


@pytest.fixture
async def as_before() -> AsyncIterator[None]:
    """Has the tests' own process take signals afterwards as it did before."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    faulthandler.cancel_dump_traceback_later()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("as_before")
async def test_signal_taken_elsewhere() -> None:
    """A signal that the kernel gives to another thread wakes the loop, which waits for nothing else."""
    over, stopping = Event(), asyncio.Event()
    other = Thread(target=over.wait)
    other.start()
    try:
        Signals(stopping, lambda: None, is_watched=False)
        signal.pthread_kill(other.ident or 0, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            await stopping.wait()
    finally:
        over.set()
        other.join()


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize("before", [True, False])
async def test_hangup(monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    """A SIGHUP says that files changed, though it came before there was a bot; one that did not come says nothing."""
    monkeypatch.setattr(early, "hangups", [signal.SIGHUP] if before else [])
    changed: list[bool] = []
    Signals(asyncio.Event(), lambda: changed.append(True), is_watched=False)
    assert changed == [True] * before
    signal.raise_signal(signal.SIGHUP)
    await eventually(lambda: len(changed) == before + 1)


FORKS = """def work(ctx):
    heard, said = os.pipe()
    child = multiprocessing.get_context('fork').Process(target=hold, args=(said,))
    child.start()
    os.read(heard, 2)
    ctx.log.info('handler_began', child=child.pid)

def hold(said):
    os.write(said, b"up")
    for name in os.listdir("/dev/fd"):  # or the streams of the bot stay open
        if os.path.exists(f"/dev/fd/{name}") and stat.S_ISFIFO(os.stat(f"/dev/fd/{name}").st_mode):
            os.close(int(name))
    signal.pause()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="Linux's")
async def test_child_left(folder: Path) -> None:
    """A process that a handler forked holds up no stop, and then holds neither lock, nor ports, nor connections."""
    give_handler(folder, FORKS)
    async with running(folder) as bot:
        await bot.read_ready()
        ways = [urlsplit(url) for url in (bot.url, bot.page)]
        reader, writer = await asyncio.open_connection(ways[0].hostname, ways[0].port)
        began = await begin(bot)
        child = os.pidfd_open(int(json.loads(began)["child"]))
        try:
            assert await bot.stop() == 0
            FileLock(folder / "botkit.db").release()
            for way in ways:
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection(way.hostname, way.port)
            async with asyncio.timeout(PATIENCE_S):
                assert await reader.read() == b""
            signal.pidfd_send_signal(child, signal.SIGTERM)
            assert await asyncio.to_thread(select.select, [child], [], [], PATIENCE_S) == ([child], [], [])
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            os.close(child)
            writer.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux's")
async def test_stdout_full(folder: Path) -> None:
    """A bot runs whose `ready` line nobody takes."""
    full = os.open("/dev/full", os.O_WRONLY)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "botkit", "run"), cwd=folder, stdout=full, stderr=subprocess.PIPE
    )
    os.close(full)
    assert child.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        while json.loads(await child.stderr.readline())["event"] != "ready":
            pass
        child.terminate()
        await child.communicate()
    assert child.returncode == 0


def test_hangup_while_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A SIGHUP that comes before the bot does is kept for it."""
    monkeypatch.setattr(sys, "argv", ["botkit", "run"])
    monkeypatch.setattr(early, "hangups", [])
    before = signal.getsignal(signal.SIGHUP), signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        early.begin()
        signal.raise_signal(signal.SIGHUP)
        early.end()
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert early.hangups == [signal.SIGHUP]


@pytest.mark.parametrize(
    ("before", "while_loading"),
    [(signal.default_int_handler, signal.SIG_DFL), (signal.SIG_IGN, signal.SIG_IGN)],
    ids=["told", "ignored"],
)
def test_interrupt_of_a_command(before: Any, while_loading: Any) -> None:
    """Once the program is loaded its command is told of Ctrl+C, unless it was to be ignored all the time."""
    outside = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, before)
        early.begin()
        assert signal.getsignal(signal.SIGINT) is while_loading
        early.end()
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, outside)


def test_interrupt_while_loading(folder: Path) -> None:
    """Ctrl+C while the program is loaded ends it without a traceback."""
    script = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's `&` ignores it
        "from botkit import __main__ as m\n"
        "sys.modules.pop('botkit.cli', None)\n"
        "class Load:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'botkit.cli': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Load()); m.main()"
    )
    command = [sys.executable, "-c", script, "run"]
    child = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=PATIENCE_S)
    assert (child.returncode, child.stderr) == (-signal.SIGINT, b"")
