"""Catalogues: `flows/lang/en.yaml`, a mapping of text to translation.

A key is a text as the flow says it, its line breaks folded into blanks. A translation may hold the same templates as
the text. What is missing falls back to the bot's own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from botkit.flow.problem import Problem
from botkit.flow.source import Map, Source, Text


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language: folded text -> translation, with its place; `lines` are the file's own."""

    texts: Mapping[str, Text] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def key_of(text: str) -> str:
    """Return a text as catalogues name it: one line, trimmed at both ends."""
    return " ".join(line.strip() for line in text.strip().splitlines())


def read_catalogue(source: Source) -> tuple[Catalogue, list[Problem]]:
    """Return the translations of a file and what is wrong with it; an empty translation counts as missing."""
    problems = list(source.problems)
    texts: dict[str, Text] = {}
    for document in source.documents:
        if not isinstance(document.root, Map):
            problems.append(Problem("not-a-catalogue", document.root.place))
            continue
        for key, entry in document.root.entries.items():
            if not isinstance(entry.value, Text):
                problems.append(Problem("not-a-catalogue", entry.value.place))
            elif not entry.value.empty and entry.value.value.strip():
                texts[key_of(key)] = entry.value
    return Catalogue(texts, source.lines), problems
