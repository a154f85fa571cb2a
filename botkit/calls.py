"""Calling handlers: outside any transaction, with a time limit; an error or a timeout is a result.

Sync functions run in bounded daemon threads: one that hangs keeps its thread (nothing can stop it), is counted, and
does not hold up the process when it leaves.
"""

from __future__ import annotations

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import aiohttp
import orjson
import structlog

from botkit.handlers import BadArgument, Context, Handler
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult

#: Most threads for sync handlers.
MAX_THREADS = 32
#: Largest result that a handler may return, as JSON, in bytes: it is stored in the conversation.
MAX_RESULT = 64 * 1024

log = structlog.get_logger("botkit.calls")


class DaemonThreads:
    """At most `size` daemon threads that run functions; `hung` counts those whose caller gave up waiting."""

    def __init__(self, size: int = MAX_THREADS) -> None:
        self._size = size
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._threads = 0
        self._free = 0  # threads less jobs that are not done; below zero so many wait
        self._lock = threading.Lock()
        self.hung = 0

    async def run(self, function: Callable[[], Any], timeout_s: float) -> Any:
        """Return what the function returns; raises TookTooLong when it takes longer, and what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        given_up = False

        def deliver(result: Any, error: BaseException | None) -> None:
            nonlocal given_up
            if given_up:
                self.hung -= 1
            elif not future.done():
                future.set_exception(error) if error is not None else future.set_result(result)

        def work() -> None:
            # Still queued when its caller gave up: it must not run behind the back of a flow that went on.
            _run_and_deliver(function if not given_up else lambda: None, loop, deliver)

        self._submit(work)
        done, _ = await asyncio.wait({future}, timeout=timeout_s)
        if not done:
            given_up = True
            self.hung += 1
            raise TookTooLong
        return future.result()

    def _submit(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._jobs.put(job)
            self._free -= 1
            if self._free < 0 and self._threads < self._size:
                self._threads += 1
                self._free += 1
                threading.Thread(target=self._work, name=f"handler-{self._threads}", daemon=True).start()

    def _work(self) -> None:
        while True:
            self._jobs.get()()
            with self._lock:
                self._free += 1


def _run_and_deliver(
    function: Callable[[], Any], loop: asyncio.AbstractEventLoop, deliver: Callable[[Any, BaseException | None], None]
) -> None:
    result, error = None, None
    try:
        result = function()
    except BaseException as raised:  # whatever a handler raises belongs to its caller, on the loop
        # asyncio takes no StopIteration, and an exit would take the process along
        fits = isinstance(raised, Exception) and not isinstance(raised, StopIteration)
        error = raised if fits else RuntimeError(repr(raised))
    try:
        loop.call_soon_threadsafe(deliver, result, error)
    except RuntimeError:  # the loop is gone: the process is leaving and the call will be repeated
        return


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
        except BadArgument as error:
            return CallResult(call.key, error=str(error))
        except TookTooLong:
            return CallResult(call.key, error=f"no answer within {call.timeout_s:g} s")
        except ResultError as error:
            return CallResult(call.key, error=str(error))
        except Exception as error:  # the boundary: a handler's error is a result, and its traceback goes to the log
            log.warning("handler_raised", handler=call.handler, exc_info=error)
            return CallResult(call.key, error=f"{type(error).__name__}: {error}"[:500])

    async def _run(self, known: Handler, arguments: dict[str, Any], timeout_s: float) -> Any:
        if not known.is_async:
            context = contextvars.copy_context()
            return await self.threads.run(lambda: context.run(known.function, **arguments), timeout_s)
        task = asyncio.ensure_future(_without_exit(known.function, arguments))
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
            raise RuntimeError("the handler was cancelled")
        return task.result()

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


async def _without_exit(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call an async handler; an exit is an error of its own, since asyncio would end the event loop with it."""
    try:
        return await function(**arguments)
    except SystemExit as error:
        raise RuntimeError(repr(error)) from error


class TookTooLong(Exception):
    """A handler gave no answer in its time. A TimeoutError is the handler's own."""


class ResultError(Exception):
    """A handler returned something that cannot be stored."""


def as_json(value: Any) -> Any:
    """Return a handler's result as JSON types (dates become ISO texts); raises ResultError."""
    try:
        raw = orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError as error:
        raise ResultError(f"it returned something that is not JSON: {error}") from None
    if len(raw) > MAX_RESULT:
        raise ResultError(f"it returned {len(raw)} bytes; at most {MAX_RESULT} can be kept")
    return orjson.loads(raw)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)
