"""Turns a minute that a key of 30 requests a minute serves under load, three texts a turn, merged and not.

Over virtual time, with the worker and the store themselves; one new contact writes every second, which is more than the
key serves either way. Without merging means a gateway that would cut a merged text in two.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import orjson
import structlog

from bench.outbox_rows import queue_turn
from botkit.outbox.merge import BETWEEN
from botkit.outbox.rate import Limits
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Answer, Clock, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.testing.clock import FakeClock

KEY = "whatsapp"
LIMITS = Limits(30, 60.0, 10.0, reserve=1)
BUBBLES = 3
#: Minutes before those that count, for the key to fill up.
WARM_UP = 3


class Texts:
    """A gateway that takes every text after the time of a round trip and counts the bubbles."""

    def __init__(self, clock: Clock, *, merges: bool) -> None:
        self._clock, self._merges = clock, merges
        self.bubbles = 0
        self.requests = 0

    def fit(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the message, or its parts where nothing is to be merged."""
        return (
            [message] if self._merges else [{"type": "text", "text": each} for each in message["text"].split(BETWEEN)]
        )

    def render(self, to: str, message: Mapping[str, Any]) -> WireRequest:
        """Return the request that shows a text."""
        return WireRequest("POST", "/", "application/json", orjson.dumps([to, message["text"]]))

    async def send(self, wire: WireRequest) -> Answer:
        """Take a text."""
        await self._clock.sleep(0.2)
        self.requests += 1
        self.bubbles += len(orjson.loads(wire.body)[1].split(BETWEEN))
        return Answer("sent", self._clock.now(), 200, f"g{self.requests}")

    @property
    def turns(self) -> float:
        """How many turns arrived; the bubbles of those in parts count as parts."""
        return self.bubbles / BUBBLES


async def turns_a_minute(minutes: int, *, merges: bool) -> float:
    """Return how many turns arrived in a minute, on average."""
    clock = FakeClock()
    store, gateway = await SqliteStore.open(":memory:"), Texts(clock, merges=merges)
    worker = OutboxWorker(store, gateway, clock, key=KEY, owner="bench", limits=LIMITS)
    await worker.start()
    before = 0.0
    try:
        for second in range((WARM_UP + minutes) * 60):
            if second == WARM_UP * 60:
                before = gateway.turns
            await queue_turn(store, KEY, second, BUBBLES, clock.now())
            worker.wake()
            await clock.advance(1)
        return (gateway.turns - before) / minutes
    finally:
        await asyncio.gather(worker.stop(0), clock.advance(1))
        await store.close()


def measure(minutes: int) -> tuple[float, float]:
    """Return turns a minute, without merging and with it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        return asyncio.run(turns_a_minute(minutes, merges=False)), asyncio.run(turns_a_minute(minutes, merges=True))
    finally:
        structlog.reset_defaults()
