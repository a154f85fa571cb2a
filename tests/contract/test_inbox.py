"""What every InboxStore does: dedupe, legs, claims."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.errors import StaleLeg
from botkit.ports import UNIQUE_S, Failure
from botkit.turn.effect import Record, Send
from tests.contract.conftest import IMPLEMENTATIONS, Reopen
from tests.contract.samples import CHANNEL, NOW, Store, arrival, leg, queue, take, text, words_waiting

NOBODY: frozenset[str] = frozenset()
BOOM = Failure("boom", "booking.yaml:3:5", "booking/day")


async def test_accept_claims(store: Store) -> None:
    """A new event comes back claimed, at attempt 1, with its new conversation."""
    [receipt] = await store.accept([arrival()], NOW)
    row = receipt.row
    assert row is not None
    assert (row.id, row.attempts, row.legs, row.received_at) == (receipt.inbox_id, 1, 0, NOW)
    assert (row.kind, row.source, row.event) == ("text", "webhook", b'{"id":"in-1"}')
    snapshot = row.conversation
    assert (snapshot.channel, snapshot.contact, snapshot.version, snapshot.epoch) == (CHANNEL, "51999000001", 0, 0)
    assert (snapshot.state, snapshot.created_at) == (b"{}", NOW)


async def test_accept_known_contact(store: Store) -> None:
    """A second event of a contact finds the conversation as the last leg left it."""
    first = await take(store)
    await store.commit(leg(first, state=b'{"step":"hour"}'))
    second = await take(store, "in-2")
    assert second.conversation.id == first.conversation.id
    assert (second.conversation.version, second.conversation.state) == (1, b'{"step":"hour"}')


async def test_accept_separate_channels(store: Store) -> None:
    """The same key on two channels is two contacts."""
    receipts = await store.accept([arrival(), arrival()._replace(channel="other")], NOW)
    assert len({receipt.row.conversation.id for receipt in receipts if receipt.row}) == 2


async def test_opaque_id(store: Store) -> None:
    """A conversation's id tells nothing of the contact."""
    row = await take(store, contact="51999000001")
    assert "51999000001" not in row.conversation.id


async def test_copied(store: Store) -> None:
    """Whether an event is a copy can be asked, with nothing stored; and whether its content is another."""
    assert await store.copied(arrival("a"), NOW) is None
    [[first], told] = await asyncio.gather(store.accept([arrival("a")], NOW), store.copied(arrival("a"), NOW))
    assert told is not None
    assert (told.inbox_id, told.row, told.copy, told.same_body) == (first.inbox_id, None, True, True)
    another = await store.copied(arrival("a", digest=b"other"), NOW)
    assert another is not None
    assert not another.same_body
    assert await store.copied(arrival("a"), NOW + 61) is None


async def test_copy_in_batch(store: Store) -> None:
    """An event that comes twice at one moment counts once, in one call or in two."""
    [[first, second], [third]] = await asyncio.gather(
        store.accept([arrival("a"), arrival("a")], NOW), store.accept([arrival("a")], NOW)
    )
    assert [first.copy, second.copy, third.copy] == [False, True, True]
    assert first.inbox_id == second.inbox_id == third.inbox_id


@pytest.mark.parametrize(("digest", "same"), [(b"digest", True), (b"other", False)])
async def test_accept_copy(store: Store, digest: bytes, same: bool) -> None:
    """A known event is a copy of the first row, and says whether its body is the same."""
    first = await take(store)
    [copy] = await store.accept([arrival(digest=digest)], NOW + 60)
    assert (copy.inbox_id, copy.row, copy.copy, copy.same_body) == (first.id, None, True, same)
    assert (await store.counts())["inbox_live"] == 1


async def test_accept_copy_in_one_batch(store: Store) -> None:
    """Two copies in one call count once."""
    first, second = await store.accept([arrival(), arrival()], NOW)
    assert (first.copy, second.copy, second.inbox_id) == (False, True, first.inbox_id)


async def test_accept_copies_at_once(store: Store) -> None:
    """Copies that come at the same moment count once."""
    receipts = await asyncio.gather(*(store.accept([arrival()], NOW) for _ in range(20)))
    assert sum(receipt.copy for [receipt] in receipts) == 19


async def test_accept_after_window(store: Store) -> None:
    """After `unique_for_s` the same id is a new event, and is known from then on."""
    first = await take(store)
    [second] = await store.accept([arrival()], NOW + 60.5)
    [third] = await store.accept([arrival()], NOW + 61)
    assert (second.copy, third.copy) == (False, True)
    assert first.id != second.inbox_id == third.inbox_id


@pytest.mark.parametrize(("unique_for_s", "copy"), [(5.0, False), (UNIQUE_S, True)])
async def test_accept_after_clock_set_back(store: Store, unique_for_s: float, copy: bool) -> None:
    """What only its content tells apart is no copy of what a clock marked that ran ahead; an identity is known."""
    await store.accept([arrival(unique_for_s=unique_for_s)], NOW)
    [second] = await store.accept([arrival(unique_for_s=unique_for_s)], NOW - 3600)
    assert second.copy is copy


@pytest.mark.parametrize(("contact", "turn"), [(None, True), (None, False), ("51999000001", False)])
async def test_accept_files(store: Store, contact: str | None, turn: bool) -> None:
    """What is no turn, or of nobody, is stored and never claimed."""
    [receipt] = await store.accept([arrival(contact=contact, turn=turn)], NOW)
    assert receipt.row is None
    assert await store.claim(NOW + 100, 10, NOBODY) == []
    assert (await store.accept([arrival(contact=contact, turn=turn)], NOW))[0].copy


async def test_commit_moves(store: Store) -> None:
    """A leg writes state and messages, counts the version and closes the row."""
    row = await take(store)
    await store.commit(leg(row, [text("one"), text("two")]))
    [found] = await store.conversation(CHANNEL, row.conversation.contact)
    assert (found["version"], found["state"], found["updated_at"]) == (1, {"step": "day"}, NOW + 1)
    assert await words_waiting(store) == [("one", "pending"), ("two", "pending")]
    assert await store.claim(NOW + 100, 10, NOBODY) == []


async def test_commit_redacts(store: Store) -> None:
    """A leg may leave of its event what it says instead."""
    row = await take(store)
    await store.commit(leg(row, closes=False)._replace(redacted=b'{"id":"x"}'))
    [again] = await store.claim(NOW + 100, 10, NOBODY)
    assert again.event == b'{"id":"x"}'


async def test_commit_open(store: Store) -> None:
    """A leg that waits for a call leaves its row live, with its legs counted."""
    row = await take(store)
    await store.commit(leg(row, closes=False))
    [again] = await store.claim(NOW + 100, 10, NOBODY)
    assert (again.id, again.legs, again.attempts, again.conversation.version) == (row.id, 1, 2, 1)


@pytest.mark.parametrize(("version", "epoch"), [(0, 0), (2, 0), (1, 1)])
async def test_commit_stale(store: Store, version: int, epoch: int) -> None:
    """A leg with another version or epoch changes nothing at all."""
    await store.commit(leg(await take(store), [text("one")]))
    row = await take(store, "in-2")
    before = await store.conversation(None, row.conversation.contact)
    stale = leg(row, [text("two")], version=version, epoch=epoch, records=[Record("booking", {})])
    with pytest.raises(StaleLeg):
        await store.commit(stale)
    assert await store.conversation(None, row.conversation.contact) == before
    assert await words_waiting(store) == [("one", "pending")]
    assert await store.results("booking") == []
    assert (await store.counts())["inbox_live"] == 1


async def test_commit_keeps_neighbours(store: Store) -> None:
    """Legs that fail, before or after they wrote, harm none of those committed beside them."""
    rows = [await take(store, f"in-{n}", f"5199900000{n}") for n in range(4)]
    await store.commit(leg(rows[2], closes=False))
    twice_journaled = leg(rows[2], [text("bad")], version=1, number=1)
    outcomes = await asyncio.gather(
        store.commit(leg(rows[0], [text("a")])),
        store.commit(leg(rows[1], [text("stale")], version=7)),
        store.commit(twice_journaled),
        store.commit(leg(rows[3], [text("d")])),
        return_exceptions=True,
    )
    assert [outcome is None for outcome in outcomes] == [True, False, False, True]
    assert await words_waiting(store) == [("a", "pending"), ("d", "pending")]
    [failed] = await store.conversation(None, rows[2].conversation.contact)
    assert failed["version"] == 1


async def test_arrival_beside_a_leg(store: Store) -> None:
    """An event that is stored in one moment with a leg of its contact finds the conversation as that leg leaves it."""
    first = await take(store)
    _, [receipt] = await asyncio.gather(
        store.commit(leg(first, state=b'{"step":"hour"}')), store.accept([arrival("in-2")], NOW)
    )
    assert receipt.row is not None
    assert (receipt.row.conversation.version, receipt.row.conversation.state) == (1, b'{"step":"hour"}')


async def test_numbers_of_a_moment(store: Store) -> None:
    """Rows of legs that are committed together are numbered in their order, in each conversation for itself."""
    rows = [await take(store, f"in-{n}", f"5199900000{n}") for n in range(2)]
    await asyncio.gather(*(store.commit(leg(row, [text("a"), text("b"), text("c")])) for row in rows))
    for row in rows:
        told = await store.outbox_rows(conversation_id=row.conversation.id, status=None, limit=9)
        assert sorted((each["seq"], each["message"]["text"]) for each in told) == [(1, "a"), (2, "b"), (3, "c")]


async def test_commit_each(store: Store) -> None:
    """Of legs committed together each is committed or refused for itself; outcomes stand in their order."""
    rows = [await take(store, f"in-{n}", f"5199900000{n}") for n in range(4)]
    await store.commit(leg(rows[2], closes=False))
    given = [
        leg(rows[0], [text("a")]),
        leg(rows[1], [text("stale")], version=7),
        leg(rows[2], [text("bad")], version=1, number=1),
        leg(rows[3], [text("d")]),
    ]
    outcomes = await store.commit_each(given)
    assert [type(outcome) for outcome in outcomes] == [type(None), StaleLeg, StaleLeg, type(None)]
    assert await words_waiting(store) == [("a", "pending"), ("d", "pending")]


async def test_commit_unprintable(store: Store) -> None:
    """A message without a JSON form fails its leg and changes nothing."""
    row = await take(store)
    bad = Send({"type": "text", "text": object()}, "booking", "day")
    with pytest.raises(TypeError):
        await store.commit(leg(row, [bad]))
    await store.commit(leg(row, [text("good")]))
    assert await words_waiting(store) == [("good", "pending")]


async def test_commit_records(store: Store) -> None:
    """Rows that a flow recorded are read back in order."""
    row = await take(store)
    await store.commit(leg(row, records=[Record("survey", {"score": 4}), Record("survey", {"score": 5})]))
    assert [(found["row"], found["conversation_id"], found["at"]) for found in await store.results("survey")] == [
        ({"score": 4}, row.conversation.id, NOW + 1),
        ({"score": 5}, row.conversation.id, NOW + 1),
    ]


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
@settings(max_examples=25, deadline=None)
@given(legs=st.lists(st.lists(st.sampled_from(["talk", "bulk"]), max_size=4), min_size=1, max_size=6))
async def test_dense_numbers(implementation: str, legs: list[list[str]]) -> None:
    """Whatever a contact's legs queue, each lane is numbered 1, 2, 3 … without gaps."""
    with TemporaryDirectory() as folder:
        store = await IMPLEMENTATIONS[implementation](Path(folder))
        await _number(store, legs)
        await store.close()


async def _number(store: Store, legs: list[list[str]]) -> None:
    for number, lanes in enumerate(legs):
        row = await take(store, f"in-{number}")
        await store.commit(leg(row, [text(lane=lane) for lane in lanes]))
        with pytest.raises(StaleLeg):
            await store.commit(leg(row, [text(lane=lane) for lane in lanes]))
    rows = await store.outbox_rows(conversation_id=None, status=None, limit=1000)
    for lane in ("talk", "bulk"):
        numbers = [row["seq"] for row in reversed(rows) if row["lane"] == lane]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_claim_oldest_only(store: Store) -> None:
    """Of each conversation only the oldest live row is claimed, and every claim counts."""
    first = await take(store, "a-1", "51999000001")
    await take(store, "a-2", "51999000001")
    other = await take(store, "b-1", "51999000002")
    assert [(row.id, row.attempts) for row in await store.claim(NOW, 10, NOBODY)] == [(first.id, 2), (other.id, 2)]
    again = await store.claim(NOW, 1, NOBODY, suspects=True)
    assert [(row.id, row.attempts) for row in again] == [(first.id, 3)]


async def test_claim_skips(store: Store) -> None:
    """Conversations in hand are left alone, and do not use up the limit."""
    first = await take(store, "a-1", "51999000001")
    other = await take(store, "b-1", "51999000002")
    claimed = await store.claim(NOW, 1, frozenset({first.conversation.id}))
    assert [row.id for row in claimed] == [other.id]


async def test_claim_after_a_clock_was_set_back(store: Store) -> None:
    """Rows that were stored by a clock that ran ahead are due; a row that was put off still waits for its time."""
    first = await take(store, "a-1", "51999000001")
    await take(store, "b-1", "51999000002")
    await store.put_off(first.id, NOW - 3600 + 120, BOOM)
    assert [row.id for row in await store.claim(NOW - 3600, 10, NOBODY)] == [first.id + 1]
    assert [row.id for row in await store.claim(NOW - 3600 + 120, 10, NOBODY)] == [first.id]


async def test_claim_after_close(store: Store) -> None:
    """A closed row lets the next of its conversation through, with the state that it left."""
    first = await take(store, "a-1")
    second = await take(store, "a-2")
    await store.commit(leg(first))
    [row] = await store.claim(NOW, 10, NOBODY)
    assert (row.id, row.conversation.version) == (second.id, 1)


async def test_put_off(store: Store) -> None:
    """A row put off holds its conversation back until it falls due, and nobody else's."""
    first = await take(store, "a-1", "51999000001")
    await take(store, "a-2", "51999000001")
    other = await take(store, "b-1", "51999000002")
    await store.put_off(first.id, NOW + 30, BOOM)
    assert [row.id for row in await store.claim(NOW + 29, 10, NOBODY)] == [other.id]
    assert [row.id for row in await store.claim(NOW + 30, 10, frozenset({other.conversation.id}))] == [first.id]


async def test_bury(store: Store) -> None:
    """A buried row is a dead letter, and the rows behind it go on."""
    first = await take(store, "a-1")
    second = await take(store, "a-2")
    await store.bury(first.id, NOW, 5, BOOM)
    assert [row.id for row in await store.claim(NOW, 10, NOBODY)] == [second.id]
    counts = await store.counts()
    assert (counts["inbox_live"], counts["inbox_dead"]) == (1, 1)


async def test_closed_row_stays(store: Store) -> None:
    """A row that is done can be neither put off nor buried."""
    row = await take(store)
    await store.commit(leg(row))
    await store.put_off(row.id, NOW, BOOM)
    await store.bury(row.id, NOW, 5, BOOM)
    counts = await store.counts()
    assert (counts["inbox_live"], counts["inbox_dead"]) == (0, 0)


async def test_next_due(store: Store) -> None:
    """The next due time is that of the earliest row at the head of a conversation not in hand."""
    assert await store.next_due() is None
    first = await take(store, "a-1", "51999000001")
    await take(store, "a-2", "51999000001")
    await store.put_off(first.id, NOW + 30, BOOM)
    assert await store.next_due() == NOW + 30
    other = await take(store, "b-1", "51999000002")
    assert await store.next_due() == NOW
    assert await store.next_due(frozenset({other.conversation.id})) == NOW + 30


async def test_restart(reopen: Reopen) -> None:
    """What was accepted and committed is there after a restart, and copies are still known."""
    store = await reopen()
    await queue(store, "51999000001", text("one"))
    row = await take(store, "in-9", "51999000002")
    store = await reopen()
    assert await words_waiting(store) == [("one", "pending")]
    [again] = await store.claim(NOW, 10, NOBODY)
    assert (again.id, again.attempts, again.conversation) == (row.id, 2, row.conversation)
    assert (await store.accept([arrival("in-9", "51999000002")], NOW))[0].copy


async def test_leg_counts_once(store: Store) -> None:
    """A leg of an event that was applied before is stale, whatever the version: nothing is changed."""
    row = await take(store)
    await store.commit(leg(row))
    moved_on = row._replace(conversation=row.conversation._replace(version=1))
    with pytest.raises(StaleLeg):
        await store.commit(leg(moved_on))
    [conversation] = await store.conversation(None, row.conversation.contact)
    assert conversation["version"] == 1


async def test_suspects_apart(store: Store) -> None:
    """A row that was claimed twice comes only when suspects are asked for, and its next attempt can be put off."""
    row = await take(store)
    await store.claim(NOW, 10, NOBODY)
    assert await store.claim(NOW, 10, NOBODY) == []
    [claimed] = await store.claim(NOW, 10, NOBODY, suspects=True, waits_s=(0, 1, 5, 30, 120))
    assert (claimed.id, claimed.attempts) == (row.id, 3)
    assert await store.claim(NOW + 29, 10, NOBODY, suspects=True) == []
    assert [each.attempts for each in await store.claim(NOW + 30, 10, NOBODY, suspects=True)] == [4]


async def test_order_is_kept(store: Store) -> None:
    """A leg of a row that has an older live one before it is stale; once that one is done it is not."""
    first, second = await take(store, "in-1"), await take(store, "in-2")
    with pytest.raises(StaleLeg):
        await store.commit(leg(second))
    await store.commit(leg(first))
    moved = second._replace(conversation=second.conversation._replace(version=1))
    await store.commit(leg(moved))
    assert (await store.counts())["inbox_live"] == 0
