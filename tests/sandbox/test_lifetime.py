"""Starting and stopping, in this process and as one of its own."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE

import pytest
from aiohttp import ClientSession

from botkit.gateway.sandbox import PortTakenError, Sandbox
from tests.sandbox.fakes import PATIENCE_S, FakeBot

WEBHOOK = "http://127.0.0.1:1/webhook"
COMMAND = (sys.executable, "-m", "botkit.gateway.sandbox", "--webhook", WEBHOOK)


async def test_ephemeral_port() -> None:
    """Port 0 takes a free port, and `url` says which."""
    async with (
        Sandbox(WEBHOOK, port=0) as sandbox,
        ClientSession() as http,
        http.get(f"{sandbox.url}/_sandbox/messages") as response,
    ):
        assert await response.json() == {"messages": []}


async def test_port_taken() -> None:
    """A port in use is an error that says so."""
    async with Sandbox(WEBHOOK, port=0) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(PortTakenError, match=f"port {port} on 127.0.0.1 is in use"):
            await Sandbox(WEBHOOK, port=port).start()


async def test_tell(bot: FakeBot) -> None:
    """An embedded sandbox tells the bot without a request."""
    async with Sandbox(bot.url, port=0) as sandbox:
        (message_id,) = sandbox.tell({"from": "1", "text": "hola"})
        assert (await bot.got())["id"] == message_id


async def test_stops_with_posts_waiting() -> None:
    """Stopping does not wait for a bot that is down."""
    sandbox = Sandbox(WEBHOOK, port=0)
    await sandbox.start()
    sandbox.tell({"from": "1", "text": "hola"})
    async with asyncio.timeout(PATIENCE_S):
        await sandbox.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_process(number: signal.Signals) -> None:
    """The process says one line when ready and leaves at once with status 0, a stream open or not."""
    process = await asyncio.create_subprocess_exec(*COMMAND, "--port", "0", stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(2 * PATIENCE_S):
        ready = (await process.stdout.readline()).decode()
        url = ready.split()[2]
        assert ready == f"sandbox ready {url} -> webhook {WEBHOOK}\n"
        async with ClientSession() as http, http.get(f"{url}/_sandbox/events"):
            started = time.monotonic()
            process.send_signal(number)
            out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    assert time.monotonic() - started < PATIENCE_S


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--limit", "0"], "limit, period and capacity must be positive"),
        (["--host", "0.0.0.0"], "the sandbox listens on loopback only"),
        (["--webhook", "https://example.com/"], "nothing leaves this machine"),
    ],
)
async def test_senseless_options(options: list[str], error: str) -> None:
    """A senseless option ends the process with one line and status 1."""
    process = await asyncio.create_subprocess_exec(*COMMAND, *options, stdout=PIPE, stderr=PIPE)
    _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode().startswith(f"sandbox: {error}")
    assert err.count(b"\n") == 1
