"""Taps of a talk that is played again: options have other ids then, and are found by what stood in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botkit.turn.event import Tap

Row = Mapping[str, Any]


class Menus:
    """Menus as they were shown in a talk, and those that stand for them now."""

    def __init__(self) -> None:
        self.shown: list[list[Row]] = []
        self._now: dict[str, Row] = {}

    def note(self, then: Iterable[Row], now: Iterable[Row]) -> None:
        """Put down the messages that an exchange showed, then and now."""
        menus = [message["options"] for message in now if message.get("options")]
        self.shown += menus
        old = [message["options"] for message in then if message.get("options")]
        for before, after in zip(old, menus, strict=False):
            for place, option in enumerate(before):
                same = [each for each in after if each["title"] == option["title"]]
                if not same and len(before) == len(after):
                    same = [after[place]]
                if same:
                    self._now[option["id"]] = same[0]

    def tap(self, tap: Tap) -> Tap:
        """Return the tap that means now what this one meant."""
        option = self._now.get(tap.id)
        return tap if option is None else Tap(option["id"], option["title"], tap.message_id)

    def number_of(self, tap: Tap) -> int | None:
        """Return as which menu, from 1 on, the one was shown last that has this option; None if none was."""
        numbers = (number for number, menu in enumerate(self.shown, 1) if any(each["id"] == tap.id for each in menu))
        return max(numbers, default=None)
