"""What the journal keeps of legs, so that talks can be shown and played again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from botkit.ports import Arrival
from botkit.turn.codec import dump_filed
from botkit.turn.event import Due
from botkit.turn.loops import mark_of
from tests.runtime.stage import ANA, CHANNEL, Stage, flows_of

FLOW = """
flow: cita
start: {words: [hola]}
steps:
  - {ask: ¿Nombre?, save: contact.nombre, silence: {after: 2h, say: ¿Sigues?}}
  - {ask: ¿Tu clave?, save: clave, sensitive: true}
  - say: Listo
"""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A runtime on a store in memory."""
    made = await Stage.open()
    await made.start(flows_of(FLOW))
    yield made
    await made.close()


async def entries(stage: Stage) -> list[dict[str, Any]]:
    """Return the entries of the journal, in order."""
    rows = await stage.store._writer.run(
        lambda db: db.execute("SELECT entry FROM journal ORDER BY inbox_id, leg").fetchall()
    )
    return [orjson.loads(entry) for (entry,) in rows]


async def test_begin(stage: Stage) -> None:
    """Where nothing runs, what was known of the contact is kept with the leg; nothing that was written is."""
    for text in ("hola", "Ana", "clave", "hola"):
        await stage.write(text)
    begins = [entry.get("begin") for entry in await entries(stage)]
    at = stage.clock.now()
    last = {"new": False, "message": {"text": None, "at": at}, "outcome": "done"}
    assert begins[-1] is not None
    loop = begins[-1].pop("loop")
    assert begins == [{}, None, None, {"fields": {"nombre": "Ana"}, "last": last}]
    assert loop[0][::2] == [mark_of(text) for text in ("ana", "hola")]  # of a secret, not even a checksum


async def test_blank(stage: Stage) -> None:
    """A leg that forgets what was written says so."""
    for text in ("hola", "Ana", "clave"):
        await stage.write(text)
    assert [entry.get("blank") for entry in await entries(stage)] == [None, None, True]


async def test_due_at(stage: Stage) -> None:
    """A clock that was heard late is kept with the time at which it was due."""
    await stage.write("hola")
    due_at = stage.clock.now() + 7200
    stage.clock.at = due_at + 600
    due = Arrival(CHANNEL, "timer", "due", ANA, "1", "", b"", dump_filed(Due("silence/0", "silence")))
    [receipt] = await stage.store.accept([due], stage.clock.now())
    assert receipt.row is not None
    stage.runtime.notify([receipt.row])
    await stage.runtime.idle()
    entry = (await entries(stage))[-1]
    assert (entry["event"], entry["due_at"]) == ("due", due_at)
