"""What is `sensitive` stays nowhere but in the slot, and goes with the flow."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
import structlog

from botkit.forgetting import EMPTIED_S, LogEmptying
from botkit.ports import Arrival
from botkit.testing.clock import FakeClock
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound
from tests.runtime.stage import ANA, CHANNEL, Stage, flows_of
from tests.waiting import eventually

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


def start(steps: str) -> str:
    """Return a flow of steps, which the word hola begins."""
    return f"flow: clave\nstart: {{words: [hola]}}\nsteps:\n{steps}"


ASK = "  - {ask: ¿Tu clave?, save: clave, sensitive: true}\n"
ALGO = "  - {ask: ¿Algo más?, save: algo}\n"


def bytes_in(folder: Path) -> bytes:
    """Return what all files of a folder hold."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        pytest.param(ASK + ALGO, [SECRET, "no"], id="kept in the slot"),
        pytest.param(ASK + ALGO, [SECRET, "atrás", SECRET + SECRET, "no"], id="taken back"),
        pytest.param(ASK + ALGO, [SECRET, "cancelar"], id="cancelled"),
        pytest.param(
            "  - {ask: ¿Tu clave?, save: clave, sensitive: true, type: number}\n" + ALGO,
            [SECRET, "soy " + SECRET, "7", "no"],
            id="no answer",
        ),
        pytest.param(
            "  - {ask: ¿Tu clave?, save: clave, sensitive: true, options: [otra]}\n" + ALGO,
            [SECRET, "no"],
            id="beside options",
        ),
        pytest.param(
            ASK + "  - {run: guardar, with: {clave: '{{ clave }}'}}\n" + ALGO, [SECRET, "no"], id="given away"
        ),
        pytest.param(
            ASK + "  - {run: guardar, with: {clave: '{{ clave }}x'}, on_error: algo}\n" + ALGO,
            [SECRET, "no"],
            id="refused",
        ),
        pytest.param(ASK + "  - {set: {copia: '{{ clave }}'}}\n" + ALGO, [SECRET, "no"], id="copied"),
        pytest.param(ASK.replace("true", "true, together: 2s") + ALGO, [*[SECRET] * 20, "no"], id="in parts"),
        pytest.param(ASK + ALGO, [SECRET * 900, "no"], id="long"),
    ],
)
async def test_files_hold_nothing(tmp_path: Path, steps: str, said: Sequence[str]) -> None:
    """Whatever becomes of the answer: when its flow is over and the log is emptied, no file of the store holds it."""

    def keep(clave: str) -> None:
        if clave != SECRET:
            raise ValueError(clave)

    path = tmp_path / "bot.db"
    stage = await Stage.open(path)
    await stage.start(flows_of(start(steps), {"guardar": keep}), {"guardar": keep})
    with structlog.testing.capture_logs() as logs:
        for text in ("hola", *said):
            await stage.write(text)
    assert SECRET.encode() in bytes_in(tmp_path)  # else nothing is proved
    assert await stage.store.empty_log()
    held = bytes_in(tmp_path)
    assert b"hola" in held
    assert SECRET.encode() not in held
    # Of an exception the log writes the trace without its words.
    assert SECRET not in str([{name: value for name, value in line.items() if name != "exc_info"} for line in logs])
    [conversation] = await stage.store.conversation(CHANNEL, ANA)
    assert not conversation["state"].get("frames")
    await stage.close()


async def test_log_is_emptied(tmp_path: Path) -> None:
    """A bot that asks for secrets has its store's log emptied every minute; one that does not, once."""
    log, clock, asks = tmp_path / "bot.db-wal", FakeClock(), [False]
    stage = await Stage.open(tmp_path / "bot.db")
    await stage.arrive("hola")
    emptying = LogEmptying(stage.store, clock, lambda: asks[0])
    emptying.start()
    await clock.advance(EMPTIED_S)
    await eventually(lambda: not log.stat().st_size)
    await stage.arrive("hola")
    await clock.advance(EMPTIED_S)
    assert log.stat().st_size > 0
    asks[0] = True
    await clock.advance(EMPTIED_S)
    await eventually(lambda: not log.stat().st_size)
    await emptying.stop()
    await stage.store.close()
