"""What a process that serves does besides serving: its event loop, its signals, and how it ends."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import structlog

#: Seconds after the first signal when the process ends in any case.
DEADLINE_S = 15.0
#: Seconds that tasks get which are left when everything is closed: handlers that nobody waits for.
STRAYS_S = 1.0

log = structlog.get_logger()


def take_signals(stopping: asyncio.Event, changed: Callable[[], None]) -> None:
    """Let the first signal stop the bot in order, and a second one, or the deadline, end the process at once.

    SIGHUP says that the bot's files `changed`.
    """

    def take(number: int) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        log.info("stopping", signal=signal.Signals(number).name)
        stopping.set()
        # A thread, since whatever holds the process up may hold the event loop.
        deadline = threading.Timer(DEADLINE_S, os._exit, (1,))
        deadline.daemon = True
        deadline.start()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, take, number)
    loop.add_signal_handler(signal.SIGHUP, changed)


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
