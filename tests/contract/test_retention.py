"""What is too old goes, whole, in small steps; what is not done with stays, and what is left can still be told."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
import structlog

from botkit.errors import StoreUnavailable
from botkit.ports import CLOCK_KNOWN, Expiring, Failure, Newest, Settlement
from botkit.retention import FIRST_S, INTERVAL_S, LEDGER_S, STEP, Retention
from botkit.server.turns import page_of
from botkit.store.sqlite import MEMORY, SqliteStore
from botkit.talks.recorded import turn_of
from botkit.testing.clock import FakeClock
from botkit.turn.effect import Record
from tests.contract.samples import CHANNEL, NOW, Store, arrival, fly, leg, queue, take, text, words_waiting
from tests.waiting import eventually

DAY_S = 86_400.0


class StillClock(FakeClock):
    """Time that only a test moves; `slept` counts the pauses."""

    slept = 0

    async def sleep(self, seconds: float) -> None:
        """Come back at once."""
        self.slept += 1
        await asyncio.sleep(0)


async def erased(store: Store, days: float, **ages_d: float) -> dict[Expiring, int]:
    """Return what is erased so many days after everything happened."""
    ages: dict[Expiring, float] = {what: age_d * DAY_S for what, age_d in ages_d.items()}  # type: ignore[misc]
    return await Retention(store, StillClock(NOW + days * DAY_S), ages).look()


async def send(store: Store, status: str, gateway_id: str | None = None) -> None:
    """Let the row at the head leave, and end so."""
    await store.settle(await fly(store), Settlement(status, NOW + 3, 200, gateway_id))  # type: ignore[arg-type]


async def test_nothing_by_default(store: Store) -> None:
    """Without ages everything is kept but the ledger, which nothing reads so late."""
    await queue(store, "51900001", text())
    await send(store, "sent", "g")
    assert await erased(store, 4000) == {"ledger": 1}
    assert await erased(store, LEDGER_S / DAY_S - 1) == {}


async def test_journal(store: Store) -> None:
    """A finished event goes with its legs when it is old enough, and one that is not done with does not."""
    done = await take(store, "done")
    await store.commit(leg(done))
    waits = await take(store, "waits", "51900002")
    assert await erased(store, 89, journal=90) == {}
    assert await erased(store, 91, journal=90) == {"journal": 1}
    assert (await store.turns(done.conversation.id, 0, 9))[0] == []
    assert (await store.holdings(done.conversation.id))["turns"] == 0
    assert [row.id for row in await store.claim(NOW + 99, 9, frozenset())] == [waits.id]


async def test_goes_on(store: Store) -> None:
    """The conversation keeps its version and goes on; what is told of it begins where its beginning is not known."""
    row = await take(store, "one")
    await store.commit(leg(row))
    await erased(store, 91, journal=90)
    [receipt] = await store.accept([arrival("two")], NOW + 91 * DAY_S)
    assert receipt.row is not None
    assert receipt.row.conversation.version == 1
    await store.commit(leg(receipt.row)._replace(journal=b'{"from":"a/b","to":"a/c"}'))
    [turn] = [turn_of(each) for each in await page_of(store, row.conversation.id, 0, 9)]
    assert (turn.version, turn.starts, turn.came_from) == (1, False, "a/b")


async def test_messages(store: Store) -> None:
    """A message that ended goes with its request, a request that came back too; one that waits stays, in its place."""
    await queue(store, "51900001", text("sent"), text("waits"))
    await send(store, "returned")
    await send(store, "sent", "g")
    assert await erased(store, 91, messages=90) == {"messages": 2, "ledger": 2}
    assert await words_waiting(store) == [("waits", "pending")]
    head = await store.head(CHANNEL, NOW + 91 * DAY_S)
    assert head is not None
    assert head.seq == 2


async def test_dead(store: Store) -> None:
    """Dead letters have an age of their own."""
    row = await take(store)
    await store.bury(row.id, NOW, 5, Failure("why"))
    assert await erased(store, 31, journal=30) == {}
    assert await erased(store, 31, dead=30) == {"dead": 1}


async def test_results(store: Store) -> None:
    """What a flow recorded goes by its age, in steps with a pause after each."""
    row = await take(store)
    await store.commit(leg(row, records=[Record("cita", {"n": n}) for n in range(2 * STEP + 1)]))
    clock = StillClock(NOW + 99 * DAY_S)
    assert await Retention(store, clock, {"results": 90 * DAY_S}).look() == {"results": 2 * STEP + 1}
    assert clock.slept == 3
    assert await store.recorded() == []


async def test_seen(store: Store) -> None:
    """An event counts once for as long as it is known to have been seen, of a forgotten person as well."""
    await store.accept([arrival("old", unique_for_s=20 * DAY_S), arrival("gone", "51900007")], NOW)
    [gone] = await store.conversation(CHANNEL, "51900007")
    await store.forget(gone["id"], None, NOW)
    late = NOW + 15 * DAY_S
    again = arrival("old", unique_for_s=20 * DAY_S)
    assert await erased(store, 13, seen=14) == {}
    assert [receipt.copy for receipt in await store.accept([again], late - 2 * DAY_S)] == [True]
    assert await erased(store, 15, seen=14) == {"seen": 2}
    assert [receipt.copy for receipt in await store.accept([again], late)] == [False]


@pytest.mark.parametrize("error", [StoreUnavailable("busy"), sqlite3.OperationalError("no table"), OSError(24, "")])
async def test_goes_on_looking(error: Exception) -> None:
    """Whatever a look fails of, it is logged, the next one comes an hour later, and a stop is a stop."""

    class Failing(SqliteStore):
        looks = 0

        async def expired(self, what: Expiring, before: float, limit: int) -> list[tuple[object, ...]]:
            self.looks += 1
            raise error

    clock = FakeClock()
    store = await Failing.open(MEMORY)  # there, nothing runs on a thread
    retention = Retention(store, clock, {})
    with structlog.testing.capture_logs() as lines:
        retention.start()
        await clock.advance(FIRST_S + INTERVAL_S)
    assert store.looks == 2
    assert [line["log_level"] for line in lines] == ["error"] * 2
    await retention.stop()
    await store.close()


async def test_what_tells_the_time(store: Store) -> None:
    """The last event is told with when it came, and of those behind one what their gateway says, if it does."""
    assert await store.newest_event() is None
    first = await take(store, "first")
    told = [arrival("dated", "51900008")._replace(event=b'{"at":7.5}'), arrival("bare", "51900009")]
    _, last = await store.accept(told, NOW + 5)
    assert await store.newest_event() == Newest(last.inbox_id, NOW + 5)
    assert [await store.gateway_times(after) for after in (first.id, last.inbox_id)] == [[7.5], []]


async def look_on(store: Store, clock: StillClock, hours: float = 0.1) -> Retention:
    """Return retention of what is older than 30 days, which has looked for so long."""
    retention = Retention(store, clock, {"results": 30 * DAY_S})
    await retention.round(erases=False)
    await go_on(retention, clock, hours)
    return retention


async def go_on(retention: Retention, clock: StillClock, hours: float) -> None:
    """Let retention look for so long."""
    end = clock.monotonic() + hours * 3600
    while clock.monotonic() < end:
        await clock.leap(max(await retention.round(), 900.0))  # as a bot does, but for the sake of time less often


async def note(store: Store) -> None:
    """Have something that is erased by age, of now."""
    await store.commit(leg(await take(store), records=[Record("cita", {})]))


@pytest.mark.parametrize(("stopped_d", "left"), [(0.9, 0), (365, 1)])
async def test_clock_ahead(store: Store, stopped_d: float, left: int) -> None:
    """A clock that is far ahead of what it said when it was believed last erases nothing, after restarts neither."""
    await note(store)
    clock = StillClock(NOW + 29.5 * DAY_S)
    await store.accept([arrival("late", "51900008")], clock.now())
    clock.jump(stopped_d * DAY_S)
    for n in range(3):
        retention = await look_on(store, clock, 0)
        await store.accept([arrival(f"more {n}", "51900008")], clock.now())
        await go_on(retention, clock, 1)
    assert len(await store.recorded()) == left


@pytest.mark.parametrize(("ahead_d", "left"), [(0.0, 0), (0.5, 0), (-3.0, 1), (300.0, 1)])
async def test_gateway_agrees(store: Store, ahead_d: float, left: int) -> None:
    """A clock in doubt is believed once the gateway's time of an event that came since agrees, give or take a day."""
    await note(store)
    clock = StillClock(NOW + 365 * DAY_S)
    await store.set_meta(CLOCK_KNOWN, f"[{NOW},null]")
    retention = await look_on(store, clock)
    event = b'{"at":%d}' % (clock.now() + ahead_d * DAY_S)
    await store.accept([arrival("new", "51900008")._replace(event=event)], clock.now())
    await go_on(retention, clock, 0.1)
    assert len(await store.recorded()) == left


async def test_gateway_agreed_before(store: Store) -> None:
    """What the gateway told before the doubt, by a wrong clock of its own, is not believed."""
    await note(store)
    clock = StillClock(NOW + 365 * DAY_S)
    event = b'{"at":%d}' % clock.now()
    await store.accept([arrival("old", "51900008")._replace(event=event)], NOW)
    await store.set_meta(CLOCK_KNOWN, f"[{NOW},null]")
    await look_on(store, clock)
    assert len(await store.recorded()) == 1


async def test_asks_at_the_start(store: Store) -> None:
    """What was known of the clock is kept before anything new is stored by it: a start asks at once."""
    await note(store)
    retention = Retention(store, FakeClock(NOW + 365 * DAY_S), {})
    retention.start()

    async def is_known() -> bool:
        return await store.get_meta(CLOCK_KNOWN) == f"[{NOW},0.0]"

    await eventually(is_known)
    await retention.stop()


async def test_runs_for_a_day(store: Store) -> None:
    """A clock that nothing confirms is believed when the bot has run for a day like this, in all."""
    await note(store)
    clock = StillClock(NOW + 365 * DAY_S)
    with structlog.testing.capture_logs() as lines:
        await look_on(store, clock, 13)
        assert len(await store.recorded()) == 1
        assert [line["ahead_s"] for line in lines if line["event"] == "retention_waits"] == [365 * DAY_S]
        await look_on(store, clock, 12)
    assert await store.recorded() == []


async def test_clock_jumps_ahead(store: Store) -> None:
    """A clock that is set far ahead under a bot that runs erases nothing, and one that is set right is believed."""
    await note(store)
    clock = StillClock(NOW)
    retention = await look_on(store, clock)
    clock.jump(365 * DAY_S)
    await go_on(retention, clock, 3)
    assert len(await store.recorded()) == 1
    clock.jump(-365 * DAY_S)
    await retention.round()
    assert await store.get_meta(CLOCK_KNOWN) == f"[{clock.now()},null]"


async def test_step(store: Store) -> None:
    """So many keys are told at most, of what is older alone; to erase what is gone is done."""
    row = await take(store)
    await store.commit(leg(row, records=[Record("cita", {"n": n}) for n in range(3)]))
    assert await store.expired("results", NOW, 9) == []
    some = await store.expired("results", NOW + 2, 2)
    assert len(some) == 2
    await store.erase("results", some)
    await store.erase("results", some)
    assert [len(await store.expired("results", NOW + 2, 9)), len(await store.results("cita"))] == [1, 1]
