"""What a code means, with a wrong and a right example: the data that `botkit explain` shows.

The YAML files beside this one hold an entry for each code: `es` and `en` (the first sentence stands in the list), and
`wrong` and `right`. An example is a text (a flow's file, or the steps of one) or a mapping of file name to text. Names
and lines of files may be short for what would be long: `NAME × 2001` is so many files, `NAME (latin-1)` one in that
encoding, `NAME -> OTHER` a link; a line that ends in `# × 40000` stands there so often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from botkit.flow.codes import CODES
from botkit.flow.source import Map, Node, Text
from botkit.flow.yaml_reader import read

#: The groups, in the order in which `botkit explain` lists them.
GROUPS = ("yaml", "shapes", "expressions", "flows", "steps", "graph", "config")
#: Where an example that is one text stands: a whole file, or the steps of a flow.
WHOLE, STEPS = "flows/ejemplo.yaml", "steps"

Files = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, and files that have the problem and that do not, by name; STEPS names bare steps."""

    code: str
    group: str
    es: str
    en: str
    wrong: Files
    right: Files

    def meaning(self, language: str) -> str:
        """Return what the code means."""
        return self.es if language == "es" else self.en

    def short(self, language: str) -> str:
        """Return the first sentence of it."""
        return self.meaning(language).partition(". ")[0].rstrip(".") + "."


@cache
def explanations() -> Mapping[str, Explanation]:
    """Return the explanation of each code, by group; a code without one is explained by its own sentences."""
    found = {each.code: each for group in GROUPS for each in _read_group(group)}
    return {**found, **{code: _bare(code) for code in CODES if code not in found}}


def _read_group(group: str) -> list[Explanation]:
    source = read((files(__package__) / f"{group}.yaml").read_bytes(), f"{group}.yaml")
    (document,) = source.documents
    assert isinstance(document.root, Map)
    return [_read(code, group, entry.value) for code, entry in document.root.entries.items()]


def _read(code: str, group: str, node: Node) -> Explanation:
    assert isinstance(node, Map)
    keys = {key: entry.value for key, entry in node.entries.items()}
    return Explanation(code, group, _text(keys["es"]), _text(keys["en"]), _files(keys["wrong"]), _files(keys["right"]))


def _files(node: Node) -> Files:
    if isinstance(node, Map):
        return {name: _text(entry.value) for name, entry in node.entries.items()}
    text = _text(node)
    return {STEPS if text.startswith("- ") else WHOLE: text}


def _text(node: Node) -> str:
    assert isinstance(node, Text)
    return node.value


def _bare(code: str) -> Explanation:
    entry = CODES[code]
    return Explanation(code, "", entry.es, entry.en, {}, {})
