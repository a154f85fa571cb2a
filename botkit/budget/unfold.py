"""A flow unfolded: its steps and those of the flows it comes to, as nodes with ways between them.

A flow that is called is unfolded anew for each step that calls it, a flow that is gone to once. What interrupts a
question (`stuck`, `welcome_back`) stands once beside it. A call of a flow that runs already leads back to its
beginning, as a loop does.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from botkit.budget.nodes import Frame, Node, Unfolded, Way, callers
from botkit.budget.reach import reached
from botkit.budget.sample import Fit
from botkit.budget.speech import Reply, Saying, saying, speech
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Exit, Flow, Step

#: Most steps of an unfolded flow; what is called beyond them counts as nothing, and the figures say so.
MAX_NODES = 2_000


class Unfolder:
    """Unfolds flows of one set; what steps send is found out once for all of them, and which flows are too large."""

    def __init__(self, flows: FlowSet, fit: Fit) -> None:
        self.flows, self.fit = flows, fit
        self.known: dict[int, Saying] = {}
        self.large: dict[str, Set[str]] = {}

    def unfold(self, flow: Flow) -> Unfolded:
        """Return a flow with all that it comes to."""
        found = _Unfolding(self).whole(flow)
        if found.cut:
            self.large[flow.digest] = reached(self.flows, flow)
        return found

    def too_large(self, caller: Flow, flow: Flow) -> bool:
        """Tell whether a flow is known to be too large, also for its caller: one that comes back to it may not be."""
        return caller.digest not in self.large.get(flow.digest, {caller.digest})

    def saying(self, step: Step) -> Saying:
        """Return what a step sends."""
        found = self.known.get(id(step))
        if found is None:
            found = self.known[id(step)] = saying(step, self.fit)
        return found


class _Unfolding:
    """One flow while it is unfolded. A node is made when it is first come to, its ways when its turn comes."""

    def __init__(self, unfolder: Unfolder) -> None:
        self.unfolder, self.flows = unfolder, unfolder.flows
        self.nodes: list[Node] = [Node(), Node()]
        self.end = 1
        self.frames: dict[tuple[str, str, int, str], Frame] = {}
        self.places: dict[tuple[int, str], int] = {}
        self.asking: list[tuple[Frame, int]] = []
        self.meetings: dict[tuple[Frame, str], int] = {}
        self.detours: list[int] = []
        self.todo: list[tuple[Frame, Step, int]] = []
        self.cut = False
        self.beyond: dict[str, Flow] = {}

    def whole(self, flow: Flow) -> Unfolded:
        self.nodes[0].ways.append(Way(self._state(self._frame(flow), flow.first)))
        while self.todo:
            self._lead(*self.todo.pop())
        self._meet()
        return Unfolded(self.nodes, self.end, self.detours, self.cut, [*self.beyond.values()])

    def _meet(self) -> None:
        """Lead from meetings to the questions that may be asked again there.

        From `@back` they are those of the flow and its callers, from `@again` those of the flow and what it calls.
        """
        own: dict[int, list[int]] = {}
        called: dict[int, list[int]] = {id(frame): [] for frame, which in self.meetings if which == "@again"}
        for frame, number in self.asking:
            own.setdefault(id(frame), []).append(number)
            for each in callers(frame) if called else ():
                if id(each) in called:
                    called[id(each)].append(number)
        for (frame, which), number in self.meetings.items():
            back = (asked for each in callers(frame) for asked in own.get(id(each), ()))
            asked = sorted(back) if which == "@back" else called[id(frame)]
            self.nodes[number].ways += [Way(each, asks_again=True) for each in asked]

    def _frame(self, flow: Flow, how: str = "", caller: Frame | None = None, site: str = "") -> Frame:
        return self.frames.setdefault((flow.digest, how, id(caller), site), Frame(flow, how, caller, site))

    # ── where a state is ──

    def _state(self, frame: Frame, state: str) -> int:
        if not state.startswith("@"):
            return self._step(frame, frame.flow.steps[state])
        if state in ("@end", "@resume"):
            return self._ended(frame, "done")
        if state in ("@back", "@again"):
            return self._meeting(frame, state)
        if state == "@restart":
            return self._place(frame, state, Node(ways=[Way(0, asks_again=True)]))
        return self.end if state == "@quit" else self._flow(frame, state.removeprefix("@flow:"))

    def _place(self, frame: Frame, name: str, node: Node) -> int:
        key = id(frame), name
        if key not in self.places:
            self.places[key] = len(self.nodes)
            self.nodes.append(node)
        return self.places[key]

    def _step(self, frame: Frame, step: Step) -> int:
        known = self.places.get((id(frame), step.id))
        if known is not None:
            return known
        if len(self.nodes) >= MAX_NODES:
            self.cut = True
            return self.end
        number = self._place(frame, step.id, Node(step, self.unfolder.saying(step), step.waits))
        self.todo.append((frame, step, number))
        return number

    def _meeting(self, frame: Frame, which: str) -> int:
        number = self._place(frame, which, Node())
        self.meetings[frame, which] = number
        return number

    def _flow(self, frame: Frame, name: str) -> int:
        """Return where a flow begins that is gone to: in the place of this one, or on top of it."""
        flow = self.flows.called(frame.flow, name)
        if flow is None:
            return self.end
        if flow.start.only_interrupts and flow.name != frame.flow.name:
            return self._over(frame, flow, silent=flow.start.resume == "silent")
        if self._leaves_out(frame, flow):
            return self._ended(frame, "done")
        return self._state(self._frame(flow, frame.how, frame.caller, frame.site), flow.first)

    def _leaves_out(self, frame: Frame, flow: Flow) -> bool:
        """Tell whether a flow that is come to is left out, being too large by itself."""
        if not self.unfolder.too_large(frame.flow, flow):
            return False
        self.cut, self.beyond[flow.name] = True, flow
        return True

    def _over(self, frame: Frame, flow: Flow, *, silent: bool) -> int:
        """Return where a flow begins that comes on top; one that is on top already begins anew."""
        top = frame.running.get(flow.digest) or self._frame(flow, "silently" if silent else "over", frame)
        number = self._state(top, flow.first)
        self.detours.append(number)
        return number

    def _ended(self, frame: Frame, outcome: str) -> int:
        """Return where a conversation is when a flow has ended."""
        caller = frame.caller
        if caller is None:
            return self.end
        if frame.how == "call":
            ways = caller.flow.steps[frame.site].exits
            own = [way.target for way in ways if way.trigger == "returned" and way.key == outcome]
            return self._state(caller, (own or [way.target for way in ways if way.trigger == "next"])[0])
        if frame.how == "handoff":
            return self.places[id(caller), f"@{frame.site}"]
        resumed = self.flows.flows.get("resumed") if frame.how == "over" else None
        if resumed is not None and not resumed.first.startswith("@"):
            return self._state(self._frame(resumed, "silently", caller), resumed.first)
        return self._meeting(caller, "@back")

    # ── the ways from a step ──

    def _lead(self, frame: Frame, step: Step, number: int) -> None:
        node = self.nodes[number]
        node.ways += [Way(self._state(frame, way.target), skips=True) for way in step.exits if way.trigger == "skipped"]
        if step.kind == "end":
            node.ways.append(Way(self.end if step.body.all else self._ended(frame, step.body.outcome)))
        elif step.kind == "call":
            node.ways += self._call(frame, step)
        elif step.kind == "handoff" and not step.body.say:
            self._hand_over(frame, step, node)
        else:
            node.ways += self._exits(frame, step)
        if step.asks:
            self.asking.append((frame, number))
            self._listen(frame, step, node)

    def _exits(self, frame: Frame, step: Step) -> list[Way]:
        exits = [way for way in step.exits if way.trigger not in ("skipped", "idle")]
        ways = [self._exit(frame, way, waits=step.waits) for way in exits]
        if step.kind in ("run", "http") and not step.leads("error"):
            flow = self.flows.flows.get("error")
            ways.append(Way(self.end if flow is None else self._state(self._frame(flow), flow.first)))
        return ways

    def _exit(self, frame: Frame, way: Exit, *, waits: bool) -> Way:
        target = self._state(frame, way.target)
        if way.trigger == "anywhere" and way.target in frame.flow.again:
            self.detours.append(target)
        return Way(target, fresh=waits or way.trigger == "failed")

    def _call(self, frame: Frame, step: Step) -> list[Way]:
        flow = self.flows.called(frame.flow, step.body.flow)
        running = frame.running.get(flow.digest) if flow else None
        if flow is not None and running is None and not self._leaves_out(frame, flow):
            return [Way(self._state(self._frame(flow, "call", frame, step.id), flow.first))]
        back = [Way(self._state(running, running.flow.first))] if running is not None else []
        ways = [way for way in step.exits if way.trigger in ("next", "returned")]
        return back + [Way(self._state(frame, way.target)) for way in ways]

    def _hand_over(self, frame: Frame, step: Step, node: Node) -> None:
        """Lead through `handed_off`, which speaks for a handoff that says nothing itself."""
        flow = self.flows.flows.get("handed_off")
        if flow is None or flow.name == frame.flow.name:
            node.ways += self._exits(frame, step)
            return
        node.waits = False
        self._place(frame, f"@{step.id}", Node(step, waits=True, ways=self._exits(frame, step)))
        node.ways.append(Way(self._state(self._frame(flow, "handoff", frame, step.id), flow.first)))

    def _listen(self, frame: Frame, step: Step, node: Node) -> None:
        """Add what may happen at a question besides: silence of its flow, and words and silence of its callers."""
        self._idle(frame, step, frame, node)
        for each, at in frame.listening:
            node.ways += [self._exit(each, way, waits=True) for way in at.exits if way.trigger == "anywhere"]
            self._idle(each, at, frame, node)

    def _idle(self, frame: Frame, at: Step, top: Frame, node: Node) -> None:
        silence = frame.flow.silence
        if silence is None:
            return
        said = speech(silence.say, self.unfolder.fit)
        targets = [way.target for way in at.exits if way.trigger == "idle"]
        node.ways += [Way(self._state(frame, target), said, fresh=True) for target in targets]
        if not targets:
            node.saying = replace(node.saying, reminders=(*node.saying.reminders, Reply(said, 1)))
            flow = self.flows.flows.get("welcome_back")
            if flow is not None and flow.digest not in top.running:
                node.ways.append(Way(self._over(top, flow, silent=True), fresh=True))
