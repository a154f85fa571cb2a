"""News of what was sent: how far a message has come, and whether an uncertain one has arrived after all."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.ports import Arrival, Receipt, Settlement
from botkit.turn.codec import dump_event, load_filed
from botkit.turn.event import Delivery, Inbound
from tests.contract.samples import CHANNEL, NOW, OWNER, Store, doubt, fly, queue, text

A, B = "51999000001", "51999000002"


async def came(
    store: Store, state: str, news_id: str = "g-1", *, at: float | None = NOW + 4, contact: str | None = A
) -> Receipt:
    """Let a status come in."""
    event = Inbound(CHANNEL, "status", contact or "", id=news_id, at=at, state=state)
    data = dump_event(event)
    arrival = Arrival(CHANNEL, "webhook", "status", contact, news_id, state, b"d", data, turn=False, parsed=event)
    [receipt] = await store.accept([arrival], NOW + 5)
    return receipt


async def echoed(store: Store, words: str, news_id: str = "g-1") -> Receipt:
    """Let an echo come in."""
    event = Inbound(CHANNEL, "echo", A, id=news_id, at=NOW + 4, text=words)
    arrival = Arrival(CHANNEL, "webhook", "echo", A, news_id, "", b"d", dump_event(event), turn=False, parsed=event)
    [receipt] = await store.accept([arrival], NOW + 5)
    return receipt


async def standing(store: Store) -> list[tuple[str, str | None]]:
    """Return how each row stands, and how far it has come, oldest first."""
    rows = await store.outbox_rows(conversation_id=None, status=None, limit=99)
    return [(row["status"], row["delivery"]) for row in reversed(rows)]


async def told(store: Store) -> list[str]:
    """Return the ends that flows are told of."""
    rows = await store.claim(NOW + 99, 9, frozenset())
    return [end.state for row in rows if isinstance(end := load_filed(row.kind, row.event), Delivery)]


async def sent(store: Store, on_failed: str | None = None) -> None:
    """Let a text arrive under the id g-1."""
    await queue(store, A, text("hola", on_failed=on_failed))
    await store.settle(await fly(store), Settlement("sent", NOW + 3, 200, "g-1"))


async def lose_an_id(store: Store, how: str, contact: str = A) -> None:
    """Let a text end so that the gateway may tell of it under an id that nobody knows."""
    await queue(store, contact, text("hola"))
    flight = await doubt(store)
    if how in ("sent twice", "refused the second time"):
        again = await store.resend(CHANNEL, OWNER, flight.request_id, NOW + 3)
        assert again is not None
        sent_again = Settlement("sent", NOW + 3, 200, "g-2")
        await store.settle(again, sent_again if how == "sent twice" else Settlement("failed", NOW + 3, 400))
    elif how == "taken back":
        [row] = await store.rows_of(flight.request_id)
        await store.requeue([row], NOW + 3)
        await store.settle(await fly(store), Settlement("sent", NOW + 3, 200, "g-2"))
    else:
        end: Any = {"given up": "unconfirmed", "dropped": "dropped", "taken as sent": "sent"}[how]
        await store.give_up(flight.request_id, Settlement(end, NOW + 3))


LOST = ("sent twice", "refused the second time", "taken back", "given up", "dropped", "taken as sent")


@pytest.mark.parametrize(
    ("states", "ends"),
    [
        (["sent", "delivered", "read"], "read"),
        (["read", "sent"], "read"),
        (["read", "delivered", "sent"], "read"),
        (["delivered", "failed"], "delivered"),
        (["delivered", "elsewhere"], "delivered"),
    ],
)
async def test_statuses_only_move_forward(store: Store, states: list[str], ends: str) -> None:
    """A late word changes nothing, and neither does one that nobody knows."""
    await sent(store)
    for state in states:
        await came(store, state)
    assert await standing(store) == [("sent", ends)]


async def test_taken_and_then_failed(store: Store) -> None:
    """What the gateway took and could not deliver has failed, and its flow is told, once."""
    await sent(store, on_failed="lost")
    for state in ("sent", "failed", "read"):
        await came(store, state)
    assert await standing(store) == [("failed", "failed")]
    assert await told(store) == ["failed"]


async def test_without_a_contact(store: Store) -> None:
    """The id is enough where it is known."""
    await sent(store)
    assert (await came(store, "read", contact=None)).settles
    assert await standing(store) == [("sent", "read")]


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
async def test_a_status_clears_a_doubt(store: Store, state: str) -> None:
    """An id that is not known, to a contact with something uncertain, is that one's."""
    await queue(store, A, text("hola"), text("otra"))
    await doubt(store)
    assert (await came(store, state)).settles
    assert (await standing(store))[0] == ("sent", state)
    assert await store.head(CHANNEL, NOW + 6) is not None
    assert await store.uncertain(CHANNEL, NOW + 99) == []


async def test_a_failed_doubt(store: Store) -> None:
    """It failed, and its flow is told."""
    await queue(store, A, text("hola", on_failed="lost"))
    await doubt(store)
    await came(store, "failed")
    assert await told(store) == ["failed"]


async def test_an_echo_clears_a_doubt(store: Store) -> None:
    """By its words, and by nothing else."""
    await queue(store, A, text("hola"))
    await doubt(store)
    await echoed(store, "otra cosa", "e-9")
    assert (await standing(store))[0][0] == "uncertain"
    await echoed(store, "hola")
    assert (await standing(store))[0][0] == "sent"


@pytest.mark.parametrize("why", ["older", "known", "another", "typed", "unknown state"])
async def test_news_of_something_else(store: Store, why: str) -> None:
    """What is older, of a known message, of another contact or of what a person typed clears no doubt."""
    await sent(store)
    await queue(store, A, text("hola otra vez"))
    await doubt(store)
    if why == "older":
        await came(store, "read", "g-7", at=NOW - 60)
    elif why == "known":
        await came(store, "read", "g-1")
    elif why == "another":
        await came(store, "read", "g-7", contact=B)
    elif why == "typed":
        await echoed(store, "Soy Rosa", "g-7")
        await came(store, "read", "g-7")
    else:
        await came(store, "queued", "g-7")
    assert (await standing(store))[1][0] == "uncertain"


async def test_news_before_the_answer_is_lost(store: Store) -> None:
    """They wait for the flight's end, and clear the doubt that it leaves."""
    await queue(store, A, text("hola"))
    flight = await fly(store)
    await came(store, "delivered")
    await store.settle(flight, Settlement("uncertain", NOW + 12, detail="timeout", due_at=NOW + 32))
    assert await standing(store) == [("sent", "delivered")]


async def test_news_before_the_answer_comes(store: Store) -> None:
    """A status may be quicker than the answer that names the id; it is not lost."""
    await queue(store, A, text("hola"))
    flight = await fly(store)
    await came(store, "delivered")
    await store.settle(flight, Settlement("sent", NOW + 6, 200, "g-1"))
    assert await standing(store) == [("sent", "delivered")]


async def test_news_of_a_flight_that_a_restart_ended(store: Store) -> None:
    """They keep it from being sent again."""
    await queue(store, A, text("hola"))
    flight = await fly(store)
    await came(store, "delivered")
    await store.ground(None, NOW + 9, NOW + 20, NOW + 29)
    assert await store.resend(CHANNEL, "main", flight.request_id, NOW + 30) is None
    assert await standing(store) == [("sent", "delivered")]


@pytest.mark.parametrize("at", [NOW + 4, None])
@pytest.mark.parametrize("how", LOST)
async def test_status_of_a_lost_id(store: Store, how: str, at: float | None) -> None:
    """What may be of an earlier sending whose id was lost clears no later doubt, however new it looks."""
    await lose_an_id(store, how)
    await queue(store, A, text("otra"))
    await doubt(store)
    await came(store, "read", at=at)
    assert (await standing(store))[-1] == ("uncertain", None)
    assert [attempts for _, attempts, _ in await store.uncertain(CHANNEL, NOW + 99)] == [1]


@pytest.mark.parametrize("how", LOST)
async def test_echo_of_a_lost_id(store: Store, how: str) -> None:
    """What may be of an earlier sending of the same words whose id was lost clears no later doubt."""
    await lose_an_id(store, how)
    await queue(store, A, text("hola"))
    await doubt(store)
    await echoed(store, "hola")
    assert (await standing(store))[-1][0] == "uncertain"


@pytest.mark.parametrize("how", [each for each in LOST if each != "taken back"])
async def test_echo_of_other_words(store: Store, how: str) -> None:
    """An echo clears the doubt about its words although an id was lost of what said something else."""
    await lose_an_id(store, how)
    await queue(store, A, text("otra"))
    await doubt(store)
    await echoed(store, "otra")
    assert (await standing(store))[-1][0] == "sent"


async def test_merged_after_a_lost_id(store: Store) -> None:
    """An echo of a sending that came back does not tell of the rows that went with its own since."""
    conversation_id = await queue(store, A, text("hola"), text("otra"))
    flight = await doubt(store)
    again = await store.resend(CHANNEL, OWNER, flight.request_id, NOW + 3)
    assert again is not None
    await store.settle(again, Settlement("returned", NOW + 3, 503))
    rows = [row["id"] for row in await store.waiting_rows(conversation_id, "talk", 9)]
    both = await store.begin(CHANNEL, OWNER, rows, flight.wire, NOW + 3)
    assert both is not None
    await store.settle(both, Settlement("uncertain", NOW + 4, due_at=NOW + 30))
    await echoed(store, "hola")
    assert [state for state, _ in await standing(store)] == ["uncertain", "uncertain"]


@pytest.mark.parametrize("before", ["named", "cleared", "refused", "returned", "another contact's"])
async def test_ids_that_are_not_lost(store: Store, before: str) -> None:
    """What went before under a known id, never arrived or went to another contact leaves a status its meaning."""
    if before == "another contact's":
        await lose_an_id(store, "given up", contact=B)
    else:
        await queue(store, A, text("hola"))
        if before == "cleared":
            await doubt(store)
            await came(store, "delivered", "g-2")
        else:
            ends = {
                "named": Settlement("sent", NOW + 3, 200, "g-2"),
                "refused": Settlement("failed", NOW + 3, 400),
                "returned": Settlement("returned", NOW + 3, detail="no route"),
            }
            await store.settle(await fly(store), ends[before])
    if before != "returned":
        await queue(store, A, text("otra"))
    await doubt(store)
    await came(store, "read")
    assert (await standing(store))[-1] == ("sent", "read")


async def test_an_id_that_was_told_of_before(store: Store) -> None:
    """A message whose statuses came before what is in doubt was said is another one: somebody typed it on the phone."""
    await sent(store)
    await came(store, "sent", "g-7")
    await queue(store, A, text("otra"))
    await doubt(store)
    await came(store, "read", "g-7")
    assert (await standing(store))[-1][0] == "uncertain"
    await came(store, "sent", "g-8")
    assert (await standing(store))[-1][0] == "sent"
