"""What the sandbox remembers, and that it is bounded."""

import pytest

from botkit.gateway.sandbox import Sandbox
from botkit.gateway.sandbox.journal import CONTACTS_KEPT, FIRST_CONTACT, Journal, Log
from tests.sandbox.conftest import Client
from tests.sandbox.fakes import FakeBot, FakeClock


def test_log_forgets_the_oldest() -> None:
    """A full log keeps the last entries under the numbers that they always had."""
    log: Log[str] = Log(kept=2)
    assert [log.append(letter) for letter in "abc"] == [1, 2, 3]
    assert list(log.after()) == [(2, "b"), (3, "c")]
    assert list(log.after(2)) == [(3, "c")]
    assert list(log.after(9)) == []


def test_contacts_are_bounded() -> None:
    """The contact that was not heard of for longest is forgotten."""
    journal = Journal("r", lambda _name, _data: None)
    for number in range(CONTACTS_KEPT + 1):
        journal.meet(str(number), None, 0.0)
    assert len(journal.contacts) == CONTACTS_KEPT
    assert "0" not in journal.contacts


async def test_first_contact(client: Client) -> None:
    """A newcomer finds Ana in the phone."""
    (contact,) = await client.get("contacts")
    assert (contact["id"], contact["name"]) == FIRST_CONTACT


async def test_contacts(client: Client) -> None:
    """Contacts are added and renamed, and the one heard of last comes first."""
    await client.post("contacts", {"id": "1", "name": "Luz"})
    await client.text(to="2")
    await client.post("contacts", {"id": "1", "name": "Lucía"})
    assert [contact["name"] for contact in await client.get("contacts")] == ["Lucía", "2", "Ana"]


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": 1}, {"id": "1", "name": ""}, {"id": "1", "x": 1}])
async def test_bad_contact(client: Client, body: dict[str, object]) -> None:
    """A contact without a number is answered 400."""
    assert (await client.post("contacts", body))[0] == 400


async def test_history(client: Client, bot: FakeBot) -> None:
    """A contact's history has both sides in order, and no status."""
    await client.post("inbound", {"from": "1", "text": "hola"})
    await bot.got()
    await client.text("buenas", to="1")
    await client.text("otro", to="2")
    await client.post("inbound", {"to": "1", "type": "status", "id": "m", "state": "read"})
    await client.post("inbound", {"to": "1", "type": "echo", "text": "soy yo"})
    history = await client.get("history?contact=1")
    assert [(entry["direction"], entry["type"], entry["body"]) for entry in history] == [
        ("in", "text", {"text": "hola"}),
        ("out", "text", {"text": "buenas"}),
        ("out", "echo", {"text": "soy yo"}),
    ]


@pytest.mark.parametrize("after", ["x", "-1", "²", "9" * 30, "1.5"])
async def test_bad_after(client: Client, after: str) -> None:
    """A position that is no number is answered 400."""
    async with client.http.get("/_sandbox/messages", params={"after": after}) as response:
        assert response.status == 400


async def test_state(client: Client, bot: FakeBot) -> None:
    """The state tells the dials, what is armed and how the bot answers."""
    await client.fault("slow", delay_s=1, count=2)
    async with client.http.get("/_sandbox/state") as response:
        state = await response.json()
    assert state["rule"]["limit"] == 3
    assert [(fault["kind"], fault["count"]) for fault in state["faults"]] == [("slow", 2)]
    assert state["bot"] == {"reachable": None, "detail": "", "webhook_url": bot.url}


async def test_ids_differ_between_runs(bot: FakeBot, clock: FakeClock) -> None:
    """A sandbox that starts again does not reuse ids, which a bot would take for duplicates."""
    first, second = (Sandbox(bot.url, clock=clock).journal.new_id() for _ in range(2))
    assert first != second
