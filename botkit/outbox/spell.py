"""How long a gateway has been away, and when that becomes something that a person must know. Pure.

It is told by the clock, not by the next answer: probes are up to a minute apart, and a gateway may name a later one.
"""

from __future__ import annotations

from dataclasses import replace

from botkit.outbox.alert import Alert
from botkit.outbox.rate import KeyState

#: A gateway that is away so long, in seconds, is told of.
UNAVAILABLE_ALERT_S = 300.0
#: Why a key is held whose gateway is away.
AWAY = frozenset(("unavailable", "unreachable"))
_ALERT: Alert = "unavailable_long"


def closed(key: KeyState, at: float) -> tuple[KeyState, Alert | None]:
    """Return the key whose gateway was found to be away at `at`, and the alert once that takes long."""
    since = key.closed_since or at
    is_long = at - since >= UNAVAILABLE_ALERT_S
    return replace(key, closed_since=since), _ALERT if is_long else None


def long_at(key: KeyState) -> float:
    """Return when the gateway will have been away for long, endless if it is not, or if that was told.

    Once a hold is over nobody knows whether the gateway still is, until the next request finds out.
    """
    at = key.closed_since + UNAVAILABLE_ALERT_S
    is_away = key.why in AWAY and key.closed_since > 0 and at < key.held_until
    return at if is_away and _ALERT not in key.told else float("inf")


def become_long(key: KeyState, now: float) -> tuple[KeyState, Alert | None]:
    """Return the key, and the alert if its gateway has been away for long by now and nobody was told."""
    if now < long_at(key):
        return key, None
    return replace(key, told=(*key.told, _ALERT)), _ALERT
