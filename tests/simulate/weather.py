"""What is wrong for a while: with the gateway, with the web service, and with the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol

from tests.simulate.plan import Item

#: Kinds of items that last.
SPELLS = ("gateway", "service", "disk")
#: How long a call to a disk takes, in seconds: a sound one, and one that is slow.
SOUND_S, SLOW_S = (0.0, 0.0005, 0.001, 0.004), (0.05, 0.5, 3.0)


class World(Protocol):
    """What weather asks its world."""

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back, whatever process lives then."""
        ...


class Weather:
    """The weather at each place, and the lock on the store's file that another program holds."""

    def __init__(self, world: World, path: Path, seed: int) -> None:
        self._world, self._path = world, path
        self._dice = Random(f"{seed} disk")
        self._entries: dict[str, list[tuple[str, float]]] = {where: [] for where in SPELLS}
        self._lock: sqlite3.Connection | None = None

    def turn(self, where: str, item: Item) -> None:
        """Let a spell begin, which ends by itself."""
        what, share, for_s = (item.values[name] for name in ("what", "share", "for_s"))
        self._entries[where].append((what, share))
        self._world.later(for_s, lambda: self._entries[where].remove((what, share)))
        if what == "locked" and self._lock is None:
            self._hold_lock(for_s)

    def at(self, where: str, dice: Random) -> str:
        """Return what is wrong at a place now; nothing if nothing is."""
        for what, share in self._entries[where]:
            if share == 1.0 or dice.random() < share:
                return what
        return ""

    def disk(self, *, commits: bool) -> tuple[float, str]:
        """Return how long the next call to the disk takes, and what is wrong with it: `full`, `broken` or `unsure`.

        What does not commit can only meet a disk that is broken.
        """
        takes_s, trouble = self._dice.choice(SOUND_S), self.at("disk", self._dice)
        if trouble == "slow":
            return self._dice.choice(SLOW_S), ""
        if trouble == "broken" or (commits and trouble != "locked"):
            return takes_s, trouble
        return takes_s, ""

    def _hold_lock(self, for_s: float) -> None:
        lock = sqlite3.connect(self._path, isolation_level=None, timeout=0)
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:  # the process is in a transaction right now
            lock.close()
            return
        self._lock = lock
        self._world.later(for_s, self._release)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
