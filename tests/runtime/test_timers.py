"""The loop of timers: it sleeps until what is due next, and sees timers that are set and clocks that jump."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence

import pytest
from structlog.testing import capture_logs

from botkit.errors import StoreUnavailable
from botkit.ports import Fired
from botkit.testing.clock import FakeClock
from botkit.timers import FIRED_AT_ONCE, JUMP_S, MAX_SLEEP_S, Timers

NOW = 1_750_000_000.0


class Stock:
    """Timers in memory: `due` are their times, `looks` when the loop asked.

    `refuses` is how often it is refused, `meanwhile` happens after a look and before its answer.
    """

    def __init__(self) -> None:
        self.due: list[float] = []
        self.looks: list[float] = []
        self.fired: list[float] = []
        self.refuses = 0
        self.moved: list[tuple[float, list[float]]] = []
        self.meanwhile: Callable[[], None] = lambda: None

    async def fire(self, now: float, limit: int) -> Fired:
        """Take what is due."""
        self.looks.append(now - NOW)
        if self.refuses:
            self.refuses -= 1
            raise StoreUnavailable("full")
        due = sorted(each for each in self.due if each <= now)[:limit]
        self.fired += [now - NOW] * len(due)
        self.due = sorted(set(self.due) - set(due))
        next_at = self.due[0] if self.due else None
        self.meanwhile()
        return Fired(len(due), next_at)

    async def move_timers(self, now: float, by_s: float, spared: Sequence[float]) -> None:
        """Move what is not due."""
        self.moved.append((by_s, [each - NOW for each in spared]))
        self.due = [each if each <= now or each in spared else each + by_s for each in self.due]


class Stand:
    """A loop on a clock that a test moves; `told` counts how often the runtime was told to look."""

    def __init__(self) -> None:
        self.stock, self.clock, self.told = Stock(), FakeClock(NOW), 0
        self.timers = Timers(self.stock, self.clock, self.tell)

    def tell(self) -> None:
        """Count."""
        self.told += 1

    async def start(self, *due: float) -> None:
        """Start the loop with timers due at these seconds from now."""
        self.stock.due = [NOW + each for each in due]
        await self.timers.start()
        await self.clock.settle()


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """A loop that is not started."""
    made = Stand()
    yield made
    await made.timers.stop()


async def test_due_at_start(stand: Stand) -> None:
    """What fell due while no process ran fires at once."""
    await stand.start(-3600.0)
    assert stand.stock.fired == [0.0]
    assert stand.told == 1


async def test_sleeps_until_due(stand: Stand) -> None:
    """The loop asks the store when the next timer is due, and not between."""
    await stand.start(30.0, 45.0)
    await stand.clock.advance(50.0)
    assert stand.stock.fired == [30.0, 45.0]
    assert stand.stock.looks == [0.0, 30.0, 45.0]


async def test_earlier_timer_wakes(stand: Stand) -> None:
    """A timer that is set before what the loop sleeps for is not late; one behind it wakes nobody."""
    await stand.start(50.0)
    stand.stock.due += [NOW + 10.0, NOW + 55.0]
    stand.timers.wake(NOW + 55.0)
    await stand.clock.settle()
    assert stand.stock.looks == [0.0]
    stand.timers.wake(NOW + 10.0)
    await stand.clock.advance(20.0)
    assert stand.stock.fired == [10.0]


async def test_set_while_it_looks(stand: Stand) -> None:
    """A timer that is set while the store is asked is not missed, though the answer does not know it."""
    await stand.start(50.0)

    def set_timer() -> None:
        stand.stock.meanwhile = lambda: None
        stand.stock.due.append(NOW + 55.0)
        stand.timers.wake(NOW + 55.0)

    stand.stock.meanwhile = set_timer
    await stand.clock.advance(60.0)
    assert stand.stock.fired == [50.0, 55.0]


async def test_many_at_once(stand: Stand) -> None:
    """More than one transaction's worth goes on without a pause."""
    await stand.start(*(-float(number) for number in range(FIRED_AT_ONCE + 1)))
    assert len(stand.stock.fired) == FIRED_AT_ONCE + 1
    assert stand.told == 2


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
async def test_clock_set(stand: Stand, jump: float) -> None:
    """A wall clock that is set is noticed within MAX_SLEEP_S, and logged; what is due by it fires then."""
    await stand.start(1800.0)
    with capture_logs() as lines:
        stand.clock.jump(jump)
        await stand.clock.advance(MAX_SLEEP_S)
    assert [line["by_s"] for line in lines] == [jump]
    assert len(stand.stock.fired) == (jump > 0)


async def test_clock_set_back_lengthens_nothing(stand: Stand) -> None:
    """What was to last for 30 s does, though the clock was set back by an hour; what is set by the new clock stays."""
    await stand.start(30.0)
    stand.clock.jump(-3600.0)
    stand.stock.due.append(NOW - 3600.0 + 45.0)
    stand.timers.wake(NOW - 3600.0 + 45.0)
    await stand.clock.advance(60.0)
    assert stand.stock.fired == [-3600.0 + 30.0, -3600.0 + 45.0]
    assert stand.stock.moved == [(-3600.0, [-3600.0 + 45.0])]


async def test_drift_is_no_jump(stand: Stand) -> None:
    """A wall clock that runs a little differently is nothing to log."""
    await stand.start(1800.0)
    with capture_logs() as lines:
        stand.clock.jump(JUMP_S)
        await stand.clock.advance(MAX_SLEEP_S)
    assert lines == []


async def test_store_refuses(stand: Stand) -> None:
    """A store that refuses work is asked again, and nothing is lost."""
    stand.stock.refuses = 2
    await stand.start(-1.0)
    await stand.clock.advance(3.0)
    assert stand.stock.fired == [2.0]


async def test_stop(stand: Stand) -> None:
    """After a stop nothing fires."""
    await stand.start(10.0)
    await stand.timers.stop()
    await stand.clock.advance(20.0)
    assert stand.stock.fired == []
