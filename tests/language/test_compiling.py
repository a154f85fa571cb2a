"""Compiling to `transitions`: one machine for each flow, closed triggers, nothing but proved targets in it."""

from __future__ import annotations

from transitions import Machine

from botkit.flow.machine import FlowMachine
from botkit.flow.model import TRIGGERS
from tests.flow.samples import flows
from tests.turn.samples import EMPTY, Talk, talk

FLOW = """flow: f
start: {words: [go]}
anywhere: {ayuda: lado}
steps:
  - choose: q
    id: c
    options: {Sí: d, No: end}
    invalid: {tries: 2, then: quit}
  - {ask: q, id: d, if: contact.phone}
  - {run: agenda.nada, id: r, on_error: lado}
  - if: contact.new
    then: [{call: g, on: {ya: end}}]
asides:
  lado: [{say: x, on_failed: end}, {goto: g}]
---
flow: g
steps: [{end: ya}]
"""


def inner(machine: FlowMachine) -> Machine:
    """Return the library's own machine."""
    return machine._machine


def test_one_machine_for_all() -> None:
    """A flow is compiled once; conversations share it and never become its models."""
    found = talk(FLOW)
    digest = found.flows.flows["f"].digest
    machine = found.flows.machines[digest]
    others = [Talk(found.flows, EMPTY.__class__(f"c{number}", "wa", f"5917000000{number}")) for number in range(3)]
    for other in others:
        other.say("go")
        other.say("sí")
    assert found.flows.machines[digest] is machine
    assert inner(machine).models == []


def test_no_transitions_of_its_own() -> None:
    """Every transition is a way out that the flow has; the library adds no `to_x`."""
    flow = flows(FLOW).flows["f"]
    written = {(step.id, way.trigger, way.target) for step in flow.steps.values() for way in step.exits}
    assert set(FlowMachine(flow).transitions()) == written
    assert not [name for name in inner(FlowMachine(flow)).events if name.startswith("to_")]


def test_closed_triggers() -> None:
    """Triggers come from one closed table, and this flow fires most of them."""
    triggers = {trigger for _, trigger, _ in FlowMachine(flows(FLOW).flows["f"]).transitions()}
    assert triggers <= set(TRIGGERS)
    assert triggers >= {"chosen", "answered", "exhausted", "skipped", "ok", "error", "then", "else", "anywhere", "next"}


def test_targets_are_states() -> None:
    """Every target is a step of the flow, or one of the four ends that the turn knows."""
    flow = flows(FLOW).flows["f"]
    targets = {target for _, _, target in FlowMachine(flow).transitions()} - set(flow.steps)
    assert targets == {"@end", "@quit", "@flow:g"}


def test_only_callables_of_our_own() -> None:
    """The library is given no text as a callback: the only conditions are objects that return a bool."""
    events = inner(FlowMachine(flows(FLOW).flows["f"])).events.values()
    ways = [way for event in events for each in event.transitions.values() for way in each]
    conditions = [condition.func for way in ways for condition in way.conditions]
    assert conditions
    assert {type(each("no such key")) if callable(each) else str for each in conditions} == {bool}
    assert not any(way.before or way.after or way.prepare for way in ways)
