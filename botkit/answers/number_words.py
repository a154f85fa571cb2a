"""Numbers in words, in Spanish and English: "dos mil quinientos", "twenty-five". The words are data."""

from __future__ import annotations

from collections.abc import Sequence


def _numbered(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """Return word -> number for words that count up; variants of one number are joined by a slash."""
    return {word: first + index * step for index, entry in enumerate(words.split()) for word in entry.split("/")}


#: what counts for one but is an article too
ARTICLES = frozenset(("un", "una", "uno", "a", "an", "one"))
_SMALL = {
    "es": _numbered(
        "cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
        " diecisiete dieciocho diecinueve veinte veintiuno/veintiun/veintiuna veintidos veintitres veinticuatro"
        " veinticinco veintiseis veintisiete veintiocho veintinueve"
    ),
    "en": _numbered(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen"
    ),
}
_TENS = {
    "es": _numbered("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10),
    "en": _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
}
_HUNDREDS = {
    "es": _numbered(
        "cien/ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas"
        " seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas",
        100,
        100,
    ),
    "en": {"hundred": 100},
}
#: tens that people join as well with a unit from some on: "diez y seis"
_APART = {"diez": 10, "veinte": 20}
_LEAST_APART = {10: 6, 20: 1}
#: in the other language words of another kind: "once more", "ten cuidado"
_FALSE_FRIENDS = frozenset(("once", "ten"))
#: also behind digits: "20 mil"
SCALES = {"mil": 1000, "thousand": 1000, "millon": 10**6, "millones": 10**6, "million": 10**6}


def parse(words: Sequence[str], start: int, language: str) -> tuple[int, int] | None:
    """Return where the number that begins at a word ends, and what it is; None if none begins there.

    The contact's language goes first.
    """
    other = "es" if language == "en" else "en"
    for tongue in ("es" if language != "en" else "en", other):
        found = None if tongue == other and words[start] in _FALSE_FRIENDS else _parse(words, start, tongue)
        if found:
            return found
    return None


def parse_apart(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """Return what `parse` does of "veinte y uno" and "diez y ocho", which beside an hour are something else."""
    ten, unit = _APART.get(_word(words, at)), _digit(words, at + 2, "es")
    fits = ten is not None and _word(words, at + 1) == "y" and _LEAST_APART[ten] <= unit < 10
    return (at + 3, (ten or 0) + unit) if fits else None


def _parse(words: Sequence[str], start: int, tongue: str) -> tuple[int, int] | None:
    total, at, below = 0, start, 10**9
    while True:
        end, value = _below_thousand(words, at, tongue)
        scale = SCALES.get(_word(words, end), 1)
        bare = end == at and _word(words, end) == "mil"  # "mil" needs no "un"
        if scale >= below or (end == at and not bare):
            return (at, total) if at > start else None
        if scale == 1:
            return end, total + value
        total, at, below = total + (1 if bare else value) * scale, end + 1, scale


def _below_thousand(words: Sequence[str], at: int, tongue: str) -> tuple[int, int]:
    """Return where a number below a thousand ends, and what it is; it ends where it began if there is none."""
    total = 0
    if _word(words, at) in _HUNDREDS["es"] and tongue == "es":
        total, at = _HUNDREDS["es"][words[at]], at + 1
    elif tongue == "en" and _word(words, at + 1) == "hundred" and 0 < _digit(words, at, tongue) < 10:
        total, at = 100 * _digit(words, at, tongue), at + 2
        at += _word(words, at) == "and" and _below_hundred(words, at + 1, tongue)[0] > at + 1
    end, value = _below_hundred(words, at, tongue)
    return end, total + value


def _below_hundred(words: Sequence[str], at: int, tongue: str) -> tuple[int, int]:
    word = _word(words, at)
    if word == "a" and tongue == "en" and _word(words, at + 1) in SCALES:
        return at + 1, 1
    if word not in _TENS[tongue]:
        value = _SMALL[tongue].get(word)
        return (at, 0) if value is None else (at + 1, value)
    ten = _TENS[tongue][word]
    unit_at = at + 2 if tongue == "es" else at + 1
    joined = tongue == "en" or _word(words, at + 1) == "y"
    unit = _digit(words, unit_at, tongue) if joined else 0
    return (unit_at + 1, ten + unit) if 0 < unit < 10 else (at + 1, ten)


def _digit(words: Sequence[str], at: int, tongue: str) -> int:
    word = _word(words, at)
    return 1 if word == "a" and tongue == "en" else _SMALL[tongue].get(word, 0)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
