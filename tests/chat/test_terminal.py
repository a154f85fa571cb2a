"""A chat at a terminal: keys, completion, history; and once for real, in a process with a terminal of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from botkit.chat.terminal import Watching, ask, history_of, talk
from botkit.watch import Watch
from tests.chat.talking import FLOW, Chat, write
from tests.waiting import eventually

ROOT = Path(__file__).parents[2]
#: What a terminal is told where a line may be typed: keys before are not the line's.
READY = "\x1b[?2004h"
#: Longest that a process may take to show something, in seconds.
PATIENCE_S = 60.0


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """Give a terminal's input, to be filled with keys."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Return a chat that has not begun."""
    monkeypatch.chdir(tmp_path)
    return Chat(write(tmp_path))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("mesa\r3\r\x04", "╰   2  Otra hora"),
        ("mesa\r3\r:q\r", "╰   2  Otra hora"),
        ("mesa\r3\r2\r\x1b[A\x1b[A\x1b[A\r\x04", "╭ ¿Para cuántos?"),
        ("bor\x03mesa\r\x04", "╭ ¿Para cuántos?"),
        (":where\r\x04", "· no flow runs"),
    ],
)
async def test_keys(new: Chat, keys: PipeInput, typed: str, shown: str) -> None:
    """Enter sends, the arrow brings back what was typed, Ctrl+C drops a line, Ctrl+D leaves."""
    keys.send_text(typed)
    await talk(new.console, InMemoryHistory(), watch=False)
    assert shown in new.shown()


async def test_greeting(new: Chat, keys: PipeInput) -> None:
    """It begins with the flows and their words."""
    keys.send_text("\x04")
    await talk(new.console, InMemoryHistory(), watch=False)
    assert new.shown() == ["· mesa (mesa) · :help says what else you can write"]


async def test_asked(keys: PipeInput) -> None:
    """What a service answers is asked below the talk."""
    keys.send_text("404\r")
    assert await ask("POST a/b? ") == "404"
    keys.send_text("\x04")
    assert await ask("POST a/b? ") is None


def test_history(tmp_path: Path) -> None:
    """What was typed is kept in a file that only its person reads; where none can be, it is forgotten."""
    assert isinstance(history_of({"XDG_STATE_HOME": str(tmp_path)}), FileHistory)
    kept = tmp_path / "botkit" / "chat_history"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert isinstance(history_of({"XDG_STATE_HOME": str(kept)}), InMemoryHistory)


class Terminal:
    """A process at a terminal of its own: `until` reads what it shows."""

    def __init__(self, folder: Path) -> None:
        self.ours, theirs = pty.openpty()
        env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "en_US.UTF-8", "HOME": str(folder)}
        env = {name: value for name, value in env.items() if name not in ("LC_ALL", "LC_MESSAGES", "NO_COLOR")}
        command = [sys.executable, "-m", "botkit", "chat"]
        self.child = Popen(command, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
        os.close(theirs)
        self.seen = ""

    def until(self, text: str) -> str:
        """Return what was shown up to a text, which must come."""
        end = time.monotonic() + PATIENCE_S
        while text not in self.seen:
            assert time.monotonic() < end, (text, self.seen)
            self.read()
        before, _, self.seen = self.seen.partition(text)
        return before

    def read(self) -> None:
        """Read what is shown, if anything is within a moment."""
        if select.select([self.ours], [], [], 0.1)[0]:
            self.seen += os.read(self.ours, 65_536).decode(errors="replace")

    def type(self, text: str, after: str = "") -> None:
        """Press keys, once this was shown."""
        if after:
            self.until(after)
        os.write(self.ours, text.encode())

    def end(self) -> None:
        """End the process, if it has not left."""
        self.child.kill()
        self.child.wait()
        os.close(self.ours)


HANGS = """import threading
from pathlib import Path
from botkit import handler

@handler("x.reserva")
def book(personas: int, hora: str) -> str:
    Path("begun").touch()
    threading.Event().wait()
    return ""
"""


def test_hangs(tmp_path: Path) -> None:
    """Ctrl+C cuts off a handler that hangs: the talk goes on from before."""
    write(tmp_path, handlers=HANGS)
    terminal = Terminal(tmp_path)
    try:
        terminal.type("mesa\r", READY)
        terminal.until("2  2")
        terminal.type("3\r", READY)
        terminal.until("Otra hora")
        terminal.type("1\r", READY)
        end = time.monotonic() + PATIENCE_S
        while not (tmp_path / "begun").exists():
            assert time.monotonic() < end
            terminal.read()
        terminal.child.send_signal(signal.SIGINT)
        terminal.until("cut off")
        terminal.until("¿A qué hora?")
        terminal.type("2\r", READY)
        terminal.until("Llama por teléfono")
    finally:
        terminal.end()


async def test_nothing_changed(new: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A watch that begins, and files that are saved as they were, are no news; another byte is."""
    told, looked = _followed(monkeypatch)
    await new.console.open()
    watching = Watching(new.console)
    try:
        await eventually(lambda: len(told) >= 2 and looked[-1] == len(told))  # both folders' watches have begun
        write(tmp_path)
        await eventually(lambda: len(told) >= 4 and looked[-1] == len(told))  # both have told of the save
        assert new.shown() == []
        write(tmp_path, FLOW.replace("Mesa para", "Lista, para"))
        await eventually(new.out.getvalue)
    finally:
        await watching.stop()
        await new.console.close()
    assert new.shown() == ["· reloaded: mesa"]


def _followed(monkeypatch: pytest.MonkeyPatch) -> tuple[list[None], list[int]]:
    """Note each time that a watch tells of something, and how often it had as the files were looked at."""
    told: list[None] = []
    looked: list[int] = []
    init, digest = Watch.__init__, Watch.digest

    def followed(self: Watch, flows: Path, files: Collection[Path], changed: Callable[[], None]) -> None:
        def tell() -> None:
            told.append(None)
            changed()

        init(self, flows, files, tell)

    def look(self: Watch) -> str:
        before, said = len(told), digest(self)
        looked.append(before)
        return said

    monkeypatch.setattr(Watch, "__init__", followed)
    monkeypatch.setattr(Watch, "digest", look)
    return told, looked


def test_for_real(tmp_path: Path) -> None:
    """At a terminal Tab completes; a file that is saved is taken in; Ctrl+D leaves."""
    write(tmp_path)
    terminal = Terminal(tmp_path)
    try:
        terminal.until("what else you can write")
        terminal.type("mes\t", READY)
        terminal.until("mesa")
        terminal.type("\r")
        assert "\x1b[32m" in terminal.until("¿Para cuántos?")
        terminal.until(READY)
        write(tmp_path, FLOW.replace("¿Para cuántos?", "¿Cuántos son?"))
        terminal.until("reloaded: mesa")
        terminal.until("¿Cuántos son?")
        terminal.type("3\r")
        terminal.until("Otra hora")
        terminal.type(":save real\r", READY)
        terminal.until("saved")
        terminal.type("\x04", READY)
        status = terminal.child.wait(PATIENCE_S)
    finally:
        terminal.end()
    assert status == 0
