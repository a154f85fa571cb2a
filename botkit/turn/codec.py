"""Events as JSON bytes, which is how the inbox keeps them.

Of an `Inbound` only fields that differ from their default are written, in the order of the class: equal events give
equal bytes, so the bytes can be hashed.
"""

from __future__ import annotations

from typing import Any

import orjson

from botkit.turn.event import FILED, Filed, Inbound, Tap

_NAMES = Inbound._fields
_DEFAULTS: tuple[Any, ...] = tuple(Inbound._field_defaults.get(name) for name in _NAMES)


def dump_event(event: Inbound) -> bytes:
    """Return `event` as canonical JSON."""
    told = zip(_NAMES, event, _DEFAULTS, strict=True)
    return orjson.dumps({name: value for name, value, default in told if value != default})


def load_event(data: bytes) -> Inbound:
    """Return the event that `dump_event` wrote; raises ValueError or TypeError for anything else."""
    values = orjson.loads(data)
    tap = values.get("choice")
    if tap is not None:
        values["choice"] = Tap(**tap)
    return Inbound(**values)


def dump_filed(event: Filed) -> bytes:
    """Return an event that no gateway pushed as JSON."""
    return orjson.dumps(event)


def load_filed(kind: str, data: bytes) -> Filed:
    """Return the event that `dump_filed` wrote, by the kind of its row (FILED).

    Raises ValueError or TypeError for anything else.
    """
    return FILED[kind](**orjson.loads(data))
