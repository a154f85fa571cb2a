"""What a process that serves does besides serving: its event loop, its signals, and how it ends."""

from __future__ import annotations

import asyncio
import faulthandler
import importlib
import os
import signal
import sys
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NoReturn

import structlog

from botkit import early
from botkit.logs.console import Console, unblocking

#: Seconds after the first signal when the process ends in any case.
DEADLINE_S = 15.0
#: Seconds that tasks get which are left when everything is closed: handlers that nobody waits for.
STRAYS_S = 1.0
#: Seconds that the loop may stand still, and between two signs of its life.
STUCK_S, BEAT_S = 60.0, 5.0
#: Whether the system measures those by a clock that is never set, and that stands while the machine sleeps.
STEADY = bool(sysconfig.get_config_var("HAVE_SEM_CLOCKWAIT"))

log = structlog.get_logger()


class Signals:
    """Signals and the watchdog of a process that serves, whatever its event loop is kept from.

    The first SIGTERM or SIGINT sets `stopping`; a second one, or DEADLINE_S later, ends the process at once. SIGHUP
    says that the bot's files `changed`. With `is_watched`, a loop that does not turn for STUCK_S ends the process, too:
    a handler that blocks it can be ended by nothing else. Both ends are as by kill -9, which loses nothing.

    faulthandler's timer keeps them: its thread is C's, and goes off though a handler has the interpreter's lock. There
    is one such timer, so from the first signal on it keeps the deadline.
    """

    def __init__(self, stopping: asyncio.Event, changed: Callable[[], None], *, is_watched: bool) -> None:
        """Take the signals, in the loop that runs."""
        self._stopping, self._is_stopping = stopping, False
        self._loop = asyncio.get_running_loop()
        self._errors = unblocking(2)  # a trace that nobody reads must not hold up the end
        # Not the loop's own way, which waits for the loop: Python calls these between two steps of whatever runs.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        # This one needs the loop, and has the loop woken by any signal, even one that another thread was given.
        self._loop.add_signal_handler(signal.SIGHUP, changed)
        if early.hangups:
            changed()
        if is_watched and STEADY and not _is_debugged():
            signal.signal(signal.SIGTSTP, self._rest)
            self._beat()

    def _stop(self, number: int, frame: object) -> None:
        # Nothing here may take a lock: what this interrupts may have it.
        if self._is_stopping:
            os._exit(128 + number)
        self._is_stopping = True
        faulthandler.dump_traceback_later(DEADLINE_S, exit=True, file=self._errors)
        self._tell(lambda: self._begin(number))

    def _begin(self, number: int) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        self._stopping.set()

    def _tell(self, call: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: the process is leaving
            self._loop.call_soon_threadsafe(call)

    def _beat(self) -> None:
        """Say that the loop turns."""
        if not self._is_stopping:
            faulthandler.dump_traceback_later(STUCK_S, exit=True, file=self._errors)
            self._loop.call_later(BEAT_S, self._beat)

    def _rest(self, number: int, frame: object) -> None:
        """Stop, as Ctrl+Z asks for; the watchdog sleeps until the next beat."""
        faulthandler.cancel_dump_traceback_later()
        os.kill(os.getpid(), signal.SIGSTOP)


def _is_debugged() -> bool:
    """Tell whether somebody looks at the program step by step, who may take their time."""
    monitoring = getattr(sys, "monitoring", None)
    return sys.gettrace() is not None or bool(monitoring and monitoring.get_tool(monitoring.DEBUGGER_ID))


def is_left_behind() -> bool:
    """Tell whether a handler started processes for which Python would wait at the end."""
    multiprocessing: Any = sys.modules.get("multiprocessing")
    return bool(multiprocessing and multiprocessing.active_children())


def leave() -> NoReturn:
    """End the process with status 0, whatever still runs in it: everything of the bot's is closed."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    os._exit(0)


def show(line: str) -> None:
    """Print a line on standard output, if that takes one."""
    if not hasattr(sys.stdout, "buffer"):  # a stand-in of whoever embeds it, or nothing at all
        print(line, flush=True)
        return
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    encoding = sys.stdout.encoding or "utf-8"
    Console(sys.stdout.buffer).write(f"{line}\n".encode(encoding, "backslashreplace"))


async def end_strays() -> bool:
    """Cancel the tasks that are left, let go of asyncio's own threads, and return whether all of them ended."""
    strays = asyncio.all_tasks() - {asyncio.current_task()}
    for task in strays:
        task.cancel()
    threads = asyncio.ensure_future(asyncio.get_running_loop().shutdown_default_executor())
    _, strays = await asyncio.wait({*strays, threads}, timeout=STRAYS_S)
    return not strays


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's factory where it is installed."""
    if find_spec("uvloop") is None:
        return None
    uvloop: Any = importlib.import_module("uvloop")
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
