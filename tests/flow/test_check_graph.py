"""What is wrong in the ways between steps, over all flows of a bot, and what only looks wrong."""

from __future__ import annotations

import pytest

from botkit.flow.model import Signature
from botkit.flow.problem import by_place
from tests.flow.samples import at, loading, told, told_of_steps

ENDLESS = {
    "a jump back": ("  - {say: a, id: x}\n  - goto: x\n", ["4:11 cycle-without-wait"]),
    "a step to itself": ("  - {run: agenda.nada, id: x, on_error: x}\n", ["3:41 cycle-without-wait"]),
    "a flow to itself": ("  - say: a\n  - goto: f\n", ["4:11 cycle-without-wait"]),
    "a flow that begins anew": ("  - goto: restart\n", ["3:11 cycle-without-wait"]),
    "another try, for ever": (
        "  - run: agenda.nada\n    id: x\n    on_error: [{say: a}, {goto: x}]\n",
        ["5:33 cycle-without-wait"],
    ),
    "asked for again, for ever": (
        "  - http: GET agenda\n    id: x\n    on_status: {202: x}\n",
        ["5:22 cycle-without-wait"],
    ),
    "a condition that nothing changes": (
        "  - {say: a, id: x}\n  - {if: today.day > 3, then: x}\n",
        ["4:31 cycle-without-wait"],
    ),
    "a condition whose two ways stay inside": (
        "  - {set: {n: '{{ (n or 0) + 1 }}'}, id: x}\n  - {if: n < 3, then: x, else: x}\n",
        ["4:23 cycle-without-wait"],
    ),
    "a question that is skipped once it is answered": (
        "  - {ask: a, save: x, if: not x}\n  - goto: x\n",
        ["3:5 no-way-out", "4:11 cycle-without-wait"],
    ),
    "two asides": (
        "  - goto: a\nasides:\n  a: [{say: a}, {goto: b}]\n  b: [{say: b}, {goto: a}]\n",
        ["6:24 cycle-without-wait"],
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_cycle_without_wait(name: str) -> None:
    """Steps that lead back to themselves while nobody is waited for are an error at the way that closes the ring."""
    steps, problems = ENDLESS[name]
    assert told_of_steps(steps) == problems


LOOPS = {
    "over a question": "  - {ask: a, save: x, skip: no}\n  - {goto: x, if: x}\n",
    "over a wait": "  - {wait: 1d, id: w}\n  - goto: w\n",
    "over people": "  - {handoff: a, id: w}\n  - goto: w\n",
    "that counts": "  - {set: {n: '{{ (n or 0) + 1 }}'}, id: x}\n  - {if: n < 3, then: x}\n",
    "that counts and jumps by a guard": "  - {set: {n: '{{ (n or 0) + 1 }}'}, id: x}\n  - {goto: x, if: n < 3}\n",
    "that counts its tries": (
        "  - run: agenda.nada\n    id: x\n    on_error:\n"
        "      - set: {n: '{{ (n or 0) + 1 }}'}\n      - {if: n < 3, then: x}\n      - end: failed\n"
    ),
    "from page to page": (
        "  - {run: agenda.todo, with: {next: '{{ p.next }}'}, save: p, id: x}\n  - {if: p.next, then: x}\n"
    ),
    "over a refused message": "  - {say: a, id: x, on_failed: x}\n",
}


@pytest.mark.parametrize("name", LOOPS)
def test_loop(name: str) -> None:
    """A ring that waits, or that leaves by a condition on what it changes itself, is none."""
    assert told_of_steps(LOOPS[name]) == []


def caller(called: str, **more: str) -> list[str]:
    """Return what loading finds in `f`, which calls `g` and then begins anew, with the text of `g`."""
    first = "flow: f\nstart: {words: [f]}\nsteps:\n  - {call: g}\n  - goto: f\n"
    return told(first, f"flow: g\nsteps:\n{called}", *more.values())


@pytest.mark.parametrize(
    ("called", "problems"),
    [
        ("  - say: a\n", ["5:11 cycle-without-wait"]),
        ("  - {ask: a, id: q}\n", []),
        ("  - {ask: a, id: q, if: contact.new}\n", ["5:11 cycle-without-wait"]),
        ("  - {call: h}\n---\nflow: h\nsteps:\n  - {say: a}\n", ["5:11 cycle-without-wait"]),
        ("  - {call: h}\n---\nflow: h\nsteps:\n  - {ask: a, id: q}\n", []),
        ("  - {goto: h}\n---\nflow: h\nsteps:\n  - {say: a}\n", ["5:11 cycle-without-wait"]),
        ("  - {goto: quit}\n", []),
        ("  - {call: f}\n", ["3:12 cycle-without-wait"]),
        ("  - {goto: f}\n", ["3:12 cycle-without-wait"]),
        ("  - {call: g}\n", ["3:12 cycle-without-wait"]),
    ],
)
def test_cycle_over_calls(called: str, problems: list[str]) -> None:
    """A call is a wait only if the called flow is one on every way through it; a flow may not call itself for ever."""
    assert [each for each in caller(called) if "no-way-out" not in each] == problems


def test_cycle_by_outcome() -> None:
    """Only the outcomes that come without a wait lead on without one."""
    called = "flow: g\nsteps:\n  - if: contact.new\n    then: [{end: nuevo}]\n  - {ask: a, id: q}\n  - end: viejo\n"
    first = "flow: f\nstart: {words: [f]}\nsteps:\n  - {call: g, on: {viejo: f, nuevo: end}}\n"
    assert told(first, called) == []
    assert told(first.replace("nuevo: end", "nuevo: f"), called) == ["4:37 cycle-without-wait"]


def test_a_flow_that_calls_itself_with_less() -> None:
    """A flow may call itself under a condition on what it is given."""
    text = "flow: f\nstart: {words: [f]}\ninputs: {n: 3}\nsteps:\n  - {say: a}\n"
    call = "  - {call: f, with: {n: '{{ n - 1 }}'}, if: n > 0}\n"
    assert told(text + call) == []
    assert told(text + call.replace("n > 0", "contact.new")) == []
    assert told(text + call.replace(", if: n > 0", "")) == ["6:12 cycle-without-wait"]


CAUGHT = {
    "one question": ("  - {choose: a, id: q, options: {Sí: q, No: q}}\n", ["3:5 no-way-out"]),
    "a menu": (
        "  - choose: a\n    id: q\n    options:\n"
        "      Sí: [{say: b}, {goto: q}]\n      No: [{ask: c, id: r}, {goto: q}]\n",
        ["3:5 no-way-out"],
    ),
    "two questions, behind another one": (
        "  - {ask: n, id: n}\n  - {ask: a, id: q}\n  - {ask: b, id: r}\n  - goto: q\n",
        ["4:5 no-way-out"],
    ),
    "back": ("  - {ask: a, id: q}\n  - goto: back\n", ["3:5 no-way-out"]),
    "restart": ("  - {ask: a, id: q}\n  - goto: restart\n", ["3:5 no-way-out"]),
    "a silence that only asks again": (
        "  - {ask: a, id: q, silence: {after: 1h, say: b}}\n  - goto: q\n",
        ["3:5 no-way-out"],
    ),
}


@pytest.mark.parametrize("name", CAUGHT)
def test_no_way_out(name: str) -> None:
    """A question to which every way leads back is a warning, once for the whole ring."""
    steps, problems = CAUGHT[name]
    assert told_of_steps(steps) == problems


FREE = {
    "an option": "  - {choose: a, id: q, options: {Sí: q, No: quit}}\n",
    "an option further on": "  - {ask: a, id: q}\n  - {choose: b, id: r, options: {Sí: q, No: end}}\n",
    "tries": "  - {ask: a, id: q, type: date, invalid: {tries: 3, then: end}}\n  - goto: q\n",
    "a silence": "  - {ask: a, id: q, silence: {after: 1h, then: end}}\n  - goto: q\n",
    "a condition": "  - {ask: a, save: q}\n  - {goto: q, if: not contact.name}\n",
    "people": "  - {choose: a, id: q, options: {Sí: q, No: [{handoff: x, id: h}, {goto: q}]}}\n",
    "a failed call": "  - {ask: a, id: q}\n  - {run: agenda.nada, on_error: end}\n  - goto: q\n",
    "no question at all": "  - {wait: 1d, id: w}\n  - say: a\n  - goto: w\n",
}


@pytest.mark.parametrize("name", FREE)
def test_a_way_out(name: str) -> None:
    """A way out anywhere in the ring is enough."""
    assert told_of_steps(FREE[name]) == []


RING = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: a, id: q}\n  - goto: q\n"


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("steps:", "steps:", ["4:5 no-way-out"]),
        ("steps:", "anywhere: {salir: quit}\nsteps:", []),
        ("steps:", "anywhere: {info: [{say: a}]}\nsteps:", ["5:5 no-way-out"]),
        ("steps:", "silence: {after: 1d}\nsteps:", []),
        ("steps:", "silence: {after: 1d, then: q}\nsteps:", ["5:5 no-way-out"]),
        ("goto: q", "goto: g", []),
        ("goto: q", "goto: h", ["4:5 no-way-out"]),
        ("goto: q", "call: g\n  - goto: q", ["4:5 no-way-out"]),
        ("goto: q", "call: k\n  - goto: q", []),
    ],
)
def test_ways_out_of_a_flow(old: str, new: str, problems: list[str]) -> None:
    """Words and silence of the flow count, and where other flows lead."""
    others = "flow: g\nsteps: [{say: a}]\n---\nflow: h\nsteps: [{goto: f}]\n---\nflow: k\nsteps: [{goto: quit}]\n"
    assert told(RING.replace(old, new, 1), others) == problems


def test_a_caller_helps() -> None:
    """Words that a caller understands anywhere are understood in the flow that it calls."""
    called = RING.replace("start: {words: [f]}\n", "")
    calls = "flow: g\nstart: {words: [g]}\nsteps: [{call: f}]\n"
    assert told(called, calls) == ["3:5 no-way-out"]
    assert told(called, calls.replace("steps", "anywhere: {salir: quit}\nsteps")) == []


def test_a_word_of_the_bot_leads_out() -> None:
    """A flow of the bot's own that interrupts and ends everything is a way out of all questions."""
    leave = "flow: g\nstart: {words: [salir], interrupts: true}\nsteps: [{goto: quit}]\n"
    assert told(RING, leave) == []
    assert told(RING, leave.replace("quit", "end")) == ["4:5 no-way-out"]


def test_cycles_of_many_steps() -> None:
    """A thousand steps in a row, and as many flows that call one another, are gone through without recursion."""
    steps = "".join(f"  - {{say: a, id: s{number}}}\n" for number in range(1_000))
    assert told_of_steps(f"{steps}  - goto: s0\n") == ["1003:11 cycle-without-wait"]
    chain = "---\n".join(f"flow: g{n}\nsteps: [{{call: g{n + 1}}}]\n" for n in range(1_000))
    loaded = loading(f"{chain}---\nflow: g1000\nsteps: [{{goto: g0}}]\n")
    assert [at(problem) for problem in by_place(loaded.problems)][-1].endswith("cycle-without-wait")


# ── what calls take from a flow ──

PERSON = "---\nflow: g\nsteps:\n  - {ask: a, save: name}\n  - end: {return: [name]}\n"


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ("  - {call: g, save: p}\n  - say: '{{ p.nombre }} {{ p.name }}'\n", ["5:16 returned-never"]),
        ("  - {call: g, save: {n: returned.nombre}, id: c}\n", ["4:34 returned-never"]),
        ("  - {call: g, save: {n: returned.name}, id: c}\n", []),
        ("  - {call: g, save: p}\n  - say: '{{ p.name }}'\n", []),
        ("  - {call: g, save: p, id: c}\n  - {set: {p: {x: 1}}}\n  - say: '{{ p.nombre }}'\n", []),
        ("  - {call: g, save: p}\n  - say: '{% for p in [1] %}{{ p.nombre }}{% endfor %}'\n", []),
    ],
)
def test_what_is_never_returned(steps: str, problems: list[str]) -> None:
    """A part of what a call gives that no `end` of the called flow returns is an error under its name."""
    assert told(f"flow: f\nstart: {{words: [f]}}\nsteps:\n{steps}{PERSON}") == problems


def test_what_another_flow_may_return() -> None:
    """A called flow that goes on in another one may return what that one does."""
    text = "flow: f\nstart: {words: [f]}\nsteps:\n  - {call: g, save: p}\n  - say: '{{ p.a }}'\n---\nflow: g\nsteps:\n"
    assert told(text + "  - goto: h\n---\nflow: h\nsteps:\n  - end: {return: {a: 1}}\n") == []


ASKED = "---\nflow: g\nsteps:\n  - {choose: a, id: q, options: {Sí: end, No: no}}\nasides:\n  no: [{end: menor}]\n"


@pytest.mark.parametrize(
    ("call", "called", "problems"),
    [
        ("{call: g}", ASKED, ["10:14 outcome-unhandled"]),
        ("{call: g, on: {cancelled: end}}", ASKED, ["10:14 outcome-unhandled"]),
        ("{call: g, on: {menor: end}}", ASKED, []),
        ("{call: g, save: {o: outcome}, id: c}", ASKED, []),
        ("{call: g}", ASKED.replace("flow: g", "flow: g\nstart: {words: [g]}"), []),
        ("{call: g}", ASKED.replace("Sí: end", "Sí: si").replace("asides:", "asides:\n  si: [{end: mayor}]"), []),
        ("{call: g}", ASKED.replace("menor", "done"), []),
        ("{call: g}", ASKED.replace("end: menor", "end: {outcome: menor, all: true}"), []),
        ("{call: g, on: {menor: end}}\n  - {call: g}", ASKED, []),
        ("{schedule: {name: r, flow: g, after: 1h}}\n  - {call: g}", ASKED, []),
    ],
)
def test_an_outcome_that_nobody_tells(call: str, called: str, problems: list[str]) -> None:
    """A named outcome beside the plain end, of a flow that is only called, is a warning where no call looks at it."""
    assert told(f"flow: f\nstart: {{words: [f]}}\nsteps:\n  - {call}\n{called}") == problems


# ── one answer that runs into another ──

FALL = "  - {choose: a, id: q, options: {Sí: x, No: y}}\n"


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ("  - {id: x, say: b}\n  - {id: y, say: c}\n", ["4:5 falls-into"]),
        ("  - {id: x, say: b}\n  - {set: {n: 1}}\n  - {id: y, say: c}\n", ["5:5 falls-into"]),
        ("  - {id: x, say: b}\n  - goto: y\n  - {id: y, say: c}\n", []),
        ("  - {id: x, say: b}\n  - end:\n  - {id: y, say: c}\n", []),
        ("  - {id: x, say: b}\n  - {ask: d, id: d}\n  - {id: y, say: c}\n", []),
        ("  - {id: x, set: {n: 1}}\n  - {id: y, say: c}\n", []),
        ("  - {id: x, say: b}\n  - {id: y, ask: c}\n", []),
        ("asides:\n  x: [{say: b}]\n  y: [{say: c}]\n", []),
        ("  - {id: x, say: b}\n  - {if: contact.new, then: end, else: end}\n  - {id: y, say: c}\n", []),
        ("  - {id: x, say: b}\n  - {if: contact.new, then: end}\n  - {id: y, say: c}\n", ["5:5 falls-into"]),
    ],
)
def test_one_answer_falls_into_another(steps: str, problems: list[str]) -> None:
    """What an option says that runs on into what another option says is a warning, unless a `goto` means it."""
    assert told_of_steps(FALL + steps) == problems


# ── slots that nothing reads ──

USED = "  - {ask: a, save: x}\n  - record: [x]\n"


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        (USED + "  - {ask: b, save: y}\n", ["5:20 slot-unread"]),
        (USED + "  - {ask: b, save: contact.name}\n", []),
        (USED + "  - {ask: b, id: y}\n", []),
        (USED + "  - {ask: b, save: y}\n  - {say: c, if: y}\n", []),
        (USED + "  - {choose: b, save: y, options: [Sí, No]}\n", ["5:23 slot-unread"]),
        (USED + "  - {choose: b, save: y, options: {Sí: end, No: x}}\n", []),
        (USED + "  - {ask: b, save: y}\n  - {handoff: q, id: h}\n", []),
        (USED + "  - {ask: b, save: y}\n  - {run: agenda.nada}\n", ["5:20 slot-unread"]),
        (USED + "  - {run: agenda.nada, save: y}\n", []),
        ("  - {ask: b, save: y}\n", []),
    ],
)
def test_an_answer_that_nothing_reads(steps: str, problems: list[str]) -> None:
    """An answer that a flow forgets, while it uses others, is a warning."""
    assert told_of_steps(steps) == problems


def test_a_handler_that_may_read_all() -> None:
    """A handler with a `ctx` gets every slot."""
    text = f"flow: f\nstart: {{words: [f]}}\nsteps:\n{USED}  - {{ask: b, save: y}}\n  - {{run: h}}\n"
    for sees_slots, codes in ((True, []), (False, ["slot-unread"])):
        found = loading(text, handlers={"h": Signature(sees_slots=sees_slots)}).problems
        assert [problem.code for problem in found] == codes
