"""Which texts go as one request."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from botkit.outbox.merge import MAX_TEXT, Message, is_plain, merge
from botkit.ports import OutboxRow

_MENU = {"type": "choices", "text": "b", "options": [{"id": "1", "title": "Sí"}]}
_LONG = "x" * (MAX_TEXT - 3)


def _rows(*messages: str | dict[str, Any]) -> list[OutboxRow]:
    written = [each if isinstance(each, dict) else {"type": "text", "text": each} for each in messages]
    return [OutboxRow(n, "c", "591", "talk", n, 1, orjson.dumps(each), 0.0, None) for n, each in enumerate(written)]


#: what waits in a lane -> how many rows go, and the text
MERGED: dict[str, tuple[list[str | dict[str, Any]], int, str]] = {
    "one": (["a"], 1, "a"),
    "three": (["a", "b", "c"], 3, "a\n\nb\n\nc"),
    "up to a menu": (["a", _MENU, "c"], 1, "a"),
    "not what has a header": (["a", {"type": "text", "text": "b", "header": "H"}], 1, "a"),
    "up to the limit": (["a", _LONG, "c"], 2, f"a\n\n{_LONG}"),
    "not beyond": (["ab", _LONG], 1, "ab"),
    "a menu goes alone": ([_MENU, "c"], 1, "b"),
    "a picture goes alone": ([{"type": "image", "text": "b", "url": "https://x"}, "c"], 1, "b"),
}


@pytest.mark.parametrize("case", MERGED)
def test_merge(case: str) -> None:
    """Plain texts go together, in order, up to the first that cannot; a blank line stands between them."""
    waiting, count, text = MERGED[case]
    head, *followers = _rows(*waiting)
    ids, message = merge(head, followers, lambda _: True)
    assert (ids, message["text"]) == (tuple(range(count)), text)


def test_what_does_not_fit_stays() -> None:
    """What a gateway would cut in two is no gain: it goes with the next request."""

    def fits(message: Message) -> bool:
        return len(message["text"]) <= 5

    head, *followers = _rows("a", "b", "c", "d")
    ids, message = merge(head, followers, fits)
    assert (ids, message) == ((0, 1), {"type": "text", "text": "a\n\nb"})
    assert is_plain(message)
