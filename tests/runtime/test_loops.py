"""Two bots that answer each other: the outbox shows what was muted, and a person is told of what was parked."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping

import pytest
import structlog

from botkit.outbox.alert import Alert
from tests.runtime.stage import ANA, CHANNEL, LUZ, Stage, flows_of

DEAF = "flow: f\nstart: {any: true}\nsteps: [{say: No te entendí}]\n"
COUNTS = """
flow: f
start: {any: true}
steps:
  - set: {contact.n: "{{ (contact.n or 0) + 1 }}"}
  - say: "Mensaje {{ contact.n }}"
"""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage on a store in memory."""
    made = await Stage.open()
    yield made
    await made.close()


async def statuses(stage: Stage) -> Counter[str]:
    """Return how many messages stand how."""
    rows = await stage.store.outbox_rows(conversation_id=None, status=None, limit=100)
    return Counter(row["status"] for row in rows)


async def test_muted(stage: Stage) -> None:
    """What is said a fourth time stands in the outbox as muted, with the reason."""
    await stage.start(flows_of(DEAF))
    for _ in range(6):
        await stage.write("Gracias por su mensaje")
    assert await statuses(stage) == {"pending": 3, "muted": 3}
    [row, *_] = await stage.store.outbox_rows(conversation_id=None, status="muted", limit=9)
    assert (row["seq"], row["reason"]) == (6, "said three times to one who repeats the same")


async def test_parked(stage: Stage) -> None:
    """After twenty answers within a minute people have the conversation, and are told; nobody else is held up."""
    told: list[tuple[Alert, Mapping[str, object]]] = []
    await stage.start(flows_of(COUNTS), on_alert=lambda alert, fields: told.append((alert, fields)))
    with structlog.testing.capture_logs() as lines:
        for _ in range(30):
            await stage.write("Gracias por su mensaje")
    assert await statuses(stage) == {"pending": 20}
    [conversation] = await stage.store.conversation(CHANNEL, ANA)
    assert told == [("loop", {"channel": CHANNEL, "conversation": conversation["id"]})]
    assert [line["log_level"] for line in lines if line["event"] == "conversation_parked"] == ["error"]
    assert [row["contact"] for row in await stage.store.handoffs()] == [ANA]
    await stage.write("hola", LUZ)
    assert await stage.said(LUZ) == ["Mensaje 1"]


async def test_over_a_restart(stage: Stage) -> None:
    """What is counted outlives the process."""
    for _ in range(5):
        await stage.start(flows_of(DEAF))
        await stage.write("Gracias por su mensaje")
        await stage.runtime.stop(1.0)
    assert await statuses(stage) == {"pending": 3, "muted": 2}
