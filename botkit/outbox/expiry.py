"""What becomes too old to send: found in time, whether or not anything may leave."""

from __future__ import annotations

from collections.abc import Callable

from botkit.outbox.gate import Gate
from botkit.ports import Clock, OutboxStore

#: How often the store is asked at most, in seconds: rows that expire sooner are skipped by `head`, only marked late.
EXPIRE_S = 5.0

_NEVER = float("inf")


class Expiry:
    """Marks the rows of `key` that expired; `on_told` is called when flows were told of some."""

    def __init__(self, store: OutboxStore, key: str, clock: Clock, gate: Gate, on_told: Callable[[], None]) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._gate = gate
        self._on_told = on_told
        self._ask_at = 0.0

    async def look(self) -> float:
        """Mark what expired, unless that was done a moment ago; return when to look again, on the gate's clock."""
        now, tick = self._clock.now(), self._gate.now()
        if tick < self._ask_at:
            return self._ask_at
        told, next_at = await self._store.expire(self._key, now)
        if told:
            self._on_told()
        wait_s = _NEVER if next_at is None else next_at - now
        self._ask_at = tick + min(wait_s, EXPIRE_S)
        return tick + wait_s
