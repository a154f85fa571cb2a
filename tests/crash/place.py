"""A folder with a bot, its gateway, and people who write: every part a process or a thread of its own."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from botkit.server.socket import control_path
from tests.crash.bot import LIMIT, PERIOD_S, write_bot
from tests.crash.people import CHANNEL, People
from tests.crash.processes import Birth, Bot, Process
from tests.invariants import Seen
from tests.recovery.process import free_port

#: How long the sandbox may take to answer.
ANSWER_S = 20.0
#: What a gateway that tells news says of each message that it took.
NEWS = ("echo", "delivered")
#: How long the work that is left may take once nothing hinders it: two waits for news, a breaker, and some more.
DRAIN_S = 180.0
#: What is not over yet; reminders of this bot come within a second.
LEFT = (
    "SELECT (SELECT count(*) FROM inbox WHERE status IN ('pending', 'open'))"
    " + (SELECT count(*) FROM outbox WHERE status IN ('pending', 'flying', 'uncertain'))"
    " + (SELECT count(*) FROM timer WHERE name LIKE '%aviso%')"
)
#: What the bot has heard.
MESSAGES = "SELECT count(*) FROM inbox WHERE kind = 'message'"


class Place:
    """A bot that dies and comes back, the gateway and the people who do not."""

    def __init__(self, bots: Process, birth: Birth, seed: int, *, news: bool, polls: bool = False) -> None:
        """Start all but the bot, which `bots` are to fork as `birth` says.

        With `news` the gateway tells them; a bot that `polls` is pushed nothing and asks.
        """
        self.folder = folder = Path(birth.folder)
        self.store = folder / "botkit.db"
        self._bots, self._birth, self._polls = bots, birth, polls
        port, self._sandbox_port = free_port(), free_port()
        webhook = f"http://127.0.0.1:{port}/webhooks/{CHANNEL}"
        limits = f"--limit {LIMIT} --period {PERIOD_S}".split()
        way = ["--no-push"] if polls else ["--webhook", webhook]
        address = [*way, "--port", str(self._sandbox_port)]
        told = [f"--status={status}" for status in (NEWS if news else ())]
        self._sandbox = Process(["botkit.gateway.sandbox", *address, *limits, *told], folder, "sandbox")
        assert self._sandbox.hear("sandbox ready")
        way_in = f"http://127.0.0.1:{self._sandbox_port}/_sandbox/inbound" if polls else webhook
        self.people = People(way_in, control_path(self.store), seed)
        service = self.people.service_port
        write_bot(folder, port=port, sandbox_port=self._sandbox_port, service_port=service, polls=polls)
        self._bot: Bot | None = None

    def start(self, **environment: str) -> Bot:
        """Start the bot; it may end before it is ready."""
        self._bot = Bot(self._bots, self._birth._replace(environment=environment))
        return self._bot

    def arm(self, kind: str, **body: Any) -> None:
        """Let the gateway meet the next requests with a fault."""
        self._call("/_sandbox/faults", {"kind": kind, **body})

    def reset(self) -> None:
        """Let no fault be left."""
        self._call("/_sandbox/reset", {})

    def drain(self, events: int, seconds: float = DRAIN_S) -> bool:
        """Let people write until so many events were answered, and wait until the bot has nothing more to do.

        False if that takes too long.
        """
        end = time.monotonic() + seconds
        with closing(sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)) as db:
            while time.monotonic() < end:
                if len(self.people.heard) >= events:
                    self.people.hush()
                if self.people.are_quiet and self._has_heard(db) and not db.execute(LEFT).fetchone()[0]:
                    return True
                time.sleep(0.05)
        return False

    def _has_heard(self, db: sqlite3.Connection) -> bool:
        """Tell whether the bot has asked for everything that was written."""
        return not self._polls or db.execute(MESSAGES).fetchone()[0] >= len({each.id for each in self.people.heard})

    def seen(self) -> list[Seen]:
        """Return what the gateway saw."""
        requests = self._call("/_sandbox/requests")["requests"]
        return [Seen(each["digest"], each["in_at"], each["id"]) for each in requests]

    def close(self) -> int | None:
        """End every process; return the status of the bot, which may end in order."""
        status = self._bot.end(signal.SIGTERM) if self._bot is not None else None
        self.people.end()
        self._sandbox.end()
        return status

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        address = f"http://127.0.0.1:{self._sandbox_port}{path}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:
            return json.load(answer)
