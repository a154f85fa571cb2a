"""Faults on request."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.conftest import Client
from tests.sandbox.fakes import FakeClock

TEXT = {"to": "591", "type": "text", "text": "x"}
KEY = {"X-Api-Key": "sandbox-key"}

# fault, its fields, the status, how many messages were accepted all the same
ANSWERS = [
    ("unavailable", {}, 503, 0),
    ("quota", {}, 429, 0),
    ("unauthorized", {}, 401, 0),
    ("error", {}, 500, 0),
    ("error", {"when": "before", "status": 502}, 502, 0),
    ("error", {"when": "after"}, 500, 1),
    ("not_json", {}, 200, 1),
]


@pytest.mark.parametrize(("kind", "fields", "status", "accepted"), ANSWERS)
async def test_answer(client: Client, kind: str, fields: dict[str, object], status: int, accepted: int) -> None:
    """Each fault gives its answer, and accepts or does not accept as its table row says."""
    await client.fault(kind, **fields)
    async with client.http.post("/messages", json=TEXT, headers=KEY) as response:
        assert response.status == status
        assert (response.content_type == "application/json") is (kind != "not_json")
    assert len(await client.get("messages")) == accepted
    (request,) = await client.get("requests")
    assert (request["fault"], request["status"]) == (kind, status)


@pytest.mark.parametrize(("when", "accepted"), [("before", 0), ("after", 1)])
async def test_reset(client: Client, when: str, accepted: int) -> None:
    """A reset closes the connection without an answer."""
    await client.fault("reset", when=when)
    with pytest.raises(aiohttp.ClientError):
        await client.text()
    assert len(await client.get("messages")) == accepted
    assert (await client.get("requests"))[0]["status"] is None


@pytest.mark.parametrize(("when", "accepted_meanwhile"), [("before", 0), ("after", 1)])
async def test_slow(client: Client, clock: FakeClock, when: str, accepted_meanwhile: int) -> None:
    """A slow answer comes after its delay, which stands before or after the acceptance."""
    await client.fault("slow", delay_s=7, when=when)
    sending = asyncio.create_task(client.text())
    assert await clock.next_sleep() == 7
    assert len(await client.get("messages")) == accepted_meanwhile
    clock.advance(7)
    assert await sending == 200
    (request,) = await client.get("requests")
    assert request["out_at"] == clock.now


async def test_count(client: Client) -> None:
    """A fault with a count is met by that many requests."""
    await client.fault("unavailable", count=2)
    assert [await client.text() for _ in range(3)] == [503, 503, 200]


async def test_for_a_time(client: Client, clock: FakeClock) -> None:
    """A fault with a time is over when the time is."""
    await client.fault("unavailable", for_s=30)
    assert await client.text() == 503
    clock.advance(30)
    assert await client.text() == 200


async def test_queue_of_faults(client: Client) -> None:
    """Of several answers each request meets the oldest that is left."""
    await client.fault("unavailable", count=1)
    await client.fault("error", count=1)
    assert [await client.text() for _ in range(3)] == [503, 500, 200]


async def test_reset_clears(client: Client) -> None:
    """`reset` clears faults, dials and what the window had counted."""
    await client.fault("unauthorized")
    await client.fault("window", limit=1)
    await client.post("reset", {})
    assert [await client.text() for _ in range(4)] == [200, 200, 200, 429]


async def test_window(client: Client, clock: FakeClock) -> None:
    """The window's algorithm can be changed while the sandbox runs."""
    await client.fault("window", algorithm="leaky", limit=2, period_s=10)
    assert [await client.text() for _ in range(2)] == [200, 429]
    clock.advance(5)
    assert await client.text() == 200


@pytest.mark.parametrize(
    ("fields", "header"),
    [
        ({"mode": "off"}, None),
        ({"mode": "exact"}, "60"),
        ({"mode": "value", "value_s": 7}, "7"),
        ({"mode": "text", "text": "soon, -5"}, "soon, -5"),
        ({"mode": "date", "value_s": 7}, "Mon, 12 Jan 1970 13:46:47 GMT"),
    ],
)
async def test_retry_after(client: Client, fields: dict[str, object], header: str | None) -> None:
    """A 429 goes with the `Retry-After` that was asked for."""
    await client.fault("retry_after", **fields)
    for _ in range(3):
        await client.text()
    async with client.http.post("/messages", json=TEXT, headers=KEY) as response:
        assert (response.status, response.headers.get("Retry-After")) == (429, header)


async def test_retry_after_of_a_fault(client: Client) -> None:
    """A 429 or 503 on request carries the header too, and a 500 does not."""
    await client.fault("retry_after", mode="value", value_s=7)
    seen = []
    for fields in ({"kind": "quota"}, {"kind": "unavailable"}, {"kind": "error"}):
        await client.fault(**fields, count=1)
        async with client.http.post("/messages", json=TEXT, headers=KEY) as response:
            seen.append((response.status, response.headers.get("Retry-After")))
    assert seen == [(429, "7"), (503, "7"), (500, None)]


BAD = [
    {},
    {"kind": "earthquake"},
    {"kind": "slow"},
    {"kind": "slow", "delay_s": -1},
    {"kind": "error", "status": 200},
    {"kind": "error", "when": "later"},
    {"kind": "quota", "count": 0},
    {"kind": "quota", "count": 1.5},
    {"kind": "quota", "day": 1},
    {"kind": "window", "algorithm": "guess"},
    {"kind": "window", "limit": 0},
    {"kind": "retry_after"},
    {"kind": "statuses", "states": "sent"},
    {"kind": "statuses", "states": [["sent"]]},
]


@pytest.mark.parametrize("body", BAD, ids=str)
async def test_bad(client: Client, body: dict[str, object]) -> None:
    """A fault that makes no sense is answered 400 and changes nothing."""
    status, answer = await client.post("faults", body)
    assert (status, list(answer)) == (400, ["error"])
    assert [await client.text() for _ in range(4)] == [200, 200, 200, 429]
