"""Replay: what the files as they are now would answer otherwise, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from botkit.talks.compare import Change
from botkit.talks.replay import Played
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Rehearsal
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import Begin, CallResult, Delivery, Inbound, Named, OperatorSaid, Release, Tap, Told
from tests.runtime.stage import flows_of
from tests.talks.held import replayed

FLOW = """
flow: cita
start: {words: [cita]}
steps:
  - {id: dia, ask: ¿Qué día?, save: dia, silence: {after: 2h, say: ¿Sigues?}}
  - choose: "¿Confirmo el {{ dia }}?"
    id: seguro
    options:
      - {label: Sí, then: fin}
      - {label: No, then: dia}
  - {id: fin, say: Listo}
"""
Live = Callable[[Rehearsal], Awaitable[Any]]


class NoCalls:
    """Handlers that nobody calls."""

    async def call(self, conversation: Conversation, call: PendingCall, contact: Any) -> CallResult:
        """Say what was given."""
        return CallResult(call.key, {"dado": call.arguments})


def again(live: Live, old: str, new: str, handlers: dict[str, Callable[..., Any]] | None = None) -> list[Played]:
    """Hold a conversation on one version of a flow, and play it on another."""

    async def both() -> list[Played]:
        rehearsal = Rehearsal(flows_of(old, handlers), NoCalls(), FakeClock(), "Ana")
        await rehearsal.open()
        await live(rehearsal)
        found = await replayed(rehearsal.store, flows_of(new, handlers))
        await rehearsal.close()
        return found

    return asyncio.run(both())


def text(words: str) -> Inbound:
    """Return a message of words."""
    return Inbound("test", "message", "59170000001", text=words)


def says(*words: str, wait_s: float = 5.0) -> Live:
    """Return a talk in which the person writes, one text after another."""

    async def live(rehearsal: Rehearsal) -> None:
        for each in words:
            await rehearsal.say(text(each))
            await rehearsal.wait(wait_s)

    return live


def told(played: list[Played]) -> list[tuple[str, list[str], list[str]]]:
    """Return the kind of each change, with the texts then and now."""

    def texts(messages: Any) -> list[str]:
        return [message["text"] for message in messages]

    return [(each.kind, texts(each.then), texts(each.now)) for one in played for each in one.changes]


def changes_of(played: list[Played]) -> list[Change]:
    """Return the changes of all talks."""
    return [change for one in played for change in one.changes]


def test_unchanged() -> None:
    """The same files answer the same, silences included."""
    found = again(says("cita", "lunes", "si", wait_s=3 * 3600), FLOW, FLOW)
    assert (told(found), [one.stop for one in found]) == ([], [None])


def test_a_text() -> None:
    """A changed text shows each time it was said, and nothing else does."""
    found = again(says("cita", "lunes", "no", "martes", "si"), FLOW, FLOW.replace("¿Qué día?", "¿Cuándo?"))
    assert told(found) == [("said", ["¿Qué día?"], ["¿Cuándo?"])] * 2
    assert {change.place.rpartition(":")[0] for change in changes_of(found)} <= {"flow.yaml", "flow.yaml:5"}


def test_each_talk_by_itself() -> None:
    """A talk that takes another way is left there; the next one is played from its own beginning."""
    other = FLOW.replace("¿Confirmo el", "¿El").replace("Sí, then: fin", "Sí, then: dia")
    other = other.replace("No, then: dia", "No, then: fin")
    found = again(says("cita", "lunes", "si", "cita", "martes"), FLOW, other)
    assert [one.stop for one in found] == ["ways part", None]
    assert told(found) == [
        ("said", ["¿Confirmo el lunes?"], ["¿El lunes?"]),
        ("said", ["Listo"], ["¿Qué día?"]),
        ("said", ["¿Confirmo el martes?"], ["¿El martes?"]),
    ]


def test_a_step_more() -> None:
    """What is said besides shows alone; a conversation that stands where it stood is played on."""
    more = FLOW.replace("  - {id: dia,", "  - say: Claro\n  - {id: dia,")
    found = again(says("cita", "lunes", "si"), FLOW, more)
    assert told(found) == [("said", [], ["Claro"])]
    assert found[0].exchanges == 3


def test_renamed() -> None:
    """A step and a flow that are called otherwise, and say so, change nothing."""
    renamed = FLOW.replace("flow: cita", "flow: turno\nwas: cita").replace(
        "id: seguro", "id: confirma\n    was: seguro"
    )
    assert told(again(says("cita", "lunes", "si"), FLOW, renamed)) == []
    [played] = again(says("cita", "lunes", "si"), FLOW, renamed.replace("¿Confirmo", "¿Anoto"))
    assert (len(played.changes), played.stop, played.exchanges) == (1, None, 3)


def test_tap() -> None:
    """A tap means its option, though ids are others and the label is."""

    async def live(rehearsal: Rehearsal) -> None:
        await says("cita")(rehearsal)
        shown = (await rehearsal.say(text("lunes"))).rows[-1]["message"]["options"]
        await rehearsal.say(text("")._replace(text=None, choice=Tap(shown[0]["id"], "Sí")))

    other = FLOW.replace("  - {id: dia,", "  - say: Claro\n  - {id: dia,").replace("label: Sí", "label: Claro que sí")
    found = again(live, FLOW, other)
    assert [(each.kind, [message["text"] for message in each.now]) for each in changes_of(found)] == [
        ("said", ["Claro"]),
        ("said", ["¿Confirmo el lunes?"]),
    ]


@pytest.mark.parametrize(
    ("after", "kinds"),
    [("2h", []), ("1h", [("later", -3600.0)]), ("4h", [("said", 0.0), ("unasked", 0.0)])],
)
def test_time(after: str, kinds: list[tuple[str, float]]) -> None:
    """A silence that speaks at another time shows; one that speaks after the next message would have, too."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("cita"))
        await rehearsal.wait(5 * 3600)
        await rehearsal.say(text("lunes"))

    found = changes_of(again(live, FLOW, FLOW.replace("after: 2h", f"after: {after}")))
    assert [(each.kind, round(each.moved_s)) for each in found] == kinds


def test_while_down() -> None:
    """A clock that was heard late, since the bot was down, is heard late again."""
    flow = FLOW.replace("say: ¿Sigues?", "say: 'Son las {{ now.hour }}', again: 1")

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("cita"))
        await rehearsal.clock.advance(5 * 3600)
        await rehearsal.wait(0)
        await rehearsal.wait(3 * 3600)
        await rehearsal.say(text("lunes"))

    assert told(again(live, flow, flow)) == []


CALLS = """
flow: cita
start: {words: [cita]}
steps:
  - {run: agenda.libres, with: [], save: horas}
  - {ask: "{{ horas.dado | length }} horas. ¿Cuál?", save: hora}
"""


def libres() -> dict[str, Any]:
    """Return what is free."""
    raise AssertionError("it is not called")


def otra() -> None:
    """Do something else."""
    raise AssertionError("it is not called")


def test_calls() -> None:
    """A call gets what it returned; one of which nothing is on record ends the talk, and is not made."""
    handlers = {"agenda.libres": libres, "agenda.otra": otra}
    flow = CALLS.replace(", with: []", "")
    assert told(again(says("cita", "10"), flow, flow, handlers)) == []
    more = flow.replace("  - {run", "  - run: agenda.otra\n  - {run", 1)
    [played] = again(says("cita", "10"), flow, more, handlers)
    assert [(each.kind, each.called) for each in played.changes] == [("called", "agenda.otra")]
    assert (played.stop, played.exchanges) == ("ways part", 1)


def test_sensitive() -> None:
    """Where an answer is not kept a talk ends without a difference, and says so."""
    flow = FLOW.replace("save: dia,", "save: dia, sensitive: true,")
    [played] = again(says("cita", "lunes", "si"), flow, flow.replace("Listo", "Ya"))
    assert (played.changes, played.stop, played.exchanges) == ([], "blank", 1)


VARIANTS = """
flow: cita
start: {words: [cita]}
steps:
  - {ask: {one_of: [{text: A}, {text: B}, {text: C}, {text: D}]}, save: dia}
"""


def test_variants() -> None:
    """Variants are drawn as they were."""
    found = again(says(*(["cita", "x"] * 12)), VARIANTS, VARIANTS)
    assert (told(found), sum(one.exchanges for one in found)) == ([], 24)


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
steps: [{say: "Recuerda {{ cita }}"}]
"""


def test_people() -> None:
    """Handoffs, what operators write, events that wait meanwhile, texts and flows of commands: all as it was."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("reclamo"))
        await rehearsal.happen(Named("pagado", {"monto": 5}))
        await rehearsal.happen(OperatorSaid("Soy Rosa"))
        await rehearsal.wait(600)
        await rehearsal.happen(Release())
        await rehearsal.happen(Told("Ya abrimos"))
        await rehearsal.happen(Begin("aviso", {"cita": "hoy"}))
        await rehearsal.happen(Delivery("reclamo", "x", "failed", "?", 1, 1))
        await rehearsal.say(text("sí"))

    assert told(again(live, PEOPLE, PEOPLE)) == []
    assert told(again(live, PEOPLE, PEOPLE.replace("Pagaste", "Gracias por"))) == [
        ("said", ["Pagaste 5"], ["Gracias por 5"])
    ]


def test_gone() -> None:
    """A flow that is gone is answered by whoever answers now."""
    found = again(says("cita"), FLOW, FLOW.replace("words: [cita]", "words: [turno]"))
    [change] = changes_of(found)
    assert (change.kind, change.then[0]["text"], bool(change.now)) == ("said", "¿Qué día?", True)
    assert found[0].stop == "ways part"


def test_older_store() -> None:
    """A store of an older botkit, whose journal tells less, is played from where a contact first wrote."""

    async def live(rehearsal: Rehearsal) -> None:
        await says("cita", "lunes", "si", "cita", "martes", wait_s=3 * 3600)(rehearsal)
        strip = "UPDATE journal SET entry = json_remove(CAST(entry AS TEXT), '$.begin', '$.due_at')"
        await rehearsal.store._writer.run(_execute, strip)

    found = again(live, FLOW, FLOW.replace("Listo", "Ya"))
    assert (len(found), told(found)) == (1, [("said", ["Listo"], ["Ya"])])


def _execute(db: sqlite3.Connection, statement: str) -> None:
    db.execute(statement)


def test_erased() -> None:
    """A talk whose beginning was erased is no difference: how it began is not known; the next one is played."""

    async def live(rehearsal: Rehearsal) -> None:
        await says("cita", "lunes", "si", "cita", "martes", "si")(rehearsal)
        for table, column in (("journal", "inbox_id"), ("outbox", "inbox_id"), ("inbox", "id")):
            erase = f"DELETE FROM {table} WHERE {column} < 3"
            await rehearsal.store._writer.run(_execute, erase)

    found = again(live, FLOW, FLOW.replace("Listo", "Ya"))
    assert [one.stop for one in found] == ["start", None]
    assert told(found) == [("said", ["Listo"], ["Ya"])]


REMINDER = """
flow: cita
start: {words: [cita]}
steps:
  - schedule: {name: aviso, flow: aviso, after: 1h}
  - say: Anotado
---
flow: aviso
steps:
  - ask: "{{ contact.name }}, ¿vienes?"
    save: viene
  - say: Gracias
"""


def test_reminders() -> None:
    """A reminder of a talk before begins a talk again, at its time."""

    async def live(rehearsal: Rehearsal) -> None:
        await rehearsal.say(text("cita"))
        await rehearsal.wait(2 * 3600)
        await rehearsal.say(text("sí"))

    found = again(live, REMINDER, REMINDER)
    assert (told(found), [one.exchanges for one in found]) == ([], [1, 2])
    assert told(again(live, REMINDER, REMINDER.replace("Gracias", "Bien"))) == [("said", ["Gracias"], ["Bien"])]


LOADED = """
flow: pedido
start: {words: [pedido]}
steps:
  - {ask: "¿Qué pides? (%s)", save: que, silence: {after: 1h, say: "¿Sigues? (%s)"}}
  - {run: cocina.libre, with: [que], save: libre}
  - {say: "Va (%s)"}
"""
READS = LOADED % (("{{ load }}",) * 3)


class Busier:
    """A handler while which the channel turns black."""

    def __init__(self, rehearsal: Rehearsal | None = None) -> None:
        self.rehearsal = rehearsal

    async def call(self, conversation: Conversation, call: PendingCall, contact: Any) -> CallResult:
        """Be called."""
        assert self.rehearsal is not None
        self.rehearsal.load = "black"
        return CallResult(call.key, True)


def loaded(old: str, new: str) -> list[Played]:
    """Hold a talk while the channel fills, on one version of a flow, and play it on another."""

    async def both() -> list[Played]:
        handlers = {"cocina.libre": lambda que: True}
        calls = Busier()
        calls.rehearsal = rehearsal = Rehearsal(flows_of(old, handlers), calls, FakeClock(), "Ana")
        await rehearsal.open()
        await rehearsal.say(text("pedido"))
        rehearsal.load = "yellow"
        await rehearsal.wait(3 * 3600)
        await rehearsal.say(text("sopa"))
        found = await replayed(rehearsal.store, flows_of(new, handlers))
        await rehearsal.close()
        return found

    return asyncio.run(both())


def test_load() -> None:
    """Every leg is played at the level that it had: before a call, behind it, where a clock ran out."""
    [played] = loaded(READS, READS)
    assert (played.exchanges, played.changes, played.stop) == (3, [], None)


def test_load_that_nobody_read() -> None:
    """What was not read then is on record, for flows that read it now."""
    [played] = loaded(LOADED % (("x",) * 3), READS)
    now = [message["text"] for change in played.changes for message in change.now]
    assert now == ["¿Qué pides? (green)", "¿Sigues? (yellow)", "Va (black)"]


def test_load_is_green_in_older_journals() -> None:
    """A journal that says nothing of it means green."""
    [played] = again(
        says("hola"),
        "flow: f\nstart: {words: [hola]}\nsteps: [{say: green}]\n",
        "flow: f\nstart: {words: [hola]}\nsteps: [{say: '{{ load }}'}]\n",
    )
    assert played.changes == []
