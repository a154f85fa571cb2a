"""The traps of what gateways push, each as one would push it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from multidict import CIMultiDict

from botkit.gateway.signature import sign
from botkit.gateway.ways_in import Webhook
from botkit.ports import Arrival
from botkit.turn.codec import load_event
from botkit.turn.event import Inbound
from tests.gateway.linked import ANA, ANAS_LID, AT, BOT, GROUP, NO_MESSAGE, WEBHOOK, linked_reader, pushed


def _read(*items: Any) -> list[Arrival]:
    body = orjson.dumps(items[0] if len(items) == 1 else items)
    auth = Webhook.model_validate(WEBHOOK).auth
    assert auth is not None
    return linked_reader().read(CIMultiDict({"X-Signature": sign(auth, "s-123", body)}), body)


def _one(item: Any) -> tuple[Arrival, Inbound]:
    [arrival] = _read(item)
    return arrival, load_event(arrival.event)


def test_a_message_is_a_turn() -> None:
    """The mapping that the traps are set in works."""
    arrival, event = _one(pushed())
    assert (arrival.kind, arrival.contact, arrival.turn) == ("message", "59170012345", True)
    assert (event.text, event.name, event.at) == ("hola", "Ana", AT)


@pytest.mark.parametrize("name", NO_MESSAGE)
def test_what_is_no_message_is_filed(name: str) -> None:
    """Under its own kind, and never as a turn."""
    item, kind = NO_MESSAGE[name]
    arrival, _ = _one(item)
    assert (arrival.kind, arrival.turn) == (kind, False)


@pytest.mark.parametrize("name", ["what the bot sent", "typed on the business's phone"])
def test_an_echo_belongs_to_the_person_written_to(name: str) -> None:
    """It stands in that person's conversation, for whoever reads it there."""
    _, event = _one(NO_MESSAGE[name][0])
    assert (event.contact, event.from_me) == ("59170012345", True)


def test_one_message_told_by_two_webhooks_is_one() -> None:
    """`message` and `message.any` tell it, each as an event with an id of its own."""
    first, second = _read(pushed("message") | {"id": "evt_1"}, pushed("message.any") | {"id": "evt_2"})
    assert (first.kind, first.gateway_id, first.discriminator) == (second.kind, second.gateway_id, second.discriminator)
    assert first.digest == second.digest


def test_a_bad_item_leaves_the_good_ones() -> None:
    """A batch is taken item by item; what cannot be read is kept as it came."""
    bad: list[Any] = [None, 5, "x", [], {}, {"event": "message"}, pushed(**{"from": None}), pushed(**{"from": {}})]
    arrivals = _read(pushed(id="1"), *bad, pushed(id="2"))
    assert [each.gateway_id for each in arrivals if each.turn] == ["1", "2"]
    assert {each.kind for each in arrivals if not each.turn} == {"unknown"}


@pytest.mark.parametrize(
    "written",
    [
        ANA,
        "59170012345@s.whatsapp.net",
        "59170012345:7@s.whatsapp.net",
        "+59170012345",
        "59170012345",
        59170012345,
        "+591 700 12345",
    ],
)
def test_one_person_however_written(written: Any) -> None:
    """The conversation is the person's, whichever spelling a gateway or its next version uses."""
    arrival, _ = _one(pushed(**{"from": written}))
    assert arrival.contact == "59170012345"


def test_a_hidden_id_is_its_own_key() -> None:
    """Its digits are no phone: nobody may be called or written to by them."""
    arrival, _ = _one(pushed(**{"from": ANAS_LID}))
    assert (arrival.contact, arrival.turn) == (ANAS_LID, True)


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"id": 12345}, "id", "12345"),
        ({"body": 15}, "text", "15"),
        ({"body": 1.5}, "text", "1.5"),
        ({"body": True}, "text", "true"),
        ({"pushName": 7}, "name", "7"),
        ({"timestamp": str(AT)}, "at", float(AT)),
        ({"timestamp": AT * 1000 + 250}, "at", AT + 0.25),
        ({"timestamp": str(AT * 1000)}, "at", float(AT)),
        ({"timestamp": "2026-09-21T14:13:20Z"}, "at", float(AT)),
        ({"timestamp": "ayer"}, "at", None),
        ({"fromMe": "false"}, "from_me", False),
        ({"fromMe": 0}, "from_me", False),
        (
            {"location": {"latitude": "-16.5", "longitude": -68}},
            "location",
            {"latitude": -16.5, "longitude": -68.0},
        ),
    ],
)
def test_texts_and_numbers_are_what_they_mean(fields: dict[str, Any], name: str, value: Any) -> None:
    """A number may come as text, a text as a number, a time in seconds, milliseconds or words."""
    _, event = _one(pushed(**fields))
    assert getattr(event, name) == value


def test_a_medium_is_described_for_its_fetch() -> None:
    """Its address is the gateway's own: the bytes are had with the key, when a handler asks for them."""
    media = {"mimetype": "image/jpeg", "url": "https://api.example.com/files/3EB0.jpg", "filename": None}
    arrival, event = _one(pushed(body="mi carnet", media=media))
    assert arrival.turn
    assert event.media == {
        "id": "false_ana_3EB0",
        "type": "image/jpeg",
        "url": "https://api.example.com/files/3EB0.jpg",
        "caption": "mi carnet",
    }


def test_each_state_of_a_message_is_filed_once() -> None:
    """In whatever order they come, and however often."""
    states = ["READ", "DEVICE", "READ", "SERVER", "DEVICE"]
    arrivals = _read(*(pushed("message.ack", id="true_ana_1", ack=state) for state in states))
    assert [each.discriminator for each in arrivals] == states
    assert len({(each.gateway_id, each.discriminator) for each in arrivals}) == 3


def test_a_group_has_no_conversation() -> None:
    """Who wrote there is kept with it, and is not taken for somebody who wrote to the bot."""
    arrival, event = _one(NO_MESSAGE["a message in a group"][0])
    assert arrival.contact is None
    assert (event.contact, event.sender, event.is_group) == (GROUP, "59170012345", True)


def test_the_bots_own_number_is_nobody() -> None:
    """What the bot sends to itself, as some gateways do on linking, is an echo, too."""
    arrival, _ = _one(pushed(**{"from": BOT, "to": BOT, "fromMe": True}))
    assert (arrival.kind, arrival.turn) == ("echo", False)
