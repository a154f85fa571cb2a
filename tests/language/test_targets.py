"""Targets: where a step may lead, from every place that takes one."""

from __future__ import annotations

import pytest

from botkit.flow.problem import by_place
from tests.flow.samples import at, loading, told, told_of_steps
from tests.turn.samples import BUILTIN, Talk, begun, talk, texts

REST = """  - {id: abajo, say: abajo}
  - {goto: end, if: true}
  - {id: paso, say: paso}
asides:
  lado:
    - say: lado
    - say: más lado
---
flow: g
steps:
  - say: g
"""
#: The ways that lead to a target, and what makes each go; XX stands for the target.
PLACES = {
    "then": ("  - if: true\n    then: XX\n", ""),
    "else": ("  - if: false\n    then: end\n    else: XX\n", ""),
    "goto": ("  - {goto: XX, if: true}\n", ""),
    "on": ("  - call: h\n    on: {ya: XX}\n", ""),
    "on_error": ("  - run: agenda.nada\n    on_error: XX\n", "error"),
    "option": ("  - choose: q\n    id: c\n    options: {Sí: XX, No: end}\n", "sí"),
    "option of a suggestion": ("  - ask: q\n    id: c\n    options: {Sí: XX, No: end}\n", "sí"),
    "then of an option": ("  - choose: q\n    id: c\n    options: [{label: Sí, then: XX}]\n", "sí"),
    "then of invalid": ("  - ask: q\n    id: c\n    type: integer\n    invalid: {tries: 1, then: XX}\n", "mal"),
    "anywhere": ("  - {ask: q, id: c}\n", "palabra"),
}
TARGETS = {
    "paso": ["paso"],
    "lado": ["lado", "más lado"],
    "g": ["g"],
    "ayuda": ["ayuda"],
    "end": [],
    "quit": [],
}
HELP = "flow: ayuda\nsteps: [{say: ayuda}]\n"


def bot(place: str, target: str) -> Talk:
    """Return a bot with a target in a place, begun; a question that is never asked leads to every other target."""
    words = "".join(f"  x{number}: {name}\n" for number, name in enumerate(TARGETS))
    never = "  - {ask: nunca, id: nunca, if: contact.nunca}\n  - {goto: abajo, if: contact.nunca}\n"
    file = f"flow: f\nstart: {{words: [go]}}\nanywhere:\n  palabra: {target}\n{words}steps:\n{never}"
    steps = PLACES[place][0].replace("XX", target)
    found = talk(file + steps + REST + "---\nflow: h\nsteps: [{end: ya}]\n", builtin=(*BUILTIN, HELP))
    found.say("go")
    return found


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("place", PLACES)
def test_targets(place: str, target: str) -> None:
    """A target is a step, an aside, a flow of the bot, a built-in flow, `end` or `quit`, wherever one stands."""
    found = bot(place, target)
    answer = PLACES[place][1]
    said = texts(found)
    if answer == "error":
        said = found.returns(error="down")
    elif answer:
        said = found.say(answer)
    assert said == TARGETS[target]
    assert (found.running, found.outcome) == (False, "cancelled" if target == "quit" else "done")


@pytest.mark.parametrize("place", [place for place in PLACES if place not in ("goto", "anywhere")])
def test_a_list_in_place(place: str) -> None:
    """A list of steps may stand for a target; behind it follows the step behind its holder."""
    steps, answer = PLACES[place]
    steps = steps.replace("XX", '[{say: uno}, {say: "dos"}]')
    found = talk(
        f"flow: f\nstart: {{words: [go]}}\nsteps:\n{steps}  - say: abajo\n---\nflow: h\nsteps: [{{end: ya}}]\n"
    )
    said = found.say("go")
    if answer == "error":
        said = found.returns(error="down")
    elif answer:
        said = found.say(answer)
    assert said == ["uno", "dos", "abajo"]


def test_goto_takes_no_list() -> None:
    """`goto` goes somewhere: a list would be the steps that follow anyway."""
    assert told_of_steps("  - goto: [{say: x}]\n") == ["3:11 wrong-type"]


def test_lists_within_lists() -> None:
    """Behind an inner list follows the rest of the outer one, then what stands behind that."""
    steps = "  - if: true\n    then:\n      - if: true\n        then: [{say: a}]\n      - say: b\n  - say: c\n"
    assert texts(begun(steps)) == ["a", "b", "c"]


def test_guards_are_tested_when_jumped_to() -> None:
    """A step whose `if` is not true is skipped, also where a target leads to it."""
    steps = "  - {choose: q, id: c, options: {A: x, B: y}}\n  - {id: x, say: x, if: false}\n  - {id: y, say: y}\n"
    assert begun(steps).say("a") == ["y"]


def test_asides_end_the_flow() -> None:
    """Behind the last step of an aside the flow ends: nobody falls into the next aside, or back into the main line."""
    found = begun("  - goto: uno\n", "asides:\n  uno: [{say: uno}, {goto: dos, if: false}]\n  dos: [{say: dos}]\n")
    assert (texts(found), found.outcome) == (["uno"], "done")


def test_an_aside_goes_elsewhere() -> None:
    """An aside may lead into another one, or back into the main line."""
    found = begun(
        "  - {goto: uno, if: contact.new}\n  - {id: tres, say: tres}\n",
        "asides:\n  uno: [{say: uno}, {goto: dos}]\n  dos: [{say: dos}, {goto: tres}]\n",
    )
    assert texts(found) == ["uno", "dos", "tres"]


def test_a_flow_that_names_itself_begins_anew() -> None:
    """It is one that ends and one that starts, with empty slots."""
    found = begun("  - {ask: q, save: x}\n  - say: '{{ x }}'\n  - goto: f\n")
    assert found.say("Ana") == ["Ana", "q"]
    assert (found.slots, len(found.conversation.frames)) == ({}, 1)


def test_a_step_goes_before_a_flow() -> None:
    """A name means a step of this flow before one of the bot's built-in flows."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nsteps: [{goto: ayuda}]\nasides: {ayuda: [{say: propio}]}\n",
        builtin=(*BUILTIN, HELP),
    )
    assert found.say("go") == ["propio"]


def test_goto_hands_over() -> None:
    """A flow gone to takes the place of this one: outcome `done`, one frame, slots of its own."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nsteps: [{set: {x: 1}}, {goto: g}]\n---\nflow: g\nsteps: [{ask: q, save: y}]\n"
    )
    found.say("go")
    assert (found.ended.flow, found.ended.outcome, found.slots) == ("f", "done", {})
    assert [frame.flow for frame in found.conversation.frames] == ["g"]


def test_quit_ends_everything() -> None:
    """`quit` in a called flow ends its callers too, with outcome `cancelled`."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nsteps: [{call: g}, {say: nunca}]\n---\nflow: g\nsteps: [{goto: quit}]\n"
    )
    assert (found.say("go"), found.running, found.outcome) == ([], False, "cancelled")


@pytest.mark.parametrize("word", ["end", "quit", "back", "restart", "resume"])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("flow: XX\nsteps: []\n", "1:7"),
        ("flow: f\nsteps: [{say: x, id: XX}]\n", "2:22"),
        ("flow: f\nsteps: []\nasides: {XX: [{say: x}]}\n", "3:10"),
    ],
)
def test_reserved_words_are_no_names(word: str, text: str, place: str) -> None:
    """As a target a reserved word wins, so a flow, step or aside named like one is an error.

    Only a flow may be called `back`: it takes the place of the built-in one.
    """
    codes = told(text.replace("XX", word))
    assert (f"{place} reserved-target" in codes) is not (word == "back" and place == "1:7")


def test_a_name_that_is_nothing() -> None:
    """A name that is neither step nor flow is an error, with the nearest name."""
    [problem] = [found for found in by_place(loading("flow: f\nsteps: [{goto: lodo}]\nasides: {lado: []}\n").problems)
                 if found.severity == "error"]  # fmt: skip
    assert (at(problem), "lado" in problem.advice("es")) == ("2:16 unknown-target", True)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("steps: [{say: x, id: g}]\n", ["2:22 name-clash"]),
        ("steps: [{goto: g}]\nasides: {g: [{say: x}]}\n", ["3:10 name-clash"]),
        ("steps: [{ask: x, save: g}]\n", []),
    ],
)
def test_a_written_id_and_a_flow_of_one_name(text: str, problems: list[str]) -> None:
    """That is an error, since a target could mean either; an id that is only a default never clashes."""
    assert told(f"flow: f\n{text}---\nflow: g\nsteps: []\n") == problems


@pytest.mark.parametrize(
    ("error", "problems"),
    [
        ("[{say: x}]", ["4:15 error-goes-on"]),
        ("[]", ["4:15 error-goes-on"]),
        ("[{say: x}, {goto: end, if: contact.new}]", ["4:15 error-goes-on"]),
        ("[{if: contact.new, then: end}]", ["4:15 error-goes-on"]),
        ("[{say: x}, {goto: otro}]", []),
        ("[{say: x}, {end: mal}]", []),
        ("[{if: contact.new, then: end, else: [{end: mal}]}]", []),
        ("otro", []),
    ],
)
def test_a_list_under_on_error(error: str, problems: list[str]) -> None:
    """One that neither jumps nor ends goes on as if the call had gone well: a warning."""
    rest = "  - {id: otro, say: aquí}\n"
    assert told_of_steps(f"  - run: agenda.nada\n    on_error: {error}\n{rest}") == problems
    assert loading(f"flow: f\nsteps:\n  - run: agenda.nada\n    on_error: {error}\n{rest}").flows is not None
    assert told_of_steps(f"  - run: agenda.nada\n    on_error: {error.replace('otro', 'end')}\n") == []
