from __future__ import annotations

import pytest

from botkit.turn.codec import dump_delivery, dump_event, load_delivery, load_event
from botkit.turn.event import Delivery, Inbound, Tap

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


def test_a_delivery_comes_back_as_it_went() -> None:
    """What is told of a message that failed is loaded equal."""
    event = Delivery("cita", "aviso", "failed", "no such number", 7, 9)
    assert load_delivery(dump_delivery(event)) == event
