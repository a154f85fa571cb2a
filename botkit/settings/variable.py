"""`${VAR}`, `${VAR:-default}` and `file:PATH`, filled in before anything is validated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from botkit.flow.model import KEY_HEADERS
from botkit.flow.problem import Place, Problem
from botkit.flow.source import Entry, Map, Node, Seq, Text

#: Keys whose values are secrets: they come from a variable or a file, never from config.yaml itself.
SECRETS = frozenset({"api_key", "secret", "secrets", "token", "password"})
#: A secret's file is read no further, in bytes.
SECRET_MAX = 4096

#: `${{ price }}` is a dollar sign before an expression, and no variable.
_OPENING = re.compile(r"\$\{(?!\{)")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}")


@dataclass(slots=True)
class Filler:
    """Fills variables in, and collects what cannot be filled."""

    env: Mapping[str, str] = field(repr=False)
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def fill(self, node: Node, key: str = "", *, literal: bool = False) -> Node:
        """Return a copy of `node`; `key` is the one it stands under; `literal` lets secrets be written out."""
        if isinstance(node, Map):
            entries = {
                name: Entry(entry.key, self.fill(entry.value, name, literal=literal))
                for name, entry in node.entries.items()
            }
            return replace(node, entries=entries)
        if isinstance(node, Seq):
            return replace(node, items=[self.fill(item, key, literal=literal) for item in node.items])
        secret = key in SECRETS
        if secret and node.empty and not literal:  # `~` is nothing, too, and no secret of one sign
            self.problems.append(Problem("empty-value", node.place, {"key": key}))
        return self._text(node, secret=secret, literal=literal)

    def fill_header(self, node: Node, name: str) -> Node:
        """Return a copy of a header's value: each may come from a file; one that carries a key is not written out."""
        if not isinstance(node, Text):
            return node
        if node.value.startswith("file:"):
            return self._file(node)
        return self._text(node, secret=name.lower() in KEY_HEADERS, literal=False)

    def _text(self, node: Text, *, secret: bool, literal: bool) -> Text:
        if secret and node.value.startswith("file:"):
            return self._file(node)
        if not _OPENING.search(node.value):
            if secret and not literal and not node.empty:
                self.problems.append(Problem("secret-literal", node.place))
            return node
        if len(_OPENING.findall(node.value)) != len(_VARIABLE.findall(node.value)):
            self.problems.append(Problem("variable-syntax", node.place, {"value": node.value}))
            return node
        value = _VARIABLE.sub(lambda match: self._value(match, node.place), node.value)
        if secret and not value.strip():
            self.problems.append(Problem("empty-value", node.place, {"key": node.value}))
        return replace(node, value=value, plain=False)

    def _value(self, match: re.Match[str], place: Place) -> str:
        name, default = match[1], match[2]
        value = self.env.get(name)
        if default is not None:
            return value or default
        if value is None:
            self.problems.append(Problem("variable-unset", place, {"name": name}))
            return match[0]
        return value

    def _file(self, node: Text) -> Text:
        path = self.folder / node.value.removeprefix("file:")
        try:
            with path.open("rb") as file:
                value = file.read(SECRET_MAX).decode().strip()
        except (OSError, UnicodeDecodeError, ValueError):
            self.problems.append(Problem("file-missing", node.place, {"path": path}))
            return node
        return replace(node, value=value, plain=False)
