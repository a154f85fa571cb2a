"""The table of settings, for docs and schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from botkit.flow.duration import show_duration
from botkit.settings.model import Settings

_NAMES = {str: "text", int: "integer", bool: "true or false", Path: "path"}


class Row(NamedTuple):
    """One setting: `default` is None where a value must be given."""

    key: str
    type: str
    default: str | None
    help: str


def describe() -> list[Row]:
    """Return every setting that this version reads, in the order of the table, sections before their keys."""
    return list(_rows(Settings, ""))


def keys_of(model: type[BaseModel]) -> list[str]:
    """Return the keys that a group of keys may have, as they are written."""
    return [info.alias or name for name, info in model.model_fields.items()]


def _rows(model: type[BaseModel], prefix: str) -> Iterator[Row]:
    for name, info in model.model_fields.items():
        section, named = model_of(info.annotation), named_model_of(info.annotation)
        name = info.alias or name
        yield Row(prefix + name, "keys" if section else _type(info.annotation), _default(info), info.description or "")
        if section:
            yield from _rows(section, f"{prefix}{name}.")
        if named:
            yield from _rows(named, f"{prefix}{name}.<name>.")


def model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a group of keys is read by, one that may be left out too."""
    if type(None) in get_args(annotation):
        annotation = get_args(annotation)[0]
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def named_model_of(annotation: Any) -> type[BaseModel] | None:
    """Return the model of the groups that authors name, as in `services: {agenda: {…}}`."""
    return model_of(get_args(annotation)[1]) if get_origin(annotation) is dict else None


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return ", ".join(arguments)
    if origin is dict:
        return "keys"
    if origin is tuple:
        return "list"
    known = [_NAMES[part] for part in arguments if part in _NAMES]
    if not known and NoneType in arguments:  # read by hand from a group of keys
        return "keys"
    return known[0] if known else _NAMES.get(annotation, "text")


def _default(info: FieldInfo) -> str | None:
    if info.is_required():
        return None
    value = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, BaseModel | dict | tuple):
        return ""
    if isinstance(value, float):
        return show_duration(value)
    return "" if value is None else str(value)
