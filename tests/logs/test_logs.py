"""Log lines: their form, where they go, and what never stands in one."""

from __future__ import annotations

import fcntl
import io
import json
import logging
import os
import re
import select
import socket
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from errno import ENOSPC
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog

from botkit import logs
from botkit.logs.console import Console
from botkit.logs.file import RotatingFile
from botkit.logs.setup import Bridge
from botkit.settings.model import Log

PHONE = "59171234567"
KEY = "wk-live-0a1b2c3d"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.setLevel(level)
    for handler in list(root.handlers):
        if isinstance(handler, Bridge):
            root.removeHandler(handler)


class Lines:
    """A console in memory and the file beside it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.console = io.BytesIO()
        self.file = folder / "botkit.log"
        logs.setup(Log(**settings), folder, secrets=(KEY,), console=self.console)

    def read(self) -> list[dict[str, Any]]:
        """Return the lines of the file."""
        return [orjson.loads(line) for line in self.file.read_bytes().splitlines()]


def test_line(tmp_path: Path) -> None:
    """A line is JSON: time, level, event, then fields; the console gets the file's bytes."""
    lines = Lines(tmp_path)
    structlog.get_logger().info("reply_queued", wait_s=1.25, rows=3, load="green", ok=True)
    (line,) = lines.read()
    assert list(line)[:3] == ["at", "level", "event"]
    assert line["at"].endswith("Z")
    assert {**line, "at": ""} == {
        "at": "", "level": "info", "event": "reply_queued", "wait_s": 1.25, "rows": 3, "load": "green", "ok": True
    }  # fmt: skip
    assert lines.console.getvalue() == lines.file.read_bytes()


def test_bound(tmp_path: Path) -> None:
    """What is bound stands in every line, the event's id under a name of its own."""
    lines = Lines(tmp_path)
    logs.bind(conversation="0123456789abcdef", flow="cita", step="dia", event="ev-1")
    structlog.get_logger().info("turn")
    assert lines.read()[0] == {
        **lines.read()[0], "conversation": "0123456789abcdef", "flow": "cita", "step": "dia", "event_id": "ev-1"
    }  # fmt: skip


def test_values_in_an_event(tmp_path: Path) -> None:
    """An author's own logger may put values into its event, and carry fields along."""
    lines = Lines(tmp_path)
    log = structlog.get_logger().bind(table=7)
    log.info("dish %s", "pique", rank=1)
    log.info("dish", rank=2)
    first, second = [{name: line[name] for name in ("event", "table", "rank")} for line in lines.read()]
    assert first == {"event": "dish pique", "table": 7, "rank": 1}
    assert second == {"event": "dish", "table": 7, "rank": 2}


def test_captured(tmp_path: Path) -> None:
    """A test of an author's takes lines as structlog has it, and none is written."""
    lines = Lines(tmp_path)
    with structlog.testing.capture_logs() as taken:
        structlog.get_logger().info("dish", rank=1)
    assert taken == [{"event": "dish", "rank": 1, "log_level": "info"}]
    assert lines.read() == []


def test_text(tmp_path: Path) -> None:
    """A terminal shows one readable line, and no control characters that came from outside."""
    lines = Lines(tmp_path, format="text")
    structlog.get_logger().warning("odd_item", kind="a\x1b[2Jb\nc")
    shown = lines.console.getvalue().decode()
    assert "odd_item" in shown
    assert "kind='a\\x1b[2Jb\\nc'" in shown
    assert shown.count("\n") == 1
    assert lines.read()[0]["event"] == "odd_item"


class Terminal(io.BytesIO):
    """A console that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colours where there are some, local times, and nothing that was printed on it already."""
    monkeypatch.setenv("TZ", "UTC+4")  # POSIX: four hours behind UTC
    time.tzset()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(Terminal()))
    console = Terminal()
    logs.setup(Log(format="text"), tmp_path, console=console)
    for said in ("ready", "turn"):
        structlog.get_logger().info(said)
    structlog.get_logger().warning("odd")
    monkeypatch.undo()
    time.tzset()
    written = [orjson.loads(line) for line in (tmp_path / "botkit.log").read_bytes().splitlines()]
    turn, odd = console.getvalue().decode().splitlines()
    assert [line["event"] for line in written] == ["ready", "turn", "odd"]
    here = datetime.fromisoformat(written[1]["at"]) - timedelta(hours=4)
    assert turn.split() == [f"{here:%H:%M:%S}", "info", "turn"]
    assert "\x1b[33mwarning\x1b[0m" in odd


def test_level(tmp_path: Path) -> None:
    """Lower levels are not written; `transitions` is quiet below a warning even at debug."""
    lines = Lines(tmp_path, level="debug")
    logging.getLogger("transitions").info("executed callback")
    logging.getLogger("transitions.core").info("executed callback")
    structlog.get_logger().debug("seen")
    assert [line["event"] for line in lines.read()] == ["seen"]


def test_libraries(tmp_path: Path) -> None:
    """The standard library's log comes in the same form, with the logger's name, without numbers and keys."""
    lines = Lines(tmp_path)
    logging.getLogger("aiohttp.server").error("cannot answer %s with %s", PHONE, KEY)
    (line,) = lines.read()
    assert (line["level"], line["logger"]) == ("error", "aiohttp.server")
    assert line["event"] == "cannot answer [number] with [secret]"


@pytest.mark.parametrize(("name", "written"), [("aiohttp.server", 2), ("asyncio", 2), ("tienda", 4)])
def test_flood(tmp_path: Path, name: str, written: int) -> None:
    """What strangers can make a library say over and over is written once a second; what handlers say, always."""
    lines = Lines(tmp_path)
    for at in (10.0, 10.1, 10.9, 11.5):
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, "bad request from %s", (f"host-{at}",), None)
        record.created = at
        logging.getLogger(name).handle(record)
    logging.getLogger(name).error("another")
    assert [line["event"] for line in lines.read()][-1] == "another"
    assert len(lines.read()) == written + 1


def fail(said: str) -> None:
    """Raise an error from another one, both with what somebody said."""
    try:
        int(said)
    except ValueError as error:
        raise LookupError(f"no such person: {said}") from error


@pytest.mark.parametrize("personal", ["false", "true"])
def test_exception(tmp_path: Path, personal: str) -> None:
    """A traceback is a field: types and frames, and what the errors say only with `log.personal`."""
    lines = Lines(tmp_path, personal=personal)
    try:
        fail("Juan Perez")
    except LookupError as error:
        structlog.get_logger().exception("turn_failed")
        structlog.get_logger().warning("turn_failed", exc_info=error)
        logging.getLogger("x").exception("failed")
    written = lines.read()
    assert len(written) == 3
    for line in written:
        said = [part for part in line["exception"].splitlines() if not part.startswith("  ")]
        assert [part.partition(":")[0] for part in said] == [
            "Traceback (most recent call last)", "ValueError", "Traceback (most recent call last)", "LookupError"
        ]  # fmt: skip
        assert "test_logs.py:" in line["exception"]
        assert " fail" in line["exception"]
        assert ("Juan Perez" in line["exception"]) is (personal == "true")


def deep(depth: int) -> None:
    """Raise from far down, with a text that is far too long."""
    if depth:
        deep(depth - 1)
    raise BaseExceptionGroup("z1 " * 700_000, [KeyboardInterrupt("Juan Perez")])


def test_large_exception(tmp_path: Path) -> None:
    """A traceback is cut, however deep it is and however much the error says; its type stays."""
    for personal in ("false", "true"):
        lines = Lines(tmp_path, personal=personal)
        try:
            deep(500)
        except BaseException as error:
            structlog.get_logger().warning("failed", exc_info=error, why="z1 " * 700_000)
    for line in lines.read():
        assert len(orjson.dumps(line)) < 10_000
        assert "BaseExceptionGroup" in line["exception"]
        assert "KeyboardInterrupt" in line["exception"]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"error": "ValueError: int de Juan Perez"}, "ValueError"),
        ({"error": "argument 'n': Juan: Perez"}, "argument 'n'"),
        ({"error": ValueError("Juan Perez")}, "ValueError"),
        ({"error": "no answer within 5 s"}, "no answer within 5 s"),
        ({"error": "the store refuses work: disk full"}, "the store refuses work: disk full"),
        ({"reason": "agenda.libres: ValueError: Juan: Perez\nSopocachi"}, "agenda.libres: ValueError"),
        ({"reason": "agenda.libres: no answer within 5 s"}, "agenda.libres: no answer within 5 s"),
        ({"reason": "'<' cannot compare a text with a number"}, "'<' cannot compare a text with a number"),
        ({"reason": "'date' needs a date, not 'Juan Perez"}, "'date' needs a date, not [text]"),
    ],
)
def test_errors(tmp_path: Path, fields: dict[str, Any], kept: str) -> None:
    """An error tells its type and its place; what it says of somebody's words stays out."""
    lines = Lines(tmp_path)
    structlog.get_logger().warning("failed", **fields, handler="agenda.libres", place="a.yaml:3")
    (line,) = lines.read()
    assert (line.get("error") or line["reason"], line["handler"], line["place"]) == (kept, "agenda.libres", "a.yaml:3")


def test_cut(tmp_path: Path) -> None:
    """A long text is cut, and never amid a number or a key."""
    lines = Lines(tmp_path)
    for place in range(3_960, 4_010):
        structlog.get_logger().info("long", one="x " * (place // 2) + PHONE + " y" * 50, two="x " * (place // 2) + KEY)
    for line in lines.read():
        assert len(line["one"]) <= 4_010
        assert not re.search(r"\d{3}", line["one"].replace("x", ""))
        assert "wk-live" not in line["two"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"contact": PHONE, "name": "Ana", "phone": PHONE, "sender": "x", "to": "y"}, {}),
        ({"text": "hola", "body": "x", "caption": "y"}, {}),
        ({"api_key": KEY, "X-Api-Key": KEY, "auth_token": "t", "authorization": "Bearer x"}, "[secret]"),
        ({"note": f"key is {KEY}!"}, {"note": "key is [secret]!"}),
        ({"note": "Authorization: Bearer abc.def"}, {"note": "Authorization: [secret]"}),
        ({"url": "https://h/x?api_key=abcdef"}, {"url": "https://h/x?[secret]"}),
        ({"why": f"to +{PHONE} failed"}, {"why": "to [number] failed"}),
        ({"why": "call 712-34567 or (591) 712 34567"}, {"why": "call [number] or ([number]"}),
        ({"gateway_id": f"false_{PHONE}@c.us_3EB0"}, {"gateway_id": "false_[number]@c.us_3EB0"}),
        ({"value": int(PHONE)}, {"value": "[number]"}),
        ({"items": [PHONE, {"contact": PHONE, "n": 7}]}, {"items": ["[number]", {"n": 7}]}),
        ({"sent": {PHONE: 1, int(PHONE): {f"+{PHONE}": 2}}}, {"sent": {"[number]": {"[number]": 2}}}),
        ({"why": "tel 591.71.234.567"}, {"why": "tel [number]"}),
        ({"why": "tel 591/7123/4567, 591.7123.4567"}, {"why": "tel [number], [number]"}),
        ({"why": "tel 591.71.234.56"}, {"why": "tel [number]"}),
        ({"why": "GET 192.168.100.200:8080 of 23/11/2026, 2026/11/23/0001, 23.11.2026; 3.11.7 0.123.456"}, None),
        ({"request": 10_000_007, "rows": [10_000_007, 10_000_008], "letter": 10_000_009}, None),
        ({"rows": [PHONE]}, {"rows": ["[number]"]}),
        ({"path": Path(f"/x/{PHONE}")}, {"path": "/x/[number]"}),
        ({"conversation": PHONE}, {"conversation": "[number]"}),
        ({"conversation": "1234567890123456", "bytes": 50_000_000}, None),
        ({"due": "2026-11-23T10:00:00Z", "wait_s": 12345678.5, "count": 9_999_999}, None),
    ],
)
def test_private(tmp_path: Path, fields: dict[str, Any], expected: Any) -> None:
    """No secret, number, name or text stands in a line; ids of ours, dates and measures do."""
    lines = Lines(tmp_path)
    structlog.get_logger().info("seen", **fields)
    (line,) = lines.read()
    rest = {name: value for name, value in line.items() if name not in ("at", "level", "event")}
    if expected == "[secret]":
        assert set(rest.values()) == {"[secret]"}
    else:
        assert rest == (fields if expected is None else expected)
    if expected is not None:
        assert PHONE not in lines.file.read_text()
        assert KEY not in lines.file.read_text()


def test_debug_texts(tmp_path: Path) -> None:
    """Message text stands in debug lines only, and there without numbers."""
    lines = Lines(tmp_path, level="debug")
    structlog.get_logger().debug("arrived", text=f"soy {PHONE}")
    structlog.get_logger().info("arrived", text="hola")
    assert [line.get("text") for line in lines.read()] == ["soy [number]", None]


def test_personal(tmp_path: Path) -> None:
    """`log.personal` lets people through, never secrets."""
    lines = Lines(tmp_path, personal="true")
    structlog.get_logger().info("seen", contact=PHONE, text="hola", note=KEY)
    (line,) = lines.read()
    assert (line["contact"], line["text"], line["note"]) == (PHONE, "hola", "[secret]")


@pytest.mark.parametrize("value", ["\ud800", 2**70, {1: {2: b"\xff"}}])
def test_odd_values(tmp_path: Path, value: Any) -> None:
    """A value that JSON cannot hold never costs a turn."""
    lines = Lines(tmp_path, personal="true")
    structlog.get_logger().info("odd", note=value)
    assert "odd" in lines.read()[0]["event"]


def test_full_disk(tmp_path: Path) -> None:
    """A console and a disk that take no more lose the line, not the turn."""
    console = io.BytesIO()
    sink = logs.setup(Log(file=Path("/dev/full")), tmp_path, console=console)
    console.close()
    structlog.get_logger().info("lost")
    sink.close()


def test_half_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a disk that fills up took half of does not swallow the line that comes when there is room again."""
    room, write = [5, 0], os.write
    file = RotatingFile(tmp_path / "log")

    def short(fd: int, data: bytes) -> int:
        if room and (left := room.pop(0)) == 0:
            raise OSError(ENOSPC, "full")
        return write(fd, data[:left] if room else data)

    monkeypatch.setattr("botkit.logs.file.os.write", short)
    file.write(b"first line\n")
    with pytest.raises(OSError, match="full"):
        file.write(b"lost\n")
    file.write(b"whole\n")
    file.write(b"next\n")
    assert (tmp_path / "log").read_text() == "first\nwhole\nnext\n"


def as_socket() -> tuple[int, int]:
    """Return what a service's streams are under systemd: it cannot be opened anew."""
    reader, writer = socket.socketpair()
    return reader.detach(), writer.detach()


@pytest.mark.parametrize("make", [os.pipe, as_socket], ids=["pipe", "socket"])
def test_unread_console(tmp_path: Path, make: Callable[[], tuple[int, int]]) -> None:
    """A console that nobody reads holds nobody up: its lines are lost, counted and told; the file has them all."""
    reader, writer = make()
    with os.fdopen(writer, "wb") as console, os.fdopen(reader, "rb") as collector:
        sink = logs.setup(Log(file=Path("all.log")), tmp_path, console=console)
        log = structlog.get_logger()
        for number in range(2000):
            log.info("said", number=number, padding="x" * 100)
        os.set_blocking(reader, False)
        read = b"".join(iter(lambda: collector.read(65536) or b"", b""))
        log.info("goes_on")
        log.info("last")
        read += b"".join(iter(lambda: collector.read(65536) or b"", b""))
    sink.close()
    lines = [json.loads(line) for line in read.splitlines()]
    told = [line["number"] for line in lines if line["event"] == "said"]
    assert told == list(range(len(told)))
    assert [line["event"] for line in lines[len(told) :]] == ["console_lines_lost", "goes_on", "last"]
    assert lines[len(told)]["count"] == 2000 - len(told)
    assert len((tmp_path / "all.log").read_text().splitlines()) == 2002


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="Linux's")
def test_half_a_line_unread() -> None:
    """Nothing comes into the middle of a line of which a pipe took a part: the rest goes first, then what was lost."""
    page = select.PIPE_BUF
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as stream, os.fdopen(reader, "rb"):
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4 * page)
        console = Console(stream, lambda lost: b"lost %d\n" % lost)
        lines = [letter * (size - 1) + b"\n" for letter, size in ((b"a", 3 * page), (b"b", page + 100), (b"c", 100))]
        for line in lines:
            console.write(line)
        read = os.read(reader, 4 * page)
        console.write(b"d\n")
        read += os.read(reader, 4 * page)
    assert read == lines[0] + lines[1] + b"lost 1\nd\n"


def test_together(tmp_path: Path) -> None:
    """Lines of a moment are written at its end, in order, by one write; a defect in the middle loses none."""
    writes: list[bytes] = []

    class Console(io.BytesIO):
        def write(self, data: Any) -> int:
            writes.append(bytes(data))
            return len(writes[-1])

    sink = logs.setup(Log(), tmp_path, console=Console())
    log = structlog.get_logger()

    def fail() -> None:
        with sink.together():
            log.info("first")
            log.info("second")
            assert writes == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    log.info("third")
    assert [[orjson.loads(line)["event"] for line in data.splitlines()] for data in writes] == [
        ["first", "second"],
        ["third"],
    ]
    assert (tmp_path / "botkit.log").read_bytes() == b"".join(writes)
    sink.close()


def test_rotation(tmp_path: Path) -> None:
    """A full file is put aside, the oldest goes, and all are read oldest first."""
    path = tmp_path / "botkit.log"
    file = RotatingFile(path, size=100, kept=3)
    for number in range(10):
        file.write(b'{"n": %d, "conversation": "c"}\n' % number + b"x" * 20 + b"\n")
    file.close()
    files = logs.log_files(path)
    assert [each.name for each in files] == ["botkit.log.2", "botkit.log.1", "botkit.log"]
    numbers = [orjson.loads(line)["n"] for line in logs.read_log(files, "c")]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 9
    assert path.stat().st_mode & 0o077 == 0


def test_rotation_that_fails(tmp_path: Path) -> None:
    """Where a full file cannot be put aside, lines go on into it, and never into a file that is opened meanwhile."""
    path = tmp_path / "botkit.log"
    (tmp_path / "botkit.log.1" / "in the way").mkdir(parents=True)
    file = RotatingFile(path, size=30, kept=2)
    lines = [b"%d" % number * 20 + b"\n" for number in range(6)]
    file.write(lines[0])
    with (tmp_path / "store").open("wb") as store:
        for line in lines[1:]:
            file.write(line)
        store.write(b"a store's own")
    file.close()
    assert path.read_bytes() == b"".join(lines)
    assert (tmp_path / "store").read_bytes() == b"a store's own"


def test_read_log(tmp_path: Path) -> None:
    """Only lines of that conversation are read, not those that merely mention it; half a line is passed over."""
    path = tmp_path / "botkit.log"
    path.write_bytes(b'{"conversation":"c1","n":1}\n{"conversation":"c2","note":"c1"}\n{"conversation":"c1","n"')
    assert list(logs.read_log([path], "c1")) == ['{"conversation":"c1","n":1}']
