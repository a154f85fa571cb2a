"""Talks as tests: each line that a test has, and what no line says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from botkit.flow.flowset import FlowSet
from botkit.flow.yaml_reader import read
from botkit.project import Project
from botkit.talks.script import Written
from botkit.testing.clock import FakeClock
from botkit.testing.play import play
from botkit.testing.rehearsal import Rehearsal
from botkit.testing.script import read_scripts
from botkit.testing.written import write_tests
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import Begin, CallResult, Delivery, Inbound, Named, OperatorSaid, Release, Tap, Told
from tests.runtime.stage import flows_of
from tests.talks.held import exported

Live = Callable[[Rehearsal], Awaitable[Any]]
MENUS = """
flow: cita
start: {words: [cita]}
steps:
  - choose: ¿Qué día?
    id: dia
    options:
      - {label: Lunes, then: fin}
      - {label: Martes, then: dia}
      - {label: Otro, then: otro}
  - {id: fin, say: Listo}
  - {id: salir, end: done}
  - {id: otro, ask: ¿Cuál?, save: cual, silence: {after: 90m, say: ¿Sigues?}}
  - {say: "Anotado: {{ cual }}"}
"""


class Scripted:
    """Handlers that give what a test says, one after another."""

    def __init__(self, *results: Any) -> None:
        self._results = list(results)

    async def call(self, conversation: Conversation, call: PendingCall, contact: Any) -> CallResult:
        """Return the next result; an exception is an error."""
        result = self._results.pop(0)
        if isinstance(result, Exception):
            return CallResult(call.key, error=str(result))
        return CallResult(call.key, result)


def written(flow: str, live: Live, *results: Any, personal: bool = True) -> list[Written]:
    """Hold a talk, and write it as tests, which pass."""

    async def both() -> tuple[FlowSet, list[Written]]:
        flows = flows_of(flow, {"agenda.libres": libres})
        rehearsal = Rehearsal(flows, Scripted(*results), FakeClock(1_795_438_807.0), "Ana")
        await rehearsal.open()
        await live(rehearsal)
        found = await exported(rehearsal.store, flows, personal=personal)
        await rehearsal.close()
        return flows, found

    flows, tests = asyncio.run(both())
    scripts, problems = read_scripts(read(write_tests([test.talk for test in tests]), "t.test.yaml"))
    assert problems == []
    for script in scripts:
        result = play(Project(Path(), flows=flows), script)
        assert result.passed, result.report("en")
    return tests


def libres() -> Any:
    """Return what is free."""
    raise AssertionError("it is not called")


def lines(flow: str, live: Live, **options: Any) -> list[Mapping[str, Any]]:
    """Return the lines of the one test of a talk."""
    [test] = written(flow, live, **options)
    assert test.end is None
    return list(test.talk.lines)


def text(words: str) -> Inbound:
    """Return a message of words."""
    return Inbound("test", "message", "59170000001", text=words)


def tap(option: Mapping[str, Any]) -> Inbound:
    """Return a tap on an option."""
    return Inbound("test", "message", "59170000001", choice=Tap(option["id"], option["title"]))


def test_taps() -> None:
    """A tap is told by its label, one on an older menu with the number of that menu."""

    async def live(rehearsal: Rehearsal) -> None:
        first = (await rehearsal.say(text("cita"))).rows[0]["message"]["options"]
        await rehearsal.say(text("no sé"))
        await rehearsal.say(tap(first[2]))
        await rehearsal.say(tap(first[0]))

    told = [line for line in lines(MENUS, live) if {"user", "tap"} & line.keys()]
    assert told[0] == {"user": "cita"}
    assert [line.get("tap") for line in told[2:]] == ["Otro", "Lunes"]


def test_waits() -> None:
    """Time passes where something fell due, or where a minute went by, and not between."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("cita"))
        await rehearsal.wait(20)
        await rehearsal.say(text("otro"))
        await rehearsal.wait(3 * 3600)
        await rehearsal.say(text("jueves"))

    told = lines(MENUS, live)
    assert [line["wait"] for line in told if "wait" in line] == ["90m", "90m"]
    assert told[-2:] == [{"bot": "Anotado: jueves"}, {"expect": {"running": False, "outcome": "done"}}]


def test_begin() -> None:
    """A test begins at the minute at which its talk did, with what was known of the contact."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: ¿Barrio?, save: contact.barrio}\n"

    async def live(rehearsal: Rehearsal) -> None:
        for each in ("f", "Sur", "f"):
            await rehearsal.say(text(each))

    [test] = written(flow, live)
    assert test.talk.at is not None
    assert f"{test.talk.at:%Y-%m-%d %H:%M:%S}" == "2026-11-23 09:00:00"
    assert (test.talk.name, test.talk.contact) == (
        "talk of 2026-11-23 09:00",
        {"name": "Ana", "phone": "+59170000001"},
    )


PEOPLE = """
flow: reclamo
start: {words: [reclamo]}
steps:
  - handoff: {to: caja, say: Te paso}
  - {ask: ¿Resuelto?, save: resuelto}
---
flow: pago
start: {event: pagado, interrupts: true}
inputs: [monto]
steps: [{say: "Pagaste {{ monto }}"}]
---
flow: aviso
inputs: [cita]
steps: [{say: "Recuerda {{ cita }}"}, {ask: ¿Vienes?, save: viene}]
"""


def test_people() -> None:
    """Handoffs, what operators write, and events are lines; a text of `botkit send` is none, and is counted."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("reclamo"))
        await rehearsal.happen(OperatorSaid("Soy Rosa"))
        await rehearsal.happen(OperatorSaid("Ya voy", phone=True))
        await rehearsal.happen(Release())
        await rehearsal.happen(Told("Ya abrimos"))
        await rehearsal.happen(Named("pagado", {"monto": 5}))

    [test] = written(PEOPLE, live)
    assert (test.untold, test.end) == (1, None)
    assert list(test.talk.lines) == [
        {"user": "reclamo"},
        {"bot": "Te paso"},
        {"operator": {"reply": "Soy Rosa"}},
        {"bot": "Soy Rosa"},
        {"operator": "Ya voy"},
        {"operator": {"release": True}},
        {"bot": "¿Resuelto?"},
        {"event": {"name": "pagado", "data": {"monto": 5}}},
        {"bot": ["Pagaste 5", "¿Resuelto?"]},
        {"expect": {"flow": "reclamo", "step": "resuelto"}},
    ]


@pytest.mark.parametrize(
    ("event", "end"),
    [(Begin("aviso", {"cita": "hoy"}), "begin"), (Delivery("reclamo", "x", "failed", "?", 1, 1), "delivery")],
)
def test_ends(event: Any, end: str) -> None:
    """What no line says ends a test; the next talk begins another."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("reclamo"))
        await rehearsal.happen(Release())
        await rehearsal.happen(event)
        for each in ("cancelar", "reclamo"):
            await rehearsal.say(text(each))
            await rehearsal.say(text("cancelar"))

    first, second = written(PEOPLE, live)
    assert (first.end, second.end) == (end, None)
    assert first.talk.lines[-1] == {"bot": "¿Resuelto?"}
    assert "user" in second.talk.lines[0]


def test_given() -> None:
    """A flow that `botkit start` began where nothing ran is what a test is given."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("cancelar"))
        await rehearsal.happen(Begin("aviso", {"cita": "hoy"}))
        await rehearsal.say(text("sí"))

    first, second = written(PEOPLE, live)
    assert (first.end, second.end) == (None, None)
    assert second.talk.given == {"flow": "aviso", "with": {"cita": "hoy"}}
    assert list(second.talk.lines)[:2] == [{"bot": ["Recuerda hoy", "¿Vienes?"]}, {"user": "sí"}]


CALLS = """
flow: cita
start: {words: [cita]}
steps:
  - id: uno
    run: agenda.libres
    save: horas
    retries: 1
    on_error: mal
    meanwhile: Un momento
  - {ask: "{{ horas }}", save: x}
asides:
  mal:
    - {say: "No pude: {{ error }}"}
"""


def test_stubs() -> None:
    """Results of calls are stubs, in order; the last one repeats."""
    flow = CALLS.replace("    retries: 1\n", "").replace("    meanwhile: Un momento\n", "")

    async def live(rehearsal: Rehearsal) -> None:
        for _ in range(4):
            await rehearsal.say(text("cita"))
            await rehearsal.say(text("x"))

    [test] = written(flow, live, ValueError("down"), [1], [2], [2])
    assert test.talk.stubs == {"agenda.libres": [{"error": "down"}, {"return": [1]}, {"return": [2]}]}


def test_attempts() -> None:
    """An error is that of every attempt."""
    flow = CALLS.replace("    meanwhile: Un momento\n", "")

    async def live(rehearsal: Rehearsal) -> None:
        for each in ("cita", "cita", "x"):
            await rehearsal.say(text(each))

    [test] = written(flow, live, ValueError("down"), [1])
    assert test.talk.stubs == {"agenda.libres": [{"error": "down"}, {"error": "down"}, {"return": [1]}]}


MASKED = """
flow: alta
start: {words: [alta]}
steps:
  - {ask: ¿Tu nombre?, save: nombre}
  - {ask: "{{ nombre }}, ¿tu carnet?", save: ci, check: {if: answer | length != 7}}
  - {ask: "¿Tu barrio, {{ nombre | upper }}?", save: barrio}
  - say: "{{ contact.name }}: {{ nombre }}, {{ ci }}, {{ barrio }}"
"""


def test_masked() -> None:
    """With stand-ins the bot's words have them too, and where a text is made of them it is what the test will say."""

    async def live(rehearsal: Rehearsal) -> None:
        for each in ("alta", "Luis Paz", "4839201", "Sur"):
            await rehearsal.say(text(each))

    assert lines(MASKED, live, personal=False) == [
        {"user": "alta"},
        {"bot": "¿Tu nombre?"},
        {"user": "Persona B"},
        {"bot": "Persona B, ¿tu carnet?"},
        {"user": "4000002"},
        {"bot": "¿Tu barrio, PERSONA B?"},
        {"user": "Sur"},
        {"bot": "Persona A: Persona B, 4000002, Sur"},
        {"expect": {"running": False, "outcome": "done"}},
    ]


def test_astray() -> None:
    """Where stand-ins lead the talk elsewhere its test ends before, and says so."""
    flow = MASKED.replace("answer | length != 7", "answer != '4839201'")

    async def live(rehearsal: Rehearsal) -> None:
        for each in ("alta", "Luis Paz", "4839201", "Sur", "alta"):
            await rehearsal.say(text(each))

    [whole] = written(flow, live)
    masked, next_talk = written(flow, live, personal=False)
    stands = {"expect": {"flow": "alta", "step": "nombre"}}
    assert list(next_talk.talk.lines) == [{"user": "alta"}, {"bot": "¿Tu nombre?"}, stands]
    assert (masked.end, masked.talk.lines[-1]) == ("astray", {"bot": "Persona B, ¿tu carnet?"})
    assert (whole.end, whole.talk.lines[-3]) == (None, {"user": "alta"})


def test_changed_files() -> None:
    """Where the files answer otherwise by now, a test ends in the words of then, not in a state of today."""

    async def both() -> list[Written]:
        rehearsal = Rehearsal(flows_of(MASKED, {}), Scripted(), FakeClock(1_795_438_807.0), "Ana")
        await rehearsal.open()
        await rehearsal.say(text("alta"))
        changed = flows_of(MASKED.replace("¿Tu nombre?", "¿Cómo te llamas?"), {})
        found = await exported(rehearsal.store, changed, personal=True)
        await rehearsal.close()
        return found

    [test] = asyncio.run(both())
    assert list(test.talk.lines) == [{"user": "alta"}, {"bot": "¿Tu nombre?"}]


LOADED = """
flow: pedido
start: {words: [pedido]}
steps:
  - {ask: "¿Qué pides?%s", save: que, silence: {after: 1h, say: ¿Sigues?}}
  - {say: "Va{{ que }}%s"}
"""


async def filling(rehearsal: Rehearsal) -> None:
    """Talk while the channel fills, and empties."""
    rehearsal.load = "black"
    await rehearsal.say(text("pedido"))
    await rehearsal.wait(3 * 3600)
    rehearsal.load = "green"
    await rehearsal.say(text("sopa"))


def test_load() -> None:
    """A test says how loaded the channel was: when it began, and wherever that changed."""
    reads = " ({{ load }})"
    [test] = written(LOADED % (reads, reads), filling)
    assert test.talk.load == "black"
    told = [line for line in test.talk.lines if "bot" not in line and "expect" not in line]
    assert told == [{"user": "pedido"}, {"wait": "1h"}, {"load": "green"}, {"wait": "2h"}, {"user": "sopa"}]


def test_load_that_nobody_reads() -> None:
    """Where no flow reads it, a test says nothing of it."""
    [test] = written(LOADED % ("", ""), filling)
    assert test.talk.load == "green"
    assert not any("load" in line for line in test.talk.lines)


SECRET = """
flow: alta
start: {words: [alta]}
steps:
  - {ask: ¿Nombre?, save: contact.nombre}
  - {schedule: {name: aviso, flow: avisa, after: 3h}}
  - {ask: ¿Tu clave?, save: clave, sensitive: true}
---
flow: avisa
steps: [{say: "Aviso para {{ contact.nombre }}"}]
---
flow: saluda
start: {words: [hola]}
steps:
  - {ask: "Hola, {{ contact.nombre }}{% if contact.new %}, bienvenida{% endif %}. ¿Qué tal?", save: x}
  - {say: "{{ x }}"}
"""


@pytest.mark.parametrize(("waits_s", "end"), [(60, None), (4 * 3600, "reminder")])
def test_after_a_sensitive_step(waits_s: float, end: str | None) -> None:
    """The test behind it begins with what was known by then; it ends where a reminder of before it falls due."""

    async def live(rehearsal: Rehearsal) -> None:
        for words in ("alta", "Luz", "1234", "hola", "bien", "hola"):
            await rehearsal.say(text(words))
        await rehearsal.wait(waits_s)
        await rehearsal.say(text("mal"))

    first, second = written(SECRET, live)
    assert (first.end, second.end) == ("blank", end)
    assert second.talk.contact == {"name": "Ana", "phone": "+59170000001", "nombre": "Luz", "new": False}
    told = [line["bot"] for line in second.talk.lines if "bot" in line]
    assert told[:3] == ["Hola, Luz. ¿Qué tal?", "bien", "Hola, Luz. ¿Qué tal?"]
    assert len(told) == (3 if end else 4)
