"""Which flow a message begins, and what never changes whatever people send."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.flow.flowset import FlowSet
from botkit.project import load_project
from botkit.turn.event import Apology, CallResult, Inbound
from tests.turn.samples import Talk, talk

WORDS = """flow: uno
start: {words: [cita, turno médico, /uno]}
steps: [{say: uno}]
---
flow: dos
start: {words: [turno, "¡reservar!", 👍]}
steps: [{say: dos}]
---
flow: tres
start: {words: [premio], if: contact.vip}
steps: [{say: tres}]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cita", "uno"),
        ("Quiero una CITA, por favor", "uno"),
        ("citas", "hello"),
        ("recita", "hello"),
        ("turno", "dos"),
        ("un turno medico hoy", "uno"),
        ("un turno o una cita", "dos"),
        ("reservar cita", "dos"),
        ("cita o turno", "dos"),
        ("RESERVAR", "dos"),
        ("👍", "dos"),
        ("/uno", "uno"),
        ("/UNO@mibot ahora", "uno"),
        ("/uno!", "uno"),
        ("/unos", "hello"),
        ("uno", "hello"),
        ("/cita", "hello"),
        ("hola /uno", "hello"),
        ("premio", "hello"),
        ("", "hello"),
        ("   ", "hello"),
        ("x" * 5000, "hello"),
    ],
)
def test_start_words(text: str, said: str) -> None:
    """A start word counts anywhere as a whole word; the longest wins; a command matches exactly, at the beginning."""
    assert talk(WORDS).say(text) == [said]


def test_first_of_equals() -> None:
    """Of two words of one length the one that stands first in the message wins."""
    text = (
        "flow: a\nstart: {words: [gato]}\nsteps: [{say: a}]\n---\nflow: b\nstart: {words: [rata]}\nsteps: [{say: b}]\n"
    )
    assert talk(text).say("rata y gato") == ["b"]
    assert talk(text).say("gato y rata") == ["a"]


def test_guarded_start() -> None:
    """A flow whose `if` is not true does not begin."""
    found = talk(WORDS)
    found.conversation = replace(found.conversation, fields={"vip": True})
    assert found.say("premio") == ["tres"]


def test_hello_then_unknown() -> None:
    """`hello` answers the contact's first message, `unknown` every later one that nothing understands."""
    found = talk(WORDS)
    assert [found.say("x"), found.say("x"), found.say("cita"), found.say("x")] == [
        ["hello"],
        ["unknown"],
        ["uno"],
        ["unknown"],
    ]


def test_switched_off() -> None:
    """Without the built-in flow there is silence."""
    found = talk(WORDS, builtin=())
    assert (found.say("x"), found.running, found.say("cita")) == ([], False, ["uno"])


@pytest.mark.parametrize("text", [True, False])
def test_tap_with_nothing_running(text: bool) -> None:
    """A tap on an old menu starts nothing, although its title is a start word."""
    found = talk(WORDS)
    found.say("x")
    assert found.tap_id("1.2.3", "cita", text=text) == ["unknown"]


def test_waiting() -> None:
    """While a step waits, start words are answers."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}]\n")
    found.say("go")
    found.say("go")
    assert found.slots == {"x": "go"}


def test_media() -> None:
    """A medium without text begins nothing of its own and is kept for `message.media`."""
    found = talk("flow: hello\nsteps: [{say: '{{ message.media.type }} {{ message.location.name }}'}]\n")
    event = Inbound("wa", "message", "59170000001", media={"type": "image"}, location={"name": "Sol"})
    assert found.take(event) == ["image Sol"]


def test_apology() -> None:
    """When a turn could not be applied the person hears the `error` flow, and all that ran has ended."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}]\n")
    found.say("go")
    assert found.take(Apology("crashed")) == ["error"]
    assert (found.running, found.outcome) == (False, "error")
    assert talk(WORDS).take(Apology("crashed")) == ["error"]


def test_lost_definition() -> None:
    """A conversation whose definition is lost ends with an apology, not with a crash."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}]\n")
    found.say("go")
    found.flows.by_digest.pop(found.top.digest)
    assert found.say("Ana") == ["error"]


def test_old_definition() -> None:
    """A conversation goes on with the definition it began with, beside the present one."""
    before = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}, {say: old}]\n")
    before.say("go")
    after = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x}, {say: new}]\n")
    old = before.flows.flows["f"]
    after.flows.add(old, present=False)
    assert Talk(after.flows, before.conversation).say("Ana") == ["old"]
    after.say("go")
    assert after.say("Ana") == ["new"]


@cache
def example() -> FlowSet:
    """Return the flows of the example bot."""
    project = load_project(Path(__file__).parents[2] / "config.yaml", {})
    assert project.flows is not None
    return project.flows


SAID = "hola cita turno encuesta pedido menú idioma english 1 2 3 5 20 sí no Ana salteñas terminar cancelar".split()
SAID += ["lo recojo", "a domicilio", "Calle Sucre 7", "la primera", "otro día", "", " ", "👍", "/start", "\u0301", "٣"]
RESULTS: list[object] = [None, 5, "x", True, [], {}, ["10:00", "11:00"], ["2026-11-24"], [None, 1.5], "x" * 20_000]
RESULTS += [{"nombre": "A", "cantidad": 2, "subtotal": 5}, {"nombre": [[]], "subtotal": "x"}]
RESULTS += [[{"id": "a", "texto": "A", "palabras": ["b"]}]]
EVENTS = st.one_of(
    st.sampled_from(SAID).map(lambda text: ("say", text)),
    st.text(max_size=30).map(lambda text: ("say", text)),
    st.integers(0, 7).map(lambda number: ("tap", number)),
    st.sampled_from(["0.0.0", "x", ""]).map(lambda name: ("stale", name)),
    st.sampled_from(RESULTS).map(lambda value: ("result", value)),
    st.just(("fail", "down")),
    st.just(("media", None)),
    st.just(("apology", None)),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(EVENTS, max_size=25))
def test_any_conversation(events: list[tuple[str, object]]) -> None:
    """Whatever comes, a turn raises nothing, changes nothing it was given, and its state survives the store."""
    found = Talk(example())
    for kind, value in events:
        pending = found.top.pending_call if found.running else None
        if kind in ("result", "fail") or pending is not None:
            key = pending.key if pending else "none"
            error = str(value) if kind == "fail" else None
            value = value if kind == "result" else None
            found.take(CallResult(key, value, error), same=True)
        elif kind == "say":
            found.say(str(value))
        elif kind == "tap":
            shown = found.top.shown if found.running else ()
            option = shown[int(str(value)) % len(shown)] if shown else {"id": "9.9.9", "label": "x"}
            found.tap_id(option["id"], option["label"])
        elif kind == "stale":
            found.tap_id(str(value), "cita")
        elif kind == "media":
            found.take(Inbound("wa", "message", "59170000001", media={"type": "image"}, name="Ana"))
        else:
            found.take(Apology("x"))
