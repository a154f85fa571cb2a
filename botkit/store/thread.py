"""One thread beside the event loop, for calls that may take long; or none, for those that do not."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: How long a busy loop may keep the interpreter lock from a thread at a time. With Python's 5 ms, a commit that is done
#: waits up to 5 ms to say so while the loop never rests.
SWITCH_INTERVAL_S = 50e-6

Call = tuple["asyncio.Future[Any]", Callable[[], Any]]


class SideThread:
    """A daemon thread that makes one call after another for the loop that started it."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._calls: SimpleQueue[Call | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)

    def start(self) -> None:
        """Start; shortens the switch interval of the process. Raises OSError where no thread is left."""
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
        try:
            self._thread.start()
        except RuntimeError as error:
            raise OSError(errno.EAGAIN, "no thread is left") from error

    def do(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Return what `function(…)` returns or raises on the thread, to be awaited."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._calls.put((future, lambda: function(*args, **kwargs)))
        return future

    def end(self) -> None:
        """Let the thread end when it has nothing more to do."""
        self._calls.put(None)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            future, function = call
            value, error = None, None
            try:
                value = function()
            except BaseException as raised:  # it belongs to whoever awaits the call
                error = raised
            # The loop may be gone at exit; then nobody waits for the answer.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(_settle, future, value, error)


class Inline:
    """No thread at all, for a store in memory: nothing there takes long, so each call is made at once."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Do nothing."""

    def do(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """Return what `function(…)` returned or raised, which is known by now."""
        future: asyncio.Future[T] = self._loop.create_future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # it belongs to whoever awaits the call
            future.set_exception(error)
        return future

    def end(self) -> None:
        """Do nothing."""


async def aside(name: str, function: Callable[[], T]) -> T:
    """Return what a function returned or raised on a daemon thread of its own, which ends with it."""
    thread = SideThread(name)
    thread.start()
    try:
        return await thread.do(function)
    finally:
        thread.end()


def _settle(future: asyncio.Future[Any], value: Any, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)
