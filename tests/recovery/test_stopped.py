"""A process that is stopped and woken, as by a machine that sleeps: nobody has its store meanwhile, and it goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.errors import StoreOwned
from botkit.store.lock import FileLock
from tests.invariants import Seen, violations
from tests.recovery.process import ECHO, Place
from tests.waiting import until

PEOPLE = [f"5917000000{number}" for number in range(6)]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot that may send fast, and whose requests have much time: what is waited for is no doubt."""
    made = Place(tmp_path, ECHO, more=", rate: {limit: 600, per: 60s}, timeout: 60s")
    made.start()
    yield made
    made.close()


def sent(place: Place) -> int:
    """Return how many messages are sent."""
    return len(place.rows("SELECT 1 FROM outbox WHERE status = 'sent'"))


def test_asleep(place: Place) -> None:
    """Stopped with requests in the air, talks half done and clocks that run out, it tears and loses nothing."""
    assert place.bot is not None
    pid = place.bot.process.pid
    place.arm("slow", when="after", delay_s=0.4, count=len(PEOPLE))
    for contact in PEOPLE:
        place.write(contact, contact)
    until(lambda: place.said(), "message at the gateway")
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreOwned, match=f"in use by process {pid}"):
            FileLock(place.folder / "botkit.db")
        place.write("late", "59170000009")
        place.be_late()
        until(lambda: all(each["out_at"] for each in place.requests()), "answers of the gateway")
    finally:
        os.kill(pid, signal.SIGCONT)
    until(lambda: sent(place) == 2 * (len(PEOPLE) + 1), "end of all talks")
    place.bot.end(signal.SIGTERM)
    place.bot = None
    seen = [Seen(each["digest"], each["in_at"], each["id"]) for each in place.requests()]
    assert violations(place.folder / "botkit.db", seen, [], now=time.time()) == []
