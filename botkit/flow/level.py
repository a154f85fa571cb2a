"""How loaded a channel is, by the wait that a new reply would have: what `load` means in flows."""

from __future__ import annotations

from typing import Literal, get_args

Level = Literal["green", "yellow", "black"]
#: The levels, the best first.
LEVELS: tuple[Level, ...] = get_args(Level)
