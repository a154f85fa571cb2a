from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.errors import IntakeError
from botkit.gateway.syntax import dump_value, parse_body
from botkit.turn.codec import load_event
from tests.gateway.captured import plain_reader, read_one

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ["kind", "id", "contact", "sender", "is_group", "from_me", "name", "at", "text", "choice", "media", "location"]
KINDS = st.sampled_from(["message", "echo", "status", "reaction", "edit", "revoke", "?"])
ITEMS = st.builds(lambda kind, rest: {**rest, "kind": kind}, KINDS, st.dictionaries(st.sampled_from(FIELDS), JSON))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"NaN",
        b"[1,]",
        b"\xff\xfe",
        b'{"a": Infinity}',
        b"hola",
        b"[" * 100_000,
        b"\0",
        b'"\xed"',
    ],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """Malformed bodies answer 400."""
    with pytest.raises(IntakeError) as refused:
        parse_body(body)
    assert refused.value.status == 400


@pytest.mark.parametrize("opener", [b"[", b'{"a":'])
def test_depth_is_limited(opener: bytes) -> None:
    """Thirty-two levels are enough for every gateway."""
    closer = b"]" if opener == b"[" else b"}"
    parse_body(opener * 32 + b"1" + closer * 32)
    with pytest.raises(IntakeError):
        parse_body(opener * 33 + b"1" + closer * 33)


def test_many_shallow_values_are_not_deep() -> None:
    """Depth is not the number of brackets."""
    assert parse_body(b"[" + b"[]," * 500 + b"[]]") == [[]] * 501


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"id": 123456789012345678901234567890}', {"id": "123456789012345678901234567890"}),
        (b'{"id": 9223372036854775807}', {"id": 9223372036854775807}),
        (b'{"id": 18446744073709551615}', {"id": 18446744073709551615}),
        (b'{"id": -99999999999999999999}', {"id": "-99999999999999999999"}),
        (b'{"id": ' + b"9" * 5_000 + b"}", {"id": "9" * 5_000}),
        (b'{"n": 1e999}', {"n": "1e999"}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": "\xed\xa0\x80"}', {"a": "\ud800"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
    ],
)
def test_odd_json_is_read(body: bytes, value: Any) -> None:
    """What only strict parsers refuse is no reason to lose an event."""
    assert parse_body(body) == value


def test_a_value_is_written_even_with_lone_surrogates() -> None:
    """What was read can be kept."""
    assert parse_body(dump_value({"a": "\ud800"})) == {"a": "\ud800"}


def test_fields_are_cleaned() -> None:
    """NUL, lone surrogates and huge numbers reach the inbox as plain text."""
    body = b'{"kind":"message","id":99999999999999999999999,"contact":59170012345,"text":"a\\u0000\\ud800b","name":7}'
    event = load_event(read_one(body).event)
    assert (event.id, event.contact) == ("99999999999999999999999", "59170012345")
    assert (event.text, event.name) == ("a\ufffdb", "7")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_refusal(body: bytes) -> None:
    """Random bytes become arrivals or a 4xx."""
    with suppress(IntakeError):
        assert plain_reader().read({}, body)


@given(ITEMS | st.lists(ITEMS, max_size=3) | JSON)
def test_no_json_raises_and_all_of_it_can_be_stored(value: Any) -> None:
    """Any JSON becomes arrivals that a store can keep and a turn can load."""
    body = dump_value(value)
    if b"NaN" in body or b"Infinity" in body:
        return
    arrivals = plain_reader().read({}, body)
    assert arrivals
    for arrival in arrivals:
        load_event(arrival.event)
        assert "\0" not in arrival.gateway_id + arrival.discriminator + (arrival.contact or "")
        (arrival.gateway_id + arrival.discriminator + (arrival.contact or "")).encode()
        assert arrival.contact is not None or not arrival.turn
