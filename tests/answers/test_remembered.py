"""What functions of short texts remember."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from botkit.answers.remembered import REMEMBERED, TEXTS, remembered


@pytest.mark.parametrize(("length", "reads"), [(1, 1), (REMEMBERED, 1), (REMEMBERED + 1, 2)])
def test_short_texts_are_read_once(length: int, reads: int) -> None:
    """A short text is read once, a long one each time it is asked for."""
    read: list[str] = []
    length_of = _length_of(read)
    assert [length_of("a" * length), length_of("a" * length)] == [length, length]
    assert len(read) == reads


def test_languages_are_apart() -> None:
    """One text in two languages is read twice."""
    told = remembered(lambda text, language: f"{text} in {language}")
    assert (told("no", "es"), told("no", "en")) == ("no in es", "no in en")


def test_memory_is_bounded() -> None:
    """Of many texts the oldest is read anew."""
    read: list[str] = []
    length_of = _length_of(read)
    for number in range(TEXTS + 1):
        length_of(str(number))
    length_of("0")
    assert read.count("0") == 2


def _length_of(read: list[str]) -> Callable[[str], int]:
    """Return a function that remembers, and notes each text that it reads."""

    @remembered
    def length_of(text: str) -> int:
        read.append(text)
        return len(text)

    return length_of
