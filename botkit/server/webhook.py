"""The way in: a webhook's body is read, verified, stored, and only then answered 200.

This is the hot path: no middleware, no access log, no timer for a body that has come already. Whatever goes wrong, the
answer is a 4xx that says what to change or a 503 that asks to try again; a 500 would be ours to explain.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import orjson
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from botkit.errors import IntakeError, StoreUnavailable
from botkit.ports import Arrival, InboxRow, Receipt
from botkit.server.taken import taken
from botkit.turn.event import Inbound

log = structlog.get_logger()

#: A webhook's body is no larger, in bytes.
BODY_MAX = 256 * 1024
#: A body that takes longer to come is given up, in seconds.
READ_S = 5.0
#: When to come back if the store refuses, in seconds.
RETRY_AFTER_S = 5

#: So many events are remembered that came again with another content: what is listed is listed again and again.
CHANGED_MOST = 10_000

#: The kind of an event that tells of the gateway's session; its `state` -> whether it is linked to a phone.
SESSION = "session"
SESSION_STATES = {"linked": True, "unlinked": False}

_JSON = "application/json"


class Reader(Protocol):
    """From headers and body to arrivals; raises IntakeError."""

    def read(self, headers: Mapping[str, str], body: bytes) -> list[Arrival]:
        """Return at least one arrival."""
        ...


async def _nobody(is_linked: bool, at: float | None) -> None:
    """Tell nobody."""


class Filing:
    """A channel's events, on their way into the store. `accept` is the store's, `notify` the runtime's.

    `on_settled` is called when news may have ended a message, `on_session` with whether the session is linked,
    and since when by the gateway's clock.
    """

    def __init__(
        self,
        channel: str,
        accept: Callable[[Sequence[Arrival], float], Awaitable[list[Receipt]]],
        notify: Callable[[Sequence[InboxRow]], None],
        now: Callable[[], float],
        *,
        on_settled: Callable[[], None] = lambda: None,
        on_session: Callable[[bool, float | None], Awaitable[None]] = _nobody,
    ) -> None:
        self.channel = channel
        self._on_settled, self._on_session = on_settled, on_session
        self._accept, self._notify, self._now = accept, notify, now
        #: When the last news of the session was made, by the gateway's clock.
        self._session_at = float("-inf")
        #: Inbox ids of events that changed and were told of, the oldest first.
        self._changed: dict[int, None] = {}

    async def file(self, arrivals: Sequence[Arrival]) -> None:
        """Store events, and have done what they cause; they are committed on return. Raises StoreUnavailable."""
        receipts = await self._accept(arrivals, self._now())
        self._pass_on(receipts)
        for arrival, receipt in zip(arrivals, receipts, strict=True):
            if arrival.kind == SESSION and arrival.parsed is not None:
                await self._tell_of_session(arrival.parsed, receipt)

    def _pass_on(self, receipts: Sequence[Receipt]) -> None:
        rows, settles = [], False
        for receipt in receipts:
            if receipt.row is not None:
                rows.append(receipt.row)
            settles = settles or receipt.settles
        if rows:
            self._notify(rows)
        if settles:
            self._on_settled()
        for receipt in receipts:
            if not receipt.same_body:
                self._tell_of_change(receipt.inbox_id)

    def _tell_of_change(self, inbox_id: int) -> None:
        """Log, once, that an event came again with another content."""
        if inbox_id in self._changed:
            return
        self._changed[inbox_id] = None
        if len(self._changed) > CHANGED_MOST:
            del self._changed[next(iter(self._changed))]
        log.warning("event_changed", channel=self.channel, inbox_id=inbox_id)

    async def _tell_of_session(self, news: Inbound, receipt: Receipt) -> None:
        at = news.at
        # A copy was stored before, and perhaps by a process that died before it told anybody.
        if receipt.copy and (at is None or at <= self._session_at):
            return
        if at is not None and at < self._session_at:
            return  # it came late: what it tells was over when the last news was made
        if (state := news.state) in SESSION_STATES:
            await self._on_session(SESSION_STATES[state], at)
        else:
            log.warning("session_state_unknown", channel=self.channel, known=list(SESSION_STATES))
        # Only now: what the worker could not keep is told again with the next copy.
        self._session_at = self._session_at if at is None else max(at, self._session_at)


class Intake:
    """One channel's webhook: `take` is its handler."""

    def __init__(self, reader: Reader, filing: Filing) -> None:
        self.channel = filing.channel
        self._read, self._file = reader.read, filing.file

    async def take(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one webhook: 200 after the commit, 4xx for what cannot be taken, 503 for another try."""
        try:
            body = await read_body(request)
            await self._file(self._read(request.headers, body))
        except IntakeError as error:
            log.warning("webhook_refused", channel=self.channel, status=error.status, why=str(error))
            return _refusal(error.status, str(error))
        except StoreUnavailable as error:
            log.error("store_unavailable", channel=self.channel, reason=error.reason, why=str(error))
            return _later()
        except Exception:  # a defect of ours: no 200 was given, so the gateway's next try loses nothing
            log.exception("webhook_failed", channel=self.channel)
            return _later()
        return taken(request)


async def read_body(request: web.BaseRequest) -> bytes:
    """Return a request's body; raises IntakeError for one that is compressed, no JSON, too large or too slow."""
    headers, content = request.headers, request.content
    if headers.get("Content-Encoding", "identity") != "identity":
        raise IntakeError(415, "compressed bodies are not taken")
    # What most gateways send is compared as it is; only other spellings are parsed.
    if headers.get("Content-Type") != _JSON and not _is_json(request.content_type):
        raise IntakeError(415, "the body must be application/json")
    if content.is_eof():  # a small body comes with its headers
        body = content.read_nowait(-1)
        _check_size(len(body))
        return body
    _check_size(request.content_length or 0)
    try:
        async with asyncio.timeout(READ_S):
            return await _gather(request)
    except TimeoutError:
        raise IntakeError(408, f"the body did not come within {READ_S:g} s") from None
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError):
        raise IntakeError(400, "the body broke off") from None


async def _gather(request: web.BaseRequest) -> bytes:
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        _check_size(len(body))
    return bytes(body)


def _check_size(size: int) -> None:
    if size > BODY_MAX:
        raise IntakeError(413, f"the body is larger than {BODY_MAX} bytes")


def _is_json(content_type: str) -> bool:
    return content_type == _JSON or content_type.endswith("+json")


def _refusal(status: int, why: str) -> web.Response:
    response = web.Response(body=orjson.dumps({"error": why}), status=status, content_type=_JSON)
    response.force_close()  # what is left of the body is not worth reading
    return response


def _later() -> web.Response:
    body = orjson.dumps({"error": "nothing was stored; try again"})
    return web.Response(body=body, status=503, headers={"Retry-After": str(RETRY_AFTER_S)}, content_type=_JSON)
