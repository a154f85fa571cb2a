"""A probe over HTTP to the sandbox and with a real store; time is moved by whoever waits, so no test does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.sandbox.body import Body
from botkit.gateway.sandbox.server import Sandbox
from botkit.gateway.sandbox.window import Rule, open_window
from botkit.outbox.gate import Gate
from botkit.outbox.rate import Limits, Wait
from botkit.ports import Answer, WireRequest
from botkit.probe.course import REQUESTS, Seen
from botkit.probe.send import Found, Prober
from botkit.probe.windows import Kind
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import CLASSES

KEY = "whatsapp"
LIMITS = Limits(30, 60.0, 10.0)


class Clock:
    """The clock of sandbox and probe alike: to sleep is to move it on."""

    def __init__(self) -> None:
        self.at = 1_790_000_010.0

    def time(self) -> float:
        return self.at

    now = monotonic = time

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


class Watched(HttpGateway):
    """Notes how many requests stand in the ledger without an answer as each leaves."""

    store: SqliteStore
    out: list[int]

    async def send(self, wire: WireRequest) -> Answer:
        """Note, and send."""
        self.out.append(sum(each.answered_at is None for each in await self.store.ledger(KEY, 0.0)))
        return await super().send(wire)


@dataclass(slots=True)
class Line:
    """A sandbox, a store, and a probe between them."""

    sandbox: Sandbox
    store: SqliteStore
    gateway: Watched
    prober: Prober
    clock: Clock

    async def probe(self) -> Found:
        """Probe, and return what was found."""
        return await self.prober.probe("59170000001", lambda number: f"Prueba {number}", lambda seen: None)

    @property
    def sent(self) -> int:
        """How many requests reached the sandbox."""
        return len(list(self.sandbox.journal.requests.after()))


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """A line whose gateway has the window of the page."""
    clock = Clock()
    store = await SqliteStore.open(":memory:")
    async with Sandbox("http://127.0.0.1:9/none", port=0, clock=clock) as sandbox:
        profile = compose({"base_url": "sandbox"}, sandbox_url=sandbox.url)
        async with Watched(profile, clock, on_headers=lambda headers: prober.hear(headers)) as gateway:
            gateway.store, gateway.out = store, []
            prober = Prober(store, gateway, clock, key=KEY, limits=LIMITS, most=REQUESTS)
            yield Line(sandbox, store, gateway, prober, clock)
    await store.close()


@pytest.mark.parametrize("kind", ["fixed", "first-hit", "sliding-log", "sliding-log-strict", "token-bucket", "leaky"])
async def test_windows(line: Line, kind: Kind) -> None:
    """Each of the sandbox's algorithms is guessed from at most 65 requests, over HTTP."""
    line.sandbox.dials.window = open_window(Rule(algorithm=kind))
    found = await line.probe()
    assert found.guesses[0].kind == kind
    assert found.guesses[0].is_expected
    assert len(found.seen) == line.sent <= REQUESTS


async def test_ledger(line: Line) -> None:
    """Every request stands in the ledger, so that the bot which starts next waits for a slot."""
    found = await line.probe()
    entries = await line.store.ledger(KEY, 0.0)
    assert len(entries) == len(found.seen)
    assert all(entry.answered_at is not None for entry in entries)
    assert {entry.owner for entry in entries} == {"main/whatsapp"}
    gate = Gate(LIMITS, line.clock)
    gate.restore(await line.store.key_state(KEY), entries)
    assert isinstance(gate.decide(CLASSES["interactive"]), Wait)


async def test_entered_before(line: Line) -> None:
    """A request that is still out stands in the ledger already."""
    line.sandbox.faults.arm("reset", Body({"count": 1}), line.clock.at)
    found = await line.probe()
    assert line.gateway.out == [1]
    assert (found.end.verdict if found.end else "") == "silent"
    # Its answer was lost: the gateway may count it ten seconds later still.
    assert [each.answered_at for each in await line.store.ledger(KEY, 0.0)] == [line.clock.at + 10]


@pytest.mark.parametrize(
    ("fault", "fields", "verdict"),
    [("unauthorized", {}, "unauthorized"), ("unavailable", {}, "unavailable"), ("error", {"status": 400}, "refused")],
)
async def test_end(line: Line, fault: str, fields: dict[str, object], verdict: str) -> None:
    """An answer that says nothing of the limit ends the probe: no further message is spent."""
    line.sandbox.faults.arm(fault, Body(fields), line.clock.at)
    found = await line.probe()
    assert line.sent == 1
    assert found.end is not None
    assert (found.end.verdict, found.seen, found.guesses) == (verdict, [], [])


async def test_headers(line: Line) -> None:
    """Headers about the limit are told with their values, and how many of the refusals had them; others are not."""
    line.sandbox.dials.turn("retry_after", Body({"mode": "value", "value_s": 7}))
    found = await line.probe()
    assert found.headers == {"Retry-After": ["7"]}
    assert found.refused_with == {"Retry-After": found.refused}


async def test_rest(line: Line) -> None:
    """A key that was used rests until nothing of it counts; what was never answered counts as late as it may be."""
    assert await line.prober.rest_s() == 0
    entry = await line.store.begin_errand(KEY, "main/whatsapp", 1, line.clock.at)
    assert await line.prober.rest_s() == pytest.approx(60.05 + 20)
    await line.store.end_errand(KEY, entry, line.clock.at, 200, None)
    line.clock.at += 20
    assert await line.prober.rest_s() == pytest.approx(40.05)
    line.clock.at -= 7200
    assert await line.prober.rest_s() == pytest.approx(60.05 + 20)


def test_refused_is_counted() -> None:
    """What was refused is what was not taken."""
    assert Found([Seen(0, 1, is_taken=True), Seen(1, 2, is_taken=False)]).refused == 1
