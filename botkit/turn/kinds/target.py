"""What `http` names: `METHOD service/path`, or `METHOD https://host/path`.

Method and service, or host, are written out: nothing that a person says decides whom botkit calls. The path may hold
`{{ }}`; each value is percent-encoded, so it stays in its place, and no value can climb to a path above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import nodes

from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.locate import span_of
from botkit.flow.parse import Parsed
from botkit.flow.problem import Place, nearest
from botkit.flow.scope import Scope
from botkit.flow.source import Text
from botkit.flow.text import Expression
from botkit.flow.values import kind_of, plain, show

#: Methods of a request -> whether it may have a body.
METHODS: dict[str, bool] = {
    "GET": False,
    "HEAD": False,
    "POST": True,
    "PUT": True,
    "PATCH": True,
    "DELETE": True,
}

_BEGIN = re.compile(r"\s*(\S+)\s+(?:(https?)://([^\s/?#]+)|([^\s/?#:]+)(?=[/?#\s]|$))")
#: Signs of an address that an author may write as they are; all others are percent-encoded.
_SIGNS = "/?&=%:@!$'()*+,;~-._"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step asks: `host` is a service of config.yaml or `https://name`; `path` are texts and expressions."""

    method: str
    host: str
    path: tuple[str | Expression, ...]
    written: str
    place: Place

    def path_for(self, scope: Scope) -> str:
        """Return the path, percent-encoded; raises EvaluationError for a value that does not belong into one."""
        path = "".join(
            quote(part, safe=_SIGNS, errors="replace")
            if isinstance(part, str)
            else quote(as_text(part.evaluate(scope), self.place), safe="", errors="replace")
            for part in self.path
        )
        if any(unquote(segment) in (".", "..") for segment in path.partition("?")[0].split("/")):
            raise EvaluationError("a path with '.' or '..' in it", self.place)
        return path


def as_text(value: Any, place: Place) -> str:
    """Return a value as it stands in a path, a query, a form or a header; raises EvaluationError for a list."""
    value = plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        raise EvaluationError(f"a text is needed here, not {kind_of(value)}", place)
    return show(value, "en")


def read_target(fields: StepFields, key: str) -> Target | None:
    """Read whom a step asks, or None with the problem noted."""
    text = fields.text(key)
    if text is None:
        return None
    template = fields.reading.template(text)
    if template.parsed is None and "{{" in text.value:
        return None  # what is wrong with it is said
    pieces = _pieces(fields, text, template.parsed)
    first = pieces[0] if pieces and isinstance(pieces[0], str) else ""
    found = _BEGIN.match(first)
    if found is None:
        fields.report("bad-request", text, value=text.value)
        return None
    method, scheme, address, service = found.groups()
    path = [first[found.end() :], *pieces[1:]]
    if len(path) > 1 and not path[0]:
        fields.report("template-in-host", text)
    elif isinstance(path[0], str) and path[0].strip() and path[0][0] not in "/?":
        fields.report("bad-request", text, at=span_of(text, path[0].strip()), value=text.value)
    if any("#" in part for part in path if isinstance(part, str)):
        fields.report("bad-request", text, at=span_of(text, "#"), value=text.value)
    if isinstance(path[-1], str):
        path[-1] = path[-1].rstrip()
    _check_method(fields, text, method)
    if service:
        fields.service(text, service)
    else:
        _check_address(fields, text, scheme, address)
    return Target(method, service or f"{scheme}://{address}", tuple(path), text.value.strip(), text.place)


def _pieces(fields: StepFields, text: Text, parsed: Parsed | None) -> list[str | Expression]:
    return [text.value] if parsed is None else list(_parts(fields, text, parsed))


def _parts(fields: StepFields, text: Text, parsed: Parsed) -> Iterator[str | Expression]:
    for child in parsed.tree.iter_child_nodes():
        if not isinstance(child, nodes.Output):
            fields.report("tag-in-path", text, at=span_of(text, "{%"))
            continue
        for node in child.nodes:
            if isinstance(node, nodes.TemplateData):
                yield node.data
            else:
                yield Expression(text.value, fields.reading.spots(text), Parsed(node, parsed.reads))


def _check_method(fields: StepFields, text: Text, method: str) -> None:
    if method not in METHODS:
        at, near, known = span_of(text, method), nearest(method.upper(), METHODS), ", ".join(METHODS)
        fields.report("not-a-choice", text, at=at, key="http", value=method, known=known, near=near)


def _check_address(fields: StepFields, text: Text, scheme: str, address: str) -> None:
    name = re.sub(r":\d{1,5}$", "", address.rpartition("@")[2]).strip("[]").lower()
    if "@" in address or not re.fullmatch(r"[a-z0-9._:-]+", name):
        fields.report("bad-request", text, at=span_of(text, address), value=text.value)
    elif scheme == "http":
        fields.plain_host(text, address, name)
