"""What people are called, found however it is typed: in capitals, without accents, joined, as part of an id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

#: Letters of a word of a name from which on it is looked for by itself, and words that are no name.
WORD = 3
_LINKS = frozenset("del los las von van der the and".split())
#: Words that a name has at most.
MOST_WORDS = 12
#: Letters of words that may be joined names, at most: what is longer is no name.
_LONGEST = 64

#: Letters, with accents that are characters of their own.
_WORD = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*")
#: What may stand between the words of one name.
_BETWEEN = re.compile(r"[\s\d_.'’·-]{1,4}")


class Names:
    """Names that are known, as words; each belongs to one person, by their number from 1 on."""

    def __init__(self) -> None:
        self.people = 0
        self._whole: dict[tuple[str, ...], int] = {}
        self._words: dict[str, int] = {}

    def call(self, name: str) -> None:
        """Take up the name of a person, unless it is known."""
        words = tuple(_plain(found[0]) for found in _WORD.finditer(name))
        if sum(map(len, words)) < 2 or len(words) > MOST_WORDS or words in self._whole:
            return
        self.people += 1
        self._whole[words] = self.people
        for word in (*words, "".join(words)):
            if len(word) >= WORD and word not in _LINKS:
                self._words.setdefault(word, self.people)

    def found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield where names stand in a text: from where, to where, whose."""
        if not self._whole:
            return
        words = [(found.start(), found.end(), _plain(found[0])) for found in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            length = self._sequence(text, words[at : at + MOST_WORDS])
            start, _, word = words[at]
            person = self._whole[tuple(each[2] for each in words[at : at + length])] if length else self._person(word)
            if person:
                yield start, words[at + max(1, length) - 1][1], person
            at += max(1, length)

    def _sequence(self, text: str, words: Sequence[tuple[int, int, str]]) -> int:
        """Return how many words from the first one on are a whole name, the most there are."""
        near = 1
        while near < len(words) and _BETWEEN.fullmatch(text, words[near - 1][1], words[near][0]):
            near += 1
        said = tuple(word for _, _, word in words[:near])
        return next((count for count in range(near, 0, -1) if said[:count] in self._whole), 0)

    def _person(self, word: str) -> int:
        """Return whose name a word is, or begins with if it is names joined; 0 for nobody's."""
        if word in self._words or not WORD <= len(word) <= _LONGEST:
            return self._words.get(word, 0)
        reached: dict[int, int] = {0: 0}
        for end in range(WORD, len(word) + 1):
            for start in range(end - WORD + 1):
                if start in reached and (person := self._words.get(word[start:end])):
                    reached.setdefault(end, reached[start] or person)
        return reached.get(len(word), 0)


def _plain(word: str) -> str:
    """Return a word in small letters without accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in apart if char.isalpha())
