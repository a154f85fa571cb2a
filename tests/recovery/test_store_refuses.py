"""A disk that is full, a file that nobody may write, a lock that another process holds: 503, and then it goes on.

The real process, its real file: a limit of the operating system on how large its files may grow stands for the full
disk, and the rights of the file for a medium that was mounted read-only.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from botkit.gateway.compose import compose
from botkit.gateway.signature import sign
from tests.recovery.process import ECHO, Child, Place
from tests.waiting import PATIENCE_S, until

#: How soon all goes on after the cause has gone, in seconds.
RECOVERS_S = 5.0
CONTACTS = 59170000000


class Writer:
    """Posts messages to a bot, each from a contact of its own, and remembers what was answered to which."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.count = 0
        self.taken: list[str] = []

    def post(self) -> int:
        """Post one message; return the status."""
        self.count += 1
        number = str(self.count)
        message = {"id": number, "from": str(CONTACTS + self.count), "type": "text", "text": number, "timestamp": 1}
        body = json.dumps(message).encode()
        auth = compose({"base_url": "sandbox"}).webhook.auth  # type: ignore[union-attr]
        assert auth is not None
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._place.port}/webhooks/whatsapp",
            body,
            {"Content-Type": "application/json", "X-Signature": sign(auth, "sandbox-secret", body)},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                self.taken.append(number)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def stored(self) -> set[str]:
        """Return the ids of the messages that stand in the store."""
        return {given for (given,) in self._place.rows("SELECT gateway_id FROM seen WHERE kind = 'message'")}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A place with a bot that repeats what it hears, and says something more a second later."""
    made = Place(tmp_path, ECHO)
    yield made
    made.close()


@contextmanager
def full(place: Place, writer: Writer) -> Iterator[None]:
    """Let no file of the bot grow."""
    assert place.bot is not None
    pid, (soft, hard) = place.bot.process.pid, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(place: Place, writer: Writer) -> Iterator[None]:
    """Let the bot meet an error of the disk, and then files that it may not write."""
    files = [path for path in place.folder.iterdir() if path.name.startswith("botkit.db")]
    with full(place, writer):
        assert writer.post() == 503
        for path in files:
            path.chmod(0o400)
    yield
    for path in files:
        path.chmod(0o600)


@contextmanager
def locked(place: Place, writer: Writer) -> Iterator[None]:
    """Hold the lock of the file, as a tool does that was left open."""
    with closing(sqlite3.connect(place.folder / "botkit.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process that runs are Linux's")
@pytest.mark.parametrize("cause", [full, read_only, locked])
def test_refuses_and_recovers(place: Place, cause: Callable[[Place, Writer], AbstractContextManager[None]]) -> None:
    """While the store refuses nothing is answered 200; within five seconds of its end all of it goes on."""
    place.bot = Child("tests.recovery.without_rights", "botkit", "run", folder=place.folder)
    writer = Writer(place)
    assert writer.post() == 200
    place.hear(1)
    with cause(place, writer):
        assert writer.post() == 503
    ended = time.monotonic()
    until(lambda: writer.post() == 200, "message taken")
    last = writer.taken[-1]
    until(lambda: {f"Recibido {last}", "Cierro 1"} <= set(place.said()), "answer")
    assert time.monotonic() - ended < RECOVERS_S
    assert set(writer.taken) <= writer.stored()
    until(lambda: f"Cierro {last}" in place.said(), "answer of the clock")
    said = place.said()
    assert len(said) == len(set(said))
