"""Reading what a person meant: which option of a menu.

Everything here is pure and tolerant in the same way: case, accents and outer punctuation do not count. What is not
surely understood is not understood: a wrong answer asks again, a wrong guess books the wrong day. So the first way of
reading that fits any option decides, and where it fits two there is no answer.

An option is what a frame keeps of a menu: `{id, label, value, words, title}`; `title` is what is shown where that is
not the label, and a row with `page` turns the pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from botkit.answers.fold import flatten, fold
from botkit.answers.remembered import REMEMBERED, remembered
from botkit.answers.yes_no import read_yes_no

#: From this likeness on (0–100) a misspelt option counts, if it is the only one.
CLOSE = 82.0
#: Shorter texts are never matched by likeness: "si" and "no" are one letter from many words.
CLOSE_FROM = 4
#: In words up to here a second wrong letter makes another word: "con", "sin".
SHORT_WORD = 4

#: Menus up to here are remembered with what was answered to them.
REMEMBERED_ROWS = 10

Option = Mapping[str, Any]
Menu = Sequence[Option]
#: What an option is known by: its label, its title, its value as a text, its words.
KnownBy = tuple[str, str | None, str | None, tuple[str, ...]]

#: What may stand before a number or an ordinal, and behind it: "la opción 2", "the second one".
_LEADING = frozenset("la el lo los las the opcion option numero number nro".split())
_TRAILING = frozenset("opcion opciones option options one".split())
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")

_SPANISH = "primer segund tercer cuart quint sext septim octav noven decim".split()
_ENGLISH = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_FROM_THE_END = {"ultim": -1, "penultim": -2}
#: ordinal, folded -> index in the menu
_ORDINALS: dict[str, int] = {
    **{stem + ending: index for index, stem in enumerate(_SPANISH) for ending in ("o", "a", "os", "as")},
    **{stem + ending: index for stem, index in _FROM_THE_END.items() for ending in ("o", "a", "os", "as")},
    **{word: index for index, word in enumerate(_ENGLISH)},
    **{"primer": 0, "tercer": 2, "last": -1},
}
_DIGITS_ORDINAL = re.compile(r"(\d{1,2})\.?(?:[rdtmvn][oa]|er[oa]?|[oa]|st|nd|rd|th)")

#: The labels that make a Sí/No option, up to a comma.
_MEANINGS = {"si": True, "yes": True, "no": False}

#: Letters that people take for each other at the beginning of a word.
_SOUNDS = str.maketrans("zckqvjy", "ssssbgl")


def match_option(menu: Menu, text: str, language: str, rows: Menu | None = None) -> Option | None:
    """Return the option that a text means, or None.

    In this order: its number, its label, value or words, an ordinal, a yes/no phrase, the only close spelling.
    `rows` are what is on show, where that is not the whole menu: numbers and ordinals count in it.
    """
    rows = menu if rows is None else rows
    return _numbered(rows, text) or _first_reading(_READINGS, menu, rows, text, language)


def match_suggestion(menu: Menu, text: str, language: str, rows: Menu | None = None) -> Option | None:
    """Return the suggestion of an `ask` that a text means: without ordinals and close spelling."""
    rows = menu if rows is None else rows
    return _numbered(rows, text) or _first_reading(_SURE_READINGS, menu, rows, text, language)


def match_exactly(menu: Menu, text: str) -> Option | None:
    """Return the option whose label, value or word a text is."""
    return _first_reading(_NAMES, menu, menu, text, "") if menu else None


@remembered
def bare(text: str) -> str:
    """Return a folded text without the emoji and signs around it; empty where there is nothing else."""
    folded = fold(_KEYCAP.sub("", text))
    kept = [index for index, char in enumerate(folded) if char.isalnum()]
    return folded[kept[0] : kept[-1] + 1] if kept else ""


def _first_reading(readings: Sequence[Reading], menu: Menu, rows: Menu, text: str, language: str) -> Option | None:
    # A page has fewer rows than its menu, and a number means a row of the page.
    if len(text) > REMEMBERED or len(menu) > REMEMBERED_ROWS or len(rows) != len(menu):
        found = _read(readings, menu, rows, text, language)
        return found[0] if len(found) == 1 else None
    at = _remembered_reading(readings, tuple(map(_known_by, menu)), text, language)
    return None if at is None else menu[at]


def _read(readings: Sequence[Reading], menu: Menu, rows: Menu, text: str, language: str) -> Menu:
    """Return what the first reading that fits any option finds."""
    if text.strip():
        for reading in readings:
            found = reading(menu, rows, text, language)
            if found:
                return found
    return []


def _known_by(option: Option) -> KnownBy:
    return option["label"], option.get("title"), _value(option), tuple(option.get("words", ()))


@lru_cache(maxsize=1024)
def _remembered_reading(readings: Sequence[Reading], menu: tuple[KnownBy, ...], text: str, language: str) -> int | None:
    """Return the place in a menu of what a short text means: menus are few, and people answer them alike."""
    options = [
        {"label": label, "title": title, "value": value, "words": words, "at": at}
        for at, (label, title, value, words) in enumerate(menu)
    ]
    found = _read(readings, options, options, text, language)
    return found[0]["at"] if len(found) == 1 else None


@remembered
def _number(text: str) -> int | None:
    digits = _core(fold(_KEYCAP.sub(r"\1", text)))
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


def _core(folded: str) -> str:
    words = folded.split(" ")
    while len(words) > 1 and words[0] in _LEADING:
        del words[0]
    while len(words) > 1 and words[-1] in _TRAILING:
        del words[-1]
    return " ".join(words)


def _numbered(rows: Menu, text: str) -> Option | None:
    """Return the row whose number a text is. It goes before all other readings, and most answers are one."""
    number = _number(text)
    return rows[number - 1] if number is not None and 1 <= number <= len(rows) else None


def _by_name(menu: Menu, rows: Menu, text: str, language: str) -> Menu:
    is_command = text.lstrip().startswith("/")  # which matches only names that begin so, too
    for normal in (flatten, fold) if is_command else (flatten, fold, bare):
        wanted = normal(text)
        found = _named(menu, wanted, normal) if wanted else []
        if found:
            return found
    return []


def _named(menu: Menu, wanted: str, normal: Callable[[str], str]) -> Menu:
    """Return the options whose label is wanted, else those whose value, else those of which one of the words."""
    return (
        [option for option in menu if normal(_label(option)) == wanted]
        or [option for option in menu if (value := _value(option)) is not None and normal(value) == wanted]
        or [option for option in menu if "words" in option and wanted in map(normal, option["words"])]
    )


def _label(option: Option) -> str:
    label: str = option.get("title") or option["label"]
    return label


def _value(option: Option) -> str | None:
    value = option.get("value")
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _by_ordinal(menu: Menu, rows: Menu, text: str, language: str) -> Menu:
    core = _core(fold(text))
    numbered = _DIGITS_ORDINAL.fullmatch(core)
    index = int(numbered[1]) - 1 if numbered else _ORDINALS.get(core)
    options = [row for row in rows if "page" not in row]
    return [options[index]] if index is not None and -len(options) <= index < len(options) else []


def _by_yes_no(menu: Menu, rows: Menu, text: str, language: str) -> Menu:
    meaning = read_yes_no(text, language)
    if meaning is None:
        return []
    return [option for option in menu if _MEANINGS.get(bare(option["label"].split(",")[0])) is meaning]


def _by_likeness(menu: Menu, rows: Menu, text: str, language: str) -> Menu:
    wanted = bare(text)
    if len(wanted) < CLOSE_FROM or _has_digit(wanted):
        return []
    return [
        option
        for option in menu
        if any(_is_close(wanted, bare(name)) for name in (_label(option), *option.get("words", ())))
    ]


def _is_close(wanted: str, name: str) -> bool:
    if len(name) < CLOSE_FROM or _has_digit(name) or fuzz.ratio(wanted, name, score_cutoff=CLOSE) == 0:
        return False
    ours, theirs = wanted.split(" "), name.split(" ")
    pairs = list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else [(wanted, name)]
    return all(_may_be(one, other) for one, other in pairs)


def _may_be(one: str, other: str) -> bool:
    """Tell whether a word may be a misspelling: one that begins otherwise has another sense, "activo", "inactivo"."""
    if one == other:
        return True
    if min(len(one), len(other)) < SHORT_WORD and OSA.distance(one, other) > 1:
        return False
    first, second = (word.removeprefix("h")[:1].translate(_SOUNDS) for word in (one, other))
    return first == second


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


Reading = Callable[[Menu, Menu, str, str], Menu]
_READINGS: tuple[Reading, ...] = (_by_name, _by_ordinal, _by_yes_no, _by_likeness)
_SURE_READINGS: tuple[Reading, ...] = (_by_name, _by_yes_no)
_NAMES: tuple[Reading, ...] = (_by_name,)
