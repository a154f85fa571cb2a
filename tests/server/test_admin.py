"""The control API on TCP: whoever shows the token, and nobody else."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import structlog

from botkit.errors import UsageError
from botkit.server.admin import admin_listener, open_control
from botkit.settings import Admin
from botkit.store.sqlite import SqliteStore
from tests.server.ingress import ingress_of

TOKEN = "t" * 31 + "!"


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """An API on TCP."""
    store = await SqliteStore.open(tmp_path / "bot.db")
    listener = admin_listener(ingress_of(store), Admin.model_validate({"port": 0, "token": TOKEN}))
    await listener.start()
    yield listener.url
    await listener.stop()
    await store.close()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (None, 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        (f"Digest {TOKEN}", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}ñ", 401),
    ],
)
async def test_token(url: str, header: str | None, status: int) -> None:
    """Only the whole token opens the API; a refusal says how to show it."""
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": header} if header is not None else {}
        async with session.get(f"{url}/api/health", headers=headers) as response:
            assert response.status == status
            if status == 401:
                assert response.headers["WWW-Authenticate"] == "Bearer"
                assert set(await response.json()) == {"error", "hint"}


async def test_everything_is_behind_it(url: str) -> None:
    """Without the token nobody learns which paths there are; the log counts those who tried, without what they sent."""
    with structlog.testing.capture_logs() as lines:
        async with aiohttp.ClientSession() as session:
            for path in ("/", "/api/events", "/api/none"):
                async with session.post(url + path, json={"contact": "59170000001"}) as response:
                    assert response.status == 401
    assert [(line["event"], line["method"]) for line in lines] == [("admin_refused", "POST")] * 3


async def test_taken_port(tmp_path: Path) -> None:
    """A port in use is told with the key to change, in both languages."""
    store = await SqliteStore.open(tmp_path / "bot.db")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        admin = Admin.model_validate({"port": other.getsockname()[1], "token": TOKEN})
        async with AsyncExitStack() as base:
            with pytest.raises(UsageError, match=r"set another admin\.port") as caught:
                await open_control(base, ingress_of(store), tmp_path / "s.sock", admin)
    assert "cambia admin.port" in caught.value.told("es")
    await store.close()
