from __future__ import annotations

import pytest

from botkit.turn.codec import dump_event, dump_filed, load_event, load_filed
from botkit.turn.event import FILED_KINDS, Apology, Delivery, Due, Filed, Inbound, Named, Tap

EVENTS = [
    Inbound("wa", "message", "591", id="1", at=1.5, name="Ana", text="hola"),
    Inbound("wa", "message", "591", choice=Tap("a", "A", "m")),
    Inbound("wa", "message", "591", media={"type": "image"}, location={"latitude": 1.0, "longitude": 2.0}),
    Inbound("wa", "echo", "591", from_me=True, is_group=True, state="read", sender="1", reply_to="2"),
]


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_comes_back_as_it_went(event: Inbound) -> None:
    """What is dumped is loaded equal."""
    assert load_event(dump_event(event)) == event


def test_only_what_is_there_is_written() -> None:
    """Fields with their default take no room."""
    assert dump_event(Inbound("wa", "unknown", "")) == b'{"channel":"wa","kind":"unknown","contact":""}'


@pytest.mark.parametrize(
    "event",
    [
        Delivery("cita", "aviso", "failed", "no such number", 7, 9),
        Apology("gave up"),
        Due("silence/0", "silence"),
        Named("pago", {"monto": 10}),
    ],
)
def test_a_filed_event_comes_back_as_it_went(event: Filed) -> None:
    """What no gateway pushed is loaded equal, by the kind of its row."""
    assert load_filed(FILED_KINDS[type(event)], dump_filed(event)) == event
