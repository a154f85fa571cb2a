"""From an event to its line, and where the line goes.

One processor does all the work, because a chain of small ones costs twice as much: merge what is bound, clean, render.
The same bytes go to the file and to a console that is not a terminal. A console or a disk that takes no more loses the
line rather than the turn.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.contextvars import bind_contextvars, merge_contextvars

from botkit.logs.console import Console
from botkit.logs.file import RotatingFile
from botkit.logs.mask import Mask
from botkit.logs.trace import trace
from botkit.settings.model import Log

#: Libraries whose lower levels say nothing to an operator; `transitions` at INFO costs five times a turn.
QUIET = ("transitions", "asyncio", "aiohttp.access")

#: Libraries that strangers can make say the same over and over (bad requests, too many connections), and how often the
#: log hears it, in seconds: else they could push everything else out of it. So many of their sentences are remembered.
FLOODED, REPEAT_S, REMEMBERED = ("asyncio", "aiohttp.server"), 1.0, 100

#: Events that `botkit run` also prints for people, on standard output.
_PRINTED = frozenset({"ready"})

_OPTIONS = orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
_COLOURS = {"debug": "\x1b[2m", "warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}


def setup(log: Log, folder: Path = Path(), *, secrets: Iterable[str] = (), console: BinaryIO | None = None) -> Sink:
    """Send events and the standard library's log to the console and to `log.file` in `folder`; return the sink.

    `console` is standard error by default. Raises OSError when the file cannot be opened.
    """
    text = log.format == "text" or (log.format == "auto" and console is None and sys.stderr.isatty())
    sink = Sink(RotatingFile(folder / log.file), console or sys.stderr.buffer, text=text)
    line = Line(Mask(secrets, personal=log.personal))
    level = logging.getLevelNamesMapping()[log.level.upper()]
    structlog.configure(
        processors=[line],
        wrapper_class=_logger_from(level),
        logger_factory=lambda *_: sink,
        cache_logger_on_first_use=True,
    )
    _take_over(Bridge(line, sink), level)
    return sink


def _logger_from(level: int) -> Any:
    """Return structlog's logger from a level on, whose `info` goes straight to `Line` where that alone is asked.

    Nearly every line is of `info`. Structlog hands its fields on from call to call, for chains of processors and for
    values in an event's name: that takes as long as a third of the line.
    """
    filtering: Any = structlog.make_filtering_bound_logger(level)
    if level > logging.INFO:
        return filtering

    class Straight(filtering):  # type: ignore[misc]  # a class that structlog makes
        def info(self, event: str, *values: Any, **fields: Any) -> Any:
            if values or len(self._processors) != 1:
                return super().info(event, *values, **fields)
            try:
                arguments, _ = self._processors[0](self._logger, "info", {**self._context, **fields, "event": event})
            except structlog.DropEvent:  # while a test takes the lines
                return None
            return self._logger.info(*arguments)

    return Straight


def show_warnings(console: BinaryIO | None = None) -> None:
    """Send warnings and errors as text to `console` (standard error) alone: for commands that do not serve."""
    send_warnings(Sink(None, console or sys.stderr.buffer, text=True))


def send_warnings(sink: Any) -> None:
    """Send warnings and errors to a sink: whatever has the methods of `Sink`."""
    structlog.configure(
        processors=[Line(Mask())],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: sink,
        cache_logger_on_first_use=False,  # what is set up may hold for a moment only
    )


def note(log: Log, folder: Path, event: str, **fields: Any) -> None:
    """Append one line to `log.file` in `folder`, for what a command changes while no bot runs; raises OSError."""
    arguments, _ = Line(Mask(personal=log.personal))(None, "info", {"event": event, **fields})
    file = RotatingFile(folder / log.file)
    try:
        file.write(arguments[0])
    finally:
        file.close()


def bind(**fields: str | None) -> Mapping[str, object]:
    """Bind `conversation`, `flow`, `step` and `event` to every further line of this task; return tokens for a reset.

    `event` becomes `event_id`, since a line's own name is its `event`.
    """
    if "event" in fields:
        fields["event_id"] = fields.pop("event")
    return bind_contextvars(**{name: value for name, value in fields.items() if value is not None})


def crash_line(error: BaseException) -> bytes:
    """Return the line about a defect that ended a command, with its traceback and message: no turn's error ends one."""
    fields: dict[str, Any] = {"event": "defect", "exc_info": error}
    arguments, _ = Line(Mask(), messages=True)(None, "critical", fields)
    line: bytes = arguments[0]
    return line


def _take_over(bridge: logging.Handler, level: int) -> None:
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Bridge)]:
        root.removeHandler(handler)
    root.addHandler(bridge)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


class Line:
    """The processor: fields to `at`, `level`, `event` and what may be said of the rest, as one line of JSON."""

    def __init__(self, mask: Mask, *, messages: bool = False) -> None:
        self._mask, self._messages = mask, messages or mask.personal

    def __call__(self, logger: Any, level: str, fields: MutableMapping[str, Any]) -> tuple[tuple[Any, ...], Any]:
        """Return the line and what it was made from, as arguments of `Sink.write`."""
        fields = merge_contextvars(logger, level, fields)
        error = _raised(fields.pop("exc_info", None))
        if error is not None:
            fields["exception"] = trace(error, messages=self._messages or level == "debug")
        event = fields.pop("event", "")
        if "logger" in fields or " " in event:  # our own events are constants; libraries put values into sentences
            event = self._mask.text(str(event))
        said = self._mask.clean(fields, debug=level == "debug")
        entry = {"at": datetime.now(UTC), "level": level, "event": event, **said}
        try:
            return (orjson.dumps(entry, _plain, _OPTIONS), entry), {}
        except TypeError:  # a lone surrogate, an integer past 64 bits, a loop
            entry = {"at": entry["at"], "level": level, "event": ascii(event), "fields": ascii(said)}
            return (orjson.dumps(entry, option=_OPTIONS), entry), {}


class Sink:
    """Where lines go; the logger that structlog wraps. Threads may share it."""

    def __init__(self, file: RotatingFile | None, console: BinaryIO, *, text: bool) -> None:
        self._file, self._text = file, text
        self._console = Console(console, self._told_lost)
        self._coloured = console.isatty()
        # Who reads both streams on one terminal has read these already.
        self._printed = _PRINTED if text and console.isatty() and sys.stdout.isatty() else frozenset()
        self._lock = threading.Lock()
        self._together = False
        self._console_lines: list[bytes] = []
        self._file_lines: list[bytes] = []

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep the lines of a moment back, and write them at its end in one go; for code that neither waits nor nests.

        A write costs as much as making the line, and its price is that of ten.
        """
        self._together = True
        try:
            yield
        finally:
            with self._lock:
                self._together = False
                self._write_out()

    def write(self, line: bytes, entry: Mapping[str, Any]) -> None:
        """Write one line to the console and to the file."""
        shown = _shown(entry, coloured=self._coloured) if self._text else line
        printed = entry["event"] in self._printed and "conversation" not in entry
        with self._lock:
            if not printed:
                self._console_lines.append(shown)
            self._file_lines.append(line)
            if not self._together:
                self._write_out()

    debug = info = warning = error = critical = msg = write

    def _write_out(self) -> None:
        shown, self._console_lines = self._console_lines, []
        lines, self._file_lines = self._file_lines, []
        if shown:
            self._console.write(b"".join(shown))
        if lines and self._file:
            with suppress(OSError):
                self._file.write(b"".join(lines))

    def _told_lost(self, count: int) -> bytes:
        entry = {"at": datetime.now(UTC), "level": "warning", "event": "console_lines_lost", "count": count}
        return _shown(entry, coloured=self._coloured) if self._text else orjson.dumps(entry, option=_OPTIONS)

    def close(self) -> None:
        """Close the file; the console stays."""
        with self._lock:
            if self._file:
                self._file.close()


class Bridge(logging.Handler):
    """Takes what libraries log through the standard library, in the same form, with the logger's name."""

    def __init__(self, line: Line, sink: Sink) -> None:
        super().__init__()
        self._line, self._sink = line, sink
        self._written: dict[tuple[object, ...], float] = {}
        self.addFilter(self._is_news)

    def _is_news(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be written: of FLOODED not what they said a moment ago."""
        if record.name not in FLOODED:
            return True
        said = record.name, record.msg, record.exc_info and record.exc_info[0]
        if abs(record.created - self._written.get(said, -REPEAT_S)) < REPEAT_S:
            return False
        if len(self._written) >= REMEMBERED:
            self._written.clear()
        self._written[said] = record.created
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; one that cannot be formatted is told by the standard library's own means."""
        try:
            fields: dict[str, Any] = {"logger": record.name, "event": record.getMessage()}
            if record.exc_info and record.exc_info[0]:
                fields["exc_info"] = record.exc_info
            arguments, _ = self._line(self._sink, record.levelname.lower(), fields)
            self._sink.write(*arguments)
        except Exception:
            self.handleError(record)


def _raised(given: Any) -> BaseException | None:
    """Return the error that an `exc_info` means."""
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if len(given) > 1 and isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _plain(value: object) -> str:
    return str(value)


def _shown(entry: Mapping[str, Any], *, coloured: bool) -> bytes:
    """Return a line for people: the local time, the level, the event, the fields, and a traceback below."""
    level = f"{entry['level']:<7}"
    if coloured:
        colour = _COLOURS.get(entry["level"])
        level = f"{colour}{level}\x1b[0m" if colour else level
    rest = " ".join(f"{name}={_value(entry[name])}" for name in list(entry)[3:] if name != "exception")
    trace = f"\n{entry['exception']}" if "exception" in entry else ""
    line = f"{entry['at'].astimezone():%H:%M:%S} {level} {_value(entry['event'])}  {rest}{trace}\n"
    return line.encode(errors="replace")


def _value(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else ascii(text)
