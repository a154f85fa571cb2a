"""What is no message of a person to the bot is stored, and changes and sends nothing: webhook to store to runtime."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from botkit.calls import Calls
from botkit.clock import SystemClock
from botkit.flow.flowset import FlowSet
from botkit.gateway.signature import sign
from botkit.gateway.ways_in import Webhook
from botkit.legs import Player
from botkit.runtime import Runtime
from botkit.server.app import Listener, public_app
from botkit.server.health import Health
from botkit.server.webhook import Filing, Intake
from botkit.store.sqlite import SqliteStore
from tests.gateway.linked import AT, GROUP, NO_MESSAGE, WEBHOOK, linked_reader, pushed
from tests.runtime.stage import flows_of

#: Answers whatever it is told, and waits for a name.
FLOW = """
flow: todo
start: {any: true}
steps:
  - ask: ¿Cómo te llamas?
    save: nombre
  - say: Hola, {{ nombre }}
"""
#: What left the business's own number: its own tests.
ECHOES = [name for name, (_, kind) in NO_MESSAGE.items() if kind == "echo"]


class Bot:
    """A whole bot behind its webhook, on a store that a test can look into."""

    def __init__(self, store: SqliteStore, path: Path, flows: FlowSet) -> None:
        self.path = path
        self.clock = SystemClock()
        self.calls = Calls({})
        self.runtime = Runtime(store, Player(store, flows, self.calls, self.clock), self.clock)
        intake = Intake(linked_reader(), Filing("whatsapp", store.accept, self.runtime.notify, self.clock.now))
        health = Health(store, "https://api.example.com", ready=True)
        self.listener = Listener(public_app({WEBHOOK["path"]: intake}, health), "127.0.0.1", 0)

    async def push(self, *items: Any) -> int:
        """Post a webhook, let the runtime work, and return the status that was answered."""
        body = orjson.dumps(items)
        auth = Webhook.model_validate(WEBHOOK).auth
        assert auth is not None
        headers = {"Content-Type": "application/json", "X-Signature": sign(auth, "s-123", body)}
        async with (
            aiohttp.ClientSession(self.listener.url) as client,
            client.post(WEBHOOK["path"], data=body, headers=headers) as response,
        ):
            await self.runtime.idle()
            return response.status

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Return rows of the store."""
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return db.execute(statement).fetchall()
        finally:
            db.close()

    def told(self) -> list[str]:
        """Return the texts in the outbox, in order."""
        return [orjson.loads(row[0])["text"] for row in self.query("SELECT message FROM outbox ORDER BY id")]

    def state(self) -> list[tuple[Any, ...]]:
        """Return how every conversation that moved stands, and what its legs were; what is filed makes none."""
        moved = self.query("SELECT contact, version, state FROM conversation WHERE version > 0 ORDER BY id")
        return moved + self.query("SELECT inbox_id, leg, entry FROM journal WHERE leg > 0 ORDER BY inbox_id, leg")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that answers everything it takes for a message."""
    path = tmp_path / "botkit.db"
    store = await SqliteStore.open(path)
    made = Bot(store, path, flows_of(FLOW))
    await made.runtime.start()
    await made.listener.start()
    yield made
    await made.listener.stop()
    await made.runtime.stop(1.0)
    await made.calls.close()
    await store.close()


@pytest.mark.parametrize("name", [name for name in NO_MESSAGE if name not in ECHOES])
async def test_it_starts_nothing(bot: Bot, name: str) -> None:
    """With nothing running, a flow that takes any message is not begun; the event is kept for an operator to see."""
    item, kind = NO_MESSAGE[name]
    assert await bot.push(item) == 200
    assert (bot.told(), bot.state()) == ([], [])
    assert bot.query("SELECT kind, status FROM inbox") == [(kind, "filed")]


@pytest.mark.parametrize("name", [name for name in NO_MESSAGE if name not in ECHOES])
async def test_it_answers_nothing(bot: Bot, name: str) -> None:
    """While a step waits, it stays as it stood, and takes the person's own answer afterwards."""
    await bot.push(pushed(id="1"))
    before = bot.state()
    assert bot.told() == ["¿Cómo te llamas?"]
    assert await bot.push(NO_MESSAGE[name][0]) == 200
    assert (bot.told(), bot.state()) == (["¿Cómo te llamas?"], before)
    await bot.push(pushed(id="2", body="Ana"))
    assert bot.told() == ["¿Cómo te llamas?", "Hola, Ana"]


async def test_the_business_writes(bot: Bot) -> None:
    """Who writes on the business's phone has the conversation: the bot is silent until it is given back."""
    await bot.push(pushed(id="1"))
    await bot.push(NO_MESSAGE["typed on the business's phone"][0])
    await bot.push(pushed(id="2", body="Ana"))
    assert bot.told() == ["¿Cómo te llamas?"]
    back, _ = NO_MESSAGE["typed on the business's phone"]
    await bot.push({**back, "payload": {**back["payload"], "id": "true_ana_9", "body": "Listo"}})
    assert bot.told() == ["¿Cómo te llamas?"] * 2
    await bot.push(pushed(id="3", body="Ana"))
    assert bot.told()[2:] == ["Hola, Ana"]
    assert bot.query("SELECT status FROM inbox WHERE kind = 'echo'") == [("filed",)] * 2


async def test_it_stands_in_the_persons_conversation(bot: Bot) -> None:
    """In order of arrival, with what was said: what an operator reads; what groups say is nobody's."""
    await bot.push(pushed(id="1"))
    for item, _ in NO_MESSAGE.values():
        await bot.push(item)
    rows = "SELECT inbox.kind, inbox.event FROM inbox JOIN conversation ON conversation.id = conversation_id"
    found = bot.query(f"{rows} WHERE contact = '59170012345' AND source = 'webhook' ORDER BY inbox.id")
    kinds = [kind for kind, _ in found]
    assert kinds == ["message", "echo", "echo", "reaction", "reaction", "edit", "revoke", "status"]
    assert orjson.loads(found[2][1])["text"] == "Ya te atiendo"
    assert bot.query("SELECT count(*) FROM conversation WHERE contact LIKE '%@%'") == [(0,)]


async def test_it_is_journaled(bot: Bot) -> None:
    """A reaction, a change, a deletion and what groups say: what it was, and for whom. The words stay in the inbox."""
    for name, (item, _) in NO_MESSAGE.items():
        if name not in ECHOES:
            await bot.push(item)
    found = bot.query(
        "SELECT contact, leg, journal.version, entry FROM journal LEFT JOIN conversation ON id = conversation_id"
        " ORDER BY inbox_id"
    )
    ana, group = "59170012345", {"group": GROUP, "sender": "59170012345"}
    assert [(contact, orjson.loads(entry)) for contact, _, _, entry in found] == [
        (ana, {"event": "reaction", "of": "true_ana_1"}),
        (ana, {"event": "reaction", "of": "true_ana_1"}),
        (ana, {"event": "edit", "of": "false_ana_0"}),
        (ana, {"event": "revoke", "of": "false_ana_0"}),
        (None, {"event": "message", **group}),
        (None, {"event": "message", "group": "status@broadcast", "sender": ana}),
        (None, {"event": "reaction", "of": "false_group_2", **group}),
    ]
    assert {(leg, version) for _, leg, version, _ in found} == {(0, 0)}


async def test_two_webhooks_one_answer(bot: Bot) -> None:
    """A message that two subscriptions tell is answered once, in one body or in two."""
    await bot.push(pushed("message", id="1"), pushed("message.any", id="1"))
    await bot.push(pushed("message.any", id="1"))
    assert bot.told() == ["¿Cómo te llamas?"]


async def test_a_batch_with_a_bad_item(bot: Bot) -> None:
    """The good ones are answered, the bad one is kept as it came."""
    assert await bot.push(pushed(id="1"), {"event": "message", "payload": 7}, pushed(id="2", body="Ana")) == 200
    assert bot.told() == ["¿Cómo te llamas?", "Hola, Ana"]
    assert bot.query("SELECT raw FROM inbox WHERE kind = 'unknown'") == [(b'{"event":"message","payload":7}',)]


async def test_one_person_one_conversation(bot: Bot) -> None:
    """Whatever suffix the number comes with, the answer meets its question."""
    await bot.push(pushed(id="1", **{"from": "59170012345@s.whatsapp.net"}))
    await bot.push(pushed(id="2", body="Ana", **{"from": "+59170012345"}))
    assert bot.told() == ["¿Cómo te llamas?", "Hola, Ana"]
    assert bot.query("SELECT contact FROM conversation") == [("59170012345",)]


async def test_a_hidden_person_has_no_phone(bot: Bot) -> None:
    """The key is opaque: it is written to, and never shown or dialled as a number."""
    await bot.push(pushed(id="1", **{"from": "123456789012345@lid"}))
    assert bot.told() == ["¿Cómo te llamas?"]
    assert bot.query("SELECT contact FROM conversation") == [("123456789012345@lid",)]


async def test_states_move_no_message(bot: Bot) -> None:
    """`delivered` after `read` is filed; what the outbox knows of the message does not move."""
    await bot.push(pushed(id="1"))
    before = bot.query("SELECT status, settled_at FROM outbox")
    for ack in ("READ", "DEVICE", "READ", "ERROR"):
        await bot.push(pushed("message.ack", id="true_ana_1", to="59170012345@c.us", ack=ack, timestamp=AT))
    assert bot.query("SELECT status, settled_at FROM outbox") == before
    assert len(bot.query("SELECT id FROM inbox WHERE kind = 'status'")) == 3
