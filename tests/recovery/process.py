"""Real processes for the proofs that end with a kill: a bot that may die and come back, and a sandbox beside it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from contextlib import chdir, closing
from pathlib import Path
from threading import Thread
from typing import Any

from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.gateway.sandbox import Sandbox
from tests.waiting import PATIENCE_S, until

CONTACT = "59171234567"
ROOT = Path(__file__).parents[2]
#: A flow that says each message back, and once more a second later.
ECHO = """
flow: eco
start: {any: true}
steps:
  - say: "Recibido {{ message.text }}"
  - wait: 1s
  - say: "Cierro {{ message.text }}"
"""


def free_port() -> int:
    """Return a port for processes of this test: it stays bound here, so that no test beside it is given the same.

    Linux lets who listens join a socket that only holds the port; elsewhere it is free, and another may be faster.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    port = int(holder.getsockname()[1])
    if sys.platform == "linux":
        holder.detach()  # open to the end of pytest's own process
    holder.close()
    return port


class Child:
    """A `python -m …` process that prints a line with `ready` when it serves."""

    def __init__(self, *arguments: str, folder: Path, env: dict[str, str] | None = None) -> None:
        self.errors = (folder / "stderr.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().decode()
        assert "ready" in self.line, (folder / "stderr.txt").read_text()

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Return the exit status once it ends by itself."""
        status = self.process.wait(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()
        return status


class Aside:
    """A sandbox on a loop and a thread of its own: no process, which would take half a second to start."""

    def __init__(self, port: int, webhook: str | None) -> None:
        self._sandbox = Sandbox(webhook, port=port)
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._sandbox.start())

    def end(self) -> None:
        """Close its port and end its thread."""
        self._do(self._sandbox.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)


class Place:
    """A folder with a bot in it, and a sandbox that outlives the bot.

    `more` are further keys of the channel; a bot that `polls` asks the sandbox, which pushes nothing.
    """

    def __init__(
        self, folder: Path, flow: str, handlers: str = "", config: str = "", *, more: str = "", polls: bool = False
    ) -> None:
        self.folder = folder
        self.port, self.page_port = free_port(), free_port()
        (folder / "flows").mkdir()
        (folder / "flows" / "flow.yaml").write_text(flow, encoding="utf-8")
        if handlers:
            (folder / "flows" / "handlers.py").write_text(handlers, encoding="utf-8")
        (folder / "config.yaml").write_text(
            f"server: {{port: {self.port}}}\n"
            f"sandbox: {{port: {self.page_port}, embedded: false}}\n"
            + ("handlers: [flows/handlers.py]\n" if handlers else "")
            + config
            + f"channels: {{whatsapp: {{profile: waconecta, base_url: sandbox{more}}}}}\n",
            encoding="utf-8",
        )
        webhook = None if polls else f"http://127.0.0.1:{self.port}/webhooks/whatsapp"
        self.sandbox = Aside(self.page_port, webhook)
        self.bot: Child | None = None

    def start(self) -> Child:
        """Start the bot."""
        self.bot = Child("botkit", "run", folder=self.folder)
        return self.bot

    def kill(self) -> None:
        """End the bot as a power cut does."""
        assert self.bot is not None
        self.bot.end(signal.SIGKILL)
        self.bot = None

    def kill_at_rest(self) -> None:
        """Kill it once the gateway's answers are stored: what it said is then not in doubt, and not said again."""
        self.landed()
        self.kill()

    def landed(self) -> None:
        """Wait until nothing is on its way out."""
        on_its_way = "SELECT 1 FROM outbox WHERE status IN ('pending', 'flying')"
        until(lambda: not self.rows(on_its_way), "answer of the gateway")

    def close(self) -> None:
        """End every process."""
        if self.bot is not None:
            self.bot.end()
        self.sandbox.end()

    def write(self, text: str, contact: str = CONTACT) -> None:
        """Write to the bot as a person."""
        self._call("/_sandbox/inbound", {"from": contact, "name": "Ana", "type": "text", "text": text})

    def tell(self, **wish: Any) -> None:
        """Have the gateway tell the bot anything that the sandbox can."""
        self._call("/_sandbox/inbound", wish)

    def taken(self, contact: str) -> list[dict[str, Any]]:
        """Return every message to a contact that the gateway took, in order."""
        return list(self._call(f"/_sandbox/messages?to={contact}")["messages"])

    def type(self, text: str) -> None:
        """Write to the person on the business's phone."""
        self._call("/_sandbox/inbound", {"to": CONTACT, "type": "echo", "text": text})

    def command(self, *arguments: str) -> str:
        """Run a command of botkit in English and return what it prints; it must succeed."""
        done = self.invoke(*arguments)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def invoke(self, *arguments: str) -> Result:
        """Run a command of botkit in English, in this process: another one would take half a second to start."""
        with chdir(self.folder):
            return CliRunner().invoke(botkit, [*arguments, "--lang", "en"])

    def arm(self, kind: str, **body: Any) -> None:
        """Let the gateway answer the next requests with a fault."""
        self._call("/_sandbox/faults", {"kind": kind, **body})

    def said(self) -> list[str]:
        """Return every text that the gateway took, in order."""
        return [message["body"]["text"] for message in self._call("/_sandbox/messages")["messages"]]

    def requests(self) -> list[dict[str, Any]]:
        """Return every request that reached the gateway, in order."""
        return list(self._call("/_sandbox/requests")["requests"])

    def hear(self, count: int) -> list[str]:
        """Return all texts once there are `count` of them."""
        return until(lambda: said if len(said := self.said()) >= count else None, f"{count} messages")

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what the store holds, whether the bot runs or not."""
        with closing(sqlite3.connect(f"file:{self.folder / 'botkit.db'}?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()

    def be_late(self, by_s: float = 0.0) -> None:
        """Wait until everything that waits for time now is due, and so many seconds longer."""
        [(last,)] = self.rows("SELECT max(due_at) FROM timer")
        until(lambda: time.time() > (last or 0.0) + by_s, "moment that a flow waits for")

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of the log."""
        return [json.loads(line) for line in (self.folder / "botkit.log").read_text().splitlines()]

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.page_port}{path}", data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)


def run(place: Place, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a `python -m …` process in a place until it ends."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
