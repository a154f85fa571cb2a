"""Reading what a person meant: which option, which number, yes or no.

Everything here is pure and tolerant in the same way: case, accents and outer punctuation do not count. What is not
surely understood is not understood: a wrong answer asks again, a wrong guess books the wrong day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from botkit.flow.fold import fold

#: From this likeness on (0–100) a misspelt option counts, if it is the only one.
CLOSE = 82.0
#: Shorter texts are never matched by likeness: "si" and "no" are one letter from many words.
CLOSE_FROM = 4

YES_WORDS: dict[str, tuple[str, ...]] = {
    "es": tuple(
        "si|sii|siii|claro|claro que si|dale|ya|ok|okey|okay|vale|bueno|de acuerdo|por supuesto|correcto|asi es|"
        "sip|simon|obvio|confirmo|si por favor|si gracias|listo|perfecto|exacto".split("|")
    ),
    "en": tuple(
        "yes|y|yeah|yep|yup|sure|ok|okay|of course|correct|right|please do|yes please|fine|confirm|confirmed".split("|")
    ),
}
NO_WORDS: dict[str, tuple[str, ...]] = {
    "es": tuple(
        "no|nop|nope|nel|no gracias|para nada|ni modo|negativo|tampoco|todavia no|aun no|mejor no|nada|no quiero".split(
            "|"
        )
    ),
    "en": tuple("no|n|nope|nah|no thanks|no thank you|not now|not yet|negative|never".split("|")),
}
#: language -> word -> what it means; the empty language is all of them, where yes goes before no
_MEANINGS: dict[str, dict[str, bool]] = {
    language: {**dict.fromkeys(NO_WORDS[language], False), **dict.fromkeys(YES_WORDS[language], True)}
    for language in YES_WORDS
}
_MEANINGS[""] = {
    **{word: False for words in NO_WORDS.values() for word in words},
    **{word: True for words in YES_WORDS.values() for word in words},
}
_ORDINALS: dict[str, tuple[str, ...]] = {
    "es": tuple("primer|segund|tercer|cuart|quint|sext|septim|octav|noven|decim".split("|")),
    "en": tuple("first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth".split("|")),
}
_LAST = {"es": ("ultima", "ultimo"), "en": ("last",)}
_ARTICLES = re.compile(r"^(?:la|el|lo|los|las|the|opcion|option|numero|number|nro|n)\s+")
_ENDING = re.compile(r"(?:o|a|os|as|er|ero|era)?$")

#: "sí, por favor" is "sí por favor"
_INNER = re.compile(r"\s*[,.;!]+\s*")

#: a whole number in a sentence, with separators of thousands; a sign only where no digit stands before it
_INTEGER = re.compile(r"(?<![\w.,\-/:])-?(?:[1-9]\d{0,2}(?:[.,]\d{3})+|\d+)(?![\w/:]|[.,\-]\d)")


def read_yes_no(text: str, language: str) -> bool | None:
    """Return what a text says to a yes/no question, or None; the other languages count too."""
    folded = _INNER.sub(" ", fold(text))
    own = _MEANINGS.get(language, {}).get(folded)
    return own if own is not None else _MEANINGS[""].get(folded)


def read_integer(text: str) -> int | None:
    """Return the only whole number in a text ("tengo 40 años" is 40), or None."""
    found = _INTEGER.findall(text)
    if len(found) != 1 or len(re.findall(r"\d+(?:[.,]\d+)*", text)) != 1:
        return None
    number = int(re.sub(r"[.,]", "", found[0])) if len(found[0]) <= 25 else 2**63
    return number if abs(number) < 2**63 else None


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
