"""Durations as people write them: `2.5s`, `10m`, `2h`, `3d`."""

from __future__ import annotations

import re

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"\s*(\d{1,9}(?:\.\d{1,6})?)\s*([smhd])\s*")


def parse_duration(text: str) -> float | None:
    """Return seconds, or None when the text is no duration (a bare number is none)."""
    found = _DURATION.fullmatch(text)
    return float(found[1]) * _UNITS[found[2]] if found else None
