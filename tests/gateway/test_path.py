from __future__ import annotations

from typing import Any

import pytest

from botkit.gateway.path import compile_path

ITEM = {"type": "text", "key": {"id": "7", "n": None}, "list": [1, 2]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("type", "text"),
        ("key.id", "7"),
        ("key.n.deep", None),
        ("absent.id", None),
        ("type == 'text'", True),
        ("type == 'image'", False),
        ("absent == 'text'", False),
        ("@", ITEM),
        ("[@]", [ITEM]),
        ("absent || key.id", "7"),
        ("list[1]", 2),
        ("{a: type}", {"a": "text"}),
    ],
)
def test_what_a_path_finds(text: str, found: Any) -> None:
    """Short cuts and interpreter find the same."""
    assert compile_path(text)(ITEM) == found


@pytest.mark.parametrize("text", ["type", "key.id", "type == 'text'", "length(@)", "sort_by(@, &a)", "to_number(@)[0]"])
@pytest.mark.parametrize("value", [None, 1, "x", [], [1, "a", None], {"a": {}}])
def test_no_value_makes_a_path_raise(text: str, value: Any) -> None:
    """A path over a value that it was not written for finds nothing, and does not raise."""
    compile_path(text)(value)


@pytest.mark.parametrize("text", ["a ==", "[", "nope(@", "a..b"])
def test_a_wrong_path_says_so_when_it_is_compiled(text: str) -> None:
    """A path that cannot be read is found at load."""
    with pytest.raises(ValueError, match=r"."):
        compile_path(text)
