"""Folding: what makes two spellings one word. Case, accents, outer punctuation and what cannot be seen do not."""

from __future__ import annotations

import string
import unicodedata

from botkit.answers.remembered import REMEMBERED, remembered

#: What stands around a word and does not count; a slash begins a command. Stripped in one pass: a pattern for it takes
#: quadratic time on a text of signs.
_OUTER = string.whitespace + string.punctuation.replace("/", "") + "¡¿«»“”…·\u00a0"
#: General categories of characters that are dropped: accents, variation selectors, keycaps, joiners, direction marks.
_UNSEEN = frozenset(("Mn", "Me", "Cf"))

#: No message is longer, by WhatsApp's own limit, in characters; what comes behind is not read for words.
LONGEST = 4096


@remembered
def fold(text: str) -> str:
    """Return a text in small letters without accents, outer punctuation and double blanks.

    Punctuation stays when the word is nothing else; emoji stay; ñ counts as n, as people type it; digits of every
    script are 0 to 9.
    """
    flat = flatten(text)
    return flat.strip(_OUTER) or flat


@remembered
def flatten(text: str) -> str:
    """Return a text in small letters without accents and double blanks; signs stay: "A+" is not "A-"."""
    text = text[:LONGEST]
    if not text.isascii():
        # Marks go first: to put a run of them in order takes quadratic time, and one letter may become eighteen.
        bare = "".join(map(_seen, text)) if len(text) > REMEMBERED else text
        text = "".join(map(_seen, unicodedata.normalize("NFKD", bare)[:LONGEST].casefold()))
    return " ".join(text.lower().split())


def _seen(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) in _UNSEEN:
        return ""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


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
