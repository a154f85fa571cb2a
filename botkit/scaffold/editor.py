"""What tells an editor the schema of a file: a comment of yaml-language-server, which `botkit schema` has written."""

from __future__ import annotations


def headed(path: str, text: str, schemas: str) -> str:
    """Return a YAML file's text behind the comment that names its schema; `schemas` is their folder seen from it."""
    name = "config" if path == "config.yaml" else "tests" if path.endswith(".test.yaml") else "flows"
    return f"# yaml-language-server: $schema={schemas}/{name}.json\n{text}"
