"""Inbound events as JSON bytes, which is how the inbox keeps them.

Only fields that differ from their default are written, in the order of the class: equal events give equal bytes,
so the bytes can be hashed.
"""

from __future__ import annotations

from typing import Any

import orjson

from botkit.turn.event import Inbound, Tap

_DEFAULTS: tuple[tuple[str, Any], ...] = tuple((name, Inbound._field_defaults.get(name)) for name in Inbound._fields)


def dump_event(event: Inbound) -> bytes:
    """Return `event` as canonical JSON."""
    return orjson.dumps({name: value for name, default in _DEFAULTS if (value := getattr(event, name)) != default})


def load_event(data: bytes) -> Inbound:
    """Return the event that `dump_event` wrote; raises ValueError or TypeError for anything else."""
    values = orjson.loads(data)
    tap = values.get("choice")
    if tap is not None:
        values["choice"] = Tap(**tap)
    return Inbound(**values)
