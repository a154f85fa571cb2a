"""Words: what counts as one, with nothing running and while a step waits; and the order in which it is asked."""

from __future__ import annotations

import pytest

from tests.turn.samples import talk

FLOW = """flow: f
start: {words: [go]}
anywhere:
  cancelar: [{say: ¿Seguro?}]
  👍: [{say: Bien}]
  "!": [{say: Ay}]
  /salir: [{say: Adiós}, {goto: quit}]
steps:
  - ask: ¿Dirección?
    save: x
    skip: [nada, /saltar]
    invalid: Mal
  - choose: ¿Piso?
    save: y
    options: [Alto, Salir, Cancelar, /otro]
    invalid: Elige
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cancelar", ["¿Seguro?", "¿Dirección?"]),
        (" ¡CANCELAR! ", ["¿Seguro?", "¿Dirección?"]),
        ("👍", ["Bien", "¿Dirección?"]),
        ("!", ["Ay", "¿Dirección?"]),
        ("/salir", ["Adiós"]),
        ("/Salir@bot ya", ["Adiós"]),
        ("calle cancelar 5", ["¿Piso?"]),
        ("👍 calle 5", ["¿Piso?"]),
        ("go", ["¿Piso?"]),
        ("salir", ["¿Piso?"]),
        ("/cancelar", ["Mal"]),
        ("/otra cosa", ["Mal"]),
        ("/ 5, interior", ["¿Piso?"]),
        ("/saltar", ["¿Piso?"]),
        ("nada", ["¿Piso?"]),
    ],
)
def test_while_a_step_waits(text: str, said: list[str]) -> None:
    """A word counts only as the whole message, a start word not at all; a command that nothing knows is wrong."""
    found = talk(FLOW)
    found.say("go")
    assert found.say(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("/alto", ["Elige"]), ("/salir", ["Adiós"]), ("cancelar", []), ("/otro", []), ("/otra", ["Elige"])],
)
def test_commands_and_options(text: str, said: list[str]) -> None:
    """A command means an option only as it is written; an option goes before the same word elsewhere."""
    found = talk(FLOW)
    found.say("go")
    found.say("Sol 5")
    assert found.say(text) == said


def test_an_unmatched_command_with_nothing_running() -> None:
    """With nothing running a command that no flow has begins `unknown`, whatever words stand in it."""
    found = talk(FLOW)
    assert [found.say("/go"), found.say("/go"), found.say("go")] == [["hello"], ["unknown"], ["¿Dirección?"]]


@pytest.mark.parametrize(("keys", "said"), [("type: any", ["q"]), ("skip: anything", ["q"]), ("type: yes_no", ["q"])])
def test_a_command_is_no_answer(keys: str, said: list[str]) -> None:
    """Not even to a question that takes or skips anything."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps: [{{ask: q, id: a, {keys}}}]\n")
    found.say("go")
    assert found.say("/start") == said


def test_order_while_a_step_waits() -> None:
    """Exactly an offered option, an `anywhere` word, `skip` words, the step's own answer, a wrong answer."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nanywhere: {uno: [{say: palabra}], dos: [{say: palabra}]}\nsteps:\n"
        "  - ask: q\n    id: a\n    type: integer\n    options: [{label: Uno, value: 10}]\n    skip: [dos, tres, '5']\n"
        "    save: x\n  - say: '<{{ x }}>'\n  - goto: a\n"
    )
    found.say("go")
    said = [found.say(text) for text in ("uno", "dos", "tres", "5", "6", "siete u ocho")]
    assert said == [["<10>", "q"], ["palabra", "q"], ["<>", "q"], ["<>", "q"], ["<6>", "q"], ["q"]]
