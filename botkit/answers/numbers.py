"""`integer`, `number` and `money`: the only number in a sentence, in figures or in words.

The rules where people differ:

* One separator before exactly three digits is of thousands in a whole number and in an amount ("1.500", "1,500"). In a
  `number` only the language's own is (Spanish "1.500"); the other could be a fraction, so it is not understood. Before
  one, two or four digits it is the decimal sign, whichever it is.
* "20k" and "20 mil" are 20,000, "una docena" is 12, "dos y medio" is 2.5; "un" and "una" count only where they are the
  answer: "una", "una persona".
* An amount in another currency than the bot's is not understood; "$" is dollars where the bot's currency has another
  sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from botkit.answers import number_words
from botkit.answers.calendar_words import MONTHS
from botkit.answers.context import ReadingContext
from botkit.answers.currencies import MARKS
from botkit.answers.fold import flatten
from botkit.answers.remembered import remembered
from botkit.answers.words import FILLERS, LONGEST_SENTENCE, MAYBE, NO_DIGITS, UNSETTLING

#: Numbers beyond are refused: SQLite, JSON and JavaScript readers of a record stop here.
LIMIT = 2**63
#: More figures than the limit has, with room for separators.
MOST_FIGURES = 30

_APART = re.compile(r"[^\w\s.,:/^%$€£₲₡+#°-]|_|\.-(?![^\s\d])")
_JOINED = re.compile(r"(?<=[a-z])-(?=[a-z])")
_FIGURES = re.compile(r"(?P<before>[^\d\s+-]{0,6})(?P<sign>[+-]?)(?P<figures>\d[\d.,]*)(?P<after>[^\d\s]{0,12})")
_BEFORE = frozenset(("", "#", "n°", "nro.", "no."))
_UNITS = frozenset("% kg kgs km cm mm g gr l lt lts ml mt mts k anos".split())
_DOZENS = frozenset("docena docenas dozen dozens".split())
_SIGNS = frozenset("$€£₲₡")
_HALVES = frozenset(("medio", "media", "half"))
_MINUS = frozenset(("menos", "minus", "negative"))
_UNSURE = UNSETTLING | frozenset("more less than over under".split())
#: Beside a number they are parts of one that is not read: "tres y cuarto", "cinco coma dos", "2 cientos".
_PARTS = _HALVES | frozenset(
    "coma quarter quarters tercio tercios cientos cientas hundred hundreds par couple pair trio uno veinti"
    " millon millones million millions mil thousand thousands".split()
)
_AND = frozenset(("y", "and", "mas", "plus"))
_QUARTERS = frozenset(("cuarto", "cuartos"))  # rooms, too
#: With "una" they are no count: "una pregunta".
_NO_COUNTS = frozenset(MONTHS) | frozenset(
    "pregunta consulta duda momento momentito segundo rato ratito favor cosa question moment".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a sentence: where it ends, what it may be by kind, whether it is in words."""

    end: int
    value: float | None
    in_words: bool


def read_integer(text: str, context: ReadingContext) -> int | None:
    """Return the only whole number in a text: "tengo 40 años" is 40."""
    return _integer(text, context.language)


@remembered
def _integer(text: str, language: str) -> int | None:
    value = _only(_words(text), "integer", language)
    return None if value is None or value != int(value) else int(value)


def read_number(text: str, context: ReadingContext) -> float | None:
    """Return the only number in a text; a whole one is an int."""
    return _only(_words(text), "number", context.language)


def read_money(text: str, context: ReadingContext) -> float | None:
    """Return the only amount in a text, in the bot's currency: "Bs 1.500,50"."""
    words = _words(text)
    marks = [MARKS.get(mark, frozenset[str]()) for word in words for mark in _marks(word)]
    if any(context.currency not in currencies for currencies in marks) or any("%" in word for word in words):
        return None
    return _only(words, "money", context.language)


def _words(text: str) -> list[str]:
    if len(text) > LONGEST_SENTENCE:
        return []
    flat = _APART.sub(" ", flatten(NO_DIGITS.sub("^", text).replace("−", "-")))
    flat = (
        _JOINED.sub(" ", flat).replace("por ciento", "%").replace("no mas", "nomas").replace("mil gracias", "gracias")
    )
    flat = MAYBE.sub("quizas", flat)
    return [word for raw in flat.split() if (word := raw.strip(":").rstrip(".,"))]


def _marks(word: str) -> list[str]:
    """Return the marks of currency in a word, unknown ones too: "bs20" and "a$20" have one."""
    figures = _FIGURES.fullmatch(word)
    parts = [figures["before"].rstrip("."), figures["after"]] if figures else [word]
    return [part for part in parts if part in MARKS or not _SIGNS.isdisjoint(part)]


def _only(words: Sequence[str], kind: str, language: str) -> float | None:
    """Return the one number that words hold; None if there is none, another, or a doubt."""
    negative = len(words) > 1 and words[0] in _MINUS and words[1] != "de"
    words = words[1:] if negative else words
    found = _scan(words, kind, language)
    if found is None or _unsure(words):
        return None
    value = found[0].value if found else _lone_article(words, kind) or _half(words, kind)
    if value is None or len(found) > 2 or (len(found) == 2 and not _said_twice(*found)):
        return None
    return _bounded(-value if negative else value)


def _said_twice(one: Found, other: Found) -> bool:
    """Tell whether figures and words say the same: "40 (cuarenta)"."""
    return one.value == other.value and one.in_words != other.in_words


def _bounded(value: float) -> float | None:
    if abs(value) >= LIMIT:
        return None
    return int(value) if float(value).is_integer() and isinstance(value, float) else value


def _scan(words: Sequence[str], kind: str, language: str) -> list[Found] | None:
    """Return the numbers in words; None if there is one that cannot be read, or is a time or a date."""
    out: list[Found] = []
    at, partial = 0, False
    while at < len(words):
        found = _number_at(words, at, kind, language)
        if found is None:
            again = words[at] == "uno" and [one.value for one in out] == [1]  # "1 (uno)"
            partial = partial or (words[at] in _PARTS and not again) or _is_quarter(words, at, kind)
            at += 1
            continue
        if found.value is None or _of_a_clock(words, at, found.end) or _counts_more(words, at, found.end):
            return None
        out.append(found)
        at = found.end
    return None if partial and out else out


def _is_quarter(words: Sequence[str], at: int, kind: str) -> bool:
    """Tell whether a word is a fraction, and no room."""
    return words[at] in _QUARTERS and (kind == "number" or (at > 0 and words[at - 1] in _AND))


def _counts_more(words: Sequence[str], at: int, end: int) -> bool:
    """Tell whether something else is counted by an article: "3 y un bebé", "un adulto y 2 niños"."""
    behind = _word(words, end) in _AND and _word(words, end + 1) in number_words.ARTICLES
    before = at > 1 and words[at - 1] in _AND and not number_words.ARTICLES.isdisjoint(words[: at - 1])
    return behind or before


def _number_at(words: Sequence[str], at: int, kind: str, language: str) -> Found | None:
    word = words[at]
    if word.startswith("^") or any(map(str.isdigit, word)):
        return _grown(words, Found(at + 1, _figures(word, kind, language), False))
    if word in _HALVES:
        dozen = at + 2 if _word(words, at + 1) == "a" else at + 1
        return Found(dozen + 1, 6, True) if _word(words, dozen) in _DOZENS else None
    parsed = number_words.parse_apart(words, at) or number_words.parse(words, at, language)
    if word not in number_words.ARTICLES:
        return _grown(words, Found(*parsed, True)) if parsed else None
    found = _grown(words, Found(*(parsed or (at + 1, 1)), True))
    return found if found.end > at + 1 and _word(words, at - 1 if at else len(words)) != "la" else None


def _grown(words: Sequence[str], found: Found) -> Found:
    """Return a number with what multiplies it, or adds a half, behind it."""
    value, end = found.value, found.end
    scale = 12 if _word(words, end) in _DOZENS else number_words.SCALES.get(_word(words, end))
    if value is None:
        return found
    if scale:
        value, end = value * scale, end + 1
    half = _half_behind(words, end)
    if half:
        value, end = value + 0.5 * (scale or number_words.SCALES.get(words[end - 1], 1)), half
    return Found(end, value, found.in_words)


def _half_behind(words: Sequence[str], at: int) -> int:
    """Return where a half ends that is added here, "y medio", "kilos y medio por favor"; 0: there is none."""
    for start in (at, at + 1):
        if _word(words, start) in _AND:
            end = start + 2 if _word(words, start + 1) == "a" else start + 1
            whole = start == at or _word(words, end + 1) in ("", *FILLERS)
            return end + 1 if _word(words, end) in _HALVES and whole else 0
    return 0


def _figures(word: str, kind: str, language: str) -> float | None:
    """Return what figures mean with what is written around them, None if that is no number."""
    found = _FIGURES.fullmatch(word)
    if not found or len(found["figures"]) > MOST_FIGURES:
        return None
    before, after = found["before"], found["after"]
    if before not in _BEFORE and before.rstrip(".") not in MARKS:
        return None
    if after and after not in _UNITS and after not in MARKS:
        return None
    value = _plain(found["figures"].rstrip(".,"), kind, language)
    if value is None:
        return None
    value = value * 1000 if after == "k" else value
    return -value if found["sign"] == "-" else value


def _plain(figures: str, kind: str, language: str) -> float | None:
    signs = re.findall(r"[.,]", figures)
    if not signs:
        return int(figures)
    last = signs[-1]
    whole, _, fraction = figures.rpartition(last)
    if len(set(signs)) == 2:
        other = "," if last == "." else "."
        grouped = signs.count(last) == 1 and _grouped(whole.split(other))
        return _fraction(whole.replace(other, ""), fraction, kind) if grouped else None
    if len(signs) > 1:
        return int(figures.replace(last, "")) if _grouped(figures.split(last)) else None
    if len(fraction) == 3:
        return _three(whole, fraction, kind, own=last == ("." if language == "es" else ","))
    return _fraction(whole, fraction, kind)


def _three(whole: str, fraction: str, kind: str, *, own: bool) -> float | None:
    """Return a number with one separator before three digits; `own` is the language's separator of thousands."""
    if _grouped([whole, fraction]):
        return int(whole + fraction) if own or kind != "number" else None
    return _fraction(whole, fraction, kind) if kind == "number" and (not own or whole == "0") else None


def _grouped(groups: Sequence[str]) -> bool:
    return groups[0][:1] not in ("", "0") and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _fraction(whole: str, fraction: str, kind: str) -> float | None:
    if not whole or not fraction or (kind == "money" and len(fraction) > 2):
        return None
    value = float(f"{whole}.{fraction}")
    return int(value) if value.is_integer() and value < LIMIT else value


def _of_a_clock(words: Sequence[str], at: int, end: int) -> bool:
    """Tell whether a number is of a date or a time, or breaks off: "15 de mayo", "a las 3", "15 de"."""
    after = _word(words, end)
    if after in ("am", "pm") or after in MONTHS or (at > 1 and words[at - 2] == "a" and words[at - 1] in ("las", "la")):
        return True
    behind = _word(words, end + 1)
    return after in ("de", "del", "of") and (behind in MONTHS or behind in ("", "la", "este", "este mes"))


def _unsure(words: Sequence[str]) -> bool:
    pairs = zip_longest(words, words[1:], fillvalue="")
    return any(
        word in _UNSURE or (not any(map(str.isalnum, word)) and word in "-+/:") or (word, following) == ("mas", "de")
        for word, following in pairs
    )


def _lone_article(words: Sequence[str], kind: str) -> int | None:
    """Return 1 for "una" or "una persona"; elsewhere it is an article."""
    left = [word for word in words if word not in FILLERS]
    counted = left and left[0] in ("un", "una", "uno", "one") and len(left) <= 2
    parts = _NO_COUNTS | _QUARTERS if kind == "number" else _NO_COUNTS
    return 1 if counted and "la" not in words and parts.isdisjoint(left) and _PARTS.isdisjoint(left[1:]) else None


def _half(words: Sequence[str], kind: str) -> float | None:
    left = [word for word in words if word not in FILLERS and word not in ("un", "una", "a")]
    return 0.5 if kind == "number" and len(left) == 1 and left[0] in _HALVES else None


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""
