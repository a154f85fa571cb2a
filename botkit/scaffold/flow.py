"""A flow with its test, for a bot that has others: its name and its start word are nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from botkit.answers.fold import fold, has_word
from botkit.flow.around import Around
from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.flow_reader import FlowReader
from botkit.flow.model import RESERVED_TARGETS
from botkit.flow.problem import Place
from botkit.flow.source import Source, Text
from botkit.scaffold.editor import headed
from botkit.scaffold.write import filled
from botkit.turn.kinds import KINDS

#: Why a name cannot be that of a new flow.
Refusal = Literal["bad", "reserved", "builtin", "taken"]

#: What is no name although its signs are those of one: nothing, and what YAML takes for nothing.
_NO_NAMES = ("", "null")


@dataclass(frozen=True, slots=True)
class NewFlow:
    """A new flow: its files' texts by their paths below the flows folder, and the word that begins it.

    `taken` is the word that it would have had, if another flow begins with that. Where the name is refused there are
    no files; `place` is where it is taken.
    """

    files: dict[str, str] = field(default_factory=dict)
    word: str = ""
    taken: str = ""
    refused: Refusal | None = None
    place: Place | None = None


def plan_flow(
    name: str, own: Iterable[Source], builtin: Iterable[Source], language: Literal["es", "en"], schemas: str
) -> NewFlow:
    """Return what a new flow of a bot would be; sources in which something is wrong are read as far as they can be.

    `schemas` is the folder of the schemas seen from that of the flows.
    """
    readers = list(_readers(own, language))
    names = {text.value: text.place for reader in readers for text in _names(reader)}
    wished = " ".join(name.replace("_", " ").replace("-", " ").lower().split())
    if wished in _NO_NAMES or not name.replace("-", "_").isidentifier():
        return NewFlow(refused="bad")
    if name in names:
        return NewFlow(refused="taken", place=names[name])
    if name in BUILTIN_FLOWS or name in RESERVED_TARGETS:
        return NewFlow(refused="builtin" if name in BUILTIN_FLOWS else "reserved")
    begin = [*readers, *_readers(builtin, language)]
    words = {word for reader in begin for word in reader.begins.start.words}
    word = next(each for each in _words(wished) if not any(_meet(fold(each), other) for other in words))
    values = {"flow": name, "title": wished[:1].upper() + wished[1:], "word": word}
    texts = {f"{name}{end}": filled(f"{language}/flow{end}", values) for end in (".yaml", ".test.yaml")}
    files = {path: headed(path, text, schemas) for path, text in texts.items()}
    return NewFlow(files, word, "" if word == wished else wished)


def _readers(sources: Iterable[Source], language: str) -> Iterator[FlowReader]:
    for source in sources:
        for document in source.documents:
            reader = FlowReader(document, KINDS, Around(language))
            reader.read()
            yield reader


def _names(reader: FlowReader) -> Iterator[Text]:
    """Yield what a target may mean, or meant: no new flow may be called so."""
    yield from (draft.written_id for draft in reader.drafts if draft.written_id)
    yield from (block.aside for block in reader.asides.values() if block.aside)
    yield from reader.was
    if reader.name:
        yield reader.name


def _words(wished: str) -> Iterator[str]:
    """Yield words for a flow to begin with, the best first; all but the first are one word, which hides no other."""
    joined = wished.replace(" ", "")
    yield from (wished, joined)
    yield from (f"{joined}{number}" for number in count(2))


def _meet(word: str, other: str) -> bool:
    """Tell whether one of two folded start words stands in the other, so that one of their flows would hide."""
    return has_word(word, other) >= 0 or has_word(other, word) >= 0
