"""200 means stored: what the writer says of itself, and what the kernel saw it do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from botkit.control import open_desk
from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: eco
start: {words: [hola]}
steps:
  - ask: ¿Qué tal?
    save: como
"""

#: `PID  1700000000.123456 call(args) = result`, as `strace -f -ttt` writes it.
LINE = re.compile(r"^\d+\s+(?P<at>[\d.]+) (?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*)$")

needs_strace = pytest.mark.skipif(
    shutil.which("strace") is None and not os.environ.get("BOTKIT_REQUIRE_BROWSER"),
    reason="strace is missing: apt-get install strace",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot that asks one question."""
    made = Place(tmp_path, FLOW)
    made.start()
    yield made
    made.close()


async def test_synchronous_is_full(place: Place) -> None:
    """The running process, asked over the control API, says that its writer syncs every commit (2 is FULL)."""
    async with open_desk(place.folder / "botkit.db") as desk:
        answer = await desk.call("pragma", name="synchronous")
    assert answer["value"] == "2"


@needs_strace
def test_sync_before_200(place: Place) -> None:
    """Between the read of a webhook's body and its 200 the log file is synced to disk."""
    assert place.bot is not None
    trace = place.folder / "trace.txt"
    calls = "trace=recvfrom,read,sendto,write,writev,sendmsg,fsync,fdatasync"
    strace = subprocess.Popen(
        ["strace", "-f", "-ttt", "-s", "64", "-e", calls, "-o", str(trace), "-p", str(place.bot.process.pid)],
        stderr=subprocess.PIPE,
    )
    assert strace.stderr is not None
    assert b"attached" in strace.stderr.readline()
    place.write("hola")
    place.hear(1)
    until(lambda: "HTTP/1.1 200" in trace.read_text(), "200 in the trace")
    strace.terminate()
    strace.communicate()
    events = [found for line in trace.read_text().splitlines() if (found := LINE.match(line))]
    read = next(at for at, found in enumerate(events) if "POST /webhooks/whatsapp" in found["rest"])
    answered = next(at for at, found in enumerate(events) if at > read and "HTTP/1.1 200" in found["rest"])
    synced = [found["call"] for found in events[read:answered] if found["call"] in ("fsync", "fdatasync")]
    assert synced, "no sync between the body and its 200"
