"""Reading what a person meant: which option.

Everything here is pure and tolerant in the same way: case, accents and outer punctuation do not count. What is not
surely understood is not understood: a wrong answer asks again, a wrong guess books the wrong day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from botkit.answers.fold import fold
from botkit.answers.yes_no import read_yes_no

#: From this likeness on (0–100) a misspelt option counts, if it is the only one.
CLOSE = 82.0
#: Shorter texts are never matched by likeness: "si" and "no" are one letter from many words.
CLOSE_FROM = 4

_ORDINALS: dict[str, tuple[str, ...]] = {
    "es": tuple("primer|segund|tercer|cuart|quint|sext|septim|octav|noven|decim".split("|")),
    "en": tuple("first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth".split("|")),
}
_LAST = {"es": ("ultima", "ultimo"), "en": ("last",)}
_ARTICLES = re.compile(r"^(?:la|el|lo|los|las|the|opcion|option|numero|number|nro|n)\s+")
_ENDING = re.compile(r"(?:o|a|os|as|er|ero|era)?$")


Option = Mapping[str, Any]


def match_option(menu: Sequence[Option], text: str, language: str) -> Option | None:
    """Return the option of a menu that a text means, or None.

    In this order: its number, its label, value or words, an ordinal, a yes/no phrase, the only close spelling.
    """
    folded = fold(text)
    if not folded:
        return None
    return (
        _by_number(menu, folded)
        or match_exactly(menu, text)
        or _by_ordinal(menu, folded, language)
        or _by_yes_no(menu, text, language)
        or _by_likeness(menu, folded)
    )


def match_exactly(menu: Sequence[Option], text: str) -> Option | None:
    """Return the option whose label, value or word a text is, folded."""
    folded = fold(text)
    return next((option for option in menu if folded in spellings(option)), None)


def spellings(option: Option) -> list[str]:
    """Return the folded texts that name an option."""
    value = option.get("value")
    texts = [option["label"], *option.get("words", ())]
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        texts.append(str(value))
    return [fold(text) for text in texts]


def _by_number(menu: Sequence[Option], folded: str) -> Option | None:
    digits = _ARTICLES.sub("", folded)
    if digits.isascii() and digits.isdigit() and len(digits) <= 4 and 1 <= int(digits) <= len(menu):
        return menu[int(digits) - 1]
    return None


def _by_ordinal(menu: Sequence[Option], folded: str, language: str) -> Option | None:
    bare = _ARTICLES.sub("", folded)
    for tongue in (language, *_ORDINALS):
        if bare in _LAST.get(tongue, ()):
            return menu[-1]
        for index, stem in enumerate(_ORDINALS.get(tongue, ())[: len(menu)]):
            if bare.startswith(stem) and _ENDING.fullmatch(bare[len(stem) :]):
                return menu[index]
    return None


def _by_yes_no(menu: Sequence[Option], text: str, language: str) -> Option | None:
    meaning = read_yes_no(text, language)
    if meaning is None:
        return None
    fitting = [option for option in menu if read_yes_no(option["label"].split(",")[0], language) is meaning]
    return fitting[0] if len(fitting) == 1 else None


def _by_likeness(menu: Sequence[Option], folded: str) -> Option | None:
    if len(folded) < CLOSE_FROM:
        return None
    close = [option for option in menu if max(fuzz.ratio(folded, word) for word in spellings(option)) >= CLOSE]
    return close[0] if len(close) == 1 else None
