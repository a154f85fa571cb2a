"""Server processes under measurement: start, wait for `ready`, read what the kernel counted, stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """A child process that serves."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child = child

    def cpu_s(self) -> float:
        """Return user and system seconds so far."""
        fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def rss_mb(self) -> float:
        """Return resident memory in MB."""
        for line in Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


@contextmanager
def serving(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run `python -m …` until the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(env or {})},
    )
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line.startswith("ready"):
            raise RuntimeError(f"{arguments[0]} did not become ready: {line!r}")
        yield Server(child)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)
        assert child.stdout is not None
        child.stdout.close()


@contextmanager
def sandbox(*options: str) -> Iterator[str]:
    """Run the sandbox until the block ends, and give its address."""
    command = (sys.executable, "-m", "botkit.gateway.sandbox", "--webhook", "http://127.0.0.1:9/none", "--port", "0")
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child.stdout.readline().split()[2]
        finally:
            child.terminate()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
