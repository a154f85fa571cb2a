"""What a question's own words promise: examples that it gives, and the bounds that it names."""

from __future__ import annotations

import re
from typing import NamedTuple

_EXAMPLE = re.compile(
    r"(?:por ejemplo|p\. ?ej\.|ejemplo|ej\.|for example|for instance|e\.g\.)[:,]?\s+(?P<given>[^()\n]{1,80})",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«'‘*]([^\"”»'’*\n]{1,60})[\"”»'’*]")
_CODE = re.compile(r"[\w@./:+-]*\d[\w@./:+-]*|[\w.+-]+@[\w.-]+")
_NUMBER = r"(-?\d+(?:[.,]\d+)?)"
_RANGE = re.compile(
    rf"(?:\bdel?|\bfrom|\bentre|\bbetween)\s+(?:el\s+)?{_NUMBER}\s+(?:al?|to|y|and|hasta)\s+(?:el\s+)?{_NUMBER}\b"
    rf"|\b{_NUMBER}\s*[-–]\s*{_NUMBER}\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"\b(?:m[ií]nimo|como mínimo|al menos|at least|desde|a partir de)\s+(?:de\s+)?(?:los\s+)?{_NUMBER}\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"\b(?:m[áa]ximo|como máximo|hasta|at most|up to|no more than|no más de)\s+(?:de\s+)?{_NUMBER}\b", re.IGNORECASE
)
#: Words of a hint that say that a day is over.
_PAST = re.compile(r"ya pas[óo]|ya pasad|\bpasad[oa]s?\b|in the past|already (?:over|gone|past)|futur", re.IGNORECASE)


class Promise(NamedTuple):
    """What the words say of an answer: that it is `taken` or not."""

    answer: str
    taken: bool


def examples(text: str) -> list[str]:
    """Return what a text gives as examples of an answer."""
    found = []
    for match in _EXAMPLE.finditer(text):
        given = match["given"]
        quoted = _QUOTED.findall(given)
        parts = quoted or re.split(r"\s+(?:o|u|or|y|and)\s+|[,;]\s+", re.split(r"[.!?](?:\s|$)", given)[0])
        found += [part.strip(" .!?\"'*“”«»") for part in parts]
    return [each for each in found if each][:4]


def mentions(text: str) -> list[str]:
    """Return whatever in a text may be an answer: what stands in quotes or bold, and whatever holds digits."""
    return [each.strip(".,:;!?") for each in [*_QUOTED.findall(text), *_CODE.findall(text)]][:8]


def bounds(text: str) -> list[Promise]:
    """Return what a text promises of numbers: "del 1 al 5" takes 1 and 5, and neither 0 nor 6."""
    found: list[Promise] = []
    for match in _RANGE.finditer(text):
        least, most = [each for each in match.groups() if each is not None]
        if _value(least) < _value(most):
            found += [Promise(least, True), Promise(most, True)]
            found += [Promise(_next(least, -1), False), Promise(_next(most, 1), False)]
    if not found:
        for pattern, step in ((_LEAST, -1), (_MOST, 1)):
            for match in pattern.finditer(text):
                found += [Promise(match[1], True), Promise(_next(match[1], step), False)]
    return found


def refuses_the_past(text: str) -> bool:
    """Tell whether a hint says that a day is over."""
    return _PAST.search(text) is not None and "futur" not in text.lower()


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _next(number: str, step: int) -> str:
    value = _value(number) + step
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")
