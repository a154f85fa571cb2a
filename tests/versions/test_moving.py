"""What a deploy carries over into new definitions, and what finishes on old ones."""

from __future__ import annotations

import pytest

from botkit.plan import OUTCOMES
from botkit.turn.effect import Ended
from botkit.turn.event import Named
from botkit.turn.versions import FATES, fate_of
from tests.flow.samples import flows
from tests.turn.samples import BUILTIN
from tests.versions.samples import CALLER, OTHER, begun, deploy


def test_calls_are_pinned() -> None:
    """Who began under an old set calls the old definition of a flow, though it was not called yet."""
    found = begun(CALLER)
    deploy(found, CALLER.replace("¿Dentro?", "¿Adentro?").replace("end: viejo", "end: nuevo"))
    assert found.say("1") == ["¿Dentro?"]
    assert found.say("2") == ["adentro 2", "viejo 1 viejo"]


def test_calls_of_a_flow_that_moves() -> None:
    """A flow that takes people along is called as it is now."""
    found = begun(CALLER)
    deploy(found, CALLER.replace("¿Dentro?", "¿Adentro?").replace("flow: g\n", "flow: g\non_change: move\n"))
    assert found.say("1") == ["¿Adentro?"]


def test_each_frame_by_its_own_flow() -> None:
    """The called flow moves, its caller finishes on the old definition; or the other way about."""
    for moved, kept in (("flow: g", "flow: f"), ("flow: f", "flow: g")):
        found = begun(CALLER)
        found.say("1")
        after = CALLER.replace("adentro {{", "nuevo adentro {{").replace("viejo {{", "nuevo {{")
        deploy(found, after.replace(f"{moved}\n", f"{moved}\non_change: move\n"))
        said = ["nuevo adentro 2", "viejo 1 viejo"] if kept == "flow: f" else ["adentro 2", "nuevo 1 viejo"]
        assert found.say("2") == said


def test_restart_of_a_caller() -> None:
    """What a flow that begins anew has called ends; of its slots it keeps what it was given."""
    found = begun(CALLER)
    found.say("1")
    deploy(found, CALLER.replace("¿Uno?", "¿Primero?").replace("flow: f\n", "flow: f\non_change: restart\n"))
    assert found.say("2") == ["¿Primero?"]
    assert [(each.flow, each.outcome) for each in found.effects if isinstance(each, Ended)] == [("g", "cancelled")]
    assert (len(found.conversation.frames), found.slots) == (1, {"quien": "nadie"})


def test_renamed_flow() -> None:
    """A flow whose `was` names the old one takes its people along."""
    found = begun(CALLER)
    found.say("1")
    deploy(found, CALLER.replace("flow: g\n", "flow: h\nwas: g\non_change: move\n").replace("call: g", "call: h"))
    assert found.say("2") == ["adentro 2", "viejo 1 viejo"]
    assert [each.flow for each in found.effects if isinstance(each, Ended)] == ["h", "f"]


MENU = """
flow: f
start: {words: [go]}
on_change: move
steps:
  - choose: ¿Cuál?
    id: menu
    options: OPTIONS
asides:
  a: [{say: "A"}]
  b: [{say: "B"}]
  c: [{say: "C"}]
"""


@pytest.mark.parametrize(
    ("before", "after", "written", "said"),
    [
        ("{Té: a, Café: b}", "{Café: b, Té: a}", "1", ["A"]),
        ("{Té: a, Café: b}", "{Café: b, TE: c}", "1", ["C"]),
        ("[{label: Té, value: t, then: a}]", "[{label: Café, then: b}, {label: Mate, value: t, then: c}]", "té", ["C"]),
        ("[{label: Té, then: a}]", "[{label: Infusión, words: [té], then: c}]", "1", ["C"]),
        ("{Té: a, Café: b}", "{Mate: c, Café: b}", "té", ["¿Cuál?"]),
        ("{Té: a, Café: b}", "{Mate: c, Café: b}", "café", ["B"]),
    ],
)
def test_menu_on_show(before: str, after: str, written: str, said: list[str]) -> None:
    """The menu on show means what it showed: options are known again by value or label, never by their place.

    One that is gone brings the question as it is now.
    """
    found = begun(_with(MENU, before))
    deploy(found, _with(MENU, after))
    assert found.say(written) == said


def _with(text: str, options: str) -> str:
    """Return a menu of these options, with only the asides that they lead to."""
    return "".join(
        line
        for line in text.replace("OPTIONS", options).splitlines(keepends=True)
        if not line.startswith("  ") or line[2] not in "abc" or line[3] != ":" or f" {line[2]}" in options
    )


def test_a_menu_of_a_list() -> None:
    """Options made from a list are known again by the list; a tap on what is shown still counts."""
    text = (
        "flow: f\nstart: {words: [go]}\non_change: move\nsteps:\n  - set: {xs: [uno, dos]}\n"
        "  - {choose: ¿Cuál?, id: menu, save: x, options: [{from: xs}]}\n  - say: viejo {{ x }}\n"
    )
    found = begun(text)
    deploy(found, text.replace("[{from: xs}]", "[Otro, {from: xs}]").replace("viejo", "nuevo"))
    assert found.tap("dos") == ["nuevo dos"]


def test_another_kind_is_another_step() -> None:
    """A step that has the id but is of another kind is none to go on at."""
    found = begun(CALLER)
    deploy(found, CALLER.replace("  - ask: ¿Uno?\n    save: uno\n", "  - set: {uno: 1}\n    id: uno\n").replace(
        "flow: f\n", "flow: f\non_change: move\n"))  # fmt: skip
    assert found.say("1") == ["¿Dentro?"]
    assert found.conversation.frames[0].step == "llama"


ANYWHERE = """
flow: f
start: {words: [go]}
on_change: move
anywhere:
  ayuda: [{ask: ¿Qué ayuda?, save: que}, {say: "viejo {{ que }}"}]
steps:
  - call: g
    id: llama
---
flow: g
on_change: move
steps:
  - ask: ¿Dentro?
    save: dentro
  - say: "adentro {{ dentro }}"
"""


def test_frames_that_are_set_aside() -> None:
    """Behind an `anywhere` word, what is set aside moves too, and the question is asked again as it is now."""
    found = begun(ANYWHERE)
    assert found.say("ayuda") == ["¿Qué ayuda?"]
    deploy(found, ANYWHERE.replace("viejo", "nuevo").replace("¿Dentro?", "¿Adentro?"))
    assert found.say("x") == ["nuevo x", "¿Adentro?"]
    assert found.say("y") == ["adentro y"]


def test_same_definition() -> None:
    """A deploy that changes nothing for a flow touches nothing."""
    found = begun(CALLER)
    deploy(found, CALLER + "---\n" + OTHER)
    assert found.say("1") == ["¿Dentro?"]
    assert found.notes == []


def test_a_lost_definition() -> None:
    """A frame whose definition is lost goes to `error`, unless its flow begins anew."""
    found = begun(CALLER)
    found.flows = flows(CALLER.replace("¿Uno?", "¿Primero?"), builtin=BUILTIN)
    assert found.say("1") == ["error"]
    again = begun(CALLER)
    again.flows = flows(CALLER.replace("flow: f\n", "flow: f\non_change: restart\n"), builtin=BUILTIN)
    assert again.say("1") == ["¿Uno?"]


WAITING = "flow: f\nstart: {words: [go]}\non_change: move\nsteps:\n  - {wait: FORM, id: espera}\n  - say: viejo\n"


@pytest.mark.parametrize(
    ("before", "after", "fate", "clocks"),
    [
        ("2h", "3h", "moves", ["wait"]),
        ("{event: a, timeout: 2h}", "{event: a, timeout: 3h}", "moves", ["wait"]),
        ("{event: a, timeout: 2h}", "{event: b}", "moves", []),
        ("2h", "{event: a}", "moves", []),
        ("{event: a}", "2h", "without step", []),
    ],
)
def test_forms_of_wait(before: str, after: str, fate: str, clocks: list[str]) -> None:
    """A clock that runs goes on where its end leads somewhere; where one is needed and none runs there is no way."""
    found = begun(WAITING.replace("FORM", before))
    deploy(found, WAITING.replace("FORM", after).replace("viejo", "nuevo"))
    assert fate_of(found.flows, found.top).name == fate
    found.take(Named("otro"))
    assert list(found.top.due) == clocks


def test_fates_are_listed() -> None:
    """What a deploy does to a frame is one of a closed list, and so is what it does to a conversation."""
    assert {*FATES} - {*OUTCOMES} == {"ends", "without step", "removed"}
    assert {*OUTCOMES} - {*FATES} == {"stranded"}


REMINDED = """
flow: f
start: {words: [go]}
steps:
  - schedule: {name: cita, flow: recordar, after: 2h}
---
flow: recordar
steps: [{say: Recuerda.}]
"""


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        (REMINDED.replace("Recuerda.", "No olvides."), ["No olvides."]),
        (REMINDED.replace("recordar", "aviso").replace("aviso\nsteps", "aviso\nwas: recordar\nsteps"), ["Recuerda."]),
        (OTHER, []),
    ],
)
def test_reminders(flow: str, said: list[str]) -> None:
    """A reminder begins its flow as it is when it is due, also under another name; without that flow it is dropped."""
    found = begun(REMINDED)
    deploy(found, flow)
    assert found.wait(7200) == said
    assert found.conversation.reminders == {}
