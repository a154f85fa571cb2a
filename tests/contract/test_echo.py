"""Echoes told apart: ours by id or words, else somebody typed it on the phone; decided when nothing is in the air."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from botkit.ports import Arrival, InboxRow, Settlement, WireRequest
from botkit.store.repeats import repeats
from botkit.turn.codec import dump_event, load_filed
from botkit.turn.event import Inbound, OperatorSaid
from tests.contract.conftest import Reopen
from tests.contract.samples import CHANNEL, NOW, OWNER, Store, doubt, fly, queue, text

A = "51999000001"


def echo(text: str | None, echo_id: str = "e-1", *, at: float | None = NOW + 3, contact: str | None = A) -> Arrival:
    """Return an echo as a webhook tells it."""
    event = Inbound(CHANNEL, "echo", contact or "", id=echo_id, at=at, text=text)
    return Arrival(CHANNEL, "webhook", "echo", contact, echo_id, "", b"d", dump_event(event), turn=False, parsed=event)


async def came(store: Store, arrival: Arrival) -> InboxRow | None:
    """Return the row that an echo became."""
    [receipt] = await store.accept([arrival], NOW + 5)
    return receipt.row


async def waiting(store: Store) -> list[OperatorSaid]:
    """Return what people wrote on the phone and nobody has in hand."""
    rows = await store.claim(NOW + 99, 9, frozenset())
    return [said for row in rows if isinstance(said := load_filed(row.kind, row.event), OperatorSaid)]


async def sent(store: Store, words: str = "hola", gateway_id: str = "g-1") -> None:
    """Let a text arrive at the contact, at NOW + 2."""
    await queue(store, A, text(words))
    await store.settle(await fly(store), Settlement("sent", NOW + 3, 200, gateway_id))


async def test_typed(store: Store) -> None:
    """What we never said was typed by a person: a row of its own, in hand, behind the echo that is filed."""
    await sent(store)
    row = await came(store, echo("Le escribe Rosa"))
    assert row is not None
    assert (row.source, load_filed(row.kind, row.event)) == ("operator", OperatorSaid("Le escribe Rosa", phone=True))
    assert (row.attempts, row.conversation.contact) == (1, A)
    assert await came(store, echo("Le escribe Rosa")) is None  # a copy


async def test_picture(store: Store) -> None:
    """A picture from the phone is a person's too, and comes along for whoever reads on."""
    photo = {"type": "image", "name": "foto.jpg"}
    event = Inbound(CHANNEL, "echo", A, id="e-1", media=photo)
    row = await came(store, echo(None)._replace(event=dump_event(event), parsed=event))
    assert row is not None
    assert load_filed(row.kind, row.event) == OperatorSaid("", phone=True, media=photo)


async def test_ours_by_id(store: Store) -> None:
    """An echo under the id that the gateway gave our request is ours, whatever it says."""
    await sent(store)
    assert await came(store, echo("otra cosa", "g-1")) is None


async def test_other_channel(store: Store) -> None:
    """The same id on another channel is somebody else's."""
    await sent(store)
    other = echo("x", "g-1")._replace(channel="other")
    assert await came(store, other) is not None


@pytest.mark.parametrize(
    ("words", "at", "ours"),
    [
        ("hola", NOW + 2, True),
        (" hola\n", NOW + 2, True),
        ("Hola", NOW + 2, False),
        ("hola", NOW + 2 + 599, True),
        ("hola", NOW + 2 + 601, False),
        ("hola", None, True),
    ],
)
async def test_ours_by_words(store: Store, words: str, at: float | None, ours: bool) -> None:
    """An echo of our words about the time that we sent them is ours under any id."""
    await sent(store)
    assert ((await came(store, echo(words, at=at))) is None) is ours


async def test_in_the_air(store: Store) -> None:
    """While something to the contact is in the air an echo waits; when it has landed it is told apart by its id."""
    await queue(store, A, text("hola"), text("otra"))
    flight = await fly(store)
    assert await came(store, echo("pasó por otro lado", "g-1")) is None
    assert await came(store, echo("Le escribe Rosa", "e-2")) is None
    assert await store.settle(flight, Settlement("sent", NOW + 3, 200, "g-1")) == 1
    assert await waiting(store) == [OperatorSaid("Le escribe Rosa", phone=True)]
    assert await store.settle(await fly(store), Settlement("sent", NOW + 3, 200, "g-2")) == 0


async def test_uncertain(store: Store) -> None:
    """While something is uncertain an echo of something else waits, until that is given up."""
    await queue(store, A, text("hola"))
    flight = await doubt(store)
    assert await came(store, echo("Soy Rosa", "e-2")) is None
    assert await waiting(store) == []
    assert await store.give_up(flight.request_id, Settlement("unconfirmed", NOW + 30)) == 1
    assert await waiting(store) == [OperatorSaid("Soy Rosa", phone=True)]


async def test_another_contact_in_the_air(store: Store) -> None:
    """What is in the air to somebody else holds no echo back."""
    await queue(store, "51999000002", text("hola"))
    await fly(store)
    assert await came(store, echo("Soy Rosa")) is not None


async def test_outlives_a_restart(reopen: Reopen) -> None:
    """An echo that waits is not forgotten by a process that ends."""
    store = await reopen()
    await queue(store, A, text("hola"))
    await fly(store)
    await came(store, echo("Soy Rosa"))
    store = await reopen()
    await store.ground(None, NOW + 10, NOW + 20, NOW + 30)
    [(request, _, _)] = await store.uncertain(CHANNEL, NOW + 30)
    assert await store.give_up(request, Settlement("dropped", NOW + 30)) == 1
    assert await waiting(store) == [OperatorSaid("Soy Rosa", phone=True)]


async def test_nobodys(store: Store) -> None:
    """An echo to a group belongs to no conversation and is filed; one to a stranger begins a conversation."""
    assert await came(store, echo("hola", contact=None)) is None
    row = await came(store, echo("hola", "e-2"))
    assert row is not None
    assert row.conversation.version == 0


async def test_returned(store: Store) -> None:
    """What the gateway did not take cannot be what an echo repeats."""
    await queue(store, A, text("hola"))
    await store.settle(await fly(store), Settlement("returned", NOW + 3))
    assert await came(store, echo("hola")) is not None


MENU = {"type": "choices", "text": "¿Qué día?", "options": [{"title": "Lunes"}, {"title": "Martes"}]}
NUMBERED = orjson.dumps({"to": "1", "text": "¿Qué día?\n1. Lunes\n2. Martes"})
BUTTONS = orjson.dumps({"to": "1", "text": "¿Qué día?", "options": ["Lunes", "Martes"]})


@pytest.mark.parametrize(
    ("said", "message", "body", "ours"),
    [
        ("¿Qué día?", MENU, BUTTONS, True),
        ("¿Qué día? 1. Lunes 2. Martes", MENU, NUMBERED, True),
        ("Lunes", MENU, BUTTONS, False),
        ("¿Qué día? Dígame", MENU, NUMBERED, False),
        ("mira", {"type": "image", "url": "https://x/a.png", "caption": "mira"}, b"{}", True),
        (None, {"type": "image", "url": "https://x/a.png"}, b"{}", True),
        (None, {"type": "text", "text": "hola"}, b"{}", False),
        ("hola", {"type": "text", "text": "hola"}, b"to=1&text=hola", True),
        ("Plaza Murillo https://maps/x", {"type": "location"}, b'{"text":"Plaza Murillo\\nhttps://maps/x"}', True),
        ("hola", {"type": "location"}, b'{"latitude":1}', False),
    ],
)
def test_repeats(said: str | None, message: dict[str, Any], body: bytes, ours: bool) -> None:
    """Words are compared as the author wrote them and as the request put them, never with an option's title."""
    assert repeats(said, message, body) is ours


async def test_only_about_requests(store: Store) -> None:
    """What is still queued was never sent, so an echo of its words is a person's."""
    await queue(store, A, text("hola"))
    assert await came(store, echo("hola")) is not None


async def test_merged(store: Store) -> None:
    """Each row of a request is compared, and its id is theirs."""
    await queue(store, A, text("uno"), text("dos"))
    rows = [row["id"] for row in await store.outbox_rows(conversation_id=None, status=None, limit=9)]
    wire = WireRequest("POST", "/messages", "application/json", b'{"text":"uno\\n\\ndos"}')
    flight = await store.begin(CHANNEL, OWNER, rows, wire, NOW + 2)
    assert flight is not None
    await store.settle(flight, Settlement("sent", NOW + 3, 200, "g-1"))
    assert await came(store, echo("uno dos")) is None
    assert await came(store, echo("dos", "e-2")) is None
    assert await came(store, echo("tres", "e-3")) is not None
