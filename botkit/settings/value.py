"""The kinds of values that settings have, beyond what pydantic knows.

A validator gets a scalar as it was written. It raises `wrong(...)` whose type is a code of `flow/codes.py`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from botkit.flow.source import Map, Node, Seq, Text

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,17})\.\d{1,15}")
_FLAGS = {"true": True, "false": False}


def wrong(code: str, **values: Any) -> PydanticCustomError:
    """Return the error that becomes a problem of `code`; `values` fill its sentences."""
    return PydanticCustomError(code, "{code}", {"code": code, **values})


def constant(node: Node) -> Any:
    """Return what an author's own constant is: plain `true`, `7` and `2.5` are no texts, all else is as written."""
    if isinstance(node, Map):
        return {key: constant(entry.value) for key, entry in node.entries.items()}
    if isinstance(node, Seq):
        return [constant(item) for item in node.items]
    return _scalar(node)


def _scalar(node: Text) -> Any:
    if not node.plain:
        return node.value
    if node.empty:
        return None
    if node.value in _FLAGS:
        return _FLAGS[node.value]
    if _INTEGER.fullmatch(node.value):
        return int(node.value)
    return float(node.value) if _DECIMAL.fullmatch(node.value) else node.value


def _flag(value: object) -> object:
    if value not in _FLAGS:
        raise wrong("wrong-type", expected="true o false", expected_en="true or false")
    return _FLAGS[str(value)]


def _timezone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong("timezone-unknown") from None
    return value


def _store(value: object) -> object:
    text = str(value)
    if text.startswith(("postgresql://", "postgres://")):
        raise wrong("not-yet", key="store: postgresql://")
    if not text.startswith("sqlite:///") or text == "sqlite:///" or "?" in text:
        raise wrong("store-url")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
StoreUrl = Annotated[str, BeforeValidator(_store)]
