"""Handlers: the Python functions that `run` steps call.

    from botkit import handler

    @handler("agenda.libres")
    async def free_hours(dia: date, ctx: Context) -> list[dict]: ...

Only functions that a configured module (or an entry point of the group `botkit.handlers`) holds can be called. The
arguments of a step are checked against the signature when flows are loaded; at a call they are read by the annotations
(`dia: date` gets a date). `ctx`, if there is a parameter of that name, is a `Context`.

The same modules hold a bot's own types of answers: `@answer_type("ci")`.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

from botkit.answers.context import ReadingContext
from botkit.answers.types import ANSWER_TYPES, MESSAGE_TYPES
from botkit.errors import BotkitError, summary_of
from botkit.flow.model import Signature
from botkit.flow.problem import Place

if TYPE_CHECKING:
    import aiohttp
    import structlog

    from botkit.received import MediaSource

MARK = "__botkit_handler__"
#: A module's own list of the names that it marked: a function that another of its name covers is not found otherwise.
MARKED = "__botkit_handlers__"
TYPE_MARK = "__botkit_answer_type__"
TYPES_MARKED = "__botkit_answer_types__"
_TYPE_NAME = re.compile(r"[^\W\d][\w.-]*")
_Function = TypeVar("_Function", bound=Callable[..., Any])


def handler(name: str) -> Callable[[_Function], _Function]:
    """Mark a function as the handler `name`: `@handler("agenda.libres")`."""
    if not isinstance(name, str):
        raise TypeError('write @handler("name"), with the name that flows use')

    def mark(function: _Function) -> _Function:
        setattr(function, MARK, name)
        function.__globals__.setdefault(MARKED, []).append(name)
        return function

    return mark


def answer_type(name: str) -> Callable[[_Function], _Function]:
    """Mark a function as the reader of the answer type `name`, for `type` of `ask` and the filter `read`.

        @answer_type("ci")
        def read_ci(text: str) -> str | None:
            \"\"\"An identity card: 4567890 LP.\"\"\"

    It gets what a person wrote and returns a JSON value, or None for what is not surely such an answer. With a second
    parameter named `context` it also gets a `botkit.answers.context.ReadingContext`: language, time, country, currency.
    It runs inside the turn, also again after a crash: quick and pure, no files, no network, no waiting. The first line
    of its docstring is the type's help.
    """
    if not isinstance(name, str):
        raise TypeError('write @answer_type("name"), with the name that flows use')
    if not _TYPE_NAME.fullmatch(name):
        raise ValueError(f"the answer type '{name}' must be named by letters, digits, '_', '.' and '-'")
    if name in ANSWER_TYPES or name in MESSAGE_TYPES:
        raise ValueError(f"'{name}' is a built-in answer type; take another name")

    def mark(function: _Function) -> _Function:
        takes_context(name, function)
        setattr(function, TYPE_MARK, name)
        function.__globals__.setdefault(TYPES_MARKED, []).append(name)
        return function

    return mark


def takes_context(name: str, function: Callable[..., Any]) -> bool:
    """Tell whether a reader takes a context; raises TypeError for a function that cannot be one."""
    if not inspect.isfunction(function):
        raise TypeError(f"the answer type '{name}' must be a function")
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise TypeError(f"the answer type '{name}' runs inside the turn: write 'def', without 'async' and 'yield'")
    parameters = inspect.signature(function).parameters
    takes_context = "context" in list(parameters)[1:]
    try:
        inspect.signature(function).bind("", **({"context": None} if takes_context else {}))
    except TypeError:
        raise TypeError(f"the answer type '{name}' takes (text) or (text, context), nothing else") from None
    return takes_context


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may ask for by a parameter named `ctx`.

    `contact` and `slots` are copies: a handler changes a conversation by what it returns. `http` is a shared
    `aiohttp.ClientSession` for async handlers. `idempotency_key` is the same when a call is repeated after a crash.
    `media`, for async handlers: `await ctx.media.fetch(slot)` returns the bytes of what a person sent (`Received`), or
    raises `botkit.errors.MediaError`.
    """

    contact: Mapping[str, Any]
    slots: Mapping[str, Any]
    idempotency_key: str
    log: structlog.stdlib.BoundLogger
    http: aiohttp.ClientSession
    media: MediaSource


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
    """A handler module cannot be used; `place` is where in it, or in what it imports, if known."""

    def __init__(self, module: str, why: str, place: Place | None = None) -> None:
        super().__init__(f"{module}: {why}")
        self.module = module
        self.why = why
        self.place = place


@dataclass(frozen=True, slots=True)
class OwnReader:
    """Calls a bot's own reader of answers with what it takes."""

    function: Callable[..., Any]
    takes_context: bool

    def __call__(self, text: str, context: ReadingContext) -> Any:
        """Return the value, or None; raises whatever the function raises."""
        return self.function(text, context=context) if self.takes_context else self.function(text)


def describe(name: str, function: Callable[..., Any]) -> Handler:
    """Return a handler for a function; raises HandlerModuleError for a signature that cannot be called by name."""
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise HandlerModuleError(name, "a handler returns its result; it cannot 'yield'")
    takes: list[str] = []
    required: set[str] = set()
    is_open, wants_context = False, "ctx" in inspect.signature(function).parameters
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
        Signature(tuple(takes), frozenset(required), is_open, sees_slots=wants_context),
        _readers(name, function, takes),
        wants_context=wants_context,
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
                    why = f"the annotation of '{parameter}' fails: {summary_of(error)}"
                    raise HandlerModuleError(name, why) from error
                readers[parameter] = TypeAdapter(hints[parameter])
    return readers
