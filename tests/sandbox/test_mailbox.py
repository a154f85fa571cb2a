"""`GET /messages`: what people wrote, for a bot that asks."""

from typing import Any

import pytest

from botkit.gateway.sandbox import KEY
from botkit.gateway.sandbox.mailbox import PAGE
from tests.sandbox.conftest import Client


async def ask(client: Client, query: str = "", key: str = KEY) -> tuple[int, dict[str, Any]]:
    """Ask as a bot does."""
    async with client.http.get(f"/messages{query}", headers={"X-Api-Key": key}) as response:
        return response.status, await response.json()


async def test_page_by_page(client: Client) -> None:
    """Oldest first, with a mark for the next question; behind the last one there is nothing."""
    for number in range(PAGE + 1):
        await client.post("inbound", {"from": "591", "text": str(number)})
    _, first = await ask(client)
    assert ([each["text"] for each in first["messages"]][:2], first["more"]) == (["0", "1"], True)
    _, second = await ask(client, f"?after={first['cursor']}")
    assert ([each["text"] for each in second["messages"]], second["more"]) == ([str(PAGE)], False)
    assert await ask(client, f"?after={second['cursor']}") == (200, {**second, "messages": []})


@pytest.mark.parametrize(
    ("query", "key", "status"), [("", "wrong", 401), ("?after=x", KEY, 400), ("?after=-1", KEY, 400)]
)
async def test_what_is_refused(client: Client, query: str, key: str, status: int) -> None:
    """The key as anywhere; a mark that it never gave."""
    assert (await ask(client, query, key))[0] == status


async def test_it_costs_a_request(client: Client) -> None:
    """One limit for every verb of the key; a fault meets it, too; each stands among the requests."""
    await client.post("faults", {"kind": "unavailable", "count": 1})
    assert [(await ask(client))[0] for _ in range(5)] == [503, 200, 200, 200, 429]
    assert (await client.send({"to": "591", "type": "text", "text": "x"}))[0] == 429
    assert len(await client.get("requests")) == 6
