"""`silence` of a flow: what follows when nobody writes to it for long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.flow.hours import QuietHours
from botkit.turn.conversation import Frame
from botkit.turn.effect import Ended
from botkit.turn.event import Begin, OperatorSaid, Release
from tests.flow.samples import told
from tests.turn.samples import Talk, begun, talk

HOUR = 3600.0
FLOW = """
flow: f
start: {words: [go]}
silence: {%s}
steps:
  - ask: uno
    save: uno
  - ask: dos
    save: dos
  - say: fin
"""
BYE = "asides:\n  adios: [{say: \"Adiós, {{ uno or 'nadie' }}\"}]\n"
WELCOME = """
---
flow: welcome_back
steps:
  - choose: ¿Seguimos?
    id: seguir
    options: {Sí: end}
"""


def flow(silence: str, rest: str = "") -> Talk:
    """Return a conversation with a flow that has this `silence`, at its first question."""
    found = talk(FLOW % silence + rest)
    found.say("go")
    return found


def test_flow_then() -> None:
    """After `after` without an inbound `say` is sent and `then` is taken, from whatever question."""
    found = flow("after: 1d, say: Sin noticias, then: adios", BYE)
    found.wait(23 * HOUR)
    found.say("Ana")
    assert found.wait(23 * HOUR) == []
    assert found.wait(HOUR) == ["Sin noticias", "Adiós, Ana"]
    assert not found.running


def test_flow_then_list() -> None:
    """A list under a flow's `then` ends the flow."""
    found = flow("after: 1d, then: [{say: Chau}]")
    assert found.wait(24 * HOUR) == ["Chau"]
    assert not found.running


def test_parked() -> None:
    """Without `then` the flow stays; the next message begins `welcome_back` instead of being read as an answer."""
    found = flow("after: 1d, say: Te espero", WELCOME)
    assert found.wait(99 * HOUR) == ["Te espero"]
    assert found.timers == {}
    assert found.top.parked
    assert found.say("Ana") == ["¿Seguimos?"]
    assert [(frame.flow, frame.came, frame.parked) for frame in found.conversation.frames] == [
        ("f", "", False),
        ("welcome_back", "again", False),
    ]
    assert "uno" not in found.conversation.frames[0].slots


def test_parked_without_welcome() -> None:
    """With `welcome_back` switched off the next message is the answer."""
    found = flow("after: 1d, say: Te espero")
    found.wait(24 * HOUR)
    assert found.say("Ana") == ["dos"]
    assert not found.top.parked
    assert found.wait(24 * HOUR) == ["Te espero"]


def test_parked_again() -> None:
    """Who does not answer `welcome_back` either is not asked by a second one."""
    found = flow("after: 1d, say: Te espero", WELCOME)
    found.wait(24 * HOUR)
    found.say("Ana")
    assert found.wait(24 * HOUR) == ["Te espero"]
    assert found.say("nada") == ["¿Seguimos?"]
    assert len(found.conversation.frames) == 2


def test_beside_the_step() -> None:
    """A step's silence runs beside the flow's; a way that it takes unparks the flow."""
    found = begun(
        "  - ask: a\n    save: a\n    silence: {after: 2h, say: b, then: c}\n",
        "silence: {after: 1h, say: f}\nasides: {c: [{ask: c, save: c}]}\n",
    )
    assert found.wait(2 * HOUR) == ["f", "b"]
    assert found.top.parked
    assert found.wait(2 * HOUR) == ["c"]
    assert not found.top.parked


CALLS = """
flow: f
start: {words: [go]}
silence: {after: 2h, say: fuera, then: adios}
steps:
  - call: g
    with: {}
    on: {cancelled: adios}
asides:
  adios: [{say: Adiós}]
---
flow: g
%s
steps:
  - ask: g1
    save: g1
"""


def test_of_the_caller() -> None:
    """A caller's silence runs while a flow that it called asks; that one ends as `cancelled`."""
    found = talk(CALLS % "")
    found.say("go")
    assert found.wait(2 * HOUR) == ["fuera", "Adiós"]
    assert [(effect.flow, effect.outcome) for effect in found.effects if isinstance(effect, Ended)] == [
        ("g", "cancelled"),
        ("f", "done"),
    ]


def test_of_both() -> None:
    """Caller and called have clocks of their own; any inbound winds both."""
    found = talk(CALLS % "silence: {after: 1h, say: dentro}")
    found.say("go")
    assert set(found.timers) == {"idle/0", "idle/1"}
    assert found.wait(2 * HOUR) == ["dentro", "fuera", "Adiós"]


@pytest.mark.parametrize(
    ("below", "clocks"),
    [("ask: a\n    id: a\n    silence: {after: 1h, say: x}", {"idle/0"}), ("wait: 9h\n    id: a", {"wait/0"})],
)
def test_covered(below: str, clocks: set[str]) -> None:
    """Under another flow a question's clock stands; the flow's runs on if it asked, and not if it waits for time."""
    found = begun(
        f"  - {below}\n", "silence: {after: 5h, say: f}\n---\nflow: g\nsteps: [{ask: b, id: b}, {ask: c, id: c}]\n"
    )
    top = Frame("g", found.flows.flows["g"].digest, "b", came="ask")
    found.conversation = replace(found.conversation, frames=(*found.conversation.frames, top))
    found.say("hola")
    assert set(found.timers) == clocks


def test_anywhere_stops_clocks() -> None:
    """Flows that an `anywhere` word sets aside have no clocks; they are wound when the question is asked again."""
    text = CALLS.replace("steps:\n  - call", "anywhere: {info: [{ask: ¿Qué?, save: que}]}\nsteps:\n  - call")
    found = talk(text % "silence: {after: 1h, say: dentro}")
    found.say("go")
    found.say("info")
    assert set(found.timers) == {"idle/0"}
    found.wait(HOUR)
    assert found.say("todo") == ["g1"]
    assert set(found.timers) == {"idle/0", "idle/1"}
    assert found.wait(HOUR) == ["dentro"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("silence: 2h", ["2:10 wrong-type"]),
        ("silence: {say: x}", ["2:10 missing-key"]),
        ("silence: {after: 2, say: x}", ["2:18 bad-duration"]),
        ("silence: {after: 2h, say: x, again: 2}", ["2:30 unknown-key"]),
        ("silence: {after: 2h, then: nada}", ["2:28 unknown-target"]),
        ("silence: {after: 2h, then: {a: b}}", ["2:28 wrong-type"]),
        ('silence: {after: "{{ horas }}h"}', ["2:22 unknown-name"]),
    ],
)
def test_mistakes_of_a_flow(text: str, problems: list[str]) -> None:
    """A mistake in a flow's silence is told at its place."""
    assert told(f"flow: f\n{text}\nstart: {{words: [go]}}\nsteps: [{{ask: q, id: a}}]\n") == problems


def test_flow_put_off() -> None:
    """Quiet hours put off the silence of a flow as well."""
    found = flow("after: 2h, say: Te espero")
    found.flows.bot = replace(found.flows.bot, quiet_hours=QuietHours(12 * 60, 15 * 60))
    assert found.wait(4 * HOUR - 5) == []
    assert found.wait(5) == ["Te espero"]


@pytest.mark.parametrize("then", ["uno", "back", "[{goto: back}]"])
def test_then_asks_again(then: str) -> None:
    """Where `then` leads to a question of the flow, its clock counts anew from a message: nobody is asked for ever."""
    found = flow(f"after: 1h, then: {then}")
    assert found.wait(100 * HOUR) == ["uno"]
    found.say("a")
    assert found.wait(100 * HOUR) != []


def test_then_begins_anew() -> None:
    """A flow that begins anew has a clock of its own."""
    assert flow("after: 1h, then: f").wait(2.5 * HOUR) == ["uno", "uno"]


REMINDER = """
---
flow: aviso
start: {interrupts: only}
steps: [{choose: ¿Vienes?, id: viene, options: {Sí: gracias}}, {id: gracias, say: Gracias}]
"""


def test_parked_below_a_reminder() -> None:
    """The question that came meanwhile gets its answer; the parked one is asked again, and then takes one, too."""
    found = flow("after: 1d", WELCOME + REMINDER)
    found.wait(24 * HOUR)
    assert found.take(Begin("aviso")) == ["¿Vienes?"]
    assert found.say("sí") == ["Gracias", "uno"]
    assert (found.say("Ana"), found.slots) == (["dos"], {"uno": "Ana"})


def test_parked_and_asked_again_by_people() -> None:
    """Given back by people it has just been asked: what the person writes is the answer."""
    found = flow("after: 1d", WELCOME)
    found.wait(24 * HOUR)
    found.take(OperatorSaid("¿Sigues ahí?", phone=True))
    assert found.take(Release()) == ["uno"]
    assert found.say("Ana") == ["dos"]
