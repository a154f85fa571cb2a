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

log = structlog.get_logger()

#: A webhook's body is no larger, in bytes.
BODY_MAX = 256 * 1024
#: A body that takes longer to come is given up, in seconds.
READ_S = 5.0
#: When to come back if the store refuses, in seconds.
RETRY_AFTER_S = 5

_JSON = "application/json"
_TAKEN = b'{"ok":true}'


class Reader(Protocol):
    """From headers and body to arrivals; raises IntakeError."""

    def read(self, headers: Mapping[str, str], body: bytes) -> list[Arrival]:
        """Return at least one arrival."""
        ...


class Intake:
    """One channel's webhook: `take` is its handler. `accept` is the store's, `notify` the runtime's."""

    def __init__(
        self,
        channel: str,
        reader: Reader,
        accept: Callable[[Sequence[Arrival], float], Awaitable[list[Receipt]]],
        notify: Callable[[Sequence[InboxRow]], None],
        now: Callable[[], float],
    ) -> None:
        self.channel = channel
        self._read, self._accept, self._notify, self._now = reader.read, accept, notify, now

    async def take(self, request: web.Request) -> web.Response:
        """Answer one webhook: 200 after the commit, 4xx for what cannot be taken, 503 for another try."""
        try:
            body = await read_body(request)
            self._pass_on(await self._accept(self._read(request.headers, body), self._now()))
        except IntakeError as error:
            log.warning("webhook_refused", channel=self.channel, status=error.status, why=str(error))
            return _refusal(error.status, str(error))
        except StoreUnavailable as error:
            log.error("store_unavailable", channel=self.channel, why=str(error))
            return _later()
        except Exception:  # a defect of ours: no 200 was given, so the gateway's next try loses nothing
            log.exception("webhook_failed", channel=self.channel)
            return _later()
        return web.Response(body=_TAKEN, content_type=_JSON)

    def _pass_on(self, receipts: Sequence[Receipt]) -> None:
        rows = [receipt.row for receipt in receipts if receipt.row is not None]
        if rows:
            self._notify(rows)
        for receipt in receipts:
            if not receipt.same_body:
                log.warning("event_changed", channel=self.channel, inbox_id=receipt.inbox_id)


async def read_body(request: web.Request) -> bytes:
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


async def _gather(request: web.Request) -> bytes:
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
