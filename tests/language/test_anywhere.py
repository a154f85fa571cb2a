"""`anywhere`: words understood at each question of a flow, and of the flows it calls."""

from __future__ import annotations

import pytest

from botkit.turn.effect import Ended
from tests.flow.samples import told
from tests.turn.samples import talk

FLOW = """
flow: f
start: {words: [go]}
anywhere:
  Ayuda: [{say: Te ayudo}]
  humano: persona
  /info: [{ask: ¿Qué?, save: que}, {say: "{{ que }}"}]
steps:
  - ask: ¿Nombre?
    save: nombre
  - choose: ¿Color?
    save: color
    options: [Rojo, Humano]
  - call: g
  - say: "Fin {{ nombre }}"
asides:
  persona:
    - say: "Persona para {{ nombre }}"
---
flow: g
steps:
  - ask: ¿Edad?
    save: edad
    type: integer
  - ask: ¿Calle?
    save: calle
"""


def test_list_in_place_asks_again() -> None:
    """A list behind a word runs, then the question is asked again; the word is folded, alone in its message."""
    found = talk(FLOW)
    found.say("go")
    assert found.say("¡AYUDA!") == ["Te ayudo", "¿Nombre?"]
    assert found.say("ayuda por favor") == ["¿Color?"]


def test_target_leaves() -> None:
    """A word with a target goes there, and does not come back."""
    found = talk(FLOW)
    found.say("go")
    assert found.say("humano") == ["Persona para"]
    assert not found.running


def test_offered_option_goes_first() -> None:
    """A message that is exactly an option on show is that option."""
    found = talk(FLOW)
    found.say("go")
    found.say("Ana")
    assert found.say("humano") == ["¿Edad?"]


def test_question_in_the_list() -> None:
    """A list may ask; a command takes what stands behind it as arguments."""
    found = talk(FLOW)
    found.say("go")
    assert found.say("/info@bot ahora") == ["¿Qué?"]
    assert found.say("nada") == ["nada", "¿Nombre?"]
    assert found.say("Ana") == ["¿Color?"]


def test_called_flow_goes_on() -> None:
    """In a called flow a list of the caller's runs with the caller's slots, then the called flow asks again."""
    found = talk(FLOW)
    for text in ("go", "Ana", "rojo", "40"):
        found.say(text)
    assert found.say("ayuda") == ["Te ayudo", "¿Calle?"]
    assert found.say("/info") == ["¿Qué?"]
    assert found.say("ayuda") == ["Te ayudo", "¿Calle?"]
    assert [frame.flow for frame in found.conversation.frames] == ["f", "g"]
    assert found.slots == {"edad": 40}
    assert found.say("Sol") == ["Fin Ana"]


def test_called_flow_is_cancelled() -> None:
    """A word with a target ends the called flow as `cancelled`."""
    found = talk(FLOW)
    for text in ("go", "Ana", "rojo"):
        found.say(text)
    assert found.say("humano") == ["Persona para Ana"]
    ends = [(effect.flow, effect.outcome) for effect in found.effects if isinstance(effect, Ended)]
    assert ends == [("g", "cancelled"), ("f", "done")]


@pytest.mark.parametrize(
    ("anywhere", "problems"),
    [
        ("x", ["3:11 wrong-type"]),
        ("{a: nada}", ["3:15 unknown-target"]),
        ("{a: end, Á: end}", ["3:20 duplicate-anywhere"]),
        ("{a: {b: c}}", ["3:15 wrong-type"]),
    ],
)
def test_mistakes(anywhere: str, problems: list[str]) -> None:
    """A mistake in `anywhere` is told at its place."""
    assert told(f"flow: f\nstart: {{words: [go]}}\nanywhere: {anywhere}\nsteps: [{{ask: q, save: r}}]\n") == problems


CALLING = """
flow: f
start: {words: [go]}
anywhere: {info: [{call: h}]}
steps: [{call: g}, {ask: a, save: a}]
---
flow: g
steps: [{ask: g1, save: g1}]
---
flow: h
steps: [{ask: h1, save: h1}]
"""


def test_again_in_a_flow_that_the_list_calls() -> None:
    """The list begins anew, and the flow that it called is over: nothing piles up, and the question comes back."""
    found = talk(CALLING)
    found.say("go")
    assert [found.wait(3600) + found.say("info") for _ in range(20)] == [["h1"]] * 20
    assert [effect.outcome for effect in found.effects if isinstance(effect, Ended)] == ["cancelled"]
    assert [[each.flow for each in frame.above] for frame in found.conversation.frames] == [["g"], []]
    assert [found.say("x"), found.say("x"), found.say("x")] == [["g1"], ["a"], []]
