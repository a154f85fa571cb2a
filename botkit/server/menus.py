"""Options whose words fit neither a button nor a list of a channel's gateway: people have to type numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from botkit.flow.kind import Menu
from botkit.flow.problem import Problem
from botkit.gateway.profile import Profile
from botkit.ports import Capabilities


def check_menus(menus: Sequence[Menu], profiles: Mapping[str, Profile]) -> Iterator[Problem]:
    """Yield a problem for each label that keeps the options of its question from being tapped."""
    for channel, profile in profiles.items():
        for menu in menus:
            limit = _limit(menu.size, profile.shown)
            for _, label in menu.labels:
                if limit and len(label.value) > limit:
                    values = {"label": label.value, "length": len(label.value), "limit": limit, "channel": channel}
                    yield Problem("option-too-long", label.place, values)


def _limit(size: int | None, shown: Capabilities) -> int:
    """Return how many characters a label may have where so many options can be tapped; 0: here none can.

    A label too long for a button makes a list of the options, which loses nothing. More than a list holds are paged.
    """
    button = shown.button_title if size is not None and size <= shown.buttons else 0
    return max(button, shown.list_title if shown.list_rows else 0)
