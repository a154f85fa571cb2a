"""The shape of config.yaml, from the models that read it: `settings/model.py`, and `gateway/profile.py` for channels.

Values are texts until pydantic reads them, and any of them may be a `${VARIABLE}`. A channel says what differs from its
profile, so that nothing of it must stand there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo

from botkit.flow.hours import WEEKDAYS
from botkit.flow.shape import (
    ANYTHING,
    SCALAR,
    TEXTS,
    Key,
    Shape,
    any_of,
    chosen,
    group,
    has,
    list_of,
    map_of,
    matching,
    ref,
)
from botkit.gateway.compose import shipped
from botkit.gateway.profile import Profile
from botkit.settings.hours import CLOSED, QUIET_KEYS
from botkit.settings.load import CHANNEL_NAME, GIVEN, SERVICE_NAME
from botkit.settings.model import BUILTIN, Bot, Service, Settings

#: A value that the environment gives.
_VARIABLE = matching(r"\$\{")
_NUMBER = r"^\s*[-+]?\d[\d_]*(\.\d*)?\s*$"
#: Fields of a profile that nobody writes.
_OURS = ("name", "sandbox")


def _of_model(model: type[BaseModel], *, whole: bool, without: tuple[str, ...] = ()) -> dict[str, Key]:
    """Return the keys of a model as they are written; `whole` says that what it requires must stand there."""
    return {
        name: Key(info.description or "", _of_field(info, whole=whole))
        for field, info in model.model_fields.items()
        if field not in without
        for name in _names(field, info)
    }


def _names(field: str, info: FieldInfo) -> Iterator[str]:
    alias = info.validation_alias
    if isinstance(alias, AliasChoices):
        yield from (str(each) for each in alias.choices)
    else:
        yield str(alias or field)


def _of_field(info: FieldInfo, *, whole: bool) -> Shape:
    limits = {
        word: getattr(each, name)
        for each in info.metadata
        for name, word in (("ge", "minimum"), ("le", "maximum"), ("pattern", "pattern"))
        if getattr(each, name, None) is not None
    }
    return _shown(info.metadata) or _of_type(info.annotation, limits, whole=whole)


def _shown(metadata: Iterable[Any]) -> Shape | None:
    """Return the shape that a type of value brings along (`WithJsonSchema`)."""
    found = next((each.json_schema for each in metadata if isinstance(each, WithJsonSchema)), None)
    return found and any_of(found, _VARIABLE)


def _of_type(annotation: Any, limits: Mapping[str, Any], *, whole: bool) -> Shape:
    origin, arguments = get_origin(annotation), [each for each in get_args(annotation) if each is not NoneType]
    if origin is Annotated:
        return _shown(arguments[1:]) or _of_type(arguments[0], limits, whole=whole)
    if origin in (Union, UnionType) and len(arguments) == 1:
        return _of_type(arguments[0], limits, whole=whole)
    if origin is Literal:
        return any_of(chosen(arguments), _VARIABLE)
    if origin in (tuple, frozenset):
        return list_of(_of_type(arguments[0], {}, whole=whole))
    if origin is dict:
        return map_of(_of_type(arguments[1], {}, whole=whole))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _group(annotation, whole=whole)
    if annotation is int:
        return _whole_number(limits)
    return ANYTHING if annotation is Any else _text(limits)


def _group(model: type[BaseModel], *, whole: bool) -> Shape:
    needed = [next(_names(name, info)) for name, info in model.model_fields.items() if info.is_required()]
    return group(_of_model(model, whole=whole), needed if whole else ())


def _whole_number(limits: Mapping[str, Any]) -> Shape:
    bounds = {word: limits[word] for word in ("minimum", "maximum") if word in limits}
    return any_of({"type": "integer", **bounds}, matching(_NUMBER), _VARIABLE)


def _text(limits: Mapping[str, Any]) -> Shape:
    return any_of({**SCALAR, "pattern": limits["pattern"]}, _VARIABLE) if "pattern" in limits else SCALAR


# ── what is read by hand ──


def _bot() -> Shape:
    """Return the shape of `bot`: its own keys, and constants of any name that is not given."""
    own = group(_of_model(Bot, whole=True, without=("constants",)))
    return {**own, "additionalProperties": ANYTHING, "not": {"anyOf": [has(name) for name in GIVEN]}}


def _builtin() -> Shape:
    switch = any_of(chosen(("on", "off", "true", "false")), _VARIABLE)
    return any_of(chosen(("on", "off")), group({name: Key("on, or off", switch) for name in BUILTIN}))


def _hours() -> Shape:
    """Return the shape of `hours`: days of the week and ranges of them, dates, holidays, closed days."""
    days = "|".join("".join(f"[{sign}{sign.upper()}]" for sign in day) for day in WEEKDAYS)
    own = {
        "holidays": Key("the country whose public holidays are closed days, or a part of it: BO, BO-L", SCALAR),
        CLOSED: Key("dates that are closed", TEXTS),
        **{day: Key("from when to when: 08:30-12:30; a list for several", TEXTS) for day in list(WEEKDAYS)[:7]},
    }
    named = {rf"^\s*({days})\s*(-\s*({days})\s*)?$": TEXTS, r"^\d{4}-\d\d-\d\d$": TEXTS}
    return {**group(own), "patternProperties": named}


_QUIET = group({name: Key("a time of day: 21:00", SCALAR) for name in QUIET_KEYS}, QUIET_KEYS)


def _channel() -> Shape:
    profile = Key("the gateway that it begins with", any_of(chosen(shipped()), _VARIABLE))
    return group({"profile": profile, **_of_model(Profile, whole=False, without=_OURS)})


#: key -> its shape, where its model does not say it.
_BY_HAND: Mapping[str, Callable[[], Shape]] = {
    "bot": _bot,
    "builtin": _builtin,
    "hours": _hours,
    "quiet_hours": lambda: _QUIET,
    "defaults": lambda: ref("defaults"),
    "channels": lambda: map_of(_channel(), f"^{CHANNEL_NAME}$", least=1),
    "services": lambda: map_of(_group(Service, whole=True), f"^{SERVICE_NAME}$"),
}


def _settings() -> Shape:
    keys = _of_model(Settings, whole=True)
    by_hand = {name: Key(key.help, _BY_HAND[name]()) for name, key in keys.items() if name in _BY_HAND}
    return group({**keys, **by_hand}, ("channels",))


SETTINGS: Shape = _settings()


def _partial(shape: Any) -> Any:
    """Return a shape of which any part may be missing: what is merged into a whole."""
    if isinstance(shape, list):
        return [_partial(inner) for inner in shape]
    if not isinstance(shape, Mapping):
        return shape
    return {word: _partial(inner) for word, inner in shape.items() if word not in ("minProperties", "required", "not")}


#: Of config.yaml what a conversation test changes.
PART: Shape = _partial(SETTINGS)
