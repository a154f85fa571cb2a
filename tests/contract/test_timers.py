"""What every TimerStore does: what is due becomes an inbox row, once and at once."""

from __future__ import annotations

import pytest

from botkit.ports import Fired, InboxRow
from botkit.turn.codec import load_filed
from botkit.turn.effect import SetTimer
from botkit.turn.event import Due
from tests.contract.conftest import Reopen
from tests.contract.samples import NOW, Store, leg, take

A, B = "51999000001", "51999000002"


async def set_timers(store: Store, contact: str, *timers: SetTimer) -> None:
    """Give a contact's conversation timers, by a leg of its own."""
    row = await take(store, f"for-{contact}", contact)
    await store.commit(leg(row, timers=timers))


async def told(store: Store) -> list[InboxRow]:
    """Return the rows that wait, in order of arrival."""
    return sorted(await store.claim(NOW + 9999, 100, frozenset()), key=lambda row: row.id)


async def test_none(store: Store) -> None:
    """With no timer nothing is moved and nothing is next."""
    assert await store.fire(NOW, 10) == Fired(0, None)


@pytest.mark.parametrize(("now", "fired"), [(NOW + 59, Fired(0, NOW + 60)), (NOW + 60, Fired(1, None))])
async def test_due(store: Store, now: float, fired: Fired) -> None:
    """A timer is moved from its due time on, not before."""
    await set_timers(store, A, SetTimer("silence/0", "silence", NOW + 60))
    assert await store.fire(now, 10) == fired


async def test_row(store: Store) -> None:
    """What a timer becomes is a row of its conversation that says its name and its kind."""
    await set_timers(store, A, SetTimer("wait/1", "wait", NOW + 60))
    await store.fire(NOW + 70, 10)
    [row] = await told(store)
    assert (row.kind, row.source, row.received_at, row.legs) == ("due", "timer", NOW + 70, 0)
    assert load_filed(row.kind, row.event) == Due("wait/1", "wait")
    assert (row.conversation.contact, row.conversation.version) == (A, 1)


async def test_moved(store: Store) -> None:
    """Where the clock was set back, what lasts for a while is moved with it, again and again, and tells when it was."""
    await set_timers(store, A, SetTimer("wait/0", "wait", NOW + 60.25), SetTimer("reminder/x", "reminder", NOW + 70))
    await set_timers(store, B, SetTimer("silence/0", "silence", NOW - 30), SetTimer("idle/0", "idle", NOW - 200))
    await store.move_timers(NOW - 100, -100.0, [NOW - 30])
    await store.move_timers(NOW - 150, -50.0, [NOW - 30])
    assert await store.fire(NOW - 80, 10) == Fired(2, NOW - 30)
    fired = [load_filed(row.kind, row.event) for row in await told(store)]
    assert fired == [Due("idle/0", "idle"), Due("wait/0", "wait", NOW + 60.25)]


async def test_once(store: Store, reopen: Reopen) -> None:
    """A timer fires once, restarts between or not."""
    await set_timers(store, A, SetTimer("wait/0", "wait", NOW + 60))
    assert (await store.fire(NOW + 60, 10)).moved == 1
    again = await reopen()
    assert await again.fire(NOW + 60, 10) == Fired(0, None)
    assert len(await told(again)) == 1


async def test_while_down(store: Store, reopen: Reopen) -> None:
    """What falls due while no process runs is moved by the next one."""
    await set_timers(store, A, SetTimer("wait/0", "wait", NOW + 60))
    again = await reopen()
    assert (await again.fire(NOW + 9000, 10)).moved == 1


async def test_order(store: Store) -> None:
    """The earliest due goes first, whoever set it first; the limit cuts, and what is left is next."""
    await set_timers(store, A, SetTimer("late", "wait", NOW + 90), SetTimer("early", "silence", NOW + 30))
    assert await store.fire(NOW + 99, 1) == Fired(1, NOW + 90)
    assert await store.fire(NOW + 99, 1) == Fired(1, None)
    [first] = await told(store)
    assert load_filed(first.kind, first.event) == Due("early", "silence")
    await store.commit(leg(first))
    [second] = await told(store)
    assert load_filed(second.kind, second.event) == Due("late", "wait")


async def test_several_conversations(store: Store) -> None:
    """Timers of one name belong each to its conversation."""
    for contact in (A, B):
        await set_timers(store, contact, SetTimer("silence/0", "silence", NOW + 60))
    assert (await store.fire(NOW + 60, 10)).moved == 2
    assert [row.conversation.contact for row in await told(store)] == [A, B]


async def test_set_anew(store: Store) -> None:
    """A timer that was set later fires later, and one that was cancelled does not."""
    await set_timers(store, A, SetTimer("silence/0", "silence", NOW + 60), SetTimer("idle/0", "idle", NOW + 60))
    row = await take(store, "again", A)
    await store.commit(leg(row, timers=[SetTimer("silence/0", "silence", NOW + 80)], cancels=["idle/0"]))
    assert await store.fire(NOW + 79, 10) == Fired(0, NOW + 80)
    assert await store.fire(NOW + 80, 10) == Fired(1, None)
