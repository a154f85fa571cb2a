"""The level of one key while a worker runs; that it turns black is an alert."""

from __future__ import annotations

import structlog

from botkit.outbox.load import Level, level_of

log = structlog.get_logger("botkit.outbox")


class Load:
    """The level of `key`, as it was seen last."""

    def __init__(self, key: str) -> None:
        self._key = key
        self.level: Level = "green"

    def see(self, wait_s: float) -> None:
        """Learn how long a new reply would wait now; a change of level is logged."""
        before, self.level = self.level, level_of(wait_s)
        if self.level != before:
            say = log.error if self.level == "black" else log.info
            say("outbox_load", channel=self._key, level=self.level, before=before, wait_s=round(wait_s, 1))
