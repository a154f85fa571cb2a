"""The bot that is attacked, a real process, and how it is reached: by whole webhooks and by bare sockets."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from botkit.gateway.compose import compose
from botkit.gateway.signature import sign
from tests.hostile.bot import flows
from tests.hostile.service import Service
from tests.recovery.process import Child, Place
from tests.waiting import until

PATH = "/webhooks/whatsapp"
#: How long an answer is waited for, in seconds.
PATIENCE_S = 20.0
#: Errors that are told: a gateway that is held.
EXPECTED = ('"event":"alert"',)
_contacts = count(59_160_000_000)


class Held(NamedTuple):
    """The longest step of a loop, in seconds: until it was over, and what of it was work."""

    took_s: float
    worked_s: float


class Target:
    """The bot; `port` is where it listens."""

    def __init__(self, folder: Path) -> None:
        self._service = Service()
        services = f"services: {{mala: {{url: 'http://127.0.0.1:{self._service.port}'}}}}\n"
        self._place = Place(folder, flows(), config=services)
        self._holds = folder / "holds.txt"
        self._place.bot = Child("tests.hostile.serve", self._holds.name, folder=folder)
        self.port = self._place.port
        auth = compose({"base_url": "sandbox"}).webhook.auth  # type: ignore[union-attr]
        assert auth is not None
        self._auth = auth

    def close(self) -> None:
        """End it."""
        self._place.close()
        self._service.end()

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)

    def head(self, body: bytes, **more: str) -> bytes:
        """Return the head of a true webhook; `more` are other headers, with `_` for `-`."""
        headers = {
            "Host": "x",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "X-Signature": sign(self._auth, "sandbox-secret", body),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode()

    def post(self, body: bytes, **more: str) -> str:
        """Return the status that a webhook is answered."""
        return self.raw(self.head(body, **more) + body)

    def raw(self, data: bytes) -> str:
        """Return the status that bytes are answered, `closed` without an answer."""
        with closing(self.connect()) as connection:
            with suppress(OSError):  # what is refused need not be read to its end
                connection.sendall(data)
            return answer(connection)

    def write(self, text: str, contact: str) -> str:
        """Write as a person; return the status."""
        item = {"id": f"h-{time.monotonic_ns()}", "from": contact, "type": "text", "text": text, "timestamp": 1}
        spelled = json.dumps(item, ensure_ascii="\ud800" in text)
        return self.post(spelled.encode())

    def stranger(self) -> str:
        """Return the number of somebody who has not written yet."""
        return str(next(_contacts))

    def count(self, sql: str, *values: object) -> int:
        """Return a number of its store."""
        with closing(sqlite3.connect(f"file:{self._place.folder / 'botkit.db'}?mode=ro", uri=True)) as db:
            return int(db.execute(sql, values).fetchone()[0])

    def settle(self) -> None:
        """Wait until every event has had its turn."""
        left = "SELECT count(*) FROM inbox WHERE status IN ('pending', 'open')"
        until(lambda: self.count(left) == 0, "end of all turns")

    def held(self, since: float) -> Held:
        """Return the longest step of its loop since a moment of the monotonic clock."""
        steps = [[float(each) for each in line.split()] for line in self._holds.read_text().splitlines()]
        later = [Held(took_s, worked_s) for began, took_s, worked_s in steps if began >= since]
        return Held(max((each.took_s for each in later), default=0), max((each.worked_s for each in later), default=0))

    def defects(self) -> list[str]:
        """Return the lines of its log that tell of a defect of ours."""
        lines = (self._place.folder / "botkit.log").read_text().splitlines()
        return [
            line[:300] for line in lines if '"level":"error"' in line and not any(word in line for word in EXPECTED)
        ]


def answer(connection: socket.socket) -> str:
    """Return the status of an answer, `closed` without one."""
    try:
        said = connection.recv(4096)
    except OSError:
        return "closed"
    return said.split(b" ", 2)[1].decode() if said.startswith(b"HTTP/") else "closed"
