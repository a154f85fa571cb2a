"""Reading the keys of a mapping: the field that receives a scalar decides its type, and every mistake is noted.

A `Reading` gathers what one flow says: problems, the slots it saves, the names it reads, the files it sends. `Fields`
reads the keys of one mapping. Nothing is raised: a field that cannot be read becomes None and a problem, and reading
goes on, so that an author sees all mistakes at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jinja2 import nodes

from botkit.flow.around import Around
from botkit.flow.catalogue import has_words, key_of
from botkit.flow.filters import CALLED_ELSEWHERE, FILTERS
from botkit.flow.grammar import GrammarError, Read
from botkit.flow.language import is_by_language
from botkit.flow.locate import Spots, locate
from botkit.flow.parse import Parsed, parse_expression, parse_template
from botkit.flow.problem import Problem, nearest
from botkit.flow.scalar import core_value, written
from botkit.flow.scope import NAMES
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Data, Expression, Template, Wording

_SLOT = re.compile(r"[^\W\d]\w*")
_IN_BRACES = re.compile(r"\{\{\s*(\w+)\s*\}\}")


#: What the value of a key looks like, where its shape is what people get wrong.
_EXAMPLES = {
    "options": "[Sí, No], {Sí: end}",
    "anywhere": "{menú: restart}",
    "asides": "ayuda: [{say: Aquí estoy}]",
    "set": "{total: 5}",
    "with": "{dia: hoy}",
    "on": "{done: end}",
    "words": "[cita, turno]",
    "steps": "- say: Hola",
}
#: Names of one flow for which the one that is meant is looked for; who has more of them has another problem.
MAX_GUESSES = 200
#: Stands for a step where a name is read before the flow begins.
START = "start"


#: What a scalar that can be changed means -> one sentence.
PARTS: dict[str, str] = {
    "text": "people read it",
    "condition": "what follows depends on it",
    "duration": "how long something lasts",
    "number": "how much or how often",
}


class Part(NamedTuple):
    """A scalar by what it means (PARTS), and the step that it stands in, or START, or None: the flow as a whole."""

    role: str
    text: Text
    step: object


@dataclass(frozen=True, slots=True)
class Use:
    """A name that an expression reads, the scalar and the step it stands in; `extra` are names known only there."""

    read: Read
    text: Text
    extra: frozenset[str]
    step: object

    @property
    def name(self) -> str:
        """Return the name."""
        return self.read.name


@dataclass(frozen=True, slots=True)
class Setter:
    """A slot that something gives a value to, and the step it stands in (None: the flow as a whole)."""

    slot: str
    text: Text
    step: object


class MediaFile(NamedTuple):
    """A file that a flow sends: as what (`image` …, or `file` to a web service), and its path as it was written."""

    type: str
    text: Text


@dataclass(slots=True)
class Reading:
    """What is gathered while one flow is read; `step` is the draft that is being read."""

    lines: list[str]
    around: Around = field(default_factory=Around)
    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    types: list[tuple[Read, Text]] = field(default_factory=list)
    trees: list[tuple[nodes.Node, Text]] = field(default_factory=list)
    slots: dict[str, Text] = field(default_factory=dict)
    files: list[MediaFile] = field(default_factory=list)
    uploads: list[Text] = field(default_factory=list)
    jumps: list[Text] = field(default_factory=list)
    said: list[Text] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    translated: dict[str, dict[str, Text]] = field(default_factory=dict)
    untranslated: dict[str, list[Text]] = field(default_factory=dict)
    setters: list[Setter] = field(default_factory=list)
    step: object = None
    guesses: int = 0
    kept: set[str] = field(default_factory=set)

    def nearest(self, name: str, known: Iterable[str]) -> str | None:
        """Return the known name most like `name`, up to MAX_GUESSES times: each looks at all names of a flow."""
        self.guesses += 1
        return nearest(name, list(known)) if self.guesses <= MAX_GUESSES else None

    def report(
        self, code: str, node: Node, *, at: tuple[int, int] | None = None, hint: str | None = None, **values: Any
    ) -> None:
        """Note a problem at a node, or within it: `at` is an offset in a scalar's value, and how many characters."""
        place = locate(node, self._lines_of(node), *at) if at and isinstance(node, Text) else node.place
        self.problems.append(Problem(code, place, values, hint))

    def _lines_of(self, node: Node) -> list[str]:
        return self.around.lines.get(node.place.file, self.lines)

    def spots(self, text: Text) -> Spots:
        """Return what finds places in a scalar, for whatever fails in it later."""
        return Spots(text, self._lines_of(text))

    def part(self, role: str, text: Text) -> None:
        """Note what a scalar means."""
        self.parts.append(Part(role, text, self.step))

    def expression(self, text: Text, extra: Iterable[str] = ()) -> Expression | None:
        """Read a bare expression."""
        parsed = self._parse(text, text.value, extra, template=False)
        return Expression(text.value, self.spots(text), parsed) if parsed else None

    def template(self, text: Text, extra: Iterable[str] = ()) -> Template:
        """Read a text with templates; what cannot be read stands for itself."""
        if not has_template(text):
            return Template(text.value, self.spots(text))
        return Template(text.value, self.spots(text), self._parse(text, text.value, extra, template=True))

    def _parse(self, text: Text, raw: str, extra: Iterable[str], *, template: bool) -> Parsed | None:
        try:
            parsed = parse_template(raw) if template else parse_expression(raw)
        except GrammarError as error:
            name = str(error.values.get("name"))
            near = CALLED_ELSEWHERE.get(name) or nearest(name, FILTERS) if error.code == "unknown-filter" else None
            self.report(error.code, text, at=(error.start, error.length), **{"near": near, **error.values})
            return None
        known = frozenset(extra)
        self.uses += [Use(read, text, known, self.step) for read in parsed.reads]
        self.types += [(read, text) for read in parsed.types]
        if parsed.reads:
            self.trees.append((parsed.tree, text))
        return parsed

    def wording(self, node: Node, key: str, extra: Iterable[str] = ()) -> Wording | None:
        """Read a text, or one for each language: `{es: …, en: …}`."""
        if isinstance(node, Text):
            if not self._filled(node, key):
                return None
            self.part("text", node)
            return self._translated(self.prose(node, key), extra)
        if is_by_language(node):
            texts: dict[str, Template] = {}
            for name, entry in node.entries.items():
                if isinstance(entry.value, Text) and self._filled(entry.value, f"{key}.{name}"):
                    self.part("text", entry.value)
                    texts[name] = self.template(self.prose(entry.value, key), extra)
                elif not isinstance(entry.value, Text):
                    self.wrong_type(entry.value, f"{key}.{name}", "un texto", "a text")
            if self.around.language not in node.entries:
                self.report("own-language-missing", node, key=key, language=self.around.language)
            return Wording(texts) if texts else None
        self.not_a_text(node, key)
        return None

    def _translated(self, text: Text, extra: Iterable[str]) -> Wording:
        """Return a text with what the catalogues have for it."""
        texts = {"": self.template(text, extra)}
        if not has_words(text.value):
            return Wording(texts)
        self.said.append(text)
        name = key_of(text.value)
        for language, catalogue in self.around.catalogues.items():
            found = catalogue.texts.get(name)
            if found is None:
                self.untranslated.setdefault(language, []).append(text)
            else:
                self.translated.setdefault(language, {})[name] = found
                texts[language] = self.template(found, extra)
        return Wording(texts)

    def prose(self, text: Text, key: str) -> Text:
        """Check that a text for people was not cut by YAML's own signs; return it."""
        if text.comment:
            self.report("comment-in-text", text, key=key)
        elif text.plain and text.in_list:
            self.report("text-in-brackets", text, key=key)
        return text

    def _filled(self, text: Text, key: str) -> bool:
        if text.empty or not text.value.strip():
            self.report("empty-value", text, key=key)
            return False
        return True

    def not_a_text(self, node: Node, key: str) -> None:
        """Note that a text became something else, most often by a colon."""
        if isinstance(node, Map) and len(node.entries) == 1 and not node.in_flow:
            self.report("text-became-mapping", node, key=key)
        else:
            self.wrong_type(node, key, "un texto", "a text")

    def wrong_type(self, node: Node, key: str, expected: str, expected_en: str) -> None:
        """Note that a value is not of the type its key takes."""
        value = value_en = written(node)
        if example := _EXAMPLES.get(key):
            value, value_en = f"{value[:40]}; por ejemplo: {example}", f"{value[:40]}; for example: {example}"
        spoken: dict[str, Any] = {"value": value, "value_en": value_en}
        self.report("wrong-type", node, key=key, expected=expected, expected_en=expected_en, **spoken)

    def data(self, node: Node, extra: Iterable[str] = ()) -> Data:
        """Read a value of any shape by YAML 1.2's core schema; texts may be templates."""
        return Data(self._shape(node, tuple(extra)), node.place)

    def constant(self, node: Node, key: str) -> Any:
        """Read a value of any shape without templates."""
        data = self.data(node)
        if data.names:
            self.wrong_type(node, key, "un valor fijo, sin {{ }}", "a fixed value, without {{ }}")
            return None
        return data.shape

    def _shape(self, node: Node, extra: tuple[str, ...]) -> Any:
        if isinstance(node, Text):
            return core_value(node) if node.plain and not has_template(node) else self._constant(node, extra)
        if isinstance(node, Seq):
            alone = tuple(name for name in extra if name != "omit")  # an item of a list has no key to drop
            return [self._shape(item, alone if isinstance(item, Text) else extra) for item in node.items]
        return {key: self._shape(entry.value, extra) for key, entry in node.entries.items()}

    def _constant(self, node: Text, extra: tuple[str, ...]) -> Any:
        template = self.template(node, extra)
        return template if template.parsed else template.text

    def slot(self, text: Text) -> str | None:
        """Read the name of a slot, or `contact.field`, that something is saved under."""
        name = text.value
        base, dot, part = name.partition(".")
        if dot and base == "contact" and _SLOT.fullmatch(part):
            if part == "new":
                self.report("reserved-name", text, name=name)
                return None
            self.kept.add(part)
            return name
        if not _SLOT.fullmatch(name):
            inner = _IN_BRACES.fullmatch(name)
            self.report("bad-name", text, name=name, near=inner and inner[1])
            return None
        if name in NAMES:
            self.report("reserved-name", text, name=name)
            return None
        self.slots.setdefault(name, text)
        self.setters.append(Setter(name, text, self.step))
        return name


def has_template(text: Text) -> bool:
    """Tell whether a scalar is more than what it says: `{{ }}` or `{% %}` stands in it."""
    return "{{" in text.value or "{%" in text.value
