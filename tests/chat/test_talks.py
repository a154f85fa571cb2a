"""Whatever is typed: taking it back leaves the talk as it was before, and the saved talk is a test that passes."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.chat.saving import rehearse, talk_of
from botkit.testing.written import write_tests
from tests.chat.talking import FLOW, Chat, write

FLOWS = f"""{FLOW}---
flow: paseo
start: {{words: [paseo]}}
silence: {{after: 1d, then: adios}}
steps:
  - ask: {{one_of: ["¿Adónde?", "¿A qué lugar?", "¿Cuál lugar?"]}}
    save: lugar
    together: 2s
  - ask: ¿Cuándo?
    save: dia
    type: date
    invalid: {{say: No es un día, tries: 2, then: gente}}
    silence: {{after: 30m, say: ¿Sigues?, again: 1, then: adios}}
  - wait: {{event: pagado, timeout: 2h, then: adios}}
  - schedule: {{name: aviso, flow: aviso, after: 3h}}
  - record: [lugar, dia]
  - say: "{{{{ lugar }}}} el {{{{ dia | date }}}}"
asides:
  adios: [say: "Adiós, {{{{ lugar }}}}"]
  gente: [handoff: ventas]
---
flow: aviso
start: {{interrupts: true}}
steps:
  - choose: ¿Vas?
    save: va
    options: [Sí, No]
"""
SAID = ["mesa", "paseo", "3", "1", "2", "no sé", "mañana", "hola", "atrás", "cancelar", "ayuda", "baja", "20", "sí", ""]
HAPPENS = [":wait 2s", ":wait 31m", ":wait 3h", ":wait 1d", ":event pagado", ":event otro {a: [1, x]}", ":release"]
BESIDES = [":operator voy yo", ":location -16.5 -68.15", ":media a.png", ":media b.pdf al pie", ":tap 1"]
LINES = st.sampled_from([*SAID, *HAPPENS, *BESIDES])


def stands(chat: Chat) -> Any:
    """Return all that is known of how a talk stands."""
    session = chat.console.session
    conversation = session.conversation
    return (
        conversation and (conversation.frames, conversation.fields, conversation.last, conversation.handoff),
        session.rehearsal.facts(),
        session.clocks(),
        session.now,
        session.menu(),
        [(entry.line, [row["message"] for row in entry.rows]) for entry in session.entries],
    )


async def play(folder: Path, lines: list[str], last: str) -> None:
    """Type lines, take back what the last one was, and rehearse the talk as a test."""
    chat = Chat(write(folder, FLOWS), name="Ana")
    await chat.console.open()
    await chat.typed(*lines)
    before, count = stands(chat), len(chat.console.session.entries)
    await chat.typed(last)
    if len(chat.console.session.entries) > count:
        await chat.typed(":back")
    assert stands(chat) == before
    talk = talk_of(chat.console.session, "a")
    result = await asyncio.to_thread(rehearse, talk, chat.console.bot.project)
    assert result.passed, result.report("en") + write_tests([talk])
    await chat.console.close()


@settings(max_examples=15, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=12), LINES)
def test_any_talk(lines: list[str], last: str) -> None:
    """A talk of any lines."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), lines, last))
