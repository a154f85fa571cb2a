"""Handlers of the bot's own modules that no step calls."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from botkit.flow.problem import Place, Problem
from botkit.folder import shown
from botkit.handlers import Handler


def check_unused(handlers: Mapping[str, Handler], called: Collection[str], folder: Path) -> Iterator[Problem]:
    """Yield a problem for each handler below a bot's folder that is not called, at its name in the module.

    What comes from an installed package is not the bot's to remove.
    """
    for name, handler in handlers.items():
        code = inspect.unwrap(handler.function).__code__
        path = Path(code.co_filename)
        if name not in called and path.resolve().is_relative_to(folder.resolve()):
            yield Problem("handler-unused", _place(path, code.co_firstlineno, name), {"name": name})


def _place(path: Path, line: int, name: str) -> Place:
    """Return where a handler's name stands: in the decorator above the function, else its first line."""
    try:
        column = path.read_text(encoding="utf-8").split("\n")[line - 1].find(name) + 1
    except (OSError, UnicodeDecodeError, IndexError):
        column = 0
    return Place(shown(path), line, column or 1, line, (column + len(name)) if column else 1)
