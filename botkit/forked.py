"""What a process that a handler forks off must not keep of the bot: its store's lock, its ports, its signals.

A lock, a port and a connection belong to whoever has them open. A child that outlives the bot (`multiprocessing` forks
on Linux) would keep the next start from the first two, and leave whoever asks over the third without an answer or an
end. And a child that is asked to end must not take that for the bot's own end.

Nothing else needs care: what a child runs by exec keeps no descriptor (PEP 446), as `subprocess` does; and locks
that SQLite takes belong to a process, not to its children.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: Descriptors of locks that this process has.
_locks: set[int] = set()
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGTSTP)


def keep(lock: int) -> None:
    """Let no child have this lock's descriptor."""
    _locks.add(lock)


def let_go(lock: int) -> None:
    """Forget a lock that is given back."""
    _locks.discard(lock)


def _come_to() -> None:
    """Give back, in a child, what is the bot's."""
    if not _locks:
        return
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptors in (list(_locks), _served()):
        for each in descriptors:
            os.dup2(nothing, each, inheritable=False)  # not closed: Python's objects still mean these numbers
    os.close(nothing)
    _locks.clear()
    with suppress(ValueError):  # Python's only for a main thread
        signal.set_wakeup_fd(-1)
        for number in _SIGNALS:
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)


def _served() -> list[int]:
    """Return the sockets that listen, and the connections that came to them."""
    sockets = list(_sockets())
    names = {name for _, name, listens in sockets if listens}
    return [each for each, name, _ in sockets if name in names]


def _sockets() -> Iterator[tuple[int, str | int, bool]]:
    """Yield each bound socket: its descriptor, port or path, and whether it listens."""
    with suppress(FileNotFoundError):  # a jail without /proc: locks matter more
        for each in [int(entry.name) for entry in Path("/dev/fd").iterdir()]:
            with suppress(OSError):
                if stat.S_ISSOCK(os.fstat(each).st_mode):
                    yield each, *_asked(each)


def _asked(descriptor: int) -> tuple[str | int, bool]:
    """Return a socket's own port or path, and whether it listens; raises OSError."""
    asked = socket.socket(fileno=descriptor)
    try:
        name = asked.getsockname()
        listens = bool(asked.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
        return name[1] if isinstance(name, tuple) else name, listens
    finally:
        asked.detach()


os.register_at_fork(after_in_child=_come_to)
