"""A talk that is saved is a test that passes at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botkit.project import load_project
from botkit.testing.play import run_tests
from tests.chat.talking import FLOW, Chat, write

DRAWN = FLOW.replace(
    '  - say: "Mesa para {{ personas }} a las {{ hora }}: {{ codigo }}"',
    '  - say: {one_of: ["uno {{ codigo }}", "dos", "tres", "cuatro", "cinco"]}',
)


async def passed(folder: Path) -> list[str]:
    """Play the bot's tests; return their names."""
    results, problems = await asyncio.to_thread(run_tests, load_project(folder / "config.yaml", {}), [])
    assert problems == []
    assert all(result.passed for result in results), [result.report("en") for result in results]
    return [result.script.name for result in results]


@pytest.mark.parametrize(
    "lines",
    [
        ["mesa", "3", "1"],
        ["hola", "mesa", "2", "Otra hora"],
        ["mesa", ":wait 2h", "20", "1"],
        ["mesa", ":operator Soy Luz: ¿en qué ayudo?", "hola", ":release", "3"],
        ["mesa", "/nada/", " # ", ":event pago {a: 1}", ":location -16.5 -68.15", ":media a.png pie: de foto"],
        ["mesa", "3", ":back", "2", ":restart", "mesa"],
        ["mesa", "atrás", "cancelar", "ayuda"],
    ],
)
async def test_passes(chat: Chat, tmp_path: Path, lines: list[str]) -> None:
    """Whatever was typed, the saved test passes."""
    saved = (await chat.typed(*lines, ":save mi charla"))[0]
    assert saved == "· saved in flows/mesa.test.yaml: botkit test -k 'mi charla'"
    assert await passed(tmp_path) == ["mi charla"]


async def test_drawn(chat: Chat, tmp_path: Path) -> None:
    """What is drawn among variants comes out in the test as it did in the chat."""
    drawn = Chat(write(tmp_path, DRAWN), name="Ana", language="es")
    await drawn.console.open()
    await drawn.typed("mesa", "3", "1", "mesa", "2", "1", ":save sorteo")
    await drawn.console.close()
    assert await passed(tmp_path) == ["sorteo"]


async def test_failure(chat: Chat, tmp_path: Path) -> None:
    """A stub that is a call's real failure is told, with how a good answer is written there."""
    saved, *told = await chat.typed("mesa", "9", "1", ":save falla")
    assert saved.startswith("· saved in")
    assert told == [
        "· the stub of x.reserva is a failure (ValueError: no caben); a good result is written there as {return: …}"
    ]


async def test_nothing_of_a_flow(chat: Chat, tmp_path: Path) -> None:
    """A talk in which no flow of the bot's own spoke has a file of its own."""
    assert await chat.typed("hola", ":save saludo") == ["· saved in flows/chat.test.yaml: botkit test -k saludo"]
    assert await passed(tmp_path) == ["saludo"]


async def test_file_with_mistakes(chat: Chat, tmp_path: Path) -> None:
    """A file of tests that cannot be read stays as it is."""
    (tmp_path / "flows" / "mesa.test.yaml").write_text("tests: 5\n")
    shown = await chat.typed("mesa", ":save a")
    assert shown[0] == "✗ not saved: flows/mesa.test.yaml has errors"
    assert "flows/mesa.test.yaml:1:8" in shown[1]
    assert (tmp_path / "flows" / "mesa.test.yaml").read_text() == "tests: 5\n"


async def test_what_no_file_holds(chat: Chat) -> None:
    """A name that no file holds is refused."""
    assert (await chat.typed("mesa", ":save \0"))[0].startswith("✗ ")


async def test_begun_inside(chat: Chat, tmp_path: Path) -> None:
    """A talk that began with a flow by its name is a test that begins inside it."""
    begun = Chat(write(tmp_path), flow="mesa")
    await begun.console.open()
    assert await begun.typed("3", "1", ":save desde adentro") == [
        "· saved in flows/mesa.test.yaml: botkit test -k 'desde adentro'"
    ]
    await begun.console.close()
    assert await passed(tmp_path) == ["desde adentro"]
    assert "    given: {flow: mesa}\n" in (tmp_path / "flows" / "mesa.test.yaml").read_text()


LOADED = """flow: mesa
start: {words: [mesa]}
steps:
  - {ask: "¿Para cuántos? ({{ load }})", save: personas, type: integer}
  - {say: "Mesa para {{ personas }} ({{ load }})"}
"""


async def test_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`:load` is a line of the saved test; `:back` takes it back, a new talk begins green."""
    monkeypatch.chdir(tmp_path)
    chat = Chat(write(tmp_path, LOADED))
    await chat.console.open()
    assert await chat.typed(":load black") == ["· load of the channel: black"]
    assert await chat.typed("mesa") == ["─ ¿Para cuántos? (black)"]
    assert "· load of the channel: black" in await chat.typed(":where")
    assert await chat.typed(":load rojo") == ["✗ 'rojo' is no level: green, yellow, black"]
    assert (await chat.typed(":load yellow", ":back"))[0] == "· without “yellow”; once more:"
    assert (await chat.typed("3"))[0] == "─ Mesa para 3 (black)"
    await chat.typed(":save negro")
    assert await passed(tmp_path) == ["negro"]
    assert "load: black" in (tmp_path / "flows" / "mesa.test.yaml").read_text()
    assert await chat.typed(":restart", "mesa") == ["─ ¿Para cuántos? (green)"]
    await chat.console.close()
