"""Making pending calls: outside any transaction, with a time limit; an error or a timeout is a result.

A call is of a handler or, by `http_steps.py`, of a web service; both have their attempts here.

Sync functions run in bounded daemon threads: one that hangs keeps its thread (nothing can stop it), is counted, gets
a substitute while there are not too many, and does not hold up the process when it leaves.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog

from botkit.errors import message_of, type_of
from botkit.handlers import BadArgument, Context, Handler
from botkit.http_steps import HttpSteps
from botkit.received import MediaSource, NoMedia
from botkit.results import ResultError, as_json
from botkit.retries import Attempt, repeat
from botkit.threads import DaemonThreads, HandlerRaised, NoThread, TookTooLong
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult
from botkit.uploads import NotHad, ReadFile, Upload

log = structlog.get_logger("botkit.calls")


class Calls:
    """Makes calls for the runtime; `close` it last, it owns the HTTP sessions of handlers and of `http` steps.

    `media` is channel -> where the bytes of what people sent there are had; `sleep` waits between attempts. `read_file`
    reads from the flows folder what `http` steps send.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        media: Mapping[str, MediaSource] | None = None,
        http: HttpSteps | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        read_file: ReadFile | None = None,
    ) -> None:
        self.handlers = handlers
        self.media = media or {}
        self.threads = DaemonThreads()
        self._http = http or HttpSteps({})
        self._sleep = sleep
        self._read_file = read_file
        self._session: aiohttp.ClientSession | None = None
        self._strays: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        """Close every HTTP session."""
        await self._http.close()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the result of a pending call after as many attempts as it has; never raises for what others do."""
        if call.kind == "http":
            upload = Upload(call.arguments.get("file", ()), self.media.get(conversation.channel), self._read_file)
            return await repeat(call, lambda: self.ask(call, upload), self._sleep)
        return await repeat(call, lambda: self.once(conversation, call, contact), self._sleep)

    async def ask(self, call: PendingCall, upload: Upload) -> Attempt:
        """Ask a web service once; its time counts from when the first file is fetched."""
        try:
            async with asyncio.timeout(call.timeout_s):
                parts = await upload.parts()
                return await self._http.once(call, parts)
        except NotHad as error:
            return Attempt(CallResult(call.key, error=str(error)), error.again)
        except TimeoutError:
            return Attempt(CallResult(call.key, error=f"no answer within {call.timeout_s:g} s"), again=True)

    async def once(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Attempt:
        """Call a handler once. What it does may go better the next time; what it is given does not."""
        known = self.handlers.get(call.handler)
        if known is None:
            return Attempt(CallResult(call.key, error=f"no module registers the handler '{call.handler}'"))
        try:
            arguments = known.bind(call.arguments)
            if known.wants_context:
                arguments["ctx"] = self._context(conversation, call, contact)
            value = await self._run(known, arguments, call.timeout_s)
            return Attempt(CallResult(call.key, value=as_json(value)))
        except (BadArgument, ResultError) as error:
            return Attempt(CallResult(call.key, error=message_of(error)))
        except TookTooLong:
            return Attempt(CallResult(call.key, error=f"no answer within {call.timeout_s:g} s"), again=True)
        except NoThread:
            return Attempt(CallResult(call.key, error="no thread is free: too many handlers hang"), again=True)
        except HandlerRaised as raised:
            return Attempt(self.failed(call, raised.error), again=True)
        except (asyncio.CancelledError, GeneratorExit):  # our caller's own: the bot stops
            raise
        except BaseException as error:  # reading arguments and results may run the author's code, too
            return Attempt(self.failed(call, error), again=True)

    def failed(self, call: PendingCall, error: BaseException) -> CallResult:
        """Return what a handler raised as a result; its frames go to the log."""
        log.warning("handler_raised", handler=call.handler, exc_info=error)
        return CallResult(call.key, error=f"{type_of(error)}: {message_of(error)}")

    async def _run(self, known: Handler, arguments: dict[str, Any], timeout_s: float) -> Any:
        if not known.is_async:
            context = contextvars.copy_context()
            return await self.threads.run(lambda: context.run(known.function, **arguments), timeout_s, known.name)
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
        if self._session is None or self._session.closed:  # `async with ctx.http` closes it
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
