"""One thing that was looked at, and how it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

#: well: nothing to do; odd: worth a look; bad: the bot does not work, or will soon not.
Level = Literal["well", "odd", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: its code names the sentence, `values` fill it."""

    level: Level
    code: str
    values: dict[str, Any] = field(default_factory=dict)
