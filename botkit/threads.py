"""Bounded daemon threads for sync handlers.

One that hangs keeps its thread (nothing can stop it), is counted, gets a substitute while there are not too many, and
does not hold up the process when it leaves.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

#: Most threads for sync handlers that work, and most with those that hang.
MAX_THREADS, MOST_THREADS = 32, 256

log = structlog.get_logger("botkit.calls")


class TookTooLong(Exception):
    """A handler gave no answer in its time. A TimeoutError is the handler's own."""


class NoThread(Exception):
    """Every thread for sync handlers hangs."""


class HandlerRaised(Exception):
    """A handler raised `error`, whatever that is."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class DaemonThreads:
    """Daemon threads that run functions: `size` that work, and beside them those that hang, up to `most` in all.

    `hung` counts functions that were begun, whose caller gave up waiting, and that did not come back. Each keeps its
    thread; another one takes its place as long as there are less than `most`.
    """

    def __init__(self, size: int = MAX_THREADS, most: int = MOST_THREADS) -> None:
        self._size, self._most = size, most
        self._jobs: deque[_Job] = deque()
        self._threads = 0
        self._idle = 0
        self._started = 0
        self._change = threading.Condition()
        self.hung = 0
        #: Called with how many hang when one more does, and its name.
        self.on_hung: Callable[[int, str], None] = lambda hung, name: None

    async def run(self, function: Callable[[], Any], timeout_s: float, name: str = "") -> Any:
        """Return what the function returns; raises TookTooLong, NoThread, and HandlerRaised for what it raises.

        `name` is what people are told of one that hangs.
        """
        loop = asyncio.get_running_loop()
        job = _Job(function, loop, loop.create_future())
        self._submit(job)
        hangs = False
        try:
            await asyncio.wait({job.future}, timeout=timeout_s)
        finally:
            if not job.future.done():
                hangs = self._give_up(job)
        if job.future.done():
            return job.future.result()
        if hangs:
            log.error("handlers_hung", handler=name, count=self.hung, most=self._most)
            self.on_hung(self.hung, name)
        raise TookTooLong

    def _submit(self, job: _Job) -> None:
        with self._change:
            if self.hung >= self._most:
                raise NoThread
            self._jobs.append(job)
            self._staff()
            self._change.notify()

    def _staff(self) -> None:
        """Start a thread if a job waits for one; the lock is held."""
        if len(self._jobs) > self._idle and self._threads - self.hung < self._size and self._threads < self._most:
            self._threads += 1
            self._started += 1
            threading.Thread(target=self._work, name=f"handler-{self._started}", daemon=True).start()

    def _give_up(self, job: _Job) -> bool:
        """Wait no longer; return whether the job hangs in its thread."""
        refused: list[_Job] = []
        with self._change:
            job.given_up = True
            if not job.begun:
                # It must not run behind the back of a flow that went on.
                with suppress(ValueError):
                    self._jobs.remove(job)
                return False
            if job.ended:
                return False
            self.hung += 1
            if self.hung >= self._most:
                refused = list(self._jobs)
                self._jobs.clear()
            self._staff()
        if self.hung >= self._most:
            log.error("handler_threads_full", count=self.hung)
        for each in refused:
            each.given_up = True
            if not each.future.done():
                each.future.set_exception(NoThread())
        return True

    def _work(self) -> None:
        while (job := self._next()) is not None:
            result, error = None, None
            try:
                result = job.function()
            except BaseException as raised:  # whatever a handler raises belongs to its caller, on the loop
                error = raised
            with self._change:
                job.ended = True
                if job.given_up:
                    self.hung -= 1
            job.deliver(result, error)
            del job, result, error

    def _next(self) -> _Job | None:
        """Return the next job; None when this thread is one too many, since one that hung came back."""
        with self._change:
            while not self._jobs:
                if self._threads - self.hung > self._size:
                    break
                self._idle += 1
                self._change.wait()
                self._idle -= 1
            if self._threads - self.hung > self._size:
                self._threads -= 1
                return None
            job = self._jobs.popleft()
            job.begun = True
            return job


@dataclass(slots=True, eq=False)
class _Job:
    """A function on its way through a thread; the flags change under the threads' lock."""

    function: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    begun: bool = False
    ended: bool = False
    given_up: bool = False

    def deliver(self, result: Any, error: BaseException | None) -> None:
        """Hand the outcome to the loop, from the thread."""
        with suppress(RuntimeError):  # the loop is gone: the process is leaving and the call will be repeated
            self.loop.call_soon_threadsafe(self._settle, result, error)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.future.done() or self.given_up:
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(HandlerRaised(error))
