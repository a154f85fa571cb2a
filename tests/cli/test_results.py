"""`botkit results`: what flows recorded, as people, spreadsheets and programs read it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit, recorded
from botkit.cli.asking import Asking
from botkit.cli.recorded import read_since
from botkit.cli.shown import cell
from botkit.control import open_desk
from botkit.errors import UsageError
from botkit.ports import Arrival, Leg
from botkit.server.control import ControlServer
from botkit.server.socket import control_path
from botkit.settings import Settings
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import Record
from tests.server.ingress import ingress_of

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nbot: {timezone: America/La_Paz}\n"
FLOW = "flow: cita\nstart: {words: [cita]}\nsteps:\n  - say: Hola\n"
#: 23 November 2026, 09:00 in La Paz
MONDAY = 1_795_438_800.0
DAY = 86_400.0

Call = Callable[..., Result]
Fill = Callable[..., None]


@pytest.fixture
def call(folder: Path) -> Call:
    """Call the command in the bot's folder, in English."""
    return lambda *arguments: CliRunner().invoke(botkit, ["results", *arguments, "--lang", "en"])


async def record(store: SqliteStore, flow: str, at: float, *rows: dict[str, Any]) -> None:
    """Let a contact's turn record rows."""
    contact = f"591{at:.0f}{flow}"
    [receipt] = await store.accept([Arrival("wa", "webhook", "message", contact, contact, "", b"", b"{}")], at)
    assert receipt.row is not None
    seen = receipt.row.conversation
    records = [Record(flow, row) for row in rows]
    await store.commit(Leg(receipt.row.id, 1, True, seen.id, "wa", 0, 0, b"{}", b"{}", at, records=records))


@pytest.fixture
def fill(folder: Path) -> Fill:
    """Record rows: `fill("cita", {…}, {…}, at=…)`."""

    async def put(flow: str, at: float, rows: tuple[dict[str, Any], ...]) -> None:
        store = await SqliteStore.open(folder / "botkit.db")
        await record(store, flow, at, *rows)
        await store.close()

    return lambda flow, *rows, at=MONDAY: asyncio.run(put(flow, at, rows))


def table(result: Result) -> list[list[str]]:
    """Return the rows that a command printed as CSV."""
    assert result.exit_code == 0, result.output
    return list(csv.reader(io.StringIO(result.stdout)))


def printed(result: Result) -> list[dict[str, Any]]:
    """Return what flows recorded, of lines of JSON."""
    assert result.exit_code == 0, result.output
    return [json.loads(line)["row"] for line in result.stdout.splitlines()]


def test_columns(call: Call, fill: Fill) -> None:
    """The columns are those of all rows, in the order in which they were first seen; what a row lacks is empty."""
    fill("cita", {"dia": "2026-11-24", "nombre": "Ana"})
    fill("cita", {"hora": "10:00", "dia": "2026-11-25"}, at=MONDAY + 1)
    head, first, second = table(call("cita", "--csv"))
    assert head == ["at", "conversation_id", "dia", "nombre", "hora"]
    assert first[0] == "2026-11-23T09:00:00-04:00"
    assert [first[2:], second[2:]] == [["2026-11-24", "Ana", ""], ["2026-11-25", "", "10:00"]]


def test_json_is_the_default(call: Call, fill: Fill) -> None:
    """Programs get a line of JSON each, types and order of the columns as they were recorded."""
    row = {"z": 1, "a": 1.5, "sí": True, "nada": None, "lista": [1, {"b": "ñ"}], "dia": "2026-11-24"}
    fill("cita", row)
    result = call("cita", "--json")
    assert result.stdout == call("cita").stdout
    [found] = printed(result)
    assert list(found.items()) == list(row.items())
    assert json.loads(result.stdout)["at"] == "2026-11-23T09:00:00-04:00"


@pytest.mark.parametrize(
    ("value", "comma", "shown"),
    [
        (None, False, ""),
        (True, False, "true"),
        (7, False, "7"),
        (-7, False, "-7"),
        (27.0, False, "27"),
        (27.5, False, "27.5"),
        (27.5, True, "27,5"),
        ("27.5", True, "27.5"),
        (["a", 1], False, '["a", 1]'),
        ({"día": "x"}, False, '{"día": "x"}'),
        ("Ana", False, "Ana"),
        ("-5", False, "-5"),
        ("+59170000001", False, "+59170000001"),
        ("+591 7000 0001", False, "+591 7000 0001"),
        ("+591-7000-0001", False, "'+591-7000-0001"),
        ("=1+1", False, "'=1+1"),
        ("\uff1d1+1", False, "'\uff1d1+1"),
        ("+1+cmd|' /C calc'!A0", False, "'+1+cmd|' /C calc'!A0"),
        ("-x", False, "'-x"),
        ("@SUM(A1)", False, "'@SUM(A1)"),
        ("\t=1", False, "'\t=1"),
        ("\r=1", False, "'\r=1"),
        ("\n=1", False, "'\n=1"),
    ],
)
def test_cells(value: Any, comma: bool, shown: str) -> None:
    """Lists and mappings are JSON; a text that a spreadsheet would calculate is marked as text."""
    assert cell(value, comma=comma) == shown


def test_a_column_is_no_formula(call: Call, fill: Fill) -> None:
    """A column's name is a cell, too."""
    fill("cita", {"=1+1": "x"})
    assert table(call("cita", "--csv"))[0][2] == "'=1+1"


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-23", MONDAY - 9 * 3600),
        ("2026-11-23 09:30", MONDAY + 1800),
        ("2026-11-23T09:30:05", MONDAY + 1805),
        ("2026-11-23T09:00+00:00", MONDAY - 4 * 3600),
        ("2026-11-23T13:00Z", MONDAY),
        ("7d", MONDAY - 7 * DAY),
        ("1.5h", MONDAY - 5400),
        (" 30m ", MONDAY - 1800),
    ],
)
def test_since(since: str, expected: float) -> None:
    """A day begins at midnight of the bot's zone, as a time is one of it unless it names its own; a duration is ago."""
    assert read_since(since, ZoneInfo("America/La_Paz"), MONDAY) == expected


@pytest.mark.parametrize("since", ["", "7", "ayer", "2026-13-01", "23/11/2026", "7w", "-7d", "9" * 30 + "d"])
def test_no_since(since: str) -> None:
    """What is no time is refused, with what may be written."""
    with pytest.raises(UsageError, match="is no time: write 2026-11-23") as caught:
        read_since(since, ZoneInfo("America/La_Paz"), MONDAY)
    assert "no es un momento" in caught.value.told("es")


@pytest.mark.parametrize("form", ["--json", "--csv", "--excel"])
def test_since_chooses(call: Call, fill: Fill, form: str) -> None:
    """Only what was recorded from then on is printed, columns included."""
    fill("cita", {"viejo": "1"}, at=MONDAY - DAY)
    fill("cita", {"nuevo": "2"})
    shown = call("cita", form, "--since", "2026-11-23 09:00").stdout
    assert "nuevo" in shown
    assert "viejo" not in shown
    nothing = call("cita", form, "--since", "2026-11-24")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "the flow 'cita' recorded nothing since 2026-11-24\n"


def test_unknown_flow(call: Call, fill: Fill) -> None:
    """A name that nobody knows is a mistake: the nearest one is offered, and what has results is listed."""
    fill("encuesta", {"n": 1}, {"n": 2})
    fill("vieja", {"n": 1})
    unknown = call("encuestas", "--since", "7d")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "did you mean 'encuesta'?; with results: encuesta (2), vieja (1)" in unknown.stderr


def test_a_flow_that_is_gone(call: Call, fill: Fill) -> None:
    """What a flow recorded is printed although its file is gone or says something else now."""
    fill("vieja", {"n": 1})
    fill("cita", {"antes": 1})
    fill("cita", {"ahora": 2}, at=MONDAY + 1)
    assert printed(call("vieja")) == [{"n": 1}]
    assert printed(call("cita")) == [{"antes": 1}, {"ahora": 2}]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_pages(call: Call, fill: Fill, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """However many pages the rows fill, each comes once and in order, and a column of the last is in the head."""
    monkeypatch.setattr(recorded, "PAGE", 2)
    rows = [{f"n{number}": number} for number in range(count)]
    fill("cita", *rows)
    fill("otra", {"x": 1})
    assert printed(call("cita")) == rows
    lines = table(call("cita", "--csv"))
    assert lines[0][2:] == [f"n{number}" for number in range(count)]
    assert ["".join(line[2:]) for line in lines[1:]] == [str(number) for number in range(count)]


async def test_a_row_that_comes_meanwhile(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A table holds what was there when its head was written, from the bot that runs as well."""
    store = await SqliteStore.open(tmp_path / "bot.db")
    server = ControlServer(ingress_of(store), control_path(tmp_path / "bot.db"))
    await server.start()
    await record(store, "cita", MONDAY, {"a": 1})

    class Late(recorded.Results):
        """Records another row each time that it is gone through."""

        async def pages(self, desk: Any, last: int | None = None) -> Any:
            if last is not None:
                await record(store, "cita", MONDAY + last, {"b": 2})
            async for rows in super().pages(desk, last):
                yield rows

    async with _remote(tmp_path / "bot.db") as desk:
        assert await recorded._print_csv(desk, Late("cita", None), ZoneInfo("UTC"), excel=False)
    await server.stop()
    await store.close()
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert lines[0] == "at,conversation_id,a"
    assert len(lines) == 2


@asynccontextmanager
async def _remote(path: Path) -> Any:
    async with open_desk(path) as desk:
        yield Asking(desk, Settings(channels={}), path.parent)
