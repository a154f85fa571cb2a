"""Catalogues: `flows/lang/en.yaml`, a mapping of text to translation.

A key is a text as the flow says it, its line breaks folded into blanks. A translation may hold the same templates as
the text. What is missing falls back to the bot's own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from botkit.flow.problem import Problem
from botkit.flow.source import Map, Source, Text

_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MISSING = "  # falta · missing"
_UNUSED = "# ya no se usa · no longer used"
_WIDE = 1_000_000


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one language: folded text -> translation, with its place."""

    texts: Mapping[str, Text] = field(default_factory=dict)


def key_of(text: str) -> str:
    """Return a text as catalogues name it: one line, trimmed at both ends."""
    return " ".join(line.strip() for line in text.strip().splitlines())


def has_words(text: str) -> bool:
    """Tell whether there is anything to translate outside `{{ }}` and `{% %}`."""
    return any(char.isalpha() for char in _TAGS.sub("", text))


def read_catalogue(source: Source) -> tuple[Catalogue, list[Problem]]:
    """Return the translations of a file and what is wrong with it; an empty translation counts as missing."""
    problems = list(source.problems)
    texts: dict[str, Text] = {}
    for document in source.documents:
        root = document.root
        if isinstance(root, Text) and root.empty:
            continue
        if not isinstance(root, Map):
            problems.append(Problem("not-a-catalogue", root.place))
            continue
        for key, entry in root.entries.items():
            if not isinstance(entry.value, Text):
                problems.append(Problem("not-a-catalogue", entry.value.place))
            elif not entry.value.empty and entry.value.value.strip():
                texts[key_of(key)] = entry.value
    return Catalogue(texts), problems


@dataclass(frozen=True, slots=True)
class Written:
    """A catalogue as it is to be written: the file's text, and how many texts are translated, missing, unused."""

    text: str
    translated: int
    missing: int
    unused: int


def write_catalogue(language: str, said: Iterable[str], known: Catalogue) -> Written:
    """Return a catalogue of what flows say, in their order: known translations kept, missing and unused ones marked."""
    keys = list(dict.fromkeys(key_of(text) for text in said if has_words(text)))
    missing = [key for key in keys if key not in known.texts]
    unused = [key for key in known.texts if key not in set(keys)]
    lines = [f"# {language}: texto: traducción · text: translation. 'botkit catalog {language}' la pone al día."]
    lines += _lines(keys, known)
    if unused:
        lines += ["", _UNUSED, *_lines(unused, known)]
    return Written("\n".join(lines) + "\n", len(keys) - len(missing), len(missing), len(unused))


def _lines(keys: Iterable[str], known: Catalogue) -> Iterator[str]:
    for key in keys:
        found = known.texts.get(key)
        value = found.value if found else None
        line = yaml.safe_dump({key: value or "-"}, allow_unicode=True, width=_WIDE).rstrip("\n")
        yield line if value else line.removesuffix("'-'").rstrip() + _MISSING
