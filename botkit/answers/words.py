"""A text as words: small letters, no accents, one blank between, numbers in words as digits."""

from __future__ import annotations

import re

from botkit.answers import number_words
from botkit.answers.fold import flatten

#: Longest text that is read for a date, a time or a number, in characters: what is longer is a story, in which the one
#: date may be anything.
LONGEST_SENTENCE = 500

#: Digits that NFKD would make of what is none: "5½" is not 51, "m²" is not a number.
NO_DIGITS = re.compile("[²³¹¼-¾⁰-₟⅐-↏①-⓿❶-➓]")
#: What says "maybe" in several words.
MAYBE = re.compile(r"\b(?:tal vez|a lo mejor|puede que)\b")
_NEUTRAL = re.compile(r"[^\w\s.:/^'%$€+#-]|_")
#: What is pulled apart, joined or marked before words are read. "En ocho días" is a week to most, "en quince" two: "^"
#: makes them no number.
_APART = (
    (re.compile(r"(?<![a-z])([ap])(?:\. ?| )m(?![a-z])\.?"), r"\1m"),
    (re.compile(r"(?<=\d) ?([/:]) ?(?=\d)"), r"\1"),
    (re.compile(r"(?<![\d-])(\d{4}-\d\d-\d\d)t(?=\d)"), r"\1 "),
    (re.compile(r"\bo ?'? ?clock\b"), "oclock"),
    (re.compile(r"\bno mas\b"), "nomas"),
    (MAYBE, "quizas"),
    (re.compile(r"\bmedio dia\b"), "mediodia"),
    (re.compile(r"\bmedia noche\b"), "medianoche"),
    (re.compile(r"\btonight\b"), "esta noche"),
    (re.compile(r"(?<=[a-z])[./-]+(?=[a-z])"), " "),
    (re.compile(r"(?<=\d)[-/](?=[a-z]{3})|(?<=[a-z]{3})[-/](?=\d)"), " "),
    (re.compile(r"[.:]+(?= |$)"), " "),
    (re.compile(r"\b(ocho|quince) dias\b"), r"^\1 dias"),
)

#: Words beside an answer that turn it into another, or into none: "antes del martes", "el martes no", "3 o 4".
UNSETTLING = frozenset(
    "no ni nunca jamas tampoco excepto salvo menos o u antes despues hasta desde entre cada todos todas quizas quiza"
    " talvez casi ninguno ninguna pico partir maximo minimo"
    " not never except before after until till since between every each neither nor or maybe perhaps almost dont"
    " don't cannot can't".split()
)
#: Words beside an answer that leave it what it is, also in a question.
FILLERS = frozenset(
    "para el la los las a al de del en por favor porfa porfavor gracias si ok bueno ya pues nomas mejor puede podria"
    " ser seria esta estaria bien dia fecha hora hrs cita quiero quisiera mi es son"
    " for on at in the of please thanks thank you yes can could would be it is fine my date time hour day".split()
)


def words_of(text: str, language: str) -> list[str]:
    """Return the words of a text, numbers in words as digits; empty for a text that is too long to be an answer."""
    if len(text) > LONGEST_SENTENCE:
        return []
    flat = flatten(NO_DIGITS.sub("^", text).replace("’", "'").replace("´", "'"))
    flat = _NEUTRAL.sub(" ", flat)
    flat = " ".join(flat.split())
    for pattern, instead in _APART:
        flat = pattern.sub(instead, flat)
    return _with_digits(flat.split(), language)


def _with_digits(words: list[str], language: str) -> list[str]:
    out, at = [], 0
    while at < len(words):
        found = None if words[at] in number_words.ARTICLES else number_words.parse(words, at, language)
        end, shown = found if found else (at + 1, words[at])
        out.append(str(shown))
        at = end
    return out


def settled(words: list[str], text: str) -> bool:
    """Tell whether what stands beside an answer leaves it as it is; a question must be about nothing else."""
    if any(word in UNSETTLING or any(map(str.isdigit, word)) or "^" in word for word in words):
        return False
    return "?" not in text or all(word in FILLERS or not word[0].isalnum() for word in words)
