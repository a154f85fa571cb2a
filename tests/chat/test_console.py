"""What is typed in a chat, and what is shown for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.chat.commands import COMMANDS, Command, Wrong, read_line
from tests.chat.talking import Chat, write

ASKED = ["╭ ¿Para cuántos?", "│   1  4", "╰   2  2"]
SILENT, FULL = "· (the bot says nothing)", "ValueError: no caben"
HOURS = ["╭ ¿A qué hora?", "│   1  19:00", "╰   2  Otra hora"]


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["mesa"], ASKED),
        (["mesa", "2"], HOURS),
        (["mesa", "3", "1"], ["─ Mesa para 3 a las 19:00: R-3", "· mesa ended: done"]),
        (["mesa", "3", "19:00"], ["─ Mesa para 3 a las 19:00: R-3", "· mesa ended: done"]),
        (["mesa", "3", "2"], ["─ Llama por teléfono", "· mesa ended: done"]),
        (["mesa", "3", "7"], HOURS),
        (["mesa", ":tap 2"], HOURS),
        (["mesa", ":tap 9"], ["✗ no option '9' is on show"]),
        (["mesa", ":tap 0"], ["✗ no option '0' is on show"]),
        (["mesa", "3", ":tap Otra hora"], ["─ Llama por teléfono", "· mesa ended: done"]),
        (["mesa", ":wait 2h"], ["─ ¿Sigues ahí?", "· Monday 23/11/2026 11:00"]),
        (["mesa", ":wait 1h"], [SILENT, "· Monday 23/11/2026 10:00"]),
        ([":wait soon"], ["✗ 'soon' is no time: 30s, 10m, 2h, 3d"]),
        ([":wait"], ["✗ something is missing: :wait 2h"]),
        ([":wiat 2h"], ["✗ there is no command :wiat; did you mean :wait?"]),
        ([":zzzzz"], ["✗ there is no command :zzzzz"]),
        ([":where"], ["· no flow runs", "· no timer runs", "· Monday 23/11/2026 09:00"]),
        (
            ["mesa", ":where"],
            [
                "· mesa · personas (ask)  flows/mesa.yaml:4",
                "· silence of the question: in 2h (Monday 23/11/2026 11:00)",
                "· Monday 23/11/2026 09:00",
            ],
        ),
        ([":slots"], ["· there are no slots yet"]),
        (["mesa", "3", ":slots"], ["· personas: 3"]),
        ([":back"], ["· there is nothing to take back"]),
        (["mesa", "3", ":back"], ["· without “3”; once more:", *ASKED]),
        (["mesa", "3", ":back", ":back"], ["· without “mesa”; once more:"]),
        (["mesa", "3", ":restart"], ["· a new talk"]),
        (["mesa", ":restart", ":slots"], ["· there are no slots yet"]),
        ([":location x"], ["✗ 'x' is no place: two numbers, -16.5 -68.15"]),
        ([":location 91 0"], ["✗ '91 0' is no place: two numbers, -16.5 -68.15"]),
        ([":event pago"], ["· no flow waits for the event 'pago'"]),
        (["mesa", ":operator Hola"], ["· people have it: phone; the bot is silent until :release"]),
        (["mesa", ":operator Hola", ":release"], ASKED),
        (["mesa", ""], []),
        ([":save x"], ["· there is no talk to save yet"]),
        (["mesa", "20", "1"], [f"✗ x.reserva failed at handlers.py:6: {FULL}", "─ No se pudo", "· mesa ended: done"]),
    ],
)  # fmt: skip
async def test_typed(chat: Chat, lines: list[str], shown: list[str]) -> None:
    """Texts go to the bot, numbers tap, commands do what the table says."""
    assert await chat.typed(*lines) == shown


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("hola", "hola"),
        (" hola ", " hola "),
        (":)", ":)"),
        (": hola", ": hola"),
        ("a :wait 2h", "a :wait 2h"),
        ("::wait 2h", ":wait 2h"),
        (":wait 2h", Command("wait", "2h")),
        (":WAIT  2h ", Command("wait", "2h")),
        (":w 2h", Wrong("w", False)),
        (":wa 2h", Command("wait", "2h")),
        (":save una charla", Command("save", "una charla")),
        (":q", Command("quit")),
        (":save", Wrong("save", True)),
        (":wheer", Wrong("wheer", False, "where")),
    ],
)
def test_read(line: str, read: object) -> None:
    """A colon and a letter begin a command, which may be shortened as long as one alone is meant."""
    assert read_line(line) == read


async def test_quit(chat: Chat) -> None:
    """`:quit` is the last line."""
    assert await chat.console.take("hola")
    assert not await chat.console.take(":quit")


async def test_help(chat: Chat) -> None:
    """`:help` lists the table."""
    assert sum(line.startswith("· :") for line in await chat.typed(":help")) == len(COMMANDS)


async def test_time_stands_still(chat: Chat) -> None:
    """However long the author thinks, only `:wait` lets time pass, and what is due in it happens in its order."""
    await chat.typed("mesa", ":wait 1h59m")
    assert chat.console.session.now == chat.console.session.began
    assert await chat.typed(":wait 119m", ":wait 1m") == ["─ ¿Sigues ahí?", "· Monday 23/11/2026 11:00"]


TOGETHER = """flow: f
start: {words: [f]}
steps:
  - {ask: Cuéntame, save: x, together: 2s}
  - say: "{{ x }}"
"""


async def test_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages that are joined are an answer once nothing more is typed: Enter alone lets that time pass."""
    monkeypatch.chdir(tmp_path)
    chat = Chat(write(tmp_path, TOGETHER, ""))
    await chat.console.open()
    waits = ["· the bot joins messages that come together: Enter lets 2s pass"]
    assert [await chat.typed("f", "uno"), await chat.typed("dos")] == [waits, waits]
    shown = await chat.typed("")
    assert shown == ["╭ uno", "╰ dos", "· f ended: done", "· Monday 23/11/2026 09:00:02"]
    assert chat.console.session.entries[-1].line == {"wait": "2s"}
    await chat.console.close()


async def test_long_slot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long value is cut."""
    monkeypatch.chdir(tmp_path)
    chat = Chat(write(tmp_path, TOGETHER.replace(", together: 2s", "") + "  - {ask: Más, save: y}\n", ""))
    await chat.console.open()
    (shown,) = await chat.typed("f", "x" * 300, ":slots")
    assert shown == "· x: " + "x" * 159 + "…"
    await chat.console.close()


CALLS = """flow: f
start: {words: [f]}
steps:
  - schedule: {name: aviso, flow: aviso, after: 3d}
  - id: nombre
    call: g
---
flow: g
steps:
  - ask: ¿Nombre?
    save: x
---
flow: aviso
steps: [say: Ya]
"""


async def test_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`:where` shows the flows below, and reminders by their names."""
    monkeypatch.chdir(tmp_path)
    chat = Chat(write(tmp_path, CALLS, ""))
    await chat.console.open()
    assert await chat.typed("f", ":where") == [
        "· g · x (ask)  flows/mesa.yaml:10",
        "· below: f · nombre  flows/mesa.yaml:5",
        "· reminder 'aviso': in 3d (Thursday 26/11/2026 09:00)",
        "· Monday 23/11/2026 09:00",
    ]
    await chat.console.close()
