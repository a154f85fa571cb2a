"""What makes two spellings one word."""

from __future__ import annotations

import time

import pytest

from botkit.answers.fold import LONGEST, fold, has_word


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¡SÍ!", "si"),
        ("  Otro   día. ", "otro dia"),
        ("Año", "ano"),
        ("«café»", "cafe"),
        ("...", "..."),
        ("?", "?"),
        ("👍", "👍"),
        ("¡ok 👍!", "ok 👍"),
        ("/Cita", "/cita"),
        ("*cita*", "cita"),
        ("a/b", "a/b"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("s\u200bí\u200e", "si"),
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("４２ ٤٢", "42 42"),
        ("a\u00a0b\u2003c", "a b c"),
        ("𝗦𝗶", "si"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    """Case, accents, outer punctuation, double blanks and the unseen do not count; emoji do."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "word", "position"),
    [
        ("quiero una cita", "cita", 11),
        ("citas", "cita", -1),
        ("recita cita", "cita", 7),
        ("cita", "cita", 0),
        ("una cita, por favor", "cita", 4),
        ("", "cita", -1),
        ("ok 👍", "👍", 3),
    ],
)
def test_has_word(text: str, word: str, position: int) -> None:
    """A word counts as a whole word only."""
    assert has_word(text, word) == position


@pytest.mark.parametrize("text", ["a" + "!" * 60_000 + "b", "!" * 200_000, "á" * 200_000, " . " * 60_000])
def test_long_texts(text: str) -> None:
    """A text of any length is folded in time that grows with it."""
    begun = time.process_time()
    fold(text)
    assert time.process_time() - begun < 2.0  # a pattern took 22 s for a third of this


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a" + "\u0301\u0323" * LONGEST, "a"),
        ("\ufdfa" * LONGEST, fold("\ufdfa" * LONGEST)[:LONGEST]),
        ("\u1e69" * 60, "s" * 60),
        ("s\u0323\u0307" * 60, "s" * 60),
    ],
)
def test_what_grows(text: str, folded: str) -> None:
    """Marks count for nothing in any number and order, and letters that are eighteen make no text any longer."""
    assert fold(text) == folded
    assert len(folded) <= LONGEST
