"""A worker by virtual time: nothing here waits, every second is a step of the test's own clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from botkit.outbox.rate import Limits
from botkit.outbox.retry import OnUncertain
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Verdict
from botkit.testing.clock import FakeClock
from botkit.turn.effect import CLASSES
from tests.outbox.doubles import MemoryStore, ScriptedGateway


class Bench:
    """A worker with everything around it; `restart` is a kill and a new process on the same store."""

    def __init__(self, limit: int = 30, on_uncertain: OnUncertain = "resend_once") -> None:
        self.on_uncertain = on_uncertain
        self.clock = FakeClock()
        self.store = MemoryStore()
        self.gateway = ScriptedGateway(self.clock)
        self.limits = Limits(limit, 60.0, 10.0)
        self.told_at: list[float] = []
        self.alerts: list[str] = []
        self.told_with: list[Mapping[str, object]] = []
        self.worker = self._new()

    def _new(self) -> OutboxWorker:
        return OutboxWorker(
            *(self.store, self.gateway, self.clock),
            key="wa",
            owner="one",
            limits=self.limits,
            on_uncertain=self.on_uncertain,
            on_alert=self._alert,
            on_told=lambda: self.told_at.append(self.clock.now()),
        )

    def _alert(self, alert: str, fields: Mapping[str, object]) -> None:
        self.alerts.append(alert)
        self.told_with.append(fields)

    def put(self, contact: str, text: str = "hola", rank: int = CLASSES["interactive"], **rest: Any) -> int:
        """Queue a text and wake the worker."""
        row = self.store.put(contact, text, rank=rank, now=self.clock.now(), **rest)
        self.worker.wake()
        return row

    def script(self, *verdicts: Verdict) -> None:
        """Say what the next requests are answered."""
        self.gateway.script = list(verdicts)

    async def restart(self) -> None:
        """Kill the worker and start another."""
        await self.worker.stop(0)
        self.worker = self._new()
        await self.worker.start()
        await self.clock.settle()

    async def run(self, seconds: float) -> None:
        """Let time pass."""
        await self.clock.advance(seconds)

    @property
    def texts(self) -> list[str]:
        """What reached the gateway, in order."""
        return [text for _, _, text in self.gateway.sent]


@pytest.fixture
async def make_bench() -> AsyncIterator[Callable[..., Bench]]:
    """Benches, whose workers are stopped in the end."""
    benches: list[Bench] = []

    def make(limit: int = 30, on_uncertain: OnUncertain = "resend_once") -> Bench:
        benches.append(Bench(limit, on_uncertain))
        return benches[-1]

    yield make
    for bench in benches:
        await bench.worker.stop(0)


@pytest.fixture
async def bench(make_bench: Callable[..., Bench]) -> Bench:
    """A worker that runs and has nothing to do."""
    made = make_bench()
    await made.worker.start()
    await made.clock.settle()
    return made
