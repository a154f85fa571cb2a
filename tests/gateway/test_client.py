"""The way out over real HTTP: against the sandbox, and against servers that misbehave below HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from botkit.gateway.client import ANSWER_LIMIT, LISTING_LIMIT, HttpGateway
from botkit.gateway.sandbox.body import Body
from botkit.gateway.sandbox.server import Sandbox
from botkit.ports import Answer, WireRequest
from botkit.testing.clock import FakeClock
from tests.gateway.captured import sandbox_profile
from tests.http.services import serve

TEXT = {"type": "text", "text": "Hola"}
#: Seconds: long enough for loopback, short enough to wait for.
TIMEOUT_S = 0.3


@asynccontextmanager
async def _gateway(url: str, **own: Any) -> AsyncIterator[HttpGateway]:
    async with HttpGateway(sandbox_profile(url, timeout=TIMEOUT_S, **own), FakeClock()) as gateway:
        yield gateway


async def _send(url: str, **own: Any) -> Answer:
    async with _gateway(url, **own) as gateway:
        return await gateway.send(gateway.render("591", TEXT))


@asynccontextmanager
async def _serve(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    async with serve(handler) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox on a free port."""
    async with Sandbox("http://127.0.0.1:9/none", port=0, limit=3) as running:
        yield running


def _arm(sandbox: Sandbox, kind: str, **body: Any) -> None:
    sandbox.faults.arm(kind, Body(body), 0.0)


async def test_a_text_is_sent(sandbox: Sandbox) -> None:
    """The gateway's id of the message comes back."""
    answer = await _send(sandbox.url)
    assert (answer.verdict, answer.http_status) == ("sent", 200)
    assert answer.gateway_id


async def test_the_clock_of_the_gateway() -> None:
    """An answer's `Date` tells how far our clock is off, and is remembered over an answer without one."""
    dates = iter(["Tue, 14 Nov 2023 22:13:20 GMT", "no date"])

    async def tell(request: web.Request) -> web.Response:
        return web.json_response({"id": "m1"}, headers={"Date": next(dates)})

    clock = FakeClock(1_700_000_000.0 + 31)
    async with _serve(tell) as url, HttpGateway(sandbox_profile(url, timeout=TIMEOUT_S), clock) as gateway:
        assert gateway.clock_off_s is None
        await gateway.send(gateway.render("591", TEXT))
        assert gateway.clock_off_s == 30.0
        await gateway.ask(WireRequest("GET", "/", "application/json", b""))
        assert gateway.clock_off_s == 30.0


@pytest.mark.parametrize(
    ("fault", "verdict", "status"),
    [
        (("unavailable", {}), "unavailable", 503),
        (("quota", {}), "throttled", 429),
        (("unauthorized", {}), "unauthorized", 401),
        (("error", {"when": "before"}), "server_error", 500),
        (("error", {"when": "after"}), "server_error", 500),
        (("error", {"status": 301}), "redirect", 301),
        (("error", {"status": 422}), "refused", 422),
        (("slow", {"delay_s": 5}), "silent", None),
        (("slow", {"delay_s": 5, "when": "after"}), "silent", None),
        (("reset", {"when": "before"}), "silent", None),
        (("reset", {"when": "after"}), "silent", None),
        (("not_json", {}), "unreadable", 200),
    ],
)
async def test_every_fault_of_the_sandbox(
    sandbox: Sandbox, fault: tuple[str, dict[str, Any]], verdict: str, status: int | None
) -> None:
    """Each fault is the verdict that the answers table gives it."""
    kind, body = fault
    _arm(sandbox, kind, **body)
    answer = await _send(sandbox.url)
    assert (answer.verdict, answer.http_status) == (verdict, status)


async def test_the_window_answers_429(sandbox: Sandbox) -> None:
    """Over the limit is throttled."""
    async with _gateway(sandbox.url) as gateway:
        wire = gateway.render("591", TEXT)
        verdicts = [(await gateway.send(wire)).verdict for _ in range(4)]
    assert verdicts == ["sent", "sent", "sent", "throttled"]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "choices", "text": "¿?", "options": [{"id": "1", "title": "Sí"}]},
        {"type": "image", "url": "https://x/y.png", "caption": "c"},
        {"type": "document", "url": "https://x/y.pdf", "name": "y.pdf"},
        {"type": "audio", "url": "https://x/a.ogg"},
        {"type": "video", "url": "https://x/v.mp4"},
        {"type": "location", "latitude": 1.0, "longitude": 2.0},
        {"type": "contact", "name": "Ana", "phone": "+591"},
    ],
)
async def test_the_dialect_fits_the_sandbox(sandbox: Sandbox, message: dict[str, Any]) -> None:
    """Every message type of the shipped dialect is accepted by the server, which was built apart from it."""
    async with _gateway(sandbox.url) as gateway:
        [fitted] = gateway.fit(message)
        assert (await gateway.send(gateway.render("591", fitted))).verdict == "sent"


async def test_nobody_listening_is_unreachable() -> None:
    """No byte was written: the message can simply go again."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = await _send(f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert (answer.verdict, answer.http_status) == ("unreachable", None)


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    """DNS comes before the first byte."""
    assert (await _send("http://no-such-host.invalid")).verdict == "unreachable"


async def test_no_tls_is_unreachable(sandbox: Sandbox) -> None:
    """A handshake that fails has carried nothing."""
    answer = await _send(sandbox.url.replace("http://", "https://"))
    assert answer.verdict == "unreachable"


async def test_a_connection_that_never_stands_is_unreachable() -> None:
    """A connect timeout, here in a TLS handshake that nobody answers, has carried nothing."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        answer = await _send(f"https://127.0.0.1:{deaf.getsockname()[1]}")
    assert answer.verdict == "unreachable"


async def test_a_redirect_is_not_followed() -> None:
    """The key stays here, and the message does not look delivered."""
    seen: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.append(f"{request.method} {request.path}")
        raise web.HTTPMovedPermanently("/elsewhere")

    async with _serve(handler) as url:
        answer = await _send(url)
    assert answer.verdict == "redirect"
    assert seen == ["POST /messages"]


async def test_an_endless_answer_is_cut() -> None:
    """A 2xx that is longer than any honest one is unreadable, and costs no memory."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b'{"id":"' + b"x" * ANSWER_LIMIT + b'"}', content_type="application/json")

    async with _serve(handler) as url:
        assert (await _send(url)).verdict == "unreadable"


async def test_a_body_that_breaks_off_leaves_the_status_standing() -> None:
    """The gateway said 200 before it went away: taken, but not readable."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"id":')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with _serve(handler) as url:
        answer = await _send(url)
    assert (answer.verdict, answer.http_status) == ("unreadable", 200)


async def test_retry_after_is_read() -> None:
    """The gateway's own word on when to come back."""

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "7"})

    async with _serve(handler) as url:
        assert (await _send(url)).retry_after_s == 7.0


async def test_the_key_goes_in_the_header_and_nowhere_else() -> None:
    """Not into what is stored, shown or logged, even if the gateway repeats it."""
    keys: list[str] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        keys.append(request.headers["X-Api-Key"])
        return web.Response(status=400, text=f"bad key {request.headers['X-Api-Key']}")

    async with _serve(handler) as url, _gateway(url) as gateway:
        wire = gateway.render("591", TEXT)
        answer = await gateway.send(wire)
        assert keys == ["sandbox-key"]
        assert answer.detail == "bad key ***"
        assert "sandbox-key" not in repr((wire, answer, gateway))


@pytest.mark.parametrize(("limit", "kept"), [(30, False), (6000, True)])
async def test_only_fast_keys_keep_connections(limit: int, kept: bool) -> None:
    """A dead connection that is used again makes an uncertain send; a slow key need not risk it."""
    ports: set[int] = set()

    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        ports.add(request.transport.get_extra_info("peername")[1])
        return web.json_response({"id": "1"})

    async with _serve(handler) as url, _gateway(url, rate={"limit": limit, "per": "60s"}) as gateway:
        for _ in range(3):
            await gateway.send(gateway.render("591", TEXT))
    assert len(ports) == (1 if kept else 3)


async def test_no_proxy_of_the_environment_is_used(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the messages go is written in config.yaml."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await _send(sandbox.url)).verdict == "sent"


def test_the_same_message_gives_the_same_bytes() -> None:
    """A resend repeats a request byte for byte."""
    gateway = HttpGateway(sandbox_profile(), FakeClock())
    assert gateway.render("591", TEXT) == gateway.render("591", TEXT)


@pytest.mark.parametrize(
    ("size", "length", "verdict", "why"),
    [
        (LISTING_LIMIT, LISTING_LIMIT, "sent", ""),
        (LISTING_LIMIT + 1, LISTING_LIMIT + 1, "unreadable", "the answer is too large, over 4 MB: ask for fewer"),
        (10, 20, "unreadable", "the answer broke off"),
    ],
)
async def test_a_listing_that_cannot_be_read(size: int, length: int, verdict: str, why: str) -> None:
    """It is said whether there was too much of it, or too little."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(length)})
        await response.prepare(request)
        await response.write(b" " * size)
        if size < length and request.transport is not None:
            request.transport.abort()
        return response

    async with _serve(handle) as url, HttpGateway(sandbox_profile(url), FakeClock()) as gateway:
        answer, body = await gateway.ask(WireRequest("GET", "/x", "application/json", b""))
    assert (answer.verdict, answer.detail[: len(why) or None], len(body)) == (verdict, why, 0 if why else size)
