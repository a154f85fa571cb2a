"""Versions: what a deploy does to people inside a flow, whatever they wait in, under each `on_change`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from botkit.turn.effect import Ended
from botkit.turn.kinds import KINDS
from tests.flow.samples import HANDLERS, flows
from tests.runtime.stage import Stage, flows_of
from tests.turn.samples import BUILTIN, Talk, talk

#: waiting kind -> the step that waits, and what a person or the world answers
WAITS = {
    "ask": "{ask: ¿Nombre?, save: x, id: espera}",
    "choose": "{choose: ¿Cuál?, save: x, id: espera, options: [Ana, Luz]}",
    "call": "{run: casa.lenta, save: x, id: espera}",
}
ANSWER = "Ana"
OTHER = "flow: otro\nstart: {words: [otro]}\nsteps: [{say: otro}]\n"


def old(kind: str, more: str = "") -> str:
    """Return the flow that people are in: it waits, then says what it was told."""
    return (
        f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {WAITS[kind]}\n{more}  - say: viejo {{{{ x }}}}\n"
        "  - {ask: ¿Viejo?, save: y}\n  - say: fin viejo {{ y }}\n"
    )


def new(kind: str, change: str, policy: str) -> str:
    """Return the bot after a deploy."""
    if change == "removed flow":
        return OTHER
    step = WAITS[kind]
    if change == "renamed step":
        step = step.replace("id: espera", "id: parada, was: espera")
    if change == "removed step":
        step = "{ask: ¿Algo?, save: x, id: otra}"
    return (
        f"flow: f\nstart: {{words: [go]}}\non_change: {policy}\nsteps:\n  - {step}\n  - say: nuevo {{{{ x }}}}\n"
        "  - {ask: ¿Nuevo?, save: y}\n  - say: fin nuevo {{ y }}\n"
    )


class Deployed:
    """A bot with a person in a flow, stopped and started with other flows: what is said from then on."""

    def __init__(self, stage: Stage, kind: str) -> None:
        self.stage, self.kind = stage, kind
        self.before = 0

    async def park(self, text: str) -> None:
        """Bring a person to where the flow waits, and stop."""
        begun = asyncio.Event()

        async def hang() -> None:
            begun.set()
            await asyncio.sleep(3600)

        handlers = {"casa.lenta": hang, "casa.ida": hang}
        await self.stage.start(flows_of(text, handlers), handlers)
        if self.kind == "call":
            self.stage.runtime.notify([await self.stage.arrive("go")])
            await begun.wait()
        else:
            await self.stage.write("go")
        await self.stage.runtime.stop(0.0)
        self.before = len(await self.stage.said())

    async def deploy(self, text: str, *gone: str) -> None:
        """Start with other flows, and without some handlers."""

        async def give() -> str:
            return ANSWER

        handlers: dict[str, Any] = {name: give for name in ("casa.lenta", "casa.ida") if name not in gone}
        stubs = {"casa.lenta": give, "casa.ida": give}
        await self.stage.start(flows_of(text, stubs), handlers)
        await self.stage.runtime.idle()

    async def answers(self, *texts: str) -> list[str]:
        """Return what is said after what the step waits for, and after further messages."""
        for text in texts if self.kind == "call" else (ANSWER, *texts):
            await self.stage.write(text)
        return (await self.stage.said())[self.before :]


@pytest.fixture(params=WAITS)
async def deployed(request: pytest.FixtureRequest) -> AsyncIterator[Deployed]:
    """A person who waits in each kind."""
    stage = await Stage.open()
    yield Deployed(stage, request.param)
    await stage.close()


KEPT = ["viejo Ana", "¿Viejo?", "fin viejo sí"]
MOVED = ["nuevo Ana", "¿Nuevo?", "fin nuevo sí"]
#: Finished on the old definition as far as that was needed: the next question is one that the new one has.
LATE = ["viejo Ana", "¿Viejo?", "fin nuevo sí"]
#: Begun anew by the message that would have been the answer; the next one is read by the new flow.
ANEW = {
    "ask": ["¿Nombre?", "nuevo sí", "¿Nuevo?"],
    "choose": ["¿Cuál?", "¿Cuál?"],
    "call": ["viejo Ana", "¿Viejo?", "nuevo Ana", "¿Nuevo?"],
}


def everywhere(said: list[str], call: list[str] | None = None) -> dict[str, list[str]]:
    """Return what is said for each kind; a pending call is finished on the old definition first."""
    return {"ask": said, "choose": said, "call": call or said}


#: (change, `on_change`) -> kind -> what is said from the deploy on
MATRIX: dict[tuple[str, str], dict[str, list[str]]] = {
    ("edited text", "keep"): everywhere(KEPT),
    ("edited text", "move"): everywhere(MOVED, LATE),
    ("edited text", "restart"): ANEW,
    ("renamed step", "keep"): everywhere(KEPT),
    ("renamed step", "move"): everywhere(MOVED, LATE),
    ("renamed step", "restart"): ANEW,
    ("removed step", "keep"): everywhere(KEPT),
    ("removed step", "move"): everywhere(LATE),
    ("removed step", "restart"): everywhere(["¿Algo?", "nuevo sí", "¿Nuevo?"], ["viejo Ana", "¿Viejo?", "¿Algo?"]),
    ("removed flow", "keep"): everywhere(KEPT),
    ("removed flow", "move"): everywhere(KEPT),
    ("removed flow", "restart"): everywhere(KEPT),
}


@pytest.mark.parametrize(("change", "policy"), MATRIX)
async def test_matrix(deployed: Deployed, change: str, policy: str) -> None:
    """Kept ones finish the old flow, moved ones the new one, restarted ones begin anew at their next message."""
    await deployed.park(old(deployed.kind))
    await deployed.deploy(new(deployed.kind, change, policy))
    assert await deployed.answers("sí") == MATRIX[change, policy][deployed.kind]


SORRY = ["Perdona, algo falló de nuestro lado y tuvimos que parar aquí. Por favor, escríbenos de nuevo."]
#: The same for a handler that the old definition needs and that is gone.
NO_HANDLER = {
    "keep": everywhere(SORRY),
    "move": everywhere(MOVED[:2], SORRY),
    "restart": {"ask": ["¿Nombre?"], "choose": ["¿Cuál?"], "call": SORRY},
}


@pytest.mark.parametrize("policy", NO_HANDLER)
async def test_removed_handler(deployed: Deployed, policy: str) -> None:
    """An old definition that needs a handler which is gone gets an error where it calls it: here the `error` flow."""
    more = "" if deployed.kind == "call" else "  - {run: casa.ida}\n"
    await deployed.park(old(deployed.kind, more))
    gone = "casa.lenta" if deployed.kind == "call" else "casa.ida"
    await deployed.deploy(new(deployed.kind, "edited text", policy), gone)
    assert await deployed.answers() == NO_HANDLER[policy][deployed.kind]


# ── what is carried over, and what is not ──


def begun(text: str) -> Talk:
    """Return a conversation that was begun by the word `go`."""
    found = talk(text)
    found.say("go")
    return found


def deploy(found: Talk, text: str) -> None:
    """Give a conversation other flows; old definitions come from where they are kept."""
    before, now = found.flows, flows(text, builtin=BUILTIN, handlers=HANDLERS)
    while missing := now.missing(found.conversation.digests()):
        for digest in missing:
            assert now.adopt(digest, before.by_digest[digest].source(), KINDS) is not None
    found.flows = now


CALLER = """
flow: f
start: {words: [go]}
inputs: {quien: nadie}
steps:
  - ask: ¿Uno?
    save: uno
  - call: g
    id: llama
    save: {dos: outcome}
  - say: "viejo {{ uno }} {{ dos }}"
---
flow: g
steps:
  - ask: ¿Dentro?
    save: dentro
  - say: "adentro {{ dentro }}"
  - end: viejo
"""


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
