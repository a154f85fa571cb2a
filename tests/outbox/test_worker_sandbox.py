"""The worker with everything real: SQLite, HTTP, and the sandbox, which was built apart from it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from botkit.clock import SystemClock
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.sandbox.body import Body
from botkit.gateway.sandbox.server import Sandbox
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Arrival, Leg
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import Send
from tests.waiting import eventually


class Line:
    """A store, a worker and a sandbox, joined."""

    def __init__(self, store: SqliteStore, sandbox: Sandbox, worker: OutboxWorker) -> None:
        self.store = store
        self.sandbox = sandbox
        self.worker = worker

    async def say(self, contact: str, *texts: str) -> None:
        """Queue texts as a turn does."""
        now = time.time()
        event = Arrival("wa", "webhook", "message", contact, f"id-{contact}-{texts[0]}", "", b"digest", b"{}")
        [receipt] = await self.store.accept([event], now)
        assert receipt.row is not None
        talk = receipt.row.conversation
        await self.store.commit(
            Leg(
                inbox_id=receipt.inbox_id,
                leg=1,
                closes=True,
                conversation_id=talk.id,
                channel="wa",
                version=talk.version,
                epoch=talk.epoch,
                state=b"{}",
                journal=b"{}",
                at=now,
                sends=[Send({"type": "text", "text": text}, "flow", "step") for text in texts],
            )
        )
        self.worker.wake()

    async def statuses(self) -> list[str]:
        """Return how the rows stand, oldest first."""
        rows = await self.store.outbox_rows(conversation_id=None, status=None, limit=100)
        return [row["status"] for row in reversed(rows)]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """A line that runs."""
    clock = SystemClock()
    async with Sandbox("http://127.0.0.1:9/none", port=0, limit=6_000) as sandbox:
        channel = {"base_url": "sandbox", "rate": {"limit": 6_000, "per": "60s"}, "timeout": 0.5}
        profile = compose(channel, sandbox_url=sandbox.url)
        store = await SqliteStore.open(":memory:")
        async with HttpGateway(profile, clock) as gateway:
            worker = OutboxWorker(store, gateway, clock, key="wa", owner="wa", limits=profile.limits)
            await worker.start()
            yield Line(store, sandbox, worker)
            await worker.stop()
        await store.close()


async def test_turns_reach_the_gateway_in_order(line: Line) -> None:
    """Per contact, each row after the other, and all of them marked sent."""
    for contact in ("591", "592", "593"):
        await line.say(contact, "uno", "dos", "tres")

    async def all_sent() -> bool:
        return await line.statuses() == ["sent"] * 9

    await eventually(all_sent)
    taken = [(entry.contact, entry.body["text"]) for _, entry in line.sandbox.journal.messages.after()]
    for contact in ("591", "592", "593"):
        assert [text for to, text in taken if to == contact] == ["uno", "dos", "tres"]


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (("reset", {"when": "after"}), "uncertain"),
        (("slow", {"delay_s": 3}), "uncertain"),
        (("error", {"when": "after"}), "uncertain"),
        (("not_json", {}), "uncertain"),
        (("error", {"status": 400}), "failed"),
        (("unavailable", {}), "pending"),
        (("unauthorized", {}), "pending"),
    ],
)
async def test_a_fault_leaves_the_row_as_the_table_says(
    line: Line, fault: tuple[str, dict[str, object]], status: str
) -> None:
    """The rows of the answers table, through HTTP and into SQLite."""
    kind, body = fault
    line.sandbox.faults.arm(kind, Body({**body, "count": 1}), time.time())
    await line.say("591", "hola")
    await eventually(lambda: list(line.sandbox.journal.requests.after()) and not line.worker.flying)
    assert await line.statuses() == [status]
