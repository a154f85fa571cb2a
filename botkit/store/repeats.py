"""Whether a text that left the business's number is one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson


def repeats(text: str | None, message: Mapping[str, Any], body: bytes) -> bool:
    """Tell whether an echo's text is what a message said: as its author wrote it, or as the request put it.

    An echo without a text repeats any message that has none of its own: a picture, a place.
    """
    own = _squeezed(message.get("text")) or _squeezed(message.get("caption"))
    said = _squeezed(text)
    if not said or said == own:
        return said == own
    # As numbered text a menu says more than its question, so the whole request is searched, but never for its titles.
    return own in said and any(_squeezed(leaf) == said for leaf in _leaves(body))


def _squeezed(text: object) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def _leaves(body: bytes) -> Iterator[str]:
    """Yield the texts in a request's JSON; a form has none."""
    try:
        todo = [orjson.loads(body)]
    except orjson.JSONDecodeError:
        return
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, dict)):
            todo += value if isinstance(value, list) else value.values()
