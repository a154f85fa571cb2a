"""Where in a bot's own Python something went wrong."""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from botkit.flow.problem import Place


def place_of_error(error: BaseException, folder: Path, ours: Collection[str]) -> Place | None:
    """Return where an error comes from: the innermost line below `folder`, else the innermost one that has a file.

    Lines of the files `ours`, and of Python's own import, are no place of a mistake; None where there are no others.
    """
    found = [place for place in _places(error) if place.file not in ours and "importlib" not in place.file]
    return next((place for place in found if _is_below(place.file, folder)), found[0] if found else None)


def place_of_function(function: Callable[..., Any]) -> Place:
    """Return where a function begins, with its decorators."""
    code = inspect.unwrap(function).__code__
    return _line(code.co_filename, code.co_firstlineno)


def place_of_stack(frame: FrameType, folder: Path) -> Place:
    """Return where a frame is: its innermost line below `folder`, else the innermost one."""
    found = [_line(each.f_code.co_filename, line) for each, line in traceback.walk_stack(frame)]
    return next((place for place in found if _is_below(place.file, folder)), found[0])


def _places(error: BaseException) -> Iterator[Place]:
    """Yield where an error came by, the innermost first; a file that Python could not read is further in."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        line, column = error.lineno, max(1, error.offset or 1)
        end_line, end = error.end_lineno or line, error.end_offset or 0
        yield Place(error.filename, line, column, end_line, end if end > column or end_line > line else column + 1)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.lineno is not None:
            yield _of_frame(frame, frame.lineno)


def _of_frame(frame: traceback.FrameSummary, line: int) -> Place:
    if frame.colno is None or frame.end_colno is None:
        return _line(frame.filename, line)
    last = frame.end_lineno or line
    start, end = _column(frame.filename, line, frame.colno), _column(frame.filename, last, frame.end_colno)
    return Place(frame.filename, line, start, last, end)


def _column(file: str, line: int, offset: int) -> int:
    """Return the column (from 1) of an offset in bytes, which is what Python counts."""
    return len(linecache.getline(file, line).encode()[:offset].decode("utf-8", "replace")) + 1


def _line(file: str, line: int) -> Place:
    written = linecache.getline(file, line)
    start = len(written) - len(written.lstrip()) + 1
    return Place(file, line, start, line, max(start, len(written.rstrip())) + 1)


def _is_below(file: str, folder: Path) -> bool:
    path = Path(file).resolve()
    return path.is_file() and path.is_relative_to(folder.resolve()) and "site-packages" not in path.parts
