"""Reading the keys of one mapping."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from botkit.flow.called import meant
from botkit.flow.duration import Duration, parse_duration
from botkit.flow.reader import Reading, has_template
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Expression

#: "-say" as a key: the blank behind the dash of a list is missing.
_DASH = re.compile(r"-[^\W\d]")


def is_long_dash(key: str) -> bool:
    """Tell whether a key was meant for an item of a list, by a dash that a word processor made long."""
    return key[:1] in ("–", "—", "−") and key[1:2] == " "


class Fields:
    """Reads the keys of one mapping; `where` names it in messages (Spanish, English)."""

    def __init__(self, reading: Reading, node: Map, where: str, where_en: str) -> None:
        self.reading = reading
        self.node = node
        self.where = where
        self.where_en = where_en
        self.meant: set[str] = set()

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

    def expression(self, key: str, extra: Iterable[str] = ()) -> Expression | None:
        """Read a bare expression."""
        if isinstance(self.node.get(key), (Seq, Map)):
            self.report("expression-unquoted", self.node.entries[key].value, key=key)
            return None
        text = self.text(key)
        if text is not None and key == "if":
            self.reading.part("condition", text)
        return self.reading.expression(text, extra) if text else None

    def duration(self, key: str) -> Duration | None:
        """Read a duration, or a template that prints one."""
        text = self.text(key)
        if text is None:
            return None
        template = self.reading.template(text)
        if has_template(text):
            return Duration(key, template) if template.parsed else None
        seconds = parse_duration(text.value)
        if seconds is None:
            self.report("bad-duration", text, key=key, value=text.value)
            return None
        self.reading.part("duration", text)
        return Duration(key, template, seconds)

    def seconds(self, key: str) -> float | None:
        """Read a duration where nothing is known yet that a template could read."""
        duration = self.duration(key)
        if duration is not None and duration.fixed is None:
            self.report("bad-duration", self.node.entries[key].value, key=key, value=duration.text.text)
            return None
        return duration.fixed if duration else None

    def integer(self, key: str, *, least: int) -> int | None:
        """Read a whole number from `least` on."""
        text = self.text(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}", text.value) or int(text.value) < least:
            self.reading.wrong_type(text, key, f"un número entero desde {least}", f"a whole number from {least} on")
            return None
        self.reading.part("number", text)
        return int(text.value)

    def truth(self, key: str) -> bool:
        """Read `true` or `false`; false when it is missing."""
        text = self.text(key)
        if text is None:
            return False
        if text.value not in ("true", "false"):
            self.reading.wrong_type(text, key, "true o false", "true or false")
        return text.value == "true"

    def choice(self, key: str, known: Collection[str], default: str) -> str:
        """Read one of a closed list of words."""
        text = self.text(key)
        if text is None:
            return default
        if text.value not in known:
            near = meant(text.value, list(known))
            self.report("not-a-choice", text, key=key, value=text.value, known=", ".join(known), near=near)
            return default
        return text.value

    def texts(self, key: str) -> list[Text]:
        """Read a text or a list of texts."""
        node = self.node.get(key)
        if node is None:
            return []
        if isinstance(node, Text) and "," in node.value and (node.plain or key == "words"):
            self.report("one-word-with-commas", node, key=key, value=node.value)
        if isinstance(node, Map):
            self.reading.wrong_type(node, key, "un texto o una lista de textos", "a text or a list of texts")
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
            elif is_long_dash(key):
                self.report("long-dash", entry.key, text=key)
            elif _DASH.match(key):
                self.report("dash-without-blank", entry.key)
            elif ":" in key and isinstance(entry.value, Text) and entry.value.empty:
                self.report("colon-without-blank", entry.key, text=key)
            elif self.node.in_flow and isinstance(entry.value, Text) and entry.value.value == "":
                self.report("split-by-comma", entry.key, key=key)
            else:
                near = meant(key, list(known))
                self._meant(near)
                self.report("unknown-key", entry.key, **self._names(key=key, known=", ".join(known), near=near))

    def require(self, *keys: str) -> None:
        """Note every one of `keys` that is missing."""
        for key in keys:
            if key not in self.node.entries and key not in self.meant:
                self.report("missing-key", self.node, **self._names(key=key))

    def _meant(self, key: str | None) -> None:
        """Note that a misspelt key stands for `key`, which is not missing then: that is one mistake."""
        if key is not None:
            self.meant.add(key)
        self.reading.problems = [
            each
            for each in self.reading.problems
            if each.code != "missing-key" or each.place != self.node.place or each.values["key"] != key
        ]

    def _names(self, **values: Any) -> dict[str, Any]:
        return {**values, "where": self.where, "where_en": self.where_en}
