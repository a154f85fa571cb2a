"""A file as an editor sees it: its documents as data, by the YAML that editors read, and what a schema says of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft7Validator

from botkit.flow.source import Node, Seq, Text
from botkit.flow.yaml_reader import read
from botkit.schema import schema

_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BOOLEANS = {form: word == "true" for word in ("true", "false") for form in (word, word.capitalize(), word.upper())}


def refused(name: str, text: str) -> list[str]:
    """Return what a schema says against a file, by the core schema of YAML 1.2 and by YAML 1.1."""
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for reads in (_core, _older)
        for document in read(text, "file.yaml").documents
        for error in validator(name).iter_errors(_data(document.root, reads))
    ]


@cache
def validator(name: str) -> Draft7Validator:
    """Return what validates by a schema."""
    return Draft7Validator(schema(name))


def _data(node: Node, reads: Any) -> Any:
    """Return a tree as data; keys stay texts, as editors keep them."""
    if isinstance(node, Text):
        return reads(node.value) if node.plain else node.value
    if isinstance(node, Seq):
        return [_data(item, reads) for item in node.items]
    return {key: _data(entry.value, reads) for key, entry in node.entries.items()}


def _core(value: str) -> Any:
    """Return a plain scalar by YAML 1.2: yaml-language-server reads so unless it is told otherwise."""
    if value in ("", "~", "null", "Null", "NULL"):
        return None
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if _NUMBER.fullmatch(value):
        return float(value) if set(value) & set(".eE") else int(value)
    return value


def _older(value: str) -> Any:
    """Return a plain scalar by YAML 1.1, where `no`, `on` and `21:00` are no texts."""
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return value if tag == _TIMESTAMP else loader.construct_object(yaml.ScalarNode(tag, value))
