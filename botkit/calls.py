"""Calling handlers: outside any transaction, with a time limit; an error or a timeout is a result.

Sync functions run in bounded daemon threads: one that hangs keeps its thread (nothing can stop it), is counted, gets
a substitute while there are not too many, and does not hold up the process when it leaves.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from typing import Any

import aiohttp
import orjson
import structlog

from botkit.errors import message_of, type_of
from botkit.handlers import BadArgument, Context, Handler
from botkit.received import MediaSource, NoMedia
from botkit.threads import DaemonThreads, HandlerRaised, NoThread, TookTooLong
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult

#: Largest result that a handler may return, as JSON, in bytes: it is stored in the conversation.
MAX_RESULT = 64 * 1024
#: Most values that a result may hold, items and keys included.
MAX_VALUES = 20_000

log = structlog.get_logger("botkit.calls")


class Calls:
    """Calls handlers for the runtime; `close` it last, it owns the HTTP session that handlers share.

    `media` is channel -> where handlers get the bytes of what people sent there.
    """

    def __init__(self, handlers: Mapping[str, Handler], media: Mapping[str, MediaSource] | None = None) -> None:
        self.handlers = handlers
        self.media = media or {}
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
            media=self.media.get(conversation.channel) or NoMedia(),
        )


async def _caught(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Call an async handler; what it raises is returned, since asyncio ends the event loop with some of it."""
    try:
        return await function(**arguments)
    except asyncio.CancelledError:
        raise
    except BaseException as error:
        return HandlerRaised(error)


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
