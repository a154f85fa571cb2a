"""A stream that people or a collector read, written to without ever waiting for them.

Who reads may stop: Ctrl+S on a terminal, a collector that hangs. A write would then hold the event loop until they go
on. So a line that does not go at once is lost; how many were, is told by one line once it goes on.
"""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Callable
from typing import BinaryIO


class Console:
    """Writes whole lines to a stream; `told` makes the line about so many that were lost."""

    def __init__(self, stream: BinaryIO, told: Callable[[int], bytes] = lambda lost: b"") -> None:
        self._stream, self._told = stream, told
        self._rest, self._lost = b"", 0
        try:
            self._fd = unblocking(stream.fileno())
        except (OSError, ValueError):  # no file of the system's
            self._fd = -1
        if self._fd >= 0:
            self._poll = select.poll()
            self._poll.register(self._fd, select.POLLOUT)

    def write(self, lines: bytes) -> None:
        """Write one line or several, which end in line breaks, or what of them goes at once."""
        self._rest = self._left_of(self._rest)
        if self._rest:  # nothing may come into the middle of a line that has begun
            self._lost += lines.count(b"\n")
            return
        notice = self._told(self._lost) if self._lost else b""
        data = notice + lines
        left = self._left_of(data)
        if len(left) == len(data):
            self._lost += lines.count(b"\n")
            return
        self._lost = 0
        if left and data[-len(left) - 1 : -len(left)] != b"\n":
            begun, end, left = left.partition(b"\n")
            self._rest = begun + end
        self._lost = left.count(b"\n")

    def _left_of(self, data: bytes) -> bytes:
        """Write what goes at once; return the rest."""
        if self._fd < 0:
            if data:
                self._write_through(data)
            return b""
        try:
            while data and self._poll.poll(0):
                # A pipe that can be written to takes as much without a wait.
                data = data[os.write(self._fd, data[: select.PIPE_BUF]) :]
        except OSError:  # who read it is gone, or a disk is full
            pass
        return data

    def _write_through(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            pass


def unblocking(fd: int) -> int:
    """Return a descriptor of the same pipe or terminal that never waits, where the system makes one, else `fd`.

    It is opened anew: the flag of the descriptor that was given would be that of every process that has it.
    """
    kind = os.fstat(fd).st_mode
    if not (stat.S_ISFIFO(kind) or stat.S_ISCHR(kind)):
        return fd
    try:
        return os.open(f"/dev/fd/{fd}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return fd
