"""Reading the keys of a mapping: the field that receives a scalar decides its type, and every mistake is noted.

A `Reading` gathers what one flow says: problems, the slots it saves, the names it reads. `Fields` reads the keys of
one mapping. Nothing is raised: a field that cannot be read becomes None and a problem, and reading goes on, so that an
author sees all mistakes at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botkit.flow.duration import parse_duration
from botkit.flow.expression import GrammarError, Parsed, parse_expression, parse_template
from botkit.flow.filters import FILTERS
from botkit.flow.problem import Problem, nearest
from botkit.flow.scope import NAMES
from botkit.flow.source import Map, Node, Seq, Text, locate
from botkit.flow.text import Bubble, Data, Expression, Message, Template, Wording

_SLOT = re.compile(r"[^\W\d]\w*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Use:
    """A name that an expression reads, and the scalar it stands in; `extra` are names known only there."""

    name: str
    text: Text
    extra: frozenset[str]


@dataclass(slots=True)
class Reading:
    """What is gathered while one flow is read."""

    lines: list[str]
    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    slots: dict[str, Text] = field(default_factory=dict)

    def report(self, code: str, node: Node, *, at: str = "", hint: str | None = None, **values: Any) -> None:
        """Note a problem at a node, or at the words `at` within it."""
        place = locate(node, self.lines, at) if at and isinstance(node, Text) else node.place
        self.problems.append(Problem(code, place, values, hint))

    def expression(self, text: Text, extra: Iterable[str] = ()) -> Expression | None:
        """Read a bare expression."""
        parsed = self._parse(text, text.value, extra, template=False)
        return Expression(text.value, text.place, parsed) if parsed else None

    def template(self, text: Text, extra: Iterable[str] = ()) -> Template:
        """Read a text with templates; what cannot be read stands for itself."""
        if "{{" not in text.value and "{%" not in text.value:
            return Template(text.value, text.place)
        return Template(text.value, text.place, self._parse(text, text.value, extra, template=True))

    def _parse(self, text: Text, raw: str, extra: Iterable[str], *, template: bool) -> Parsed | None:
        try:
            parsed = parse_template(raw) if template else parse_expression(raw)
        except GrammarError as error:
            near = nearest(error.word, FILTERS) if error.code == "unknown-filter" else None
            self.report(error.code, text, at=error.word, near=near, **error.values)
            return None
        known = frozenset(extra)
        self.uses += [Use(name, text, known) for name in parsed.names]
        return parsed

    def wording(self, node: Node, key: str) -> Wording | None:
        """Read a text, or one for each language: `{es: …, en: …}`."""
        if isinstance(node, Text):
            return Wording({"": self.template(self.prose(node, key))}) if self._filled(node, key) else None
        if isinstance(node, Map) and node.entries and all(_LANGUAGE.fullmatch(name) for name in node.entries):
            texts: dict[str, Template] = {}
            for name, entry in node.entries.items():
                if isinstance(entry.value, Text) and self._filled(entry.value, f"{key}.{name}"):
                    texts[name] = self.template(self.prose(entry.value, key))
                elif not isinstance(entry.value, Text):
                    self.wrong_type(entry.value, f"{key}.{name}", "un texto", "a text")
            return Wording(texts) if texts else None
        self.not_a_text(node, key)
        return None

    def message(self, node: Node, key: str) -> Message:
        """Read what a step says: a text, one per language, or a list of these, each maybe `{text, if}`."""
        bubbles: list[Bubble] = []
        for item in node.items if isinstance(node, Seq) else [node]:
            bubble = self._bubble(item, key)
            if bubble is not None:
                bubbles.append(bubble)
        if isinstance(node, Seq) and not node.items:
            self.report("empty-value", node, key=key)
        return tuple(bubbles)

    def _bubble(self, node: Node, key: str) -> Bubble | None:
        if isinstance(node, Map) and "text" in node.entries:
            fields = Fields(self, node, "un mensaje", "a message")
            guard = fields.expression("if")
            wording = self.wording(node.entries["text"].value, f"{key}.text")
            fields.finish(("text", "if"))
            return Bubble(wording, guard) if wording else None
        wording = self.wording(node, key)
        return Bubble(wording) if wording else None

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
        self.report("wrong-type", node, key=key, expected=expected, expected_en=expected_en, value=written(node))

    def data(self, node: Node) -> Data:
        """Read a value of any shape by YAML 1.2's core schema; texts may be templates."""
        return Data(self._shape(node))

    def _shape(self, node: Node) -> Any:
        if isinstance(node, Text):
            return core_value(node) if node.plain and "{{" not in node.value else self._constant(node)
        if isinstance(node, Seq):
            return [self._shape(item) for item in node.items]
        return {key: self._shape(entry.value) for key, entry in node.entries.items()}

    def _constant(self, node: Text) -> Any:
        template = self.template(node)
        return template if template.parsed else template.text

    def slot(self, text: Text) -> str | None:
        """Read the name of a slot, or `contact.field`, that something is saved under."""
        name = text.value
        base, dot, part = name.partition(".")
        if dot and base == "contact" and _SLOT.fullmatch(part):
            if part == "new":
                self.report("reserved-name", text, name=name)
                return None
            return name
        if not _SLOT.fullmatch(name):
            self.report("bad-name", text, name=name)
            return None
        if name in NAMES:
            self.report("reserved-name", text, name=name)
            return None
        self.slots.setdefault(name, text)
        return name


class Fields:
    """Reads the keys of one mapping; `where` names it in messages (Spanish, English)."""

    def __init__(self, reading: Reading, node: Map, where: str, where_en: str) -> None:
        self.reading = reading
        self.node = node
        self.where = where
        self.where_en = where_en

    def __contains__(self, key: str) -> bool:
        return key in self.node.entries

    def get(self, key: str) -> Node | None:
        """Return the node of a key, or None."""
        return self.node.get(key)

    def report(self, code: str, node: Node, **values: Any) -> None:
        """Note a problem."""
        self.reading.report(code, node, **values)

    def text(self, key: str) -> Text | None:
        """Read a scalar that is not empty."""
        node = self.node.get(key)
        if node is None:
            return None
        if not isinstance(node, Text):
            self.reading.wrong_type(node, key, "un texto", "a text")
            return None
        if node.empty or not node.value.strip():
            self.report("empty-value", node, key=key)
            return None
        return node

    def message(self, key: str) -> Message:
        """Read a message; empty when the key is missing or wrong."""
        node = self.node.get(key)
        return self.reading.message(node, key) if node is not None else ()

    def expression(self, key: str, extra: Iterable[str] = ()) -> Expression | None:
        """Read a bare expression."""
        if isinstance(self.node.get(key), (Seq, Map)):
            self.report("expression-unquoted", self.node.entries[key].value, key=key)
            return None
        text = self.text(key)
        return self.reading.expression(text, extra) if text else None

    def duration(self, key: str) -> float | None:
        """Read a duration in seconds."""
        text = self.text(key)
        if text is None:
            return None
        seconds = parse_duration(text.value)
        if seconds is None:
            self.report("bad-duration", text, key=key, value=text.value)
        return seconds

    def integer(self, key: str, *, least: int) -> int | None:
        """Read a whole number from `least` on."""
        text = self.text(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}", text.value) or int(text.value) < least:
            self.reading.wrong_type(text, key, f"un número entero desde {least}", f"a whole number from {least} on")
            return None
        return int(text.value)

    def number(self, key: str) -> float | int | None:
        """Read a number."""
        text = self.text(key)
        if text is None:
            return None
        value = core_value(text)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.reading.wrong_type(text, key, "un número", "a number")
            return None
        return value

    def choice(self, key: str, known: Collection[str], default: str) -> str:
        """Read one of a closed list of words."""
        text = self.text(key)
        if text is None:
            return default
        if text.value not in known:
            near = nearest(text.value, list(known))
            self.report("not-a-choice", text, key=key, value=text.value, known=", ".join(known), near=near)
            return default
        return text.value

    def texts(self, key: str) -> list[Text]:
        """Read a text or a list of texts."""
        node = self.node.get(key)
        if node is None:
            return []
        out: list[Text] = []
        for item in node.items if isinstance(node, Seq) else [node]:
            if not isinstance(item, Text):
                self.reading.not_a_text(item, key)
            elif item.empty or not item.value.strip():
                self.report("empty-value", item, key=key)
            else:
                out.append(item)
        return out

    def finish(self, known: Collection[str], later: Mapping[str, str] | None = None) -> None:
        """Note every key that is none of `known`; `later` are keys that another version will read."""
        for key, entry in self.node.entries.items():
            if key in known:
                continue
            if later and key in later:
                self.report("not-yet", entry.key, key=key)
            elif self.node.in_flow and isinstance(entry.value, Text) and entry.value.value == "":
                self.report("split-by-comma", entry.key, key=key)
            else:
                near = nearest(key, list(known))
                self.report("unknown-key", entry.key, **self._names(key=key, known=", ".join(known), near=near))

    def require(self, *keys: str) -> None:
        """Note every one of `keys` that is missing."""
        for key in keys:
            if key not in self.node.entries:
                self.report("missing-key", self.node, **self._names(key=key))

    def _names(self, **values: Any) -> dict[str, Any]:
        return {**values, "where": self.where, "where_en": self.where_en}


def core_value(text: Text) -> Any:
    """Return an unquoted scalar by YAML 1.2's core schema: none, booleans, numbers, else the text.

    No sexagesimals, octals, underscores or dates; a leading `+` stays text, as phone numbers have one.
    """
    if not text.plain:
        return text.value
    if text.empty:
        return None
    if text.value in ("true", "false"):
        return text.value == "true"
    found = _NUMBER.fullmatch(text.value)
    if found and len(text.value) <= 20:
        number: int | float = float(text.value) if found[1] or found[2] else int(text.value)
        return number if abs(number) < 2**63 else text.value
    return text.value


def written(node: Node) -> str:
    """Return a value as a message quotes it."""
    if isinstance(node, Text):
        return node.value or "(nada)"
    return "[…]" if isinstance(node, Seq) else "{" + ", ".join(f"{key}: …" for key in node.entries) + "}"


def entries(node: Map) -> Iterator[tuple[Text, Node]]:
    """Yield the keys and values of a mapping."""
    for entry in node.entries.values():
        yield entry.key, entry.value
