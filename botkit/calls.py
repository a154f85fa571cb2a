"""Calling handlers: outside any transaction, with a time limit; an error or a timeout is a result.

Sync functions run in bounded daemon threads: one that hangs keeps its thread (nothing can stop it), is counted, gets
a substitute while there are not too many, and does not hold up the process when it leaves.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import aiohttp
import orjson
import structlog

from botkit.handlers import BadArgument, Context, Handler
from botkit.logs.mask import message_of, type_of
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult

#: Most threads for sync handlers that work, and most with those that hang.
MAX_THREADS, MOST_THREADS = 32, 256
#: Largest result that a handler may return, as JSON, in bytes: it is stored in the conversation.
MAX_RESULT = 64 * 1024
#: Most values that a result may hold, items and keys included.
MAX_VALUES = 20_000

log = structlog.get_logger("botkit.calls")


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

    async def run(self, function: Callable[[], Any], timeout_s: float) -> Any:
        """Return what the function returns; raises TookTooLong, NoThread, and HandlerRaised for what it raises."""
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
            log.error("handlers_hung", count=self.hung, most=self._most)
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


class Calls:
    """Calls handlers for the runtime. `async with`: it owns the HTTP session that handlers share."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self.handlers = handlers
        self.threads = DaemonThreads()
        self._session: aiohttp.ClientSession | None = None
        self._strays: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Close the shared HTTP session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the result of a pending call; never raises for what the handler does."""
        known = self.handlers.get(call.handler)
        if known is None:
            return CallResult(call.key, error=f"no module registers the handler '{call.handler}'")
        try:
            arguments = known.bind(call.arguments)
            if known.wants_context:
                arguments["ctx"] = self._context(conversation, call, contact)
            value = await self._run(known, arguments, call.timeout_s)
            return CallResult(call.key, value=as_json(value))
        except (BadArgument, ResultError) as error:
            return CallResult(call.key, error=message_of(error))
        except TookTooLong:
            return CallResult(call.key, error=f"no answer within {call.timeout_s:g} s")
        except NoThread:
            return CallResult(call.key, error="no thread is free: too many handlers hang")
        except HandlerRaised as raised:
            return self._failed(call, raised.error)
        except (asyncio.CancelledError, GeneratorExit):  # our caller's own: the bot stops
            raise
        except BaseException as error:  # reading arguments and results may run the author's code, too
            return self._failed(call, error)

    def _failed(self, call: PendingCall, error: BaseException) -> CallResult:
        """Return what a handler raised as a result; its frames go to the log."""
        log.warning("handler_raised", handler=call.handler, exc_info=error)
        return CallResult(call.key, error=f"{type_of(error)}: {message_of(error)}")

    async def _run(self, known: Handler, arguments: dict[str, Any], timeout_s: float) -> Any:
        if not known.is_async:
            context = contextvars.copy_context()
            return await self.threads.run(lambda: context.run(known.function, **arguments), timeout_s)
        task = asyncio.ensure_future(_caught(known.function, arguments))
        try:
            await asyncio.wait({task}, timeout=timeout_s)
        finally:
            if not task.done():
                # Not awaited: a handler that swallows its cancellation must not hold the conversation.
                task.cancel()
                self._strays.add(task)
                task.add_done_callback(self._forget)
        if not task.done():
            raise TookTooLong
        if task.cancelled():
            raise HandlerRaised(RuntimeError("the handler was cancelled"))
        value = task.result()
        if isinstance(value, HandlerRaised):
            raise value
        return value

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._strays.discard(task)
        if not task.cancelled():
            task.exception()  # asked for, so that asyncio does not report it as never retrieved

    def _context(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Context:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=call.timeout_s))
        top = conversation.top
        return Context(
            contact=dict(contact),
            slots=dict(top.slots) if top else {},
            idempotency_key=call.key,
            log=structlog.get_logger("handler").bind(handler=call.handler),
            http=self._session,
        )


async def _caught(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call an async handler; what it raises is returned, since asyncio ends the event loop with some of it."""
    try:
        return await function(**arguments)
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        return HandlerRaised(error)


class TookTooLong(Exception):
    """A handler gave no answer in its time. A TimeoutError is the handler's own."""


class NoThread(Exception):
    """Every thread for sync handlers hangs."""


class HandlerRaised(Exception):
    """A handler raised `error`, whatever that is."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class ResultError(Exception):
    """A handler returned something that cannot be stored."""


def as_json(value: Any) -> Any:
    """Return a handler's result as JSON types (dates become ISO texts); raises ResultError."""
    budget = _Budget()
    try:
        budget.spend(value)
        raw = orjson.dumps(value, default=budget.plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        if isinstance(error.__cause__, ResultError):
            raise error.__cause__ from None
        raise ResultError(f"it returned something that is not JSON: {message_of(error)}") from None
    if len(raw) > MAX_RESULT:
        raise ResultError(f"it returned {len(raw)} bytes; at most {MAX_RESULT} can be kept")
    return orjson.loads(raw)


class _Budget:
    """What a result may hold, counted before anything is written: a huge one would hold up the event loop."""

    def __init__(self) -> None:
        self.values, self.text = MAX_VALUES, MAX_RESULT

    def spend(self, value: Any) -> None:
        """Count what a value holds, however deep; raises ResultError when it is too much."""
        waiting = [value]
        while waiting:
            item = waiting.pop()
            inner: Sequence[Any] | Set[Any] = ()
            if isinstance(item, str):
                self.text -= len(item)
            elif isinstance(item, (list, tuple, set, frozenset)):
                inner = item
            elif isinstance(item, dict):
                self._count(2 * len(item))
                waiting.extend(item.keys())
                waiting.extend(item.values())
            elif is_dataclass(item) and not isinstance(item, type):
                inner = [getattr(item, each.name, None) for each in fields(item)]
            self._count(len(inner))
            waiting.extend(inner)

    def _count(self, values: int) -> None:
        self.values -= values
        if self.values < 0:
            raise ResultError(f"it returned more than {MAX_VALUES} values")
        if self.text < 0:
            raise ResultError(f"it returned a text of more than {MAX_RESULT} characters")

    def plain(self, value: Any) -> Any:
        """Return JSON types for what orjson does not know."""
        if isinstance(value, (set, frozenset)):
            return sorted(value)
        if not hasattr(value, "model_dump"):
            raise TypeError(type(value).__name__)
        dumped = value.model_dump(mode="json")
        self.spend(dumped)
        return dumped
