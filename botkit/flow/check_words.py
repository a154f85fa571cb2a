"""Words that mean two things: where another flow, an option or the way out of all messages takes a word first.

A start word inside a longer one of another flow hides nothing: of the words in a message the longest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from botkit.answers.fold import fold
from botkit.flow.flow_reader import FlowReader
from botkit.flow.kind import Block
from botkit.flow.model import Start
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.flow.source import Text


def check_words(readers: Iterable[FlowReader]) -> None:
    """Report a start word that two flows share: an error, or a warning where each has an `if`.

    One that only interrupts and one that never does may share it: they are not asked at the same time.
    """
    first: dict[tuple[str, bool], tuple[Start, Text]] = {}
    for reader in readers:
        start = reader.begins.start
        for text, word in zip(reader.begins.words, start.words, strict=True):
            for over in _over(start):
                other, earlier = first.setdefault((word, over), (start, text))
                if earlier is not text:
                    code = "shared-word" if other.guard and start.guard else "duplicate-word"
                    reader.reading.report(code, text, word=text.value, first=earlier.place.row)
                    break


def _over(start: Start) -> Iterator[bool]:
    """Yield when a start word counts: over another flow, and with nothing running."""
    if start.may_interrupt:
        yield True
    if not start.only_interrupts:
        yield False


def check_hidden_words(own: Sequence[FlowReader], shipped: Sequence[FlowReader]) -> None:
    """Report words of the bot's own flows that do not always do what is written; `shipped` are built-in flows."""
    if any(reader.name and reader.name.value == "opt_out" for reader in (*own, *shipped)):
        _check_opting_out(own)
    _check_shipped(own, shipped)
    _check_interrupting(own)


def _check_opting_out(own: Iterable[FlowReader]) -> None:
    for reader in own:
        if reader.name and reader.name.value == "opt_out":
            continue
        for text in (*reader.begins.words, *reader.anywhere_words.values()):
            if fold(text.value) in OPT_OUT_WORDS:
                reader.reading.report("opt-out-word", text, word=text.value)


def _check_shipped(own: Iterable[FlowReader], shipped: Iterable[FlowReader]) -> None:
    """Report start words that begin the bot's own flow with nothing running, and a built-in one at a question."""
    known = {
        word: reader.name.value
        for reader in shipped
        if reader.name and reader.begins.start.may_interrupt and not reader.begins.start.guard
        for word in reader.begins.start.words
        if word not in OPT_OUT_WORDS
    }
    for reader in own:
        start = reader.begins.start
        for text, word in zip(reader.begins.words, start.words, strict=True):
            if word in known and not start.may_interrupt:
                reader.reading.report("builtin-word", text, word=text.value, flow=known[word])


def _check_interrupting(own: Sequence[FlowReader]) -> None:
    """Report words of `anywhere` and labels of options that take a word from a flow that interrupts by it."""
    known = {word: reader for reader in own if reader.begins.start.may_interrupt for word in reader.begins.start.words}
    if not known:
        return
    for reader in own:
        for text, target in _understood(reader):
            other = known.get(fold(text.value))
            if other is None or other is reader or other.name is None:
                continue
            if target is None or target.value != other.name.value:
                flow, row = other.name.value, other.name.place.row
                reader.reading.report("word-taken", text, word=text.value, flow=flow, row=row)


def _understood(reader: FlowReader) -> Iterator[tuple[Text, Text | None]]:
    """Yield the words that are understood at questions, with the names they lead to; those with a list are left out."""
    for word, target in reader.anywhere.items():
        if isinstance(target, Text):
            yield reader.anywhere_words[word], target
    for draft in reader.drafts:
        targets = {way.key: way.target for way in draft.exits if way.trigger == "chosen"}
        for label in draft.menu.labels if draft.menu else ():
            way = targets.get(label.key)
            if not isinstance(way, Block):
                yield label.text, way
