"""Processes of the proof: they are spoken with by lines, and end only by signals to those that it started."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.recovery.process import ROOT

#: How long a process may take to say what it is asked for.
SAY_S = 40.0


class Birth(NamedTuple):
    """A process that `serve.py` is to fork: where it works, what is in its environment, and how it is changed.

    `quick` shortens waits, `broken` names a build of `broken.py`.
    """

    folder: str
    environment: dict[str, str]
    quick: bool = False
    broken: str | None = None


class Process:
    """A `python -m …` process of ours; what it writes to standard error is in a file."""

    def __init__(self, arguments: Sequence[str], folder: Path, name: str) -> None:
        self._errors = (folder / f"{name}.txt").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._said: list[str] = []
        self._rest = b""

    def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def hear(self, *words: str, seconds: float = SAY_S) -> str | None:
        """Return the next line that begins with one of some words; None if none comes in time."""
        end = time.monotonic() + seconds
        while True:
            while self._said:
                line = self._said.pop(0)
                if line.startswith(words):
                    return line
            if not self._listen(max(0.0, end - time.monotonic())):
                return None

    def status(self) -> int | None:
        """Return its exit status; None while it runs."""
        return self._process.poll()

    def end(self) -> None:
        """End it by SIGTERM, or else SIGKILL."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(SAY_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(SAY_S)
        self._process.stdout.close()
        self._errors.close()

    def _listen(self, seconds: float) -> bool:
        pipe = self._process.stdout
        assert pipe is not None
        if not select.select([pipe], [], [], seconds)[0]:
            return False
        said = os.read(pipe.fileno(), 4096)
        *lines, self._rest = (self._rest + said).split(b"\n")
        self._said += [line.decode() for line in lines]
        return bool(said)


def nursery(folder: Path) -> Process:
    """Return a process that forks bots; what it has to say itself is in `folder`."""
    return Process(["tests.crash.serve"], folder, "serve")


class Bot:
    """One life of a bot that a `tests.crash.serve` process forks; it has one at a time."""

    def __init__(self, parent: Process, birth: Birth) -> None:
        self._parent = parent
        self._status: int | None = None
        parent.tell(json.dumps(birth._asdict()))
        said = parent.hear("pid ")
        if said is None:
            raise RuntimeError(f"what forks bots is gone or does not answer: {parent.status()}")
        self._pid = int(said.split()[1])

    def wait_ready(self) -> bool:
        """Wait until it serves; False if it ends before, or takes too long."""
        said = self._parent.hear("ready ", "ended ")
        return said is not None and not self._has_ended(said)

    def wait_ended(self, seconds: float) -> bool:
        """Wait for its end; False if it does not come in time."""
        return self._has_ended(self._parent.hear("ended ", seconds=seconds))

    def stop(self) -> None:
        """Ask it to end, and do not wait for it."""
        self._signal(signal.SIGTERM)

    def end(self, number: int = signal.SIGKILL) -> int:
        """Send it a signal unless it has ended; return its status."""
        if self._status is None and not self.wait_ended(0.0):
            self._signal(number)
            if not self.wait_ended(SAY_S):
                self._signal(signal.SIGKILL)
                self.wait_ended(SAY_S)
        assert self._status is not None
        return self._status

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):  # it ended this very moment
            os.kill(self._pid, number)

    def _has_ended(self, said: str | None) -> bool:
        if said is not None and said.startswith("ended "):
            self._status = int(said.split()[1])
        return self._status is not None
