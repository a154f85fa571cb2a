"""Talks held in the sandbox with the real process: exported, they pass; a changed text is all that a replay shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.recovery.process import CONTACT, Place

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - {ask: "Hola {{ contact.name }}, ¿a qué número te llamamos?", save: telefono}
  - {run: agenda.libres, save: horas}
  - choose: ¿A qué hora?
    options: [{from: horas, label: item.hora, value: item.id}]
    save: hora
  - {ask: ¿Cómo te llamas?, save: nombre, silence: {after: 1s, say: ¿Sigues ahí?}}
  - say: "Listo, {{ nombre }}. Te llamamos al {{ telefono }} ({{ hora }})."
"""
HANDLERS = """
from botkit import Context, handler


@handler("agenda.libres")
def libres(ctx: Context) -> list[dict[str, str]]:
    return [{"id": "a", "hora": "10:00"}, {"id": "b", "hora": "11:00"}]
"""
SAID = [
    "Hola Ana, ¿a qué número te llamamos?",
    "¿A qué hora?",
    "¿Cómo te llamas?",
    "¿Sigues ahí?",
    "Listo, Ana Rojas. Te llamamos al 71234567 (11:00).",
]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot with which a talk was held, of which it is none of the tests' business how it stopped."""
    made = Place(tmp_path, FLOW, HANDLERS)
    made.start()
    yield made
    made.close()


def hold(place: Place) -> None:
    """Hold the talk, its silence included."""
    for count, text in enumerate(("cita", "71234567", "11:00"), 1):
        place.write(text)
        place.hear(count)
    place.hear(4)
    place.write("Ana Rojas")
    assert place.hear(5) == SAID


def botkit(place: Place, *arguments: str) -> tuple[int, str, str]:
    """Run a command of botkit in English; return its status, what it prints, and what it remarks."""
    done = place.invoke(*arguments)
    return done.exit_code, done.stdout, done.stderr


def change(place: Place, old: str, new: str) -> None:
    """Change a text of the flow."""
    file = place.folder / "flows" / "flow.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_exported(place: Place) -> None:
    """What was held passes as a test at once, with the process running and with none; masked, nobody is known by it."""
    hold(place)
    for personal in (False, True):
        passes(place, personal)
    place.kill_at_rest()
    for personal in (False, True):
        passes(place, personal)


def passes(place: Place, personal: bool) -> None:
    """Export the talk, with what is personal or masked, and play it."""
    status, written, remarks = botkit(place, "transcript", CONTACT, "--as-test", *(["--personal"] if personal else []))
    assert (status, remarks) == (0, ""), remarks
    assert ("71234567" in written, "Rojas" in written) == (personal, personal)
    (place.folder / "flows" / "held.test.yaml").write_text(written)
    status, told, remarks = botkit(place, "test")
    assert (status, told) == (0, "1 test passed\n"), written + told + remarks


def test_replayed(place: Place) -> None:
    """A replay shows nothing of files that are as they were, and exactly the text that was changed in them."""
    hold(place)
    place.kill_at_rest()
    assert botkit(place, "replay")[:2] == (0, "differences: 0 (talks: 1, turns: 5)\n")
    change(place, "¿Sigues ahí?", "¿Estás ahí?")
    status, told, _ = botkit(place, "replay")
    first, *others = told.splitlines()
    assert status == 1
    assert first.split()[2].startswith("flows/flow.yaml:10")
    assert others == [
        "  clock:     silence",
        "  then:      ¿Sigues ahí?",
        "  now:       ¿Estás ahí?",
        "differences: 1 (talks: 1, turns: 5)",
    ]


def test_no_call(place: Place) -> None:
    """A call that nobody made then is told, and not made."""
    hold(place)
    change(place, "  - {run: agenda.libres", "  - {run: agenda.otra}\n  - {run: agenda.libres")
    handlers = place.folder / "flows" / "handlers.py"
    more = '\n\n@handler("agenda.otra")\ndef otra(ctx: Context) -> None:\n    open("called", "w")\n'
    handlers.write_text(handlers.read_text() + more)
    status, told, _ = botkit(place, "replay")
    assert status == 1
    assert "now:       calls 'agenda.otra', of which no result is on record; it was not called" in told
    assert "differences: 1 " in told
    assert not (place.folder / "called").exists()
