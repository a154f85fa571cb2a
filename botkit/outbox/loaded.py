"""The level of one key while a worker runs; that people wait for long is an alert."""

from __future__ import annotations

import logging
from collections.abc import Callable

import structlog

from botkit.flow.level import Level
from botkit.outbox.gate import Gate
from botkit.outbox.load import level_of
from botkit.ports import OutboxStore

log = structlog.get_logger("botkit.outbox")

#: How often the store is asked at most while nothing may leave, in seconds.
LOOK_S = 1.0
#: How long a level that was worked out counts, in seconds: legs ask for it by the thousand, and it is of whole seconds.
FRESH_S = 0.25
#: For how many more who may wait it counts at most.
FRESH_ROWS = 5
#: A spell is over once the level was not black for so long, in seconds: one that flutters is told once.
CALM_S = 300.0


class Load:
    """The level of `key`, as it was seen last. `on_overload` is called once for each spell of black."""

    def __init__(self, key: str, on_overload: Callable[[], None] = lambda: None) -> None:
        self._key = key
        self._on_overload = on_overload
        #: Since when the level is not black; None while it is.
        self._calm_since: float | None = float("-inf")
        self._said: Level = "green"
        self.level: Level = "green"

    def see(self, wait_s: float, now: float, *, is_held: bool = False) -> None:
        """Learn how long a new reply would wait now; a change of level is logged, and one that flutters is none.

        A key that is held makes everybody wait, too, but why it is has log lines and alerts of its own.
        """
        if is_held:
            self.level = level_of(wait_s)
            return
        self.level = level_of(wait_s, self._said)
        if self.level != self._said:
            weight = logging.WARNING if self.level == "black" else logging.INFO
            wait_s = round(wait_s, 1)
            log.log(weight, "outbox_load", channel=self._key, load=self.level, before=self._said, wait_s=wait_s)
            self._said = self.level
        self._tell(now)

    def _tell(self, now: float) -> None:
        if self.level != "black":
            self._calm_since = now if self._calm_since is None else self._calm_since
        elif self._calm_since is not None:
            calm_s, self._calm_since = now - self._calm_since, None
            if calm_s >= CALM_S:
                self._on_overload()


class Ahead:
    """How many people wait for a message of `key`: as the store said last, and since. Each look tells its `load`.

    `level` counts on from there with the gate: no look at the store, since every leg asks for it.
    """

    def __init__(self, store: OutboxStore, key: str, gate: Gate, load: Load) -> None:
        self._store = store
        self._key = key
        self._gate = gate
        self._load = load
        self._count = self._more = 0
        self._look_at = float("-inf")
        self._is_stale = True  # rows of a former process may wait
        self._level: Level = "green"
        self._level_until = float("-inf")

    @property
    def level(self) -> Level:
        """Return how loaded the key is, as of a moment ago."""
        now = self._gate.now()
        if now >= self._level_until:
            self._level, self._level_until = level_of(self._wait_s()), now + FRESH_S
        return self._level

    def add(self) -> None:
        """Count somebody who may wait since the last look: many may write within a moment."""
        self._more += 1
        if not self._more % FRESH_ROWS:
            self._level_until = float("-inf")

    def outdate(self) -> None:
        """Note that rows may have been added since the last look."""
        self._is_stale = True

    async def look(self) -> None:
        """Count anew."""
        self._is_stale, self._look_at, self._more = False, self._gate.now() + LOOK_S, 0
        self._count = await self._store.talk_ahead(self._key, self._gate.most_ahead)
        self._see()

    async def look_again(self) -> float:
        """Count anew if there may be more, unless that was done a moment ago; return when to, on the gate's clock.

        For while nothing may leave: nobody asks then who is next, and more and more may wait.
        """
        until = self._look_at if self._is_stale and self._gate.now() < self._look_at else float("inf")
        if self._is_stale and until == float("inf"):
            await self.look()
        else:
            self._see()
        return until

    def _see(self) -> None:
        self._level_until = float("-inf")
        self._load.see(self._wait_s(), self._gate.now(), is_held=self._gate.is_held)

    def _wait_s(self) -> float:
        return self._gate.wait_s(self._count + self._more)
