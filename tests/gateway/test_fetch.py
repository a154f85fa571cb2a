"""The bytes of what people send: with the key to the gateway alone, bounded, and never further than asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from botkit.errors import MediaError, MediaReason
from botkit.gateway import fetch as module
from botkit.gateway.compose import compose
from botkit.gateway.fetch import MediaFetcher
from botkit.gateway.sandbox import Sandbox
from botkit.ports import Errand, Verdict
from botkit.received import Received
from tests.gateway.captured import REAL, sandbox_profile
from tests.waiting import forever

PNG = b"\x89PNG\r\n\x1a\n"


class Gate:
    """Counts the slots that are asked for, and keeps what their requests were answered."""

    def __init__(self) -> None:
        self.taken = 0
        self.errands: list[Errand] = []

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Errand]:
        """Give leave at once."""
        self.taken += 1
        self.errands.append(Errand())
        yield self.errands[-1]


class Host:
    """A server that answers what its path says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.gate = Gate()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on loopback."""
        app = web.Application()
        app.router.add_get("/{rest:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    def fetcher(self, resolver: AbstractResolver | None = None, **own: Any) -> MediaFetcher:
        """Return the media of a channel whose gateway this is."""
        profile = compose({**REAL, "base_url": self.url + "/v1", **own})
        return MediaFetcher(profile, self.gate.slot, resolver=resolver, now=lambda: 1_000_000.0)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.raw_path, dict(request.headers)))
        what = request.path.rpartition("/")[2]
        if what == "moved":
            raise web.HTTPFound(f"{self.url}/foto")
        if what.isdigit():
            return web.Response(status=int(what), headers={"Retry-After": "7"})
        if what == "packed":
            return web.Response(body=PNG, headers={"Content-Encoding": "gzip"})
        if what == "bare":
            return web.Response(body=PNG, content_type="application/octet-stream")
        if what == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"x" * 8192)
        if what == "never":
            await forever()
        return web.Response(body=PNG, content_type="image/png")


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """A gateway that holds media."""
    made = Host()
    await made.start()
    yield made
    await made.stop()


async def failed(fetcher: MediaFetcher, value: Any) -> MediaError:
    """Return why a medium cannot be had."""
    with pytest.raises(MediaError) as raised:
        await fetcher.fetch(value)
    return raised.value


async def test_the_gateways_own_address_gets_the_key(host: Host) -> None:
    """Bytes, type and name come back; the request held the key and took a slot."""
    found = await host.fetcher().fetch({"type": "image", "url": f"{host.url}/f/foto", "name": "yo.png"})
    assert found == Received(PNG, "image/png", "yo.png")
    [(path, headers)] = host.asked
    assert (path, headers["X-Api-Key"], host.gate.taken) == ("/f/foto", "k-123", 1)


async def test_an_id_is_asked_for_where_the_profile_says(host: Host) -> None:
    """An id before an address; whatever an id holds, it stays one part of the path."""
    fetcher = host.fetcher(media={"fetch": {"path": "/media/{{ media_id }}/raw"}})
    await fetcher.fetch({"type": "image", "id": "../a b?c#ñ", "url": "https://93.184.216.34/x"})
    assert host.asked[0][0] == "/v1/media/..%2Fa%20b%3Fc%23%C3%B1/raw"


@pytest.mark.parametrize("medium_id", [".", "..", ""])
async def test_an_id_is_no_way_up(host: Host, medium_id: str) -> None:
    """An id of dots alone would be another path."""
    fetcher = host.fetcher(media={"fetch": {"path": "/media/{{ media_id }}"}})
    assert (await failed(fetcher, {"type": "image", "id": medium_id})).reason == "no_source"
    assert host.asked == []


@pytest.mark.parametrize(
    ("what", "verdict"),
    [
        ("401", "unauthorized"),
        ("403", "unauthorized"),
        ("429", "throttled"),
        ("404", "refused"),
        ("418", "unavailable"),
        ("503", "unavailable"),
        ("foto", "unreadable"),
    ],
)
async def test_the_gate_hears_the_answer(host: Host, what: str, verdict: Verdict) -> None:
    """An answer is read as a message's is, the profile's own statuses included; the gate decides what it means."""
    with suppress(MediaError):
        await host.fetcher(errors={"retry": [418]}).fetch({"url": f"{host.url}/{what}"})
    [errand] = host.gate.errands
    assert errand.answer is not None
    assert (errand.answer.verdict, errand.answer.at) == (verdict, 1_000_000.0)
    assert errand.answer.retry_after_s == (7.0 if what.isdigit() else None)


class Home(AbstractResolver):
    """Resolves every name to the loopback address, as a name does that an attacker owns."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the loopback address."""
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0),
        ]

    async def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://example.com/foto", "not_public"),
        ("ftp://example.com/foto", "not_public"),
        ("https://127.0.0.1/foto", "not_public"),
        ("https://[::1]/foto", "not_public"),
        ("https://2130706433/foto", "not_public"),
        ("https://169.254.169.254/latest", "not_public"),
        ("https://ana:clave@example.com/foto", "not_public"),
        ("https://localhost/foto", "unreachable"),
        ("/foto", "no_source"),
        ("file:///etc/passwd", "no_source"),
        ("https://[/foto", "no_source"),
        ("https://example.com:99999/foto", "no_source"),
    ],
)
async def test_other_addresses_are_public_https(host: Host, url: str, reason: MediaReason) -> None:
    """Nothing leads into the network of the bot, whatever a name resolves to; no slot is spent on it."""
    error = await failed(host.fetcher(Home()), {"type": "image", "url": url})
    assert (error.reason, host.asked, host.gate.taken) == (reason, [], 0)


async def test_a_name_that_leads_home_is_not_connected_to(host: Host) -> None:
    """A name is judged by where it leads at the moment of connecting."""
    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: connections.append(writer), "127.0.0.1", 0)
    async with server:
        url = f"https://rebind.example:{server.sockets[0].getsockname()[1]}/foto"
        assert (await failed(host.fetcher(Home()), {"url": url})).reason == "unreachable"
    assert connections == []


async def test_another_port_of_the_host_is_another_host(host: Host) -> None:
    """The key belongs to one origin."""
    other = host.url.rpartition(":")[0] + ":1"
    assert (await failed(host.fetcher(), {"url": f"{other}/foto"})).reason == "not_public"


@pytest.mark.parametrize("value", [None, "foto.png", [], {}, {"type": "image"}, {"url": 5}, {"id": "x"}])
async def test_what_is_no_medium(host: Host, value: Any) -> None:
    """A value without an address is said to be none."""
    assert (await failed(host.fetcher(), value)).reason == "no_source"


@pytest.mark.parametrize(
    ("what", "reason", "status"),
    [
        ("moved", "redirected", 302),
        ("401", "refused", 401),
        ("404", "refused", 404),
        ("429", "refused", 429),
        ("500", "refused", 500),
        ("204", "refused", 204),
        ("packed", "refused", 200),
        ("endless", "too_large", 200),
    ],
)
async def test_answers_without_bytes(host: Host, what: str, reason: MediaReason, status: int) -> None:
    """Each is told by one word and its status; a redirect is not followed, an endless body is not read to its end."""
    error = await failed(host.fetcher(), {"url": f"{host.url}/{what}"})
    assert (error.reason, error.status, len(host.asked)) == (reason, status, 1)


async def test_a_body_that_says_its_length_is_not_read(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large by its own word is left where it is."""
    monkeypatch.setattr(module, "MEDIA_LIMIT", len(PNG) - 1)
    assert (await failed(host.fetcher(), {"url": f"{host.url}/foto"})).reason == "too_large"


async def test_no_answer_in_time(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch ends."""
    monkeypatch.setattr(module, "FETCH_S", 0.05)
    assert (await failed(host.fetcher(), {"url": f"{host.url}/never"})).reason == "unreachable"


async def test_errors_tell_neither_key_nor_address(host: Host) -> None:
    """An error's text goes into logs and journals."""
    await host.stop()
    error = await failed(host.fetcher(), {"url": f"{host.url}/foto?token=secreto"})
    assert error.reason == "unreachable"
    assert not any(word in str(error) for word in ("k-123", "secreto", "127.0.0.1"))


@pytest.mark.parametrize(
    ("value", "mime"),
    [
        ({"type": "image", "name": "yo.webp"}, "image/webp"),
        ({"type": "image/png"}, "image/png"),
        ({"type": "image"}, "application/octet-stream"),
    ],
)
async def test_the_type_is_the_answers_or_the_mediums(host: Host, value: dict[str, str], mime: str) -> None:
    """A server that knows no type leaves it to what the gateway told."""
    assert (await host.fetcher().fetch({**value, "url": f"{host.url}/bare"})).type == mime


async def test_bytes_are_not_printed() -> None:
    """A result that is logged by mistake shows no picture."""
    assert "PNG" not in repr(Received(PNG, "image/png"))


async def test_the_sandbox_gives_what_a_person_sent() -> None:
    """By the id that the webhook told, with the key of its dialect, and only with it."""
    async with Sandbox("http://127.0.0.1:1/", port=0) as sandbox, aiohttp.ClientSession(sandbox.url) as http:
        async with http.post(
            "/_sandbox/media?name=yo.png", data=PNG, headers={"Content-Type": "image/png"}
        ) as response:
            attached = await response.json()
        gate = Gate()
        fetcher = MediaFetcher(sandbox_profile(sandbox.url), gate.slot)
        value = {"type": "image", "id": attached["media_id"], "name": "yo.png"}
        assert await fetcher.fetch(value) == Received(PNG, "image/png", "yo.png")
        assert gate.taken == 1
