"""Folding: what makes two spellings one word. Case, accents and outer punctuation do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OUTER = re.compile(r"^[\s\-!-,.:;<=>?@\[-`{-~¡¿«»“”…·]+|[\s!-.:;<=>?@\[-`{-~¡¿«»“”…·]+$")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a text in small letters without accents, outer punctuation and double blanks.

    Punctuation stays when the word is nothing else; emoji stay; ñ counts as n, as people type it.
    """
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(char for char in flat if not unicodedata.combining(char))
    flat = _SPACES.sub(" ", flat).strip()
    return _OUTER.sub("", flat) or flat


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
