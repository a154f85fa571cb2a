"""Packed answers: what they may take while they are unpacked."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from botkit.unpack import MAX_ANSWER, TooLarge, as_text, unpack


def test_bomb() -> None:
    """A bomb is never unpacked whole: a thousandfold answer takes no more memory than the largest one allowed."""
    bomb = gzip.compress(b"x" * 50_000_000)
    assert len(bomb) < MAX_ANSWER
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            unpack(bomb, "gzip")
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_ANSWER
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("charset", ["punycode", "idna", "undefined", "unicode_escape", "raw-unicode-escape", "rot13"])
def test_no_charsets(charset: str) -> None:
    """What only Python calls a charset is none: an answer is read as UTF-8, in no time."""
    text = "a" * 128_000 + "-\\u0041ñ" + "b" * 100_000
    assert as_text(text.encode(), charset) == text
