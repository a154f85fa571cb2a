"""What every store does with a person who is forgotten: nothing is told of her again, others keep what is theirs."""

from __future__ import annotations

import pytest

from botkit.ports import UNIQUE_S, Arrival, Settlement
from botkit.turn.codec import load_event
from tests.contract.people import ANA, LUZ, NAME, WORDS, forget, message, of, talk, told_again
from tests.contract.samples import CHANNEL, NOW, WIRE, Store


@pytest.fixture
async def store(store: Store) -> Store:
    """A store in which Ana and Luz had the same talk."""
    for number in range(3):
        await talk(store, ANA, NAME, WORDS, number)
        await talk(store, LUZ, "Luz", "hola", number)
    return store


async def test_others(store: Store) -> None:
    """Of her there is no conversation and no row any more, and of whom nobody forgot there is all."""
    luz = await of(store, LUZ)
    held = await store.holdings(luz)
    await forget(store)
    assert await store.conversation(CHANNEL, ANA) == []
    assert await store.holdings(luz) == held
    assert held == {"events": 3, "turns": 3, "messages": 6, "results": 3, "timers": 1}
    rows = await store.outbox_rows(conversation_id=None, status=None, limit=99)
    assert {row["conversation_id"] for row in rows} == {luz}


async def test_told_again(store: Store) -> None:
    """An old event that a gateway tells again is refused, as is news of what was sent; for Luz nothing changes.

    A gateway is told nothing of it, and no log says that an event changed.
    """
    await forget(store)
    receipts = await store.accept(told_again(), NOW + 10)
    assert [(receipt.copy, receipt.same_body) for receipt in receipts] == [(True, True)] * 4


@pytest.mark.parametrize("contact", [ANA, LUZ])
async def test_asked_again(store: Store, contact: str) -> None:
    """An id under which something was asked for her names nothing else, for whomever: that it was another is told."""
    asked = Arrival(CHANNEL, "api", "told", ANA, "order-17", "", b"asked", b"{}")
    await store.accept([asked], NOW + 4)
    await forget(store)
    again = asked._replace(contact=contact)
    [receipt] = await store.accept([again], NOW + 10)
    assert (receipt.inbox_id, receipt.row, receipt.copy, receipt.same_body) == (0, None, True, False)
    assert await store.copied(again, NOW + 10) == receipt


@pytest.mark.parametrize(("unique_for_s", "copy"), [(5.0, False), (UNIQUE_S, True)])
async def test_told_again_by_a_clock_set_back(store: Store, unique_for_s: float, copy: bool) -> None:
    """Where only the content tells events apart, what a clock marked that ran ahead keeps nobody's message away."""
    again = message(ANA, NAME, WORDS, 0)._replace(unique_for_s=unique_for_s)
    await forget(store)
    [receipt] = await store.accept([again], NOW - 3600)
    assert receipt.copy is copy


async def test_writes_again(store: Store) -> None:
    """Who writes again is somebody new: nothing is known, under an id that no line of a log has."""
    before = await of(store, ANA)
    await forget(store)
    [receipt] = await store.accept([message(ANA, NAME, "hola", 99)], NOW + 10)
    assert receipt.row is not None
    conversation = receipt.row.conversation
    assert (conversation.version, conversation.state) == (0, b"{}")
    assert conversation.id != before


async def test_what_came_after(store: Store) -> None:
    """What was stored behind the word to forget is the first of the new conversation; what was due of old is not."""
    [word] = await store.accept([Arrival(CHANNEL, "operator", "forget", ANA, "w", "", b"", b"{}")], NOW + 4)
    [late] = await store.accept([message(ANA, NAME, "hola de nuevo", 50)], NOW + 5)
    await store.accept([message(ANA, NAME, "", 51, "status", state="read")], NOW + 5)
    before = await of(store, ANA)
    await forget(store, ANA, word.inbox_id)
    anew = await of(store, ANA)
    assert anew != before
    assert await store.holdings(anew) == {"events": 1, "turns": 0, "messages": 0, "results": 0, "timers": 0}
    [row] = [row for row in await store.claim(NOW + 10, 9, frozenset()) if row.conversation.contact == ANA]
    assert (row.id, row.conversation.id, load_event(row.event).text) == (late.inbox_id, anew, "hola de nuevo")


async def test_in_the_air(store: Store) -> None:
    """While a request is out nothing is erased but what waits; its answer ends it, whatever that is."""
    ana = await of(store, ANA)
    [*_, waiting] = await store.outbox_rows(conversation_id=ana, status="pending", limit=9)
    flight = await store.begin(CHANNEL, "main", [waiting["id"]], WIRE, NOW + 9)
    assert flight is not None
    assert not await store.forget(ana, None, NOW + 9)
    assert (await store.holdings(ana))["messages"] < 6
    await store.settle(flight, Settlement("returned", NOW + 9, 503))
    await forget(store)
    assert await store.conversation(CHANNEL, ANA) == []


async def test_once_more(store: Store) -> None:
    """To forget who is forgotten is done."""
    ana = await of(store, ANA)
    await forget(store)
    assert await store.forget(ana, None, NOW + 9)
