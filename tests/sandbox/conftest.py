"""A sandbox on virtual time, a bot behind it, and a client in front of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from botkit.gateway.sandbox import KEY, Sandbox
from tests.sandbox.fakes import FakeBot, FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """Time that stands still."""
    return FakeClock()


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    """A bot that answers 200."""
    fake = FakeBot()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


@pytest.fixture
def sandbox(bot: FakeBot, clock: FakeClock) -> Sandbox:
    """A sandbox with three requests a minute."""
    return Sandbox(bot.url, limit=3, clock=clock)


class Client:
    """Asks the sandbox, as a bot or as a test."""

    def __init__(self, http: TestClient) -> None:  # type: ignore[type-arg]
        self.http = http

    async def send(self, body: object, *, key: str = KEY) -> tuple[int, dict[str, Any]]:
        """Send a message as a bot and return status and JSON."""
        async with self.http.post("/messages", json=body, headers={"X-Api-Key": key}) as response:
            return response.status, await response.json()

    async def text(self, text: str = "hola", to: str = "591") -> int:
        """Send a text as a bot and return the status."""
        return (await self.send({"to": to, "type": "text", "text": text}))[0]

    async def post(self, path: str, body: object) -> tuple[int, dict[str, Any]]:
        """Post to the sandbox's own API."""
        async with self.http.post(f"/_sandbox/{path}", json=body) as response:
            return response.status, await response.json()

    async def fault(self, kind: str, **fields: object) -> None:
        """Arm a fault or turn a dial."""
        status, answer = await self.post("faults", {"kind": kind, **fields})
        assert status == 200, answer

    async def get(self, path: str) -> list[dict[str, Any]]:
        """Return the list that an address of the sandbox's own API answers."""
        async with self.http.get(f"/_sandbox/{path}") as response:
            assert response.status == 200, await response.text()
            (listing,) = (await response.json()).values()
            assert isinstance(listing, list)
            return listing


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    """A client of the sandbox."""
    async with TestClient(TestServer(sandbox.app())) as http:
        yield Client(http)
