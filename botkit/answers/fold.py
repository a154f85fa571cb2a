"""Folding: what makes two spellings one word. Case, accents and outer punctuation do not count."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import lru_cache

#: What stands around a word and does not count; a slash begins a command. Stripped in one pass: a pattern for it takes
#: quadratic time on a text of signs.
_OUTER = string.whitespace + string.punctuation.replace("/", "") + "¡¿«»“”…·\u00a0"
_SPACES = re.compile(r"\s+")

#: No message is longer, by WhatsApp's own limit, in characters; what comes behind is not read for words.
LONGEST = 4096
#: Texts up to here are remembered: authors' words and short answers, not what people tell.
REMEMBERED = 48


def fold(text: str) -> str:
    """Return a text in small letters without accents, outer punctuation and double blanks.

    Punctuation stays when the word is nothing else; emoji stay; ñ counts as n, as people type it.
    """
    return _remembered(text) if len(text) <= REMEMBERED else _fold(text[:LONGEST])


def flatten(text: str) -> str:
    """Return a text in small letters without accents and double blanks; signs stay: "A+" is not "A-"."""
    return _remembered_flat(text) if len(text) <= REMEMBERED else _flatten(text[:LONGEST])


def _flatten(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.casefold())
    if not flat.isascii():
        flat = "".join(char for char in flat if not unicodedata.combining(char))
    return _SPACES.sub(" ", flat).strip()


def _fold(text: str) -> str:
    flat = flatten(text)
    return flat.strip(_OUTER) or flat


_remembered = lru_cache(maxsize=4096)(_fold)
_remembered_flat = lru_cache(maxsize=4096)(_flatten)


def has_word(folded: str, word: str) -> int:
    """Return where a folded word stands in a folded text as a whole word, or -1."""
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = folded[start - 1 : start], folded[end : end + 1]
        if not before.isalnum() and not after.isalnum():
            return start
        start = folded.find(word, start + 1)
    return -1
