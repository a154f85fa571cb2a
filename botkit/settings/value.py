"""The kinds of values that settings have, beyond what pydantic knows.

A validator gets a scalar as it was written. It raises `wrong(...)` whose type is a code of `flow/codes.py`.
"""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from botkit.flow.scalar import core_value
from botkit.flow.source import Map, Node, Seq

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
    return core_value(node)


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
    if not text.startswith("sqlite:///") or text in ("sqlite:///", "sqlite:///:memory:") or "?" in text:
        raise wrong("store-url")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
StoreUrl = Annotated[str, BeforeValidator(_store)]
