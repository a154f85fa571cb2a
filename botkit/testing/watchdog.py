"""A watchdog over handlers that block the event loop (`time.sleep` in an `async def`).

Nothing in the loop can end those, no time limit either: the process is ended, and says by whom it was blocked. One in
C that keeps the interpreter's lock (a long `re` match) blocks the watchdog, too.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from botkit.blame import place_of_stack
from botkit.folder import shown

#: Longest a test may take in real time, in seconds: only to end a hang.
HANG_S = 30.0
#: So long after its limit what is watched is given to end by itself, and so often the dog looks, in seconds.
GRACE_S, LOOK_S = 5.0, 0.25
#: What was checked or tested is wrong.
WRONG = 1
_TOLD = {
    "es": (
        "{place} bloquea todo desde hace {seconds:.0f} s, y nada más se pudo probar",
        "en un 'async def' se espera con 'await'; lo que bloquea va en un 'def', que tiene su propio hilo",
    ),
    "en": (
        "{place} has blocked everything for {seconds:.0f} s, and nothing more could be played",
        "an 'async def' waits by 'await'; what blocks belongs in a 'def', which has a thread of its own",
    ),
}
_exit = os._exit  # a test may stand in for it (`enclosed.py`)


@dataclass(slots=True, eq=False)
class Watched:
    """What is under way in a thread, since a moment of the monotonic clock: `name` and `place` are for people."""

    name: str
    place: str
    folder: Path
    limit_s: float
    thread: int
    since: float

    def alive(self, name: str | None = None) -> None:
        """Begin to count anew; under another name, if one is given."""
        self.name, self.since = self.name if name is None else name, monotonic()


_watched: list[Watched] = []


@contextmanager
def watched(name: str, place: str, folder: Path, limit_s: float) -> Iterator[Watched]:
    """Let the watchdog, if there is one, see to it that the block ends within `limit_s`, or says that it is alive.

    `folder` is the bot's: the line that blocks is one of a file below it, if there is such a one.
    """
    each = Watched(name, place, folder, limit_s, threading.get_ident(), monotonic())
    _watched.append(each)
    try:
        yield each
    finally:
        _watched.remove(each)


@contextmanager
def watchdog(language: str, before_end: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Keep a watchdog while the block runs; `before_end` is called before it speaks."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            late = next((each for each in list(_watched) if monotonic() - each.since > each.limit_s + GRACE_S), None)
            if late is not None:
                before_end()
                _end(late, language)

    threading.Thread(target=look, name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _end(late: Watched, language: str) -> None:
    """Say who blocks, and end the process: standard error itself is written to, whatever became of its stream."""
    frame = sys._current_frames().get(late.thread)
    by = place_of_stack(frame, late.folder) if frame is not None else None
    place = f"{shown(Path(by.file))}:{by.line}" if by else "?"
    what, hint = (text.format(place=place, seconds=monotonic() - late.since) for text in _TOLD[language])
    head = "  ".join(filter(None, ("✗", late.place, late.name)))
    os.write(2, f"{head}\n  {what}\n  {hint}\n".encode(errors="replace"))
    _exit(WRONG)
