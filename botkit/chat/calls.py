"""Calls of a chat: they are made for real, and what each attempt gave is kept as the stub that would give it again.

With `offline`, what a conversation test needs a stub for (a web service, a handler that takes `ctx`) is asked of the
author instead. Attempts that were kept can be given again without being made: a talk that is taken back and played
again must not book twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from botkit.answers.media import mime_of
from botkit.calls import Calls
from botkit.chat.values import read_value
from botkit.errors import MediaError, message_of, type_of
from botkit.folder import shown
from botkit.gateway.media import Files
from botkit.handlers import Handler
from botkit.http_steps import HttpSteps
from botkit.received import MEDIA_LIMIT, UNKNOWN_TYPE, Received
from botkit.retries import Attempt
from botkit.testing.called import made
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import CHANNEL
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult
from botkit.uploads import Upload

#: How often the chat's clock follows a call that may be told to take long, in seconds.
TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Kept:
    """What an attempt gave, and how long it took on the chat's clock, in seconds.

    `by_hand` says that the author gave it in the place of the call.
    """

    name: str
    attempt: Attempt
    took_s: float = 0.0
    by_hand: bool = False

    @property
    def failure(self) -> str | None:
        """Return why a call that was really made came to nothing."""
        return None if self.by_hand else self.attempt.result.error

    @property
    def is_request(self) -> bool:
        """Tell a web service from a handler."""
        return len(self.name.split()) > 1

    @property
    def stub(self) -> dict[str, Any]:
        """Return what stands under `stubs` of a test."""
        result = self.attempt.result
        took = {"delay": f"{self.took_s:g}s"} if self.took_s else {}
        if result.error is not None:
            return {"error": result.error, **took}
        if self.is_request:
            return {**_answer(result.value), **took}
        return {"return": result.value, **took}


@dataclass(frozen=True, slots=True)
class Told:
    """What the author is told of a call.

    `kind` is `asked` (a service answered), `raised`, `refused`, or `answered` (by the author).
    """

    kind: str
    name: str
    what: str
    place: str = ""


#: Asks the author what a call gives, by its name; None for nothing.
Ask = Callable[[str], Awaitable[str | None]]


class LiveCalls(Calls):
    """Makes the calls of one chat.

    `lacks` says why no service can be called, if that is so. `tell` hears of calls, `ask` gives what the author
    answers in the place of a service, None for no answer. While a call is under way that may be told to take long, the
    chat's clock goes at `pace` times the real one's speed.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        http: HttpSteps,
        folder: Path,
        tell: Callable[[Told], None],
        ask: Ask | None = None,
        *,
        pace: float = 1.0,
    ) -> None:
        self.sent = Sent()
        self.lacks = ""
        super().__init__(handlers, {CHANNEL: self.sent}, http, self._advance, Files(folder, None).read)
        self.kept: list[Kept] = []
        self._tell, self._ask, self._pace = tell, ask, pace
        self._clock = FakeClock()
        self._again: list[Kept] = []
        self._chat = secrets.token_hex(8)

    def begin(self, clock: FakeClock, again: Iterable[Kept] = ()) -> None:
        """Begin a talk on this clock; what is kept `again` is given to calls of the same name, in order, unmade."""
        self._clock, self._again, self.kept = clock, list(again), []

    def forget_again(self) -> None:
        """Make every call from now on: what is played again is over, what it did not call is of no use."""
        self._again = []

    async def replace(self, handlers: Mapping[str, Handler], http: HttpSteps, lacks: str) -> None:
        """Call other handlers and services from now on."""
        await self._http.close()
        self.handlers, self._http, self.lacks = handlers, http, lacks

    async def once(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Attempt:
        """Call a handler once, and keep what it gave."""
        known = self.handlers.get(call.handler)
        by_hand = self._ask is not None and known is not None and known.wants_context
        return await self._kept(call, lambda own: super(LiveCalls, self).once(conversation, own, contact), by_hand)

    async def ask(self, call: PendingCall, upload: Upload) -> Attempt:
        """Ask a web service once, and keep what it answered."""
        by_hand, count = self._ask is not None, len(self._again)
        attempt = await self._kept(call, lambda own: self._asked(own, upload), by_hand)
        played = len(self._again) < count
        if not (by_hand or played):
            self._tell(_asked(_name(call), attempt.result))
        return attempt

    async def _asked(self, call: PendingCall, upload: Upload) -> Attempt:
        if self.lacks:
            return Attempt(CallResult(call.key, error=self.lacks))
        return await super().ask(call, upload)

    def failed(self, call: PendingCall, error: BaseException) -> CallResult:
        """Tell where a handler raised, and return that as its result."""
        what = f"{type_of(error)}: {message_of(error)}"
        self._tell(Told("raised", call.handler, what, _place(error, self.handlers[call.handler])))
        return CallResult(call.key, error=what)

    async def _kept(
        self, call: PendingCall, make: Callable[[PendingCall], Awaitable[Attempt]], by_hand: bool
    ) -> Attempt:
        kept = next((each for each in self._again if each.name == _name(call)), None)
        if kept is not None:
            self._again.remove(kept)
            if kept.took_s:
                await self._clock.advance(kept.took_s)
        else:
            kept = await self._by_hand(call) if by_hand else await self._made(call, make)
        self.kept.append(kept)
        result = replace(kept.attempt.result, key=call.key)
        return kept.attempt._replace(result=result, wait_s=None)

    async def _made(self, call: PendingCall, make: Callable[[PendingCall], Awaitable[Attempt]]) -> Kept:
        """Make a call under a key of this chat's own: those of every rehearsal are alike, and calls know theirs."""
        key = hashlib.sha256(f"{self._chat}|{call.key}".encode()).hexdigest()[:32]
        task = asyncio.ensure_future(make(replace(call, key=key)))
        took_s = 0.0
        try:
            while call.meanwhile_s is not None and not (await asyncio.wait({task}, timeout=TICK_S))[0]:
                await self._clock.advance(TICK_S * self._pace)
                took_s += TICK_S * self._pace
            return Kept(_name(call), await task, took_s)
        finally:
            task.cancel()

    async def _by_hand(self, call: PendingCall) -> Kept:
        """Ask the author what a call gives."""
        assert self._ask is not None
        attempt = made(call)
        said = await self._ask(str(attempt))
        self._tell(Told("answered", _name(call), ""))
        return Kept(_name(call), _said(call, (said or "").strip()), by_hand=True)

    async def _advance(self, seconds: float) -> None:
        await self._clock.advance(seconds)


class Sent:
    """The files that the person sends: those of the author's disk, by the name they are sent under."""

    def __init__(self) -> None:
        self.paths: dict[str, Path] = {}

    async def fetch(self, value: Mapping[str, Any]) -> Received:
        """Return the bytes of what the person sent; raises MediaError."""
        path = self.paths.get(str(value.get("id")))
        if path is None:
            raise MediaError("no_source", f"there was no file '{value.get('name')}' when it was sent")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise MediaError("unreachable", f"cannot read {path}: {error.strerror}") from None
        if len(content) > MEDIA_LIMIT:
            raise MediaError("too_large", f"{path} has more than {MEDIA_LIMIT} bytes")
        return Received(content, mime_of({"name": path.name}) or UNKNOWN_TYPE, path.name)


def _name(call: PendingCall) -> str:
    """Return a call's name as a test's stub has it: as the flow writes it."""
    return made(call).names[0]


def _answer(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a service's answer as a stub; its body as JSON where that is what it is."""
    text = str(value.get("text", ""))
    status = {} if value.get("status") == 200 else {"status": value.get("status")}
    headers = {"headers": dict(value["headers"])} if value.get("headers") else {}
    try:
        found = orjson.loads(text)
        body = {"json": found} if isinstance(found, (dict, list)) else {"text": text}
    except orjson.JSONDecodeError:
        body = {"text": text} if text else {}
    return {**status, **body, **headers} or {"status": 200}


def _asked(name: str, result: CallResult) -> Told:
    if result.error is not None:
        return Told("refused", name, result.error)
    return Told("asked", name, str(result.value["status"]))


def _said(call: PendingCall, said: str) -> Attempt:
    """Return what the author's answer means: nothing or `error …` fails; else a value, or a status and a body."""
    word, _, rest = said.partition(" ")
    if not said or word == "error":
        return Attempt(CallResult(call.key, error=rest.strip() or "no answer"))
    if call.kind == "run":
        return Attempt(CallResult(call.key, value=read_value(said)))
    is_status = word.isascii() and word.isdigit() and len(word) == 3
    body = read_value(rest if is_status else said)
    text = "" if body is None else body if isinstance(body, str) else orjson.dumps(body).decode()
    status = int(word) if is_status else 200
    return Attempt(
        CallResult(call.key, value={"status": status, "headers": {}, "text": text}),
        again=status == 429 or status >= 500,
    )


def _place(error: BaseException, handler: Handler) -> str:
    """Return the innermost file:line in which an error was raised, of the handler's own folder if there is one."""
    folder = Path(handler.function.__code__.co_filename).parent
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if folder in Path(frame.filename).parents] or frames
    return f"{shown(Path(own[-1].filename))}:{own[-1].lineno}" if own else ""
