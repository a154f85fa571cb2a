"""Loading handler modules: what they register by `@handler` and `@answer_type`.

Whatever a module does while it is imported is its author's to mend: a `HandlerModuleError` names it and the line.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from botkit import handlers
from botkit.answers.types import AnswerType
from botkit.errors import summary_of
from botkit.handlers import (
    MARK,
    MARKED,
    TYPE_MARK,
    TYPES_MARKED,
    Handler,
    HandlerModuleError,
    OwnReader,
    describe,
    takes_context,
)

ENTRY_POINT_GROUP = "botkit.handlers"
#: Files whose lines are no place of a mistake in a module.
_OURS = (__file__, handlers.__file__)


class Registered(NamedTuple):
    """What handler modules registered, by name."""

    handlers: dict[str, Handler]
    answer_types: dict[str, AnswerType]


def load_modules(modules: Sequence[str], folder: Path) -> Registered:
    """Return the handlers and answer types of the named modules and of installed entry points.

    A module is a path beside config.yaml (`flows/handlers.py`) or a dotted name. Raises HandlerModuleError.
    """
    found = Registered({}, {})
    for point in entry_points(group=ENTRY_POINT_GROUP):
        _collect(_guarded(point.name, point.load), found, point.name)
    for name in modules:
        _collect(_guarded(name, partial(_import, name, folder)), found, name)
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
    """Run a module's own code: whatever it raises becomes an error with its place."""
    try:
        return load()
    except HandlerModuleError:
        raise
    except BaseException as error:  # a module may leave, or interrupt, too
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename not in _OURS]
        where = next((f"{f.filename}:{f.lineno}" for f in reversed(frames) if "importlib" not in f.filename), "")
        if isinstance(error, SyntaxError) and error.filename:
            where = f"{error.filename}:{error.lineno}"
        raise HandlerModuleError(name, summary_of(error), where) from error


def _collect(module: Any, found: Registered, source: str) -> None:
    for name, function in _marked(module, MARK):
        if name in found.handlers and found.handlers[name].function is not function:
            raise _twice("handler", name, source, function)
        found.handlers[name] = describe(name, function)
    for name, function in _marked(module, TYPE_MARK):
        read = OwnReader(function, takes_context(name, function))
        if name in found.answer_types and found.answer_types[name].read != read:
            raise _twice("answer type", name, source, function)
        help = (inspect.getdoc(function) or f"an own type of {source}").partition("\n")[0]
        found.answer_types[name] = AnswerType(name, help, read)
    for what, marked in (("handler", MARKED), ("answer type", TYPES_MARKED)):
        names = vars(module).get(marked, [])
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise HandlerModuleError(source, f"the {what} '{name}' is registered twice")


def _marked(module: Any, mark: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the functions that a module holds under a mark, with the names they are marked with."""
    for value in list(vars(module).values()):
        name = getattr(value, mark, None) if inspect.isfunction(value) else None
        if name is not None:
            yield name, value


def _twice(what: str, name: str, source: str, function: Callable[..., Any]) -> HandlerModuleError:
    code = function.__code__
    why = f"the {what} '{name}' is registered twice"
    return HandlerModuleError(source, why, f"{code.co_filename}:{code.co_firstlineno}")
