"""`file` of `http`: what is sent as files of a form.

One source goes as the form's field `file`; a mapping names the fields. A source is a slot that holds received media,
or a path below the flows folder. A request holds the reference; the bytes are had as it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.reader import MediaFile
from botkit.flow.scalar import entries
from botkit.flow.scope import Scope
from botkit.flow.source import Map, Node, Text
from botkit.flow.text import Template
from botkit.flow.values import kind_of, plain

#: The key of the step, and the form's field where it names none.
KEY = "file"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form: the field's name, and the template that gives its source."""

    field: str
    source: Template

    def reference(self, scope: Scope) -> dict[str, Any]:
        """Return where the bytes are, as `SOURCES` of turn/effect.py says; raises EvaluationError for what has none."""
        source = plain(self.source.value(scope))
        if isinstance(source, Mapping) and (source.get("id") or source.get("url")):
            return {"media": dict(source)}
        if isinstance(source, str) and source.strip() and "://" not in source:
            return {"file": source.strip()}
        found = "an address" if isinstance(source, str) and source.strip() else kind_of(source or None)
        raise EvaluationError(
            f"'{KEY}' needs received media or a file of the flows folder, not {found}", self.source.place
        )


def read_uploads(fields: StepFields) -> tuple[Upload, ...]:
    """Read the key `file`."""
    node = fields.get(KEY)
    if node is None:
        return ()
    if isinstance(node, Map) and not node.entries:
        fields.report("empty-value", node, key=KEY)
    return tuple(_read(fields, node))


def _read(fields: StepFields, node: Node) -> Iterator[Upload]:
    named = [(key.value, value) for key, value in entries(node)] if isinstance(node, Map) else [(KEY, node)]
    for name, source in named:
        if not isinstance(source, Text):
            spoken = "'{{ dato }}', un archivo o {campo: …}", "'{{ slot }}', a file or {field: …}"
            fields.reading.wrong_type(source, KEY, *spoken)
        elif source.empty or not source.value.strip():
            fields.report("empty-value", source, key=name)
        else:
            template = fields.reading.template(source)
            fields.reading.uploads.append(source)
            if template.parsed is None:
                _check_path(fields, source)
            yield Upload(name, template)


def _check_path(fields: StepFields, text: Text) -> None:
    if "://" in text.value:
        fields.report("upload-from-url", text, value=text.value)
    elif "{{" not in text.value:
        fields.reading.files.append(MediaFile(KEY, text))
