"""Handlers: the Python functions that `run` steps call.

    from botkit import handler

    @handler("agenda.libres")
    async def free_hours(dia: date, ctx: Context) -> list[dict]: ...

Only functions that a configured module (or an entry point of the group `botkit.handlers`) holds can be called. The
arguments of a step are checked against the signature when flows are loaded; at a call they are read by the annotations
(`dia: date` gets a date). `ctx`, if there is a parameter of that name, is a `Context`.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

from botkit.errors import BotkitError, message_of, type_of
from botkit.flow.model import Signature

if TYPE_CHECKING:
    import aiohttp
    import structlog

ENTRY_POINT_GROUP = "botkit.handlers"
_MARK = "__botkit_handler__"
#: A module's own list of the names that it marked: a function that another of its name covers is not found otherwise.
_MARKED = "__botkit_handlers__"
_Function = TypeVar("_Function", bound=Callable[..., Any])


def handler(name: str) -> Callable[[_Function], _Function]:
    """Mark a function as the handler `name`: `@handler("agenda.libres")`."""
    if not isinstance(name, str):
        raise TypeError('write @handler("name"), with the name that flows use')

    def mark(function: _Function) -> _Function:
        setattr(function, _MARK, name)
        function.__globals__.setdefault(_MARKED, []).append(name)
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may ask for by a parameter named `ctx`.

    `contact` and `slots` are copies: a handler changes a conversation by what it returns. `http` is a shared
    `aiohttp.ClientSession` for async handlers. `idempotency_key` is the same when a call is repeated after a crash.
    """

    contact: Mapping[str, Any]
    slots: Mapping[str, Any]
    idempotency_key: str
    log: structlog.stdlib.BoundLogger
    http: aiohttp.ClientSession


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function, what it takes, and how its arguments are read."""

    name: str
    function: Callable[..., Any]
    signature: Signature
    readers: Mapping[str, TypeAdapter[Any]] = field(repr=False, default_factory=dict)
    wants_context: bool = False
    is_async: bool = False

    def bind(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments read by their annotations; raises BadArgument."""
        bound = {}
        for name, value in arguments.items():
            reader = self.readers.get(name)
            try:
                bound[name] = reader.validate_python(value) if reader else value
            except ValidationError as error:
                why = error.errors(include_url=False, include_input=False)[0]["msg"]
                raise BadArgument(f"argument '{name}': {why}") from None
        return bound


class BadArgument(BotkitError):
    """An argument does not fit the annotation of its parameter."""


class HandlerModuleError(BotkitError):
    """A handler module cannot be used; `where` is the file:line inside it, if known."""

    def __init__(self, module: str, why: str, where: str = "") -> None:
        super().__init__(f"{module}: {why}")
        self.module = module
        self.why = why
        self.where = where


def load_handlers(modules: Sequence[str], folder: Path) -> dict[str, Handler]:
    """Return the handlers of the named modules and of installed entry points, by name.

    A module is a path beside config.yaml (`flows/handlers.py`) or a dotted name. Raises HandlerModuleError.
    """
    found: dict[str, Handler] = {}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        _collect(_guarded(point.name, point.load), found, point.name)
    for name in modules:
        _collect(_guarded(name, lambda name=name: _import(name, folder)), found, name)  # type: ignore[misc]
    return found


def _import(name: str, folder: Path) -> ModuleType:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = folder / name
    if not path.is_file():
        raise HandlerModuleError(name, "there is no such file")
    spec = importlib.util.spec_from_file_location(f"botkit_handlers_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None  # a .py file always has one
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _guarded(name: str, load: Callable[[], Any]) -> Any:
    """Run a module's own code: whatever it raises is the author's to mend, with its place."""
    try:
        return load()
    except HandlerModuleError:
        raise
    except BaseException as error:  # a module may leave, or interrupt, too
        frames = traceback.extract_tb(error.__traceback__)
        where = next((f"{f.filename}:{f.lineno}" for f in reversed(frames) if "importlib" not in f.filename), "")
        if isinstance(error, SyntaxError) and error.filename:
            where = f"{error.filename}:{error.lineno}"
        raise HandlerModuleError(name, _told(error), where) from error


def _told(error: BaseException) -> str:
    return f"{type_of(error)}: {message_of(error)}"


def _collect(module: Any, found: dict[str, Handler], source: str) -> None:
    marked = vars(module).get(_MARKED, [])
    for name in sorted(set(marked)):
        if marked.count(name) > 1:
            raise HandlerModuleError(source, f"the handler '{name}' is registered twice")
    for value in list(vars(module).values()):
        name = getattr(value, _MARK, None) if inspect.isfunction(value) else None
        if name is None:
            continue
        if name in found and found[name].function is not value:
            raise HandlerModuleError(source, f"the handler '{name}' is registered twice")
        found[name] = describe(name, value)


def describe(name: str, function: Callable[..., Any]) -> Handler:
    """Return a handler for a function; raises HandlerModuleError for a signature that cannot be called by name."""
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise HandlerModuleError(name, "a handler returns its result; it cannot 'yield'")
    takes: list[str] = []
    required: set[str] = set()
    is_open = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_KEYWORD:
            is_open = True
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            raise HandlerModuleError(name, f"'{parameter.name}' cannot be given by name (no '/', no '*args')")
        elif parameter.name != "ctx":
            takes.append(parameter.name)
            if parameter.default is parameter.empty:
                required.add(parameter.name)
    return Handler(
        name,
        function,
        Signature(tuple(takes), frozenset(required), is_open),
        _readers(name, function, takes),
        wants_context="ctx" in inspect.signature(function).parameters,
        is_async=inspect.iscoroutinefunction(function),
    )


def _readers(name: str, function: Callable[..., Any], parameters: Sequence[str]) -> dict[str, TypeAdapter[Any]]:
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except SyntaxError as error:
        raise HandlerModuleError(name, f"an annotation cannot be read: {error.text or error.msg}") from None
    except Exception:  # names that exist for type checkers only, and whatever else an annotation runs into
        return {}
    readers = {}
    for parameter in parameters:
        if parameter in hints:
            try:
                readers[parameter] = TypeAdapter(hints[parameter], config=ConfigDict(arbitrary_types_allowed=True))
            except (PydanticSchemaGenerationError, PydanticUndefinedAnnotation):
                continue
            except Exception as error:  # pydantic's own refusals have no common base
                if type(error).__module__.partition(".")[0] != "pydantic":
                    why = f"the annotation of '{parameter}' fails: {_told(error)}"
                    raise HandlerModuleError(name, why) from error
                readers[parameter] = TypeAdapter(hints[parameter])
    return readers
