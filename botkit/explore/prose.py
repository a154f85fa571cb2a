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
#: Words of a hint that say that a day is over, that it must not lie ahead, and words of a question about what comes.
_PAST = re.compile(
    r"ya (?:ha )?pas[óoa]|\bpasad[oa]s?\b|in the past|already (?:over|gone|past)"
    r"|a partir de (?:hoy|mañana)|from (?:today|tomorrow)|(?:fecha|día|debe ser|una?|date|must be|in the) futur",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"(?:no puede|no debe|todavía no|cannot|can't|must not|not)[^.]{0,40}(?:futur|llegad|lleg[óo])"
    r"|hasta hoy|up to today",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\bquier[eo]s?\b.*\b(?:venir|cita|turno|reserv|visit|entreg|pedido|viaj)|\bvienes\b|\bvendr[áa]s\b"
    r"|\breserv|\bcita\b|\bentreg(?:a|amos|uemos)\b|\blleg(?:as|arás)\b"
    r"|would you like to (?:come|book)|\bbook|\bappointment|shall we deliver",
    re.IGNORECASE,
)
_WAS = re.compile(r"\bnaci|\bfue\b|\bpasó\b|\bocurri|\búltim|\bcompr|\bborn\b|\bwas\b|\blast\b", re.IGNORECASE)


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


def refuses_the_past(hints: str) -> bool:
    """Tell whether a hint says that a day is over."""
    return _PAST.search(hints) is not None and _FUTURE.search(hints) is None


def refuses_the_future(hints: str) -> bool:
    """Tell whether a hint says that a day has not come yet."""
    return _FUTURE.search(hints) is not None


def is_about_what_comes(question: str) -> bool:
    """Tell whether a question asks for a day to come: an appointment, a delivery."""
    return _TO_COME.search(question) is not None and _WAS.search(question) is None


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _next(number: str, step: int) -> str:
    value = _value(number) + step
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")
