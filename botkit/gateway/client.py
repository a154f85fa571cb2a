"""A channel's way out over HTTP: one request, once, and what came of it.

What decides between *returned* and *uncertain* is whether a byte may have reached the gateway. aiohttp tells it by a
trace: until a connection stands nothing was written; from then on anything may have been. Redirects are not followed
(a redirected POST becomes an empty GET, key included), no proxy of the environment is used, answers are bounded, and
the key is put in as the request leaves: no request that is stored or shown holds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Self

import aiohttp

from botkit import __version__
from botkit.errors import EvaluationError
from botkit.gateway.answer import Judge, read_clock, read_retry_after, read_spent
from botkit.gateway.body import Leaf, compile_body, encode_form, encode_json, values_of
from botkit.gateway.ladder import fit
from botkit.gateway.media import Files, resolve
from botkit.gateway.patience import within
from botkit.gateway.profile import Profile, SendSpec
from botkit.http_answer import read_body
from botkit.ports import Answer, Clock, Verdict, WireRequest

CONNECT_S = 3.0
#: A connection is kept so long, and only by a key of at least one request a second: a reused connection that died
#: makes an uncertain send; a new one costs 1 ms of CPU.
KEEP_ALIVE_S = 4.0
FAST_PER_S = 1.0
#: Bytes of an answer that are read; characters of an error's body that are kept for the operator.
ANSWER_LIMIT = 64 * 1024
#: Bytes of a listing: some thousand items.
LISTING_LIMIT = 4 * 1024 * 1024
DETAIL_LIMIT = 200
#: Bytes above which a body is written in pieces, so that the event loop turns meanwhile.
LARGE = 256 * 1024

#: What every request says, besides the key and what its body is.
_STANDING = {"User-Agent": f"botkit/{__version__}", "Accept": "application/json", "Accept-Encoding": "identity"}
#: What network and gateway do to a request.
_LOST = (aiohttp.ClientError, TimeoutError, OSError)

_CONTENT_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class _Trail:
    """Whether the request got a connection to write to, when it was begun, and until when the loop waits for it."""

    begun_at: float
    until: float
    has_connection: bool = False


class HttpGateway:
    """The Gateway of ports that a profile describes. `start` it before the first `send`, `close` it last.

    `files` is the flows folder, for the media that messages name; `on_headers` is told the headers of each answer.
    `clock_off_s` is by how much, at least, our clock was ahead of the gateway's (negative: behind) at its last answer;
    None as long as none named a time.
    """

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        *,
        files: Files | None = None,
        connect_s: float = CONNECT_S,
        on_headers: Callable[[Mapping[str, str]], None] = lambda headers: None,
    ) -> None:
        self.clock_off_s: float | None = None
        self._on_headers = on_headers
        self._profile = profile
        self._clock = clock
        self._files = files
        self._connect_s = connect_s
        self._shown = profile.shown
        self._bodies = {kind: (spec, compile_body(kind, spec.body)) for kind, spec in profile.send.items()}
        self._judge = Judge(profile)
        self._url = profile.base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"HttpGateway({self._profile.name!r}, {self._url!r})"

    async def start(self) -> None:
        """Open the session; connections come with the first request."""
        self._session = _open_session(self._profile, self._connect_s)

    async def close(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def fit(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the messages that show `message` here, after the ladder."""
        return fit(message, self._shown)

    def render(self, to: str, message: Mapping[str, Any]) -> WireRequest:
        """Return the request that shows a fitted message; reads the file that it names. Raises EvaluationError."""
        spec, body = self._body(message["type"])
        shows = self._profile.capabilities
        values = body(values_of(to, resolve(message, shows.media_from, shows.inline_limit, self._files)))
        encoded = encode_json(values) if spec.encoding == "json" else encode_form(values)
        return WireRequest(spec.method, spec.path, _CONTENT_TYPES[spec.encoding], encoded)

    def _body(self, kind: str) -> tuple[SendSpec, Leaf]:
        try:
            return self._bodies[kind]
        except KeyError:
            raise EvaluationError(f"the profile has no 'send.{kind}'") from None

    async def send(self, wire: WireRequest) -> Answer:
        """Send a request once and classify what came of it; raises nothing for what network or gateway do."""
        trail = self._begin()
        try:
            return await self._exchange(wire, trail)
        except _LOST as error:
            return self._lost(trail, error)

    async def ask(self, wire: WireRequest) -> tuple[Answer, bytes]:
        """Send a request that is no message; return what came of it, and the bytes of a 2xx (`sent`).

        Where a 2xx could not be read (`unreadable`), `detail` says why, in words of ours.
        """
        trail = self._begin()
        try:
            async with self._request(wire, trail) as response:
                body, why = await _read_listing(response, trail.until)
                answer = self._answer(response, trail, body, *self._judge.judge_listing(response.status, body))
                return (replace(answer, detail=why) if answer.verdict == "unreadable" else answer), body or b""
        except _LOST as error:
            return self._lost(trail, error), b""

    def _begin(self) -> _Trail:
        return _Trail(self._clock.now(), asyncio.get_running_loop().time() + self._profile.timeout_s)

    async def _exchange(self, wire: WireRequest, trail: _Trail) -> Answer:
        async with self._request(wire, trail) as response:
            body = await _read(response, ANSWER_LIMIT, trail.until)
            return self._answer(response, trail, body, *self._judge.judge(response.status, body))

    def _answer(
        self,
        response: aiohttp.ClientResponse,
        trail: _Trail,
        body: bytes | None,
        verdict: Verdict,
        message_id: str | None,
    ) -> Answer:
        self._on_headers(response.headers)
        at = self._clock.now()
        off_s = read_clock(response.headers.get("Date"), trail.begun_at, at)
        self.clock_off_s = self.clock_off_s if off_s is None else off_s
        retry_after_s = read_retry_after(response.headers.get("Retry-After"), at)
        detail = "" if verdict == "sent" else self._excerpt(body)
        spent_s = read_spent(response.headers, at)
        return Answer(verdict, at, response.status, message_id, detail, retry_after_s, spent_s)

    def _lost(self, trail: _Trail, error: Exception) -> Answer:
        # The error's text may hold address and headers; its name is enough.
        verdict: Verdict = "silent" if trail.has_connection else "unreachable"
        return Answer(verdict, self._clock.now(), detail=type(error).__name__)

    @asynccontextmanager
    async def _request(self, wire: WireRequest, trail: _Trail) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the gateway was not started")
        async with within(trail.until):
            response = await self._session.request(
                wire.method,
                self._url + wire.path,
                data=(wire.body if len(wire.body) < LARGE else BytesIO(wire.body)) if wire.body else None,
                headers={**_content_type(wire), **self._credentials()},
                allow_redirects=False,
                trace_request_ctx=trail,
            )
        async with response:
            yield response

    def masked_headers(self, wire: WireRequest) -> dict[str, str]:
        """Return the headers that a request goes out with, in which `***` stands for the key."""
        return {**self._shown_key("***"), **_content_type(wire), **_STANDING}

    def _credentials(self) -> dict[str, str]:
        return self._shown_key(self._profile.api_key.get_secret_value())

    def _shown_key(self, key: str) -> dict[str, str]:
        auth = self._profile.auth
        return {auth.header: auth.value.replace("{{ key }}", key)}

    def _excerpt(self, body: bytes | None) -> str:
        text = (body or b"").decode("utf-8", "replace").replace(self._profile.api_key.get_secret_value(), "***")
        return " ".join(text.replace("\0", "").split())[:DETAIL_LIMIT]


def _content_type(wire: WireRequest) -> dict[str, str]:
    return {"Content-Type": wire.content_type} if wire.body else {}


def _open_session(profile: Profile, connect_s: float) -> aiohttp.ClientSession:
    is_fast = profile.rate.limit / profile.rate.period_s >= FAST_PER_S
    connector = (
        aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_S)
        if is_fast
        else aiohttp.TCPConnector(limit=0, force_close=True)
    )
    connect_s = min(connect_s, profile.timeout_s)
    return aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=None, connect=connect_s, sock_connect=connect_s),  # total: `within`
        headers=_STANDING,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=[_trace()],
    )


def _trace() -> aiohttp.TraceConfig:
    async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.has_connection = True

    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(connected)
    trace.on_connection_reuseconn.append(connected)
    return trace


async def _read(response: aiohttp.ClientResponse, most: int, until: float) -> bytes | None:
    """Return the body, or None if it breaks off or exceeds the limit: the status was read and stands."""
    try:
        async with within(until):
            return await read_body(response, most)
    except _LOST:
        return None


async def _read_listing(response: aiohttp.ClientResponse, until: float) -> tuple[bytes | None, str]:
    """Return the body, or None and why it could not be had."""
    try:
        async with within(until):
            body = await read_body(response, LISTING_LIMIT)
    except _LOST:
        return None, "the answer broke off"
    too_large = f"the answer is too large, over {LISTING_LIMIT >> 20} MB: ask for fewer items at once"
    return body, too_large if body is None else ""
