"""A key whose store came from a backup: what was sent in its last period stands in no ledger."""

from __future__ import annotations

from dataclasses import replace

from botkit.outbox.rate import KeyState, Limits
from botkit.ports import RESTORED


def held_anew(key: KeyState, limits: Limits) -> KeyState:
    """Return a key as it is, or, if it was restored and this is first seen, held for one period from then on."""
    if key.verdict != RESTORED:
        return key
    return replace(key, held_until=key.held_until + limits.held_s, verdict="")
