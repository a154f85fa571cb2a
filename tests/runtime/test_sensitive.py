"""What is `sensitive` stays nowhere but in the slot, and goes with the flow."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import structlog

from botkit.ports import Arrival
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound
from tests.runtime.stage import ANA, CHANNEL, Stage, flows_of

SECRET = "hunter2"
FLOW = """
flow: clave
start: {words: [hola]}
steps:
  - {ask: ¿Tu clave?, save: clave, sensitive: true, check: {if: answer == 'otra'}}
  - {ask: ¿Algo más?, save: algo}
"""


def everything(path: Path) -> str:
    """Return all that a store's file holds, as text."""
    with sqlite3.connect(path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return "\n".join(str(row) for table in tables for row in db.execute(f"SELECT * FROM {table}"))


async def test_sensitive_answers_are_not_kept(tmp_path: Path) -> None:
    """The inbox forgets text and raw body with the leg; when the flow is over, nothing holds them."""
    path = tmp_path / "bot.db"
    stage = await Stage.open(path)
    await stage.start(flows_of(FLOW))
    with structlog.testing.capture_logs() as logs:
        await stage.write("hola")
        event = Inbound(CHANNEL, "message", ANA, id="s", text=SECRET, media={"id": SECRET})
        plain = event._replace(media=None)
        for number, each in enumerate((event, plain)):
            arrival = Arrival(
                CHANNEL, "webhook", "message", ANA, f"s{number}", "", b"", dump_event(each), SECRET.encode()
            )
            [receipt] = await stage.store.accept([arrival], stage.clock.now())
            assert receipt.row is not None
            stage.runtime.notify([receipt.row])
            await stage.runtime.idle()
        assert everything(path).count(SECRET) == 1  # the slot, while the flow runs
        await stage.write("no")
    await stage.close()
    assert SECRET not in everything(path)
    assert SECRET not in str(logs)
