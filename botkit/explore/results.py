"""What calls give: as the bot's own tests say, by annotation, by use; and how they fail.

A handler that takes no `ctx` runs, as it does in a test, unless some test of the bot says what it returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botkit.explore.invented import Vague, by_use, returns
from botkit.explore.scene import Scene
from botkit.explore.shapes import shape_of_result
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step
from botkit.handlers import Handler
from botkit.turn.conversation import PendingCall
from botkit.turn.kinds.http import Http

#: How plausible a result is: what follows from `odd` ones (a service answers nonsense) is no finding, save a crash.
#: Of `guessed` ones nobody knows the types: a value of another type than the flow needs is no finding.
REAL, USUAL, GUESSED, FAILURE, ODD = "real", "usual", "guessed", "failure", "odd"

#: A stub as in a test (None: the handler itself), and how plausible it is.
Result = tuple[Mapping[str, Any] | None, str]

#: Statuses of a service that refuses or is down.
STATUSES = (404, 500)


@dataclass(slots=True)
class Results:
    """What each call of a bot may give. `stubs` are those of the bot's own tests, by name."""

    flows: FlowSet
    handlers: Mapping[str, Handler]
    stubs: Mapping[str, Sequence[Mapping[str, Any]]]
    random: Random
    _known: dict[tuple[str, str, str], list[Result]] = field(default_factory=dict)
    _given: dict[tuple[str, str], int] = field(default_factory=dict)

    def give(self, scene: Scene, name: str, call: PendingCall) -> Result:
        """Return a result: the one given least so far, or (two times in three) one that lets the talk go on."""
        top = scene.conversation.top
        assert top is not None  # who calls stands somewhere
        options = self._options(top.flow, call.step, name, call)
        real = [each for each in options if each[0] is None]
        before = scene.given.get(name, ())
        if before is None:  # a test cannot stub a handler for some calls only
            return real[0]
        if before:
            options = [each for each in options if each[0] is not None] or options
        good = [each for each in options if each[1] in (REAL, USUAL, GUESSED)]
        if good and self.random.random() < 0.67:
            options = good
        least = min(self._given.get((name, repr(each)), 0) for each in options)
        chosen = self.random.choice([each for each in options if self._given.get((name, repr(each)), 0) == least])
        self._given[name, repr(chosen)] = least + 1
        return chosen

    def _options(self, flow_name: str, step_id: str, name: str, call: PendingCall) -> list[Result]:
        key = (flow_name, step_id, name)
        if key not in self._known:
            flow = self.flows.flows[flow_name]
            step = flow.steps[step_id]
            made = self._http(flow, step, name) if call.kind == "http" else self._run(flow, step, name)
            self._known[key] = list({repr(each): each for each in made}.values())
        return self._known[key]

    def _run(self, flow: Flow, step: Step, name: str) -> list[Result]:
        known = self.handlers.get(name)
        shown = [stub for stub in self.stubs.get(name, ()) if "error" not in stub and "delay" not in stub]
        runs = known is not None and not known.wants_context and not shown
        found: list[Result] = [(None, REAL)] if runs else []
        found += [(stub, USUAL) for stub in shown]
        try:
            found += [({"return": value}, USUAL) for value in (returns(known.function) if known else ())]
        except Vague:
            if not found:
                found += [({"return": value}, GUESSED) for value in by_use(shape_of_result(flow, step, ("result",)))]
        if step.leads("error") or self._fails(known, flow):
            found.append(({"error": "no hay conexión"}, FAILURE))
        return found or [({"return": None}, USUAL)]

    def _fails(self, known: Handler | None, flow: Flow) -> bool:
        """Tell whether a handler without a way for errors may be expected to fail.

        One that takes `ctx` or is async talks to others, and where the author thinks of errors elsewhere in the flow,
        this one was forgotten. A plain function that computes something is taken at its word.
        """
        others = any(step.kind == "run" and step.leads("error") for step in flow.steps.values())
        return others or known is None or known.wants_context or known.is_async

    def _http(self, flow: Flow, step: Step, name: str) -> list[Result]:
        shown = [stub for stub in self.stubs.get(name, ()) if "error" not in stub and stub.get("status", 200) < 300]
        found: list[Result] = [(stub, USUAL) for stub in shown]
        root = ("response", "json")
        saves = getattr(step.body, "saves", None)
        shape = shape_of_result(flow, step, root)
        if not shown:
            bodies = by_use(shape) if saves and (saves.bare or shape.parts or shape.item) else [{"ok": True}]
            found += [({"json": body}, GUESSED) for body in bodies]
        statuses = step.body.statuses if isinstance(step.body, Http) else frozenset()
        found += [({"status": int(status), "json": {}}, FAILURE) for status in sorted(statuses)]
        found += [({"status": status}, FAILURE) for status in STATUSES if str(status) not in statuses]
        found += [({"error": "no hay conexión"}, FAILURE), ({"delay": 3600.0, "json": {}}, FAILURE)]
        return [*found, ({"text": "<html>504</html>"}, ODD), ({"json": {}}, ODD)]
