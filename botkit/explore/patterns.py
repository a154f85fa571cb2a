"""Texts that an author's pattern fits, and some that it nearly does."""

from __future__ import annotations

from random import Random
from re import _constants as code  # type: ignore[attr-defined]  # the parser of `re` has no public name any more
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from botkit.flow.pattern import Pattern

#: Most repetitions of what may be repeated without end.
MOST = 3
_CLASSES = {"CATEGORY_DIGIT": "0123456789", "CATEGORY_WORD": "abcXYZ019", "CATEGORY_SPACE": " "}
_ANY = "abcdeABC123"


def fitting(pattern: Pattern, random: Random, count: int = 6) -> list[str]:
    """Return texts that a pattern fits, the shortest first; none where it cannot be told what fits."""
    try:
        tree = parser.parse(pattern.text)
    except Exception:  # RE2 knows what `re` does not
        return []
    made = [_write(tree, random, number) for number in range(count)]
    return sorted(
        {each for each in made if each.strip() and pattern.search(each) is not None}, key=lambda t: (len(t), t)
    )


def is_hopeless(pattern: Pattern) -> bool:
    """Tell whether a pattern can be read, and fits nothing of what was made for it: `a^b`."""
    try:
        tree = parser.parse(pattern.text)
    except Exception:  # RE2 knows what `re` does not
        return False
    return not fitting(pattern, Random(0), 20) and any(_write(tree, Random(0), number).strip() for number in range(3))


def beside(text: str) -> list[str]:
    """Return texts that differ from a fitting one by a sign."""
    return [text[:-1], text + "x", text[1:], text.swapcase(), f"{text[: len(text) // 2]}-{text[len(text) // 2 :]}"]


def _write(tree: Any, random: Random, number: int) -> str:
    return "".join(_part(kind, value, random, number) for kind, value in tree)


def _part(kind: Any, value: Any, random: Random, number: int) -> str:
    if kind is code.LITERAL:
        return chr(value)
    if kind is code.ANY:
        return random.choice(_ANY)
    if kind is code.IN:
        return _one_of(value, random)
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT):
        least, most, inner = value
        most = min(int(most), int(least) + MOST)
        return "".join(
            _write(inner, random, number) for _ in range(least if number == 0 else random.randint(least, most))
        )
    if kind is code.SUBPATTERN:
        return _write(value[-1], random, number)
    if kind is code.BRANCH:
        return _write(random.choice(value[1]), random, number)
    return ""  # anchors


def _one_of(value: Any, random: Random) -> str:
    signs = _signs(value)
    if value and value[0][0] is code.NEGATE:
        signs = "".join(sign for sign in _ANY + " -.@" if sign not in signs) or "ñ"
    return random.choice(signs) if signs else ""


def _signs(value: Any) -> str:
    signs = ""
    for kind, inner in value:
        if kind is code.LITERAL:
            signs += chr(inner)
        elif kind is code.RANGE:
            signs += "".join(map(chr, range(inner[0], min(inner[1], inner[0] + 60) + 1)))
        elif kind is code.CATEGORY:
            signs += _CLASSES.get(str(inner), "")
    return signs
