from __future__ import annotations

from typing import Any

import orjson
import pytest

from botkit.errors import IntakeError
from botkit.ports import Arrival
from botkit.turn.codec import load_event
from botkit.turn.event import Inbound, Tap
from tests.gateway.captured import TEXT, plain_reader, read_one, sandbox_reader, signed


def _sandbox(item: dict[str, Any]) -> Arrival:
    body = orjson.dumps(item)
    [arrival] = sandbox_reader().read(signed(body), body)
    return arrival


def _event(item: dict[str, Any]) -> Inbound:
    return load_event(_sandbox(item).event)


def test_a_text_becomes_a_turn() -> None:
    """The sandbox's text is a message of its sender."""
    arrival = _sandbox(TEXT)
    assert (arrival.kind, arrival.contact, arrival.gateway_id, arrival.turn) == (
        "message",
        "59170012345",
        "wamid.1",
        True,
    )
    assert load_event(arrival.event) == Inbound(
        "whatsapp", "message", "59170012345", id="wamid.1", at=1_700_000_000.0, name="Ana", text="Hola"
    )


def test_a_tap_keeps_id_title_and_message() -> None:
    """A tapped option says which one, on which message."""
    item = TEXT | {"type": "choice", "choice": {"id": "si", "title": "Sí", "message_id": "m1"}}
    assert _event(item).choice == Tap("si", "Sí", "m1")


def test_a_tap_on_nothing_is_none() -> None:
    """A choice with neither id nor title chose nothing; one of them stands for the other's place."""
    assert _event(TEXT | {"type": "choice", "choice": {"message_id": "m1"}}).choice is None
    assert _event(TEXT | {"type": "choice", "choice": {"title": "Sí"}}).choice == Tap("Sí", "Sí")
    assert _event(TEXT | {"type": "choice", "choice": {"id": "si"}}).choice == Tap("si", "")


@pytest.mark.parametrize("kind", ["image", "document", "audio", "video"])
def test_media_keep_type_url_and_caption(kind: str) -> None:
    """A medium is described, not fetched."""
    item = TEXT | {"type": kind, "url": "https://x/y", "caption": "c", "filename": "f.pdf", "media_id": "m1"}
    assert _event(item).media == {"id": "m1", "type": kind, "url": "https://x/y", "caption": "c", "name": "f.pdf"}


def test_a_location_has_numbers() -> None:
    """A place is two numbers and maybe a name."""
    item = TEXT | {"type": "location", "latitude": "-17.78", "longitude": -63.18, "place": "Plaza"}
    assert _event(item).location == {"latitude": -17.78, "longitude": -63.18, "name": "Plaza"}


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (None, 0), (0, "x")]
)
def test_a_place_not_on_earth_is_none(latitude: Any, longitude: Any) -> None:
    """What no map has is no place: the message comes without one."""
    assert _event(TEXT | {"type": "location", "latitude": latitude, "longitude": longitude}).location is None


def test_the_ends_of_the_earth_are_places() -> None:
    """The last degree belongs to it."""
    item = TEXT | {"type": "location", "latitude": -90, "longitude": 180}
    assert _event(item).location == {"latitude": -90, "longitude": 180}


def test_a_status_is_filed_under_its_state() -> None:
    """`read` after `delivered` of the same message is another event, and no turn."""
    arrival = _sandbox({"id": "m1", "type": "status", "state": "read", "to": "591", "timestamp": 1})
    assert (arrival.kind, arrival.gateway_id, arrival.discriminator, arrival.turn) == ("status", "m1", "read", False)


def test_an_echo_is_never_a_turn() -> None:
    """What left the bot's own number is not answered."""
    arrival = _sandbox({"id": "m1", "type": "echo", "to": "591", "text": "Hola", "timestamp": 1})
    assert (arrival.kind, arrival.contact, arrival.turn) == ("echo", "591", False)


def test_a_message_from_me_is_an_echo() -> None:
    """Gateways that push their own sends as messages mark them; the mark decides."""
    arrival = read_one({"kind": "message", "id": "1", "contact": "591", "from_me": "true", "text": "x"})
    assert (arrival.kind, arrival.turn) == ("echo", False)


@pytest.mark.parametrize(
    "extra", [{"contact": "12@g.us"}, {"contact": "591", "is_group": True}, {"contact": "x@broadcast"}]
)
def test_a_group_is_filed_without_a_conversation(extra: dict[str, Any]) -> None:
    """What is said to many is kept, and nobody is answered."""
    arrival = read_one({"kind": "message", "id": "1", "text": "x", **extra})
    assert (arrival.kind, arrival.contact, arrival.turn) == ("message", None, False)


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"sticker","id":"1"}',
        b'{"type":"text","id":"1","text":"no contact"}',
        b'{"type":"text","from":{"a":1},"text":"x"}',
        b'"text"',
        b"5",
        b"null",
        b"{}",
        b"[]",
    ],
)
def test_what_no_rule_maps_is_filed_as_it_came(body: bytes) -> None:
    """Authentic JSON is never refused and never lost."""
    [arrival] = sandbox_reader().read(signed(body), body)
    assert (arrival.kind, arrival.contact, arrival.turn) == ("unknown", None, False)
    assert arrival.raw == body
    assert arrival.unique_for_s == 5.0


def test_one_bad_item_leaves_its_batch_alone() -> None:
    """A batch is taken item by item."""
    body = orjson.dumps([TEXT, 7, {"type": "text"}, TEXT | {"id": "wamid.2"}])
    arrivals = sandbox_reader().read(signed(body), body)
    assert [each.kind for each in arrivals] == ["message", "unknown", "unknown", "message"]
    assert [each.gateway_id for each in arrivals if each.turn] == ["wamid.1", "wamid.2"]


def test_items_stand_where_the_profile_says() -> None:
    """A batch may be wrapped."""
    body = orjson.dumps({"entry": [{"messages": [{"kind": "message", "id": "1", "contact": "591", "text": "a"}]}]})
    [arrival] = plain_reader("entry[].messages[]").read({}, body)
    assert (arrival.kind, arrival.contact) == ("message", "591")


def test_a_body_without_items_is_one_unknown() -> None:
    """A ping, or whatever else a gateway pushes, is kept."""
    [arrival] = plain_reader("messages").read({}, b'{"event":"ping"}')
    assert (arrival.kind, arrival.raw) == ("unknown", b'{"event":"ping"}')


def test_too_many_items_are_refused() -> None:
    """One body cannot hold the loop."""
    with pytest.raises(IntakeError) as refused:
        plain_reader().read({}, b"[" + b"0," * 1_000 + b"0]")
    assert refused.value.status == 413


def test_without_an_id_content_and_time_are_the_identity() -> None:
    """The same words at another time are another message; the same at the same time are a copy."""
    item = {"kind": "message", "contact": "591", "text": "hola", "at": 1_700_000_000}
    first, copy, later = read_one(item), read_one(dict(reversed(item.items()))), read_one(item | {"at": 1_700_000_001})
    assert first.gateway_id.startswith("sha256:")
    assert first.gateway_id == copy.gateway_id != later.gateway_id
    assert first.unique_for_s == 14 * 86400


def test_without_id_and_time_only_close_copies_count_as_one() -> None:
    """A person may say the same thing twice."""
    assert read_one({"kind": "message", "contact": "591", "text": "hola"}).unique_for_s == 5.0


@pytest.mark.parametrize("kind", ["edit", "reaction"])
def test_edits_and_reactions_are_told_apart_by_time(kind: str) -> None:
    """They come under the id of the message that they are about."""
    item = {"kind": kind, "id": "1", "contact": "591", "text": "x"}
    first, second = read_one(item | {"at": 1_700_000_000}), read_one(item | {"at": 1_700_000_005})
    assert first.gateway_id == second.gateway_id
    assert first.discriminator != second.discriminator


def test_another_body_under_the_same_id_has_another_digest() -> None:
    """So that the store can log that the second one differs."""
    first, other = _sandbox(TEXT), _sandbox(TEXT | {"text": "Otra cosa"})
    assert first.gateway_id == other.gateway_id
    assert first.digest != other.digest
    assert len(first.digest) >= 16


def test_the_way_a_body_is_written_is_no_difference() -> None:
    """Two webhooks that tell one message tell the same event."""
    assert _sandbox(TEXT).digest == _sandbox(TEXT | {"from": "+59170012345@c.us", "timestamp": "1700000000000"}).digest


def test_a_huge_id_is_kept_as_its_hash() -> None:
    """An index does not grow by what a stranger sends."""
    arrival = read_one({"kind": "message", "id": "x" * 10_000, "contact": "591", "text": "a"})
    assert arrival.gateway_id.startswith("sha256:")
    assert arrival.unique_for_s == 14 * 86400


def test_the_rule_that_took_an_item_is_named() -> None:
    """`gateway try` shows which rule fits."""
    mapped = plain_reader().map(b'[{"kind":"status","contact":"1"},{"kind":"?"}]')
    assert [each.rule for each in mapped] == [2, None]
