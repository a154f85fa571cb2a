"""What every OutboxStore does: who goes next, intent before sending, every end of a request, restarts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from botkit.ports import BulkTurn, LedgerEntry, RequestStatus, Settlement
from botkit.turn.effect import CLASSES, Send
from tests.contract.conftest import Reopen
from tests.contract.samples import CHANNEL, NOW, OWNER, WIRE, Store, doubt, fly, leg, queue, take, text, words_waiting

A, B, C = "51999000001", "51999000002", "51999000003"

#: what A and B have queued, in this order -> the order in which it goes out
HEADS: dict[str, tuple[list[tuple[str, Send]], list[str]]] = {
    "one contact keeps its order": ([(A, text("1")), (A, text("2"))], ["1", "2"]),
    "within a class by age": ([(A, text("1")), (B, text("2"))], ["1", "2"]),
    "best class first": ([(A, text("1", rank="timers")), (B, text("2", rank="system"))], ["2", "1"]),
    "talk overtakes bulk": ([(A, text("1", rank="bulk", lane="bulk")), (A, text("2"))], ["2", "1"]),
    "talk overtakes bulk even of a better class": (
        [(A, text("1", rank="system", lane="bulk")), (A, text("2", rank="timers"))],
        ["2", "1"],
    ),
    "talk rows count as the best among them, in their order": (
        [(A, text("1")), (B, text("2", rank="timers")), (B, text("3", rank="system"))],
        ["2", "3", "1"],
    ),
    "contacts take turns": (
        [(A, text("1")), (A, text("2")), (A, text("3")), (B, text("4")), (B, text("5")), (C, text("6"))],
        ["1", "4", "6", "2", "5", "3"],
    ),
    "contacts take turns in bulk": (
        [(A, text(each, rank="bulk", lane="bulk")) for each in "12"] + [(B, text("3", rank="bulk", lane="bulk"))],
        ["1", "3", "2"],
    ),
    "who joins goes after those who wait for their first": (
        [(A, text("1")), (B, text("2", rank="timers")), (C, text("3", rank="timers")), (B, text("4"))],
        ["1", "2", "4", "3"],
    ),
    "bulk keeps its class while talk waits": (
        [(A, text("1", rank="system", lane="bulk")), (A, text("2", rank="timers")), (B, text("3"))],
        ["3", "2", "1"],
    ),
}


@pytest.mark.parametrize("case", HEADS)
async def test_head(store: Store, case: str) -> None:
    """Rows go out after class, lane and number, as the table says."""
    queued, expected = HEADS[case]
    for contact, send in queued:
        await queue(store, contact, send)
    assert await _sent(store, NOW + 2) == expected


async def _sent(store: Store, now: float, bulk: BulkTurn = "last") -> list[str]:
    """Send all that may leave, one after the other, and return the words in order."""
    order = []
    while (row := await store.head(CHANNEL, now, bulk)) is not None:
        flight = await store.begin(CHANNEL, OWNER, [row.id], WIRE, now)
        assert flight is not None
        await store.settle(flight, Settlement("sent", now))
        order.append(row.message.decode().split('"')[-2])
    return order


#: when bulk may go -> what goes, of two broadcasts, one of which is to a contact that is being talked to
BULK_TURNS: dict[BulkTurn, list[str]] = {
    "last": ["talk", "mine", "theirs"],
    "first": ["theirs", "talk", "mine"],
    "never": ["talk"],
}


@pytest.mark.parametrize("bulk", BULK_TURNS)
async def test_head_bulk(store: Store, bulk: BulkTurn) -> None:
    """Bulk goes last, first or not at all, and never before the talk of its own contact."""
    await queue(store, A, text("mine", rank="bulk", lane="bulk"), text("talk"))
    await queue(store, B, text("theirs", rank="bulk", lane="bulk"))
    assert await _sent(store, NOW + 2, bulk) == BULK_TURNS[bulk]


@pytest.mark.parametrize(
    ("age_s", "rank"), [(119.9, "interactive"), (120.0, "timers")], ids=["somebody waits", "nobody does"]
)
async def test_head_ages(store: Store, age_s: float, rank: str) -> None:
    """A reply that is two minutes old goes out as timers do, and never expires."""
    await queue(store, A, text("1"))
    row = await store.head(CHANNEL, NOW + 1 + age_s)
    assert row is not None
    assert row.rank == CLASSES[rank]


async def test_head_aged_place(store: Store) -> None:
    """Replies that have aged keep their places among timers; what is said anew to their contact lifts them again."""
    await queue(store, A, text("1", rank="timers"))
    await queue(store, B, text("2"))
    await queue(store, C, text("3", rank="timers"))
    late = NOW + 200
    first = await store.head(CHANNEL, late)
    assert first is not None
    assert first.contact == A
    row = await take(store, "again", B)
    await store.commit(leg(row, [text("4")])._replace(at=late))
    lifted = await store.head(CHANNEL, late)
    assert lifted is not None
    assert (lifted.contact, lifted.rank) == (B, CLASSES["interactive"])
    assert await _sent(store, late) == ["2", "4", "1", "3"]


async def test_head_returned(store: Store) -> None:
    """A contact whose request came back goes on with the same row, after those who waited meanwhile."""
    await queue(store, A, text("1"), text("2"))
    await queue(store, B, text("3"))
    await store.settle(await fly(store), Settlement("returned", NOW + 3))
    assert await _sent(store, NOW + 4) == ["3", "1", "2"]


#: what becomes of the only row of A -> what still goes out
LEAVES: dict[str, list[str]] = {"sent": ["2"], "failed": ["2"], "dropped": ["2"], "returned": ["2", "1"]}


@pytest.mark.parametrize("status", LEAVES)
async def test_head_left(store: Store, status: RequestStatus, reopen: Reopen) -> None:
    """Who has nothing left to send is asked no more, whatever became of it, and after a restart."""
    await queue(store, A, text("1"))
    await queue(store, B, text("2"))
    await store.settle(await fly(store), Settlement(status, NOW + 3))
    assert await _sent(await reopen(), NOW + 4) == LEAVES[status]


async def test_head_row(store: Store) -> None:
    """The head says to whom, in which place and when it was queued."""
    conversation_id = await queue(store, A, text("1", expires_s=60))
    row = await store.head(CHANNEL, NOW + 2)
    assert row is not None
    assert (row.conversation_id, row.contact, row.lane, row.seq, row.rank) == (conversation_id, A, "talk", 1, 1)
    assert (row.message, row.created_at, row.expires_at) == (b'{"type":"text","text":"1"}', NOW + 1, NOW + 61)


async def test_head_other_key(store: Store) -> None:
    """A key sees only its own rows."""
    await queue(store, A, text("1"))
    assert await store.head("other", NOW + 2) is None


@pytest.mark.parametrize("begin", [fly, doubt])
async def test_head_skips_busy(store: Store, begin: Any) -> None:
    """A contact with a request in flight or uncertain waits; the others go on."""
    await queue(store, A, text("1"), text("2"))
    await queue(store, B, text("3", rank="timers"))
    await begin(store)
    row = await store.head(CHANNEL, NOW + 2)
    assert row is not None
    assert row.contact == B


async def test_expire(store: Store) -> None:
    """Rows past their time make way for the next, and are marked, with the time and the reason."""
    await queue(store, A, text("typing", rank="system", expires_s=5), text("2"))
    row = await store.head(CHANNEL, NOW + 6)
    assert row is not None
    assert row.seq == 2
    assert await store.expire(CHANNEL, NOW + 6) == (0, None)
    assert await words_waiting(store) == [("typing", "expired"), ("2", "pending")]
    [_, expired] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    assert (expired["reason"], expired["settled_at"]) == ("expired", NOW + 6)


async def test_expire_next(store: Store) -> None:
    """Expiring says when the next row of the key will be too old; what is not leaves alone."""
    await queue(store, A, text("1", expires_s=5), text("2", expires_s=9), text("3"))
    assert await store.expire(CHANNEL, NOW + 5.9) == (0, NOW + 6)
    assert await store.expire("other", NOW + 60) == (0, None)
    assert await store.expire(CHANNEL, NOW + 6) == (0, NOW + 10)
    assert await words_waiting(store) == [("1", "expired"), ("2", "pending"), ("3", "pending")]


#: what is queued without a deadline of its author's -> after how many seconds it would be wrong to send
DEADLINES: dict[str, tuple[Send, float | None]] = {
    "a reply": (text(), None),
    "a timer's": (text(rank="timers"), None),
    "a broadcast": (text(rank="bulk", lane="bulk"), 86_400),
    "a broadcast that is marked": (text(rank="bulk", lane="bulk", expires_s=7), 7),
    "typing": (text()._replace(message={"type": "typing"}), 5),
}


@pytest.mark.parametrize("case", DEADLINES)
async def test_deadline(store: Store, case: str) -> None:
    """Only what would be wrong to send late has a deadline by itself."""
    send, deadline_s = DEADLINES[case]
    await queue(store, A, send)
    row = await store.head(CHANNEL, NOW + 2)
    assert row is not None
    assert row.expires_at == (None if deadline_s is None else NOW + 1 + deadline_s)


def _menu(visit: int = 1, step: str = "menu", question: str = "¿Qué desea?") -> Send:
    options = [{"id": f"{step}.{visit}.0", "title": "Cita"}]
    return text(on_failed="x")._replace(step=step, message={"type": "choices", "text": question, "options": options})


#: a menu that follows another one -> how the first then stands
COPIES: dict[str, tuple[Send, str]] = {
    "the same": (_menu(), "replaced"),
    "the same, asked anew": (_menu(visit=2), "replaced"),
    "of another step": (_menu(step="otro"), "pending"),
    "with other words": (_menu(question="¿Y ahora?"), "pending"),
    "no menu": (text(on_failed="x")._replace(step="menu"), "pending"),
}


@pytest.mark.parametrize("case", COPIES)
async def test_copies(store: Store, case: str) -> None:
    """A menu that waits is replaced by its own copy, with time and reason, and by nothing else; nobody is told."""
    again, status = COPIES[case]
    await queue(store, A, _menu(), text("2"))
    await queue(store, A, again)
    [_, _, first] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    is_replaced = status == "replaced"
    assert (first["status"], first["settled_at"]) == (status, NOW + 1 if is_replaced else None)
    assert first["reason"] == ("shown again before it was sent" if is_replaced else None)
    assert await store.claim(NOW + 9, 9, frozenset()) == []


async def test_copies_sent(store: Store) -> None:
    """A menu that is out already stays as it is."""
    await queue(store, A, _menu())
    await fly(store)
    await queue(store, A, _menu())
    rows = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    assert [row["status"] for row in rows] == ["pending", "flying"]


async def test_copies_turn(store: Store) -> None:
    """Who sees a menu again keeps the turn of the first copy."""
    await queue(store, A, _menu())
    await queue(store, B, text("2"))
    await queue(store, A, _menu())
    row = await store.head(CHANNEL, NOW + 2)
    assert row is not None
    assert (row.contact, row.seq) == (A, 2)


async def test_head_before_expiry(store: Store) -> None:
    """A row within its time goes out."""
    await queue(store, A, text("1", expires_s=5))
    assert await store.head(CHANNEL, NOW + 5.9) is not None


async def test_head_many_expired(store: Store) -> None:
    """However many have expired at once, none of them is returned."""
    await queue(store, A, *[text("old", lane="bulk", rank="bulk", expires_s=5)] * 1200)
    await queue(store, B, text("new", rank="bulk"))
    row = await store.head(CHANNEL, NOW + 60)
    assert row is not None
    assert row.contact == B


#: what waits behind the head of a lane -> what may go with it
FOLLOWERS: dict[str, tuple[list[Send], list[str]]] = {
    "nothing": ([], []),
    "its class, in order": ([text("2"), text("3")], ["2", "3"]),
    "up to another class": ([text("2"), text("3", rank="timers"), text("4")], ["2"]),
    "not another lane": ([text("2", rank="bulk", lane="bulk"), text("3")], ["3"]),
    "not what has expired": ([text("2", expires_s=0.5), text("3")], ["3"]),
}


@pytest.mark.parametrize("case", FOLLOWERS)
async def test_followers(store: Store, case: str) -> None:
    """Behind the head stand the rows of its lane and class, up to a number; nobody else's."""
    sends, expected = FOLLOWERS[case]
    await queue(store, A, text("1"), *sends)
    await queue(store, B, text("5"))
    head = await store.head(CHANNEL, NOW + 2)
    assert head is not None
    found = await store.followers(head, NOW + 2, 9)
    assert [row.message.decode().split('"')[-2] for row in found] == expected
    assert {(row.contact, row.rank) for row in found} <= {(A, head.rank)}
    assert len(await store.followers(head, NOW + 2, 1)) == min(len(expected), 1)


async def test_talk_ahead(store: Store) -> None:
    """Contacts count once, only those that somebody waits for, of one key, and up to a number."""
    await queue(store, A, text("1"), text("2"))
    await queue(store, B, text("3", rank="timers"), text("4", rank="bulk", lane="bulk"))
    await queue(store, C, text("5", rank="system"))
    assert await store.talk_ahead(CHANNEL, 9) == 2
    assert await store.talk_ahead(CHANNEL, 1) == 1
    assert await store.talk_ahead("other", 9) == 0


async def test_merged(store: Store, reopen: Reopen) -> None:
    """Rows of one request share its end; after a kill it is uncertain as a whole and repeats its bytes."""
    await queue(store, A, text("1"), text("2"))
    rows = [row["id"] for row in reversed(await store.outbox_rows(conversation_id=None, status=None, limit=9))]
    wire = replace(WIRE, body=b"merged")
    flight = await store.begin(CHANNEL, OWNER, rows, wire, NOW + 2)
    assert flight is not None
    again = await reopen()
    assert await again.ground(OWNER, NOW + 9, NOW + 29, NOW + 30) == 1
    assert await words_waiting(again) == [("1", "uncertain"), ("2", "uncertain")]
    second = await again.resend(CHANNEL, OWNER, flight.request_id, NOW + 30)
    assert second is not None
    assert second.wire == wire
    await again.settle(second, Settlement("sent", NOW + 31, 200, "g-1"))
    found = await again.outbox_rows(conversation_id=None, status=None, limit=9)
    assert [(row["status"], row["gateway_id"]) for row in found] == [("sent", "g-1")] * 2


async def test_begin(store: Store) -> None:
    """Beginning commits request, ledger entry and rows at once."""
    await queue(store, A, text("1"), text("2", rank="system"))
    rows = [row["id"] for row in await store.outbox_rows(conversation_id=None, status=None, limit=9)]
    flight = await store.begin(CHANNEL, OWNER, rows, WIRE, NOW + 2)
    assert flight is not None
    assert (flight.wire, flight.attempts, flight.rank) == (WIRE, 1, 0)
    assert await words_waiting(store) == [("1", "flying"), ("2", "flying")]
    assert await store.ledger(CHANNEL, NOW) == [LedgerEntry(NOW + 2, None, OWNER)]


async def test_begin_once(store: Store) -> None:
    """Of two workers that begin the same row at the same moment, one gets None."""
    await queue(store, A, text("1"))
    row = await store.head(CHANNEL, NOW + 2)
    assert row is not None
    flights = await asyncio.gather(*(store.begin(CHANNEL, f"w{n}", [row.id], WIRE, NOW + 2) for n in range(2)))
    assert sum(flight is not None for flight in flights) == 1
    assert len(await store.ledger(CHANNEL, NOW)) == 1


async def test_begin_busy_contact(store: Store) -> None:
    """A contact never has two requests in flight."""
    await queue(store, A, text("1"), text("2"))
    [second, _] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    await fly(store)
    assert await store.begin(CHANNEL, OWNER, [second["id"]], WIRE, NOW + 2) is None


@pytest.mark.parametrize("rows", [[], [999]])
async def test_begin_nothing(store: Store, rows: list[int]) -> None:
    """Without rows that wait there is nothing to begin."""
    assert await store.begin(CHANNEL, OWNER, rows, WIRE, NOW) is None


#: end -> (status of its row, whether the contact's next row may go, whether it can be sent again)
ENDS: dict[RequestStatus, tuple[str, bool, bool]] = {
    "sent": ("sent", True, False),
    "failed": ("failed", True, False),
    "returned": ("pending", True, False),
    "uncertain": ("uncertain", False, True),
    "unconfirmed": ("unconfirmed", True, False),
    "dropped": ("dropped", True, False),
}


@pytest.mark.parametrize("status", ENDS)
async def test_settle(store: Store, status: RequestStatus) -> None:
    """Each end gives the row its state, answers the ledger and frees the contact, or not."""
    row_status, free, again = ENDS[status]
    await queue(store, A, text("1"))
    flight = await fly(store)
    await store.settle(flight, Settlement(status, NOW + 3, 200, "out-1", "why", NOW + 30, b'{"n":30}'))
    [row] = await store.outbox_rows(conversation_id=None, status=None, limit=9)
    assert row["status"] == row_status
    assert row["settled_at"] == (None if status in ("returned", "uncertain") else NOW + 3)
    assert await store.ledger(CHANNEL, NOW) == [LedgerEntry(NOW + 2, NOW + 3, OWNER)]
    assert await store.key_state(CHANNEL) == b'{"n":30}'
    assert bool(await store.uncertain(CHANNEL, NOW + 30)) == (status == "uncertain")
    await queue(store, A, text("2"))
    assert (await store.head(CHANNEL, NOW + 4) is not None) == free
    assert (await store.resend(CHANNEL, OWNER, flight.request_id, NOW + 5) is not None) == again


async def test_settle_sent_id(store: Store) -> None:
    """A sent row carries the gateway's id and no reason."""
    await queue(store, A, text("1"))
    await store.settle(await fly(store), Settlement("sent", NOW + 3, 200, "out-1", "fine"))
    [row] = await store.outbox_rows(conversation_id=None, status="sent", limit=9)
    assert (row["gateway_id"], row["reason"]) == ("out-1", None)


async def test_settle_once(store: Store) -> None:
    """The first end of a flight stands."""
    await queue(store, A, text("1"))
    flight = await fly(store)
    await store.settle(flight, Settlement("sent", NOW + 3))
    await store.settle(flight, Settlement("failed", NOW + 4))
    assert await words_waiting(store) == [("1", "sent")]


async def test_returned_keeps_place(store: Store) -> None:
    """A returned row goes out again before those behind it, as another request."""
    await queue(store, A, text("1"), text("2"))
    first = await fly(store)
    await store.settle(first, Settlement("returned", NOW + 3))
    second = await fly(store, NOW + 4)
    assert second.request_id != first.request_id
    assert await words_waiting(store) == [("1", "flying"), ("2", "pending")]


async def test_settle_merged(store: Store) -> None:
    """All rows of a request come to the same end."""
    await queue(store, A, text("1"), text("2"))
    rows = [row["id"] for row in await store.outbox_rows(conversation_id=None, status=None, limit=9)]
    flight = await store.begin(CHANNEL, OWNER, rows, WIRE, NOW + 2)
    assert flight is not None
    await store.settle(flight, Settlement("returned", NOW + 3))
    assert await words_waiting(store) == [("1", "pending"), ("2", "pending")]


async def test_uncertain(store: Store) -> None:
    """An uncertain request is listed once it is due, with its attempts."""
    await queue(store, A, text("1"))
    flight = await doubt(store, NOW + 30)
    assert await store.uncertain(CHANNEL, NOW + 29) == []
    assert await store.uncertain(CHANNEL, NOW + 30) == [(flight.request_id, 1, NOW + 30)]


async def test_resend(store: Store) -> None:
    """A resend is the same bytes, another attempt and another ledger entry, once."""
    await queue(store, A, text("1"))
    first = await doubt(store)
    flight = await store.resend(CHANNEL, "worker-2", first.request_id, NOW + 30)
    assert flight is not None
    assert (flight.request_id, flight.wire, flight.attempts) == (first.request_id, WIRE, 2)
    assert await store.resend(CHANNEL, "worker-2", first.request_id, NOW + 30) is None
    assert await store.ledger(CHANNEL, NOW) == [
        LedgerEntry(NOW + 2, NOW + 3, OWNER),
        LedgerEntry(NOW + 30, None, "worker-2"),
    ]
    await store.settle(flight, Settlement("sent", NOW + 31))
    assert await words_waiting(store) == [("1", "sent")]


async def test_settle_former_attempt(store: Store) -> None:
    """The late answer of a former attempt does not settle the present one."""
    await queue(store, A, text("1"))
    first = await doubt(store)
    await store.resend(CHANNEL, OWNER, first.request_id, NOW + 30)
    await store.settle(first, Settlement("failed", NOW + 31))
    assert await words_waiting(store) == [("1", "flying")]


@pytest.mark.parametrize("status", ["sent", "failed", "returned", "unconfirmed", "dropped"])
async def test_give_up(store: Store, status: RequestStatus) -> None:
    """Giving up closes an uncertain request and frees its contact."""
    await queue(store, A, text("1"))
    flight = await doubt(store)
    await store.give_up(flight.request_id, Settlement(status, NOW + 30, detail="no word"))
    assert await words_waiting(store) == [("1", ENDS[status][0])]
    assert await store.uncertain(CHANNEL, NOW + 99) == []
    await queue(store, A, text("2"))
    assert await store.head(CHANNEL, NOW + 31) is not None


async def test_give_up_flying(store: Store) -> None:
    """A request in the air cannot be given up."""
    await queue(store, A, text("1"))
    flight = await fly(store)
    await store.give_up(flight.request_id, Settlement("dropped", NOW + 30))
    assert await words_waiting(store) == [("1", "flying")]


async def test_repeated(store: Store) -> None:
    """What went again is told from what went once; errands and what lies behind count as sent, or not at all."""
    for number, contact in enumerate((A, B)):
        await queue(store, contact, text("1"))
        flight = await fly(store)
        await store.settle(flight, Settlement("uncertain", NOW + 10 + number, due_at=NOW + 20))
        assert await store.resend(CHANNEL, OWNER, flight.request_id, NOW + 30) is not None
    await store.begin_errand(CHANNEL, OWNER, 1, NOW + 31)
    assert await store.repeated(CHANNEL, NOW) == (5, 2)
    assert await store.repeated(CHANNEL, NOW + 10) == (4, 1)
    assert await store.repeated("other", NOW) == (0, 0)


async def test_ledger_since(store: Store) -> None:
    """The ledger leaves out what was answered at `since` or before, and keeps what is out."""
    for contact, answered_at in ((A, NOW + 10), (B, NOW + 20)):
        await queue(store, contact, text("1"))
        await store.settle(await fly(store), Settlement("sent", answered_at))
    await queue(store, A, text("2"))
    await fly(store)
    assert [entry.answered_at for entry in await store.ledger(CHANNEL, NOW + 10)] == [NOW + 20, None]
    assert await store.ledger("other", NOW) == []


async def test_ledger_counts(store: Store) -> None:
    """The ledger has a request answered when its slot counts from, whatever time its end is told with."""
    await queue(store, A, text("1"))
    await store.settle(await fly(store), Settlement("sent", NOW + 10, counted_at=NOW + 7210))
    assert [entry.answered_at for entry in await store.ledger(CHANNEL, NOW)] == [NOW + 7210]


async def test_key_state(store: Store) -> None:
    """What the gate knows of a key is kept per key, the last word standing."""
    assert await store.key_state(CHANNEL) is None
    await store.save_key_state(CHANNEL, b"1", NOW)
    await store.save_key_state(CHANNEL, b"2", NOW)
    await store.save_key_state("other", b"3", NOW)
    assert await store.key_state(CHANNEL) == b"2"


#: whose flights are grounded -> which of worker-1's and worker-2's come down
GROUNDED: dict[str | None, list[str]] = {
    None: ["uncertain", "uncertain"],
    "worker-1": ["uncertain", "flying"],
    "worker-3": ["flying", "flying"],
}


@pytest.mark.parametrize("owner", GROUNDED)
async def test_ground(reopen: Reopen, owner: str | None) -> None:
    """After a restart a worker's flights are uncertain and its ledger entries answered; its siblings' fly on."""
    store = await reopen()
    for contact, worker in ((A, "worker-1"), (B, "worker-2")):
        await queue(store, contact, text(worker))
        row = await store.head(CHANNEL, NOW + 2)
        assert row is not None
        await store.begin(CHANNEL, worker, [row.id], WIRE, NOW + 2)
    store = await reopen()
    down = [status == "uncertain" for status in GROUNDED[owner]]
    assert await store.ground(owner, NOW + 10, NOW + 30, NOW + 40) == sum(down)
    assert [status for _, status in await words_waiting(store)] == GROUNDED[owner]
    answered = [entry.answered_at for entry in await store.ledger(CHANNEL, NOW)]
    assert answered == [NOW + 30 if came_down else None for came_down in down]
    assert [due_at for _, _, due_at in await store.uncertain(CHANNEL, NOW + 40)] == [NOW + 40] * sum(down)
    assert await store.ground(owner, NOW + 11, NOW + 31, NOW + 41) == 0


async def test_recall(store: Store) -> None:
    """What a worker began and does not carry is taken back: nothing of it has left; what is out flies on."""
    flights = []
    for contact in (A, B):
        await queue(store, contact, text(contact))
        flights.append(await fly(store))
    assert await store.recall(OWNER, [flights[0].request_id], NOW + 5) == 1
    assert await words_waiting(store) == [(A, "flying"), (B, "pending")]
    assert [entry.answered_at for entry in await store.ledger(CHANNEL, NOW)] == [None, NOW + 5]
    assert await store.recall("worker-2", [], NOW + 6) == 0


async def test_recall_resent(store: Store) -> None:
    """What was to be sent once more and was not is uncertain as before: it has its second sending still."""
    await queue(store, A, text("1"))
    flight = await fly(store)
    await store.settle(flight, Settlement("uncertain", NOW + 3, due_at=NOW + 4))
    assert await store.resend(CHANNEL, OWNER, flight.request_id, NOW + 4) is not None
    assert await store.recall(OWNER, [], NOW + 5) == 1
    assert await store.uncertain(CHANNEL, NOW + 5) == [(flight.request_id, 1, NOW + 5)]
    assert await words_waiting(store) == [("1", "uncertain")]
    assert len(await store.ledger(CHANNEL, NOW)) == 1


async def test_ground_spares_settled(store: Store) -> None:
    """Requests that were settled stay as they are."""
    await queue(store, A, text("1"))
    await store.settle(await fly(store), Settlement("sent", NOW + 3))
    assert await store.ground(None, NOW + 10, NOW + 30, NOW + 40) == 0
    assert await words_waiting(store) == [("1", "sent")]


async def test_move_answers(store: Store) -> None:
    """The last answers move ahead, to now at most; what is out, later or earlier, and other keys stay."""
    for at in (NOW, NOW + 5, NOW + 8, NOW + 20):
        await store.end_errand(CHANNEL, await store.begin_errand(CHANNEL, OWNER, 1, NOW), at, 200, None)
    await store.begin_errand(CHANNEL, OWNER, 1, NOW)
    await store.move_answers("other", 2, NOW + 10, NOW + 15, 4)
    await store.move_answers(CHANNEL, 2, NOW + 10, NOW + 15, 4)
    answered = [entry.answered_at for entry in await store.ledger(CHANNEL, NOW - 1)]
    assert sorted(answered, key=str) == [NOW, NOW + 9, NOW + 10, NOW + 20, None]


@pytest.mark.parametrize(("status", "found"), [(200, (NOW + 10, NOW + 12)), (None, (NOW + 13, NOW + 15))])
async def test_move_late_answers(store: Store, status: int | None, found: tuple[float, float]) -> None:
    """What got no answer moves beyond now, up to when it counts at the latest; nothing moves back."""
    for at in (NOW + 9, NOW + 12):
        await store.end_errand(CHANNEL, await store.begin_errand(CHANNEL, OWNER, 1, NOW), at, status, None)
    await store.move_answers(CHANNEL, 9, NOW + 10, NOW + 15, 4)
    answered = [entry.answered_at for entry in await store.ledger(CHANNEL, NOW)]
    assert sorted(answered, key=str) == list(found)


async def test_bring_back_answers(store: Store) -> None:
    """What a clock noted that ran ahead comes back to the latest that it can be; all else stays."""
    for at in (NOW + 5, NOW + 9000):
        await store.end_errand(CHANNEL, await store.begin_errand(CHANNEL, OWNER, 1, at), at, 200, None)
    await store.bring_back_answers("other", NOW + 20)
    await store.bring_back_answers(CHANNEL, NOW + 20)
    found = [(entry.sent_at, entry.answered_at) for entry in await store.ledger(CHANNEL, NOW - 1)]
    assert sorted(found) == [(NOW + 5, NOW + 5), (NOW + 9000, NOW + 20)]


async def test_errand(store: Store) -> None:
    """A request that is no message stands in the ledger from before it leaves; its answer may change the key."""
    ledger_id = await store.begin_errand(CHANNEL, OWNER, 1, NOW)
    assert await store.ledger(CHANNEL, NOW) == [LedgerEntry(NOW, None, OWNER)]
    await store.end_errand(CHANNEL, ledger_id, NOW + 2, 429, b'{"why":"throttled"}')
    assert await store.ledger(CHANNEL, NOW) == [LedgerEntry(NOW, NOW + 2, OWNER)]
    assert await store.key_state(CHANNEL) == b'{"why":"throttled"}'
    await store.end_errand(CHANNEL, await store.begin_errand(CHANNEL, OWNER, 1, NOW), NOW + 3, None, None)
    assert await store.key_state(CHANNEL) == b'{"why":"throttled"}'


async def test_errand_grounded(store: Store) -> None:
    """After a restart an errand counts as answered; that of another owner is still out."""
    await store.begin_errand(CHANNEL, OWNER, 1, NOW)
    await store.begin_errand(CHANNEL, "worker-2", 1, NOW)
    assert await store.ground(OWNER, NOW + 1, NOW + 20, NOW + 30) == 0
    assert [entry.answered_at for entry in await store.ledger(CHANNEL, NOW)] == [NOW + 20, None]


async def test_rows_of(store: Store) -> None:
    """A request tells the rows that it carries, in order, and one that is not there none."""
    conversation = await queue(store, A, text("1"), text("2"), text("3"))
    rows = sorted(row["id"] for row in await store.outbox_rows(conversation_id=conversation, status=None, limit=9))
    flight = await store.begin(CHANNEL, OWNER, rows[:2], WIRE, NOW + 2)
    assert flight is not None
    assert await store.rows_of(flight.request_id) == rows[:2]
    assert await store.rows_of(flight.request_id + 1) == []
