"""A flow as a `transitions` machine: the one file that imports transitions.

One flat synchronous machine per flow, shared by every conversation and never given a model: a throw-away `Token` is
moved by firing an event on it. transitions accepts unknown targets, imports any text given as a callback and takes a
guard for true only if it `== True`; so states and targets are proved here first, and the only callables it gets are
`_KeyIs`, which return bool.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from transitions import Machine, MachineError

from botkit.flow.model import TRIGGERS, Flow
from botkit.flow.reach import reached

# INFO makes transitions format a line for every callback, at five times the cost of a turn.
logging.getLogger("transitions").setLevel(logging.WARNING)


@dataclass(slots=True)
class Token:
    """What is moved through the machine: only a state."""

    state: str


@dataclass(frozen=True, slots=True)
class _KeyIs:
    """A guard: the key given with the event is this transition's own."""

    key: str

    def __call__(self, key: str | None = None) -> bool:
        return key == self.key


class NoWayOut(Exception):
    """The machine has no transition for this event from this state: a defect, or a definition that changed."""


class FlowMachine:
    """The compiled machine of one flow."""

    __slots__ = ("_decided", "_machine")

    def __init__(self, flow: Flow) -> None:
        ways = [(step, way) for step in flow.steps.values() for way in step.exits]
        pseudo = {way.target for _, way in ways if way.target.startswith("@")}
        states = [*flow.steps, *sorted(pseudo)]
        self._decided: dict[tuple[str, str, str | None], str] = {}
        unknown = [way.target for _, way in ways if way.target not in states or way.trigger not in TRIGGERS]
        if unknown:
            raise ValueError(f"{flow.name}: exits that lead nowhere: {unknown}")
        self._machine = Machine(model=None, states=states, initial=flow.first, auto_transitions=False, name=flow.name)
        for step, way in ways:
            guard = None if way.key is None else _KeyIs(way.key)
            self._machine.add_transition(way.trigger, step.id, way.target, conditions=guard)

    def move(self, state: str, trigger: str, key: str | None = None) -> str:
        """Return the state that an event leads to; raises NoWayOut.

        Guards look at nothing but the key, so what the machine decided once it would decide again: that is remembered
        (asking costs some 10 µs).
        """
        asked = (state, trigger, key)
        target = self._decided.get(asked)
        if target is None:
            target = self._decided[asked] = self._ask(*asked)
        return target

    def _ask(self, state: str, trigger: str, key: str | None) -> str:
        token = Token(state)
        try:
            moved = self._machine.events[trigger].trigger(token, key)
        except (KeyError, ValueError, MachineError):
            moved = False
        if not moved:
            raise NoWayOut(f"{self._machine.name}: no way out of '{state}' by '{trigger}' {key or ''}")
        return token.state

    def transitions(self) -> Iterator[tuple[str, str, str]]:
        """Yield (state, trigger, state) of every transition, for reachability, coverage and pictures."""
        for trigger, event in self._machine.events.items():
            for source, ways in event.transitions.items():
                for way in ways:
                    yield str(source), str(trigger), str(way.dest)


def reachable(machine: FlowMachine, first: str) -> set[str]:
    """Return every state that can be reached from `first`."""
    ways: dict[str, set[str]] = {}
    for source, _, target in machine.transitions():
        ways.setdefault(source, set()).add(target)
    return reached([first], lambda state: ways.get(state, ()))
