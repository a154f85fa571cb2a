"""Loading handler modules: what they register by `@handler` and `@answer_type`.

Whatever a module does while it is imported is its author's to mend: a `HandlerModuleError` names it and the line.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.metadata import entry_points
from itertools import count
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from botkit import handlers
from botkit.answers.types import AnswerType
from botkit.blame import place_of_error, place_of_function
from botkit.errors import summary_of, type_of
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
#: Numbers of modules that were imported anew.
_numbers = count(2)
#: Files whose lines are no place of a mistake in a module.
_OURS = (__file__, handlers.__file__)


class Registered(NamedTuple):
    """What handler modules registered, by name."""

    handlers: dict[str, Handler]
    answer_types: dict[str, AnswerType]


def load_modules(modules: Sequence[str], folder: Path, *, fresh: bool = False) -> Registered:
    """Return the handlers and answer types of the named modules and of installed entry points.

    A module is a path beside config.yaml (`flows/handlers.py`) or a dotted name. Raises HandlerModuleError.
    With `fresh` the named ones are imported anew, from their source; modules that they import in turn are not.
    """
    found = Registered({}, {})
    for point in entry_points(group=ENTRY_POINT_GROUP):
        _collect(_guarded(point.name, point.load, folder), found, point.name)
    for name in modules:
        _collect(_guarded(name, partial(_import_anew if fresh else _import, name, folder), folder), found, name)
    return found


def _import(name: str, folder: Path) -> ModuleType:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = _file(name, folder)
    return _load(importlib.util.spec_from_file_location(f"botkit_handlers_{path.stem}", path))


def _import_anew(name: str, folder: Path) -> ModuleType:
    """Import a module again, under a name of its own: one that fails half way leaves the former as it was."""
    path = _file(name, folder) if name.endswith(".py") else _source_of(name)
    if path is None:
        return importlib.import_module(name)  # not of a source file: it cannot have changed
    stem = name if not name.endswith(".py") else f"botkit_handlers_{path.stem}"
    own = f"{stem}@{next(_numbers)}"
    return _load(importlib.util.spec_from_file_location(own, path, loader=_FromSource(own, str(path))))


def _file(name: str, folder: Path) -> Path:
    path = folder / name
    if not path.is_file():
        raise HandlerModuleError(name, "there is no such file")
    return path


def _source_of(name: str) -> Path | None:
    """Return the source file of a dotted name; raises ImportError without such a module."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"No module named {name!r}")
    is_plain = spec.origin is not None and spec.origin.endswith(".py") and spec.submodule_search_locations is None
    return Path(spec.origin) if is_plain and spec.origin else None


class _FromSource(SourceFileLoader):
    """Reads the source, never the bytecode beside it: that is told apart by whole seconds."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the file as it is now."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _load(spec: ModuleSpec | None) -> ModuleType:
    assert spec is not None
    assert spec.loader is not None  # a .py file always has one
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _guarded(name: str, load: Callable[[], Any], folder: Path) -> Any:
    """Run a module's own code: whatever it raises becomes an error with its place."""
    try:
        return load()
    except HandlerModuleError:
        raise
    except BaseException as error:  # a module may leave, or interrupt, too
        why = f"{type_of(error)}: {error.msg}" if isinstance(error, SyntaxError) else summary_of(error)
        raise HandlerModuleError(name, why, place_of_error(error, folder, _OURS)) from error


def _collect(module: Any, found: Registered, source: str) -> None:
    for name, function in _marked(module, MARK):
        if name in found.handlers and found.handlers[name].function is not function:
            raise _twice("handler", name, source, function)
        found.handlers[name] = _described(name, function, source)
    for name, function in _marked(module, TYPE_MARK):
        read = OwnReader(function, takes_context(name, function))
        if name in found.answer_types and found.answer_types[name].read != read:
            raise _twice("answer type", name, source, function)
        help = (inspect.getdoc(function) or f"an own type of {source}").partition("\n")[0]
        found.answer_types[name] = AnswerType(name, help, read)
    for what, mark, marked in (("handler", MARK, MARKED), ("answer type", TYPE_MARK, TYPES_MARKED)):
        names = vars(module).get(marked, [])
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise _twice(what, name, source, dict(_marked(module, mark)).get(name))


def _described(name: str, function: Callable[..., Any], source: str) -> Handler:
    """Return a handler for a function; raises HandlerModuleError with the module and the place of the function."""
    try:
        return describe(name, function)
    except HandlerModuleError as error:
        raise HandlerModuleError(source, error.why, place_of_function(function)) from error


def _marked(module: Any, mark: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the functions that a module holds under a mark, with the names they are marked with."""
    for value in list(vars(module).values()):
        name = getattr(value, mark, None) if inspect.isfunction(value) else None
        if name is not None:
            yield name, value


def _twice(what: str, name: str, source: str, function: Callable[..., Any] | None) -> HandlerModuleError:
    """Return the error for a name that two functions have; `function` is the later one, if the module still has it."""
    why = f"the {what} '{name}' is registered twice"
    return HandlerModuleError(source, why, place_of_function(function) if function else None)
