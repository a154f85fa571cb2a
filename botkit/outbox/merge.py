"""Merging: where requests are scarce, the text bubbles of one contact that are ready go as one.

Only plain texts of one class that follow each other in their lane, so nothing is overtaken; a blank line stands where a
bubble ended. The rows share the request, and so its end and the gateway's id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from botkit.ports import OutboxRow

#: Longest text of a merged request, in characters: WhatsApp's limit less a little.
MAX_TEXT = 4000
#: Most rows of one request.
MAX_ROWS = 20
#: What stands where a bubble ended.
BETWEEN = "\n\n"

Message = Mapping[str, Any]


def is_plain(message: Message) -> bool:
    """Tell whether a message is a text without anything that belongs to it alone."""
    return message["type"] == "text" and set(message) == {"type", "text"}


def merge(
    row: OutboxRow, followers: Iterable[OutboxRow], fits: Callable[[Message], bool]
) -> tuple[tuple[int, ...], Message]:
    """Return the rows of one request and its message: the head, and as many of those behind it as fit, in order."""
    ids, message = [row.id], orjson.loads(row.message)
    if not is_plain(message):
        return (row.id,), message
    for follower in followers:
        part = orjson.loads(follower.message)
        if not is_plain(part):
            break
        longer = {"type": "text", "text": message["text"] + BETWEEN + part["text"]}
        if len(longer["text"]) > MAX_TEXT or not fits(longer):
            break
        ids.append(follower.id)
        message = longer
    return tuple(ids), message
