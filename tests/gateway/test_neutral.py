from __future__ import annotations

from typing import Any

import pytest

from botkit.gateway.neutral import NAME_LIMIT, is_crowd, to_contact, to_name, to_number, to_text, to_time, to_truth


@pytest.mark.parametrize(
    "written",
    [
        "59170012345",
        59170012345,
        "+59170012345",
        "+591 700-12345",
        "(591) 700 12345",
        "59170012345@c.us",
        "59170012345@s.whatsapp.net",
        "59170012345:12@s.whatsapp.net",
        "whatsapp:+59170012345",
        " 59170012345 ",
    ],
)
def test_one_person_has_one_contact_key(written: Any) -> None:
    """However a gateway writes a number, it is the same person."""
    assert to_contact(written) == "59170012345"


@pytest.mark.parametrize("written", ["99887766@lid", "ana@example.com", "uuid-77f", "123@g.us"])
def test_an_id_without_a_phone_stays_as_it_is(written: str) -> None:
    """The contact key is opaque where it is no number."""
    assert to_contact(written) == written


@pytest.mark.parametrize("written", [None, True, "", "  ", {}, [], "x" * 201, "@c.us"])
def test_what_is_no_contact(written: Any) -> None:
    """What names nobody is no contact key."""
    assert to_contact(written) is None


def test_names_have_an_end() -> None:
    """A name without an end is cut, since messages greet with it."""
    assert to_name("Ana") == "Ana"
    assert to_name("x" * 100_000) == "x" * NAME_LIMIT
    assert to_name(["Ana"]) is None


def test_groups_and_broadcasts_are_crowds() -> None:
    """A crowd is told by its address."""
    assert is_crowd("123@g.us")
    assert is_crowd("123@G.US")
    assert is_crowd("status@broadcast")
    assert not is_crowd("123@lid")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (1_700_000_000, 1_700_000_000.0),
        ("1700000000", 1_700_000_000.0),
        (1_700_000_000_123, 1_700_000_000.123),
        ("1700000000123", 1_700_000_000.123),
        (1_700_000_000_123_456, 1_700_000_000.123456),
        ("2023-11-14T22:13:20Z", 1_700_000_000.0),
        ("2023-11-14T18:13:20-04:00", 1_700_000_000.0),
        ("2023-11-14T22:13:20", 1_700_000_000.0),
    ],
)
def test_times_come_in_seconds_or_finer(written: Any, seconds: float) -> None:
    """Seconds, milliseconds and ISO 8601 are one time."""
    assert to_time(written) == pytest.approx(seconds)


@pytest.mark.parametrize("written", [0, -5, "soon", True, None, {}, float("inf"), 1e300, "nan", "9" * 400])
def test_what_is_no_time(written: Any) -> None:
    """A time that makes no sense is none."""
    assert to_time(written) is None


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Hola", "Hola"),
        (5, "5"),
        (5.0, "5"),
        (0.5, "0.5"),
        (True, "true"),
        ("a\0b", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ({}, None),
        (["a"], None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_texts_can_be_stored(written: Any, text: str | None) -> None:
    """Numbers become text; NUL and lone surrogates go; the rest is no text."""
    assert to_text(written) == text


def test_numbers_may_be_text() -> None:
    """A coordinate in quotes is a coordinate."""
    assert to_number("-17.78") == -17.78
    assert to_number("x") is None
    assert to_number(10**400) is None


def test_flags_may_be_text() -> None:
    """A flag in quotes is a flag."""
    assert to_truth("True")
    assert to_truth(1)
    assert not to_truth("false")
    assert not to_truth(None)
