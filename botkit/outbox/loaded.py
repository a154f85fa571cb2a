"""The level of one key while a worker runs; that people wait for long is an alert."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from botkit.outbox.load import Level, level_of

log = structlog.get_logger("botkit.outbox")

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
        """Learn how long a new reply would wait now; a change of level is logged.

        A key that is held makes everybody wait, too, but why it is has log lines and alerts of its own.
        """
        self.level = level_of(wait_s)
        if is_held:
            return
        if self.level != self._said:
            say = log.warning if self.level == "black" else log.info
            say("outbox_load", channel=self._key, level=self.level, before=self._said, wait_s=round(wait_s, 1))
            self._said = self.level
        self._tell(now)

    def _tell(self, now: float) -> None:
        if self.level != "black":
            self._calm_since = now if self._calm_since is None else self._calm_since
        elif self._calm_since is not None:
            calm_s, self._calm_since = now - self._calm_since, None
            if calm_s >= CALM_S:
                self._on_overload()
