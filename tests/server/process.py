"""`botkit run` as a real process, and who talks to it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CONTACT = "59171234567"
CONFIG = """\
server: {port: 0}
sandbox: {port: 0}
channels: {whatsapp: {base_url: sandbox}}
"""
FLOW = """\
flow: saludo
start: {words: [hola]}
steps:
  - ask: ¿Cómo te llamas?
    save: nombre
  - say: "Hola, {{ nombre }}."
"""
READY = re.compile(r"ready (?P<url>\S+) · phone page (?P<page>\S+) · (?P<rest>.*)\n")
#: Nothing that a test waits for may take longer, in seconds.
PATIENCE_S = 20.0


class Process:
    """A running bot: its ready line taken apart, and a session to talk to it."""

    def __init__(self, child: asyncio.subprocess.Process, folder: Path) -> None:
        self.child, self.folder = child, folder
        self.line = self.url = self.page = self.rest = ""

    async def read_ready(self) -> None:
        """Wait for the ready line."""
        assert self.child.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            self.line = (await self.child.stdout.readline()).decode()
        found = READY.fullmatch(self.line)
        assert found, self.line
        self.url, self.page, self.rest = found["url"], found["page"], found["rest"]

    async def write(self, text: str, answer: str) -> None:
        """Write as a person, and wait until the phone shows `answer`."""
        async with (
            asyncio.timeout(PATIENCE_S),
            aiohttp.ClientSession() as session,
            session.get(f"{self.page}/_sandbox/events") as events,
        ):
            await session.post(f"{self.page}/_sandbox/inbound", json={"from": CONTACT, "text": text})
            async for line in events.content:
                if answer in line.decode():
                    return

    async def get(self, path: str) -> tuple[int, Any]:
        """Return status and JSON of a path of the public listener."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as response:
            return response.status, await response.json()

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        self.child.send_signal(number)
        async with asyncio.timeout(PATIENCE_S):
            return await self.child.wait()


@asynccontextmanager
async def running(folder: Path, *options: str, script: str | None = None) -> AsyncIterator[Process]:
    """Run the bot of a folder, by a program of one line if it is given; what is still there at the end is killed."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, *(("-c", script) if script else ("-m", "botkit"))),
        *("run", *(options or ("--lang", "en"))),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Process(child, folder)
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()
