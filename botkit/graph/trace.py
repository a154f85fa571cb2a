"""From a compiled flow to what its picture shows.

Every transition of the machine becomes part of a line, save where its box says it all: `ended` of an `end`, the way of
a `goto` that leaves the flow. What counts at every question (`anywhere`, `idle`) is shown once, at a box of its own;
what leaves the flow goes to a small box beside its step, so that no line runs across the whole picture for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.flowset import FlowSet
from botkit.flow.model import AT_ANY_TIME, Exit, Flow, Step
from botkit.graph.caption import CAPTIONS, Teller, plain, time_of
from botkit.graph.picture import APART, MAIN, Box, Line, Picture
from botkit.graph.ways import tell_way
from botkit.graph.words import DASHED, HEADINGS, TARGETS, word
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.choose import Choose

#: Ids of boxes that stand for no step: no step can have them.
START, ANYWHERE = "·start", "·anywhere"
#: Between labels of ways that lead to the same box.
BETWEEN = " · "


def trace(flows: FlowSet, flow: Flow, language: str) -> Picture:
    """Return what the picture of a flow shows, in `es` or `en`."""
    own = flows.bot.language
    titles = {each.name: each.title(language, own) for each in flows.flows.values()}
    return _Tracer(flows, flow, Teller(language, own, titles)).picture()


class _Tracer:
    """Collects the boxes and lines of one flow."""

    def __init__(self, flows: FlowSet, flow: Flow, teller: Teller) -> None:
        self.flows = flows
        self.flow = flow
        self.teller = teller
        self.boxes: dict[str, Box] = {}
        self.lines: list[Line] = []

    def picture(self) -> Picture:
        """Return the whole picture."""
        flow = self.flow
        self._start()
        for step in flow.steps.values():
            self.boxes[step.id] = self._box(step)
        for step in flow.steps.values():
            self._ways(step)
        self._anywhere()
        title, headings = self.teller.title(flow.name), (self._heading("apart"), self._heading("jump"))
        return Picture(flow.name, title, tuple(self.boxes.values()), tuple(self.lines), flow.place, *headings)

    # ── boxes ──

    def _heading(self, kind: str) -> str:
        return word(HEADINGS, kind, self.teller.language)

    def _start(self) -> None:
        start, teller = self.flow.start, self.teller
        words = [start.label or start.words[0], *start.words[1:]] if start.words else []
        how = [teller.phrase("words", text=", ".join(words))] if words else []
        how += [teller.phrase("pattern", text=start.pattern.text)] if start.pattern else []
        how += [teller.phrase("event", text=start.event)] if start.event else []
        how += [teller.phrase("any")] if start.any else []
        notes = [teller.phrase("guard", text=plain(start.guard.text))] if start.guard else []
        notes += [teller.phrase("interrupts")] if start.may_interrupt else []
        callers = [teller.title(name) for name in self._callers()]
        notes += [teller.phrase("callers", text=", ".join(callers))] if callers else []
        text = "; ".join(how) or teller.phrase("shipped" if self.flow.name in BUILTIN_FLOWS else "alone")
        heading = self._heading("start")
        whole = "\n".join([heading, text, *notes])
        dashed = start.only_interrupts
        self.boxes[START] = Box(
            START, "start", heading, text, whole, tuple(notes), place=self.flow.place, dashed=dashed
        )
        self._lead(START, self.flow.first, "", (), dashed=False)

    def _callers(self) -> Iterator[str]:
        target = f"@flow:{self.flow.name}"
        for other in self.flows.flows.values():
            uses = any(
                any(need.what in ("flow", "reminder") and need.name == self.flow.name for need in step.needs)
                or any(way.target == target for way in step.exits)
                for step in other.steps.values()
            )
            if uses and other is not self.flow:
                yield other.name

    def _box(self, step: Step) -> Box:
        teller, heading = self.teller, self._heading(step.kind)
        if not step.id.startswith(f"{step.kind}_"):
            heading += BETWEEN + step.id
        if isinstance(step.body, Ask) and step.body.expected.type != "text":
            heading += BETWEEN + step.body.expected.type
        text, flow = CAPTIONS[step.kind](teller, step.body), self._leads_to(step)
        if step.kind == "goto":
            text = self._target(step.exits[0].target)
        notes = [teller.phrase("guard", text=plain(step.guard.text))] if step.guard else []
        if step.silence is not None and step.silence.say:
            time, said = time_of(step.silence.after), teller.message(step.silence.say)
            notes.append(teller.phrase("silent", time=time, text=said))
        whole = "\n".join(each for each in (heading, self._whole(step) or text, *notes, step.place.row) if each)
        lane = APART if step.id in self.flow.asides else MAIN
        return Box(
            *(step.id, step.kind, heading, text, whole, tuple(notes), lane, step.place, flow, step.id),
            dashed=lane == APART,
        )

    def _whole(self, step: Step) -> str:
        if step.kind == "say":
            return self.teller.whole(step.body)
        return self.teller.whole(step.body.question.message) if isinstance(step.body, (Ask, Choose)) else ""

    def _leads_to(self, step: Step) -> str:
        """Return the name of the flow that a step begins, or an empty text."""
        called = next((need.name for need in step.needs if need.what in ("flow", "reminder")), "")
        return step.exits[0].target.removeprefix("@flow:") if _leaves(step) else called

    def _target(self, target: str) -> str:
        if target.startswith("@flow:"):
            return self.teller.title(target.removeprefix("@flow:"))
        if target.startswith("@"):
            return word(TARGETS, target[1:], self.teller.language)
        return target

    # ── lines ──

    def _ways(self, step: Step) -> None:
        ways = [way for way in step.exits if way.trigger not in {*AT_ANY_TIME, "ended"}]
        if step.kind == "goto" and step.exits[0].target.startswith("@"):
            ways = [way for way in ways if way.trigger != "next"]
        for target in dict.fromkeys(way.target for way in ways):
            alike = [way for way in ways if way.target == target]
            dashed = all(way.trigger in DASHED for way in alike)
            triggers = tuple(dict.fromkeys(way.trigger for way in alike))
            self._lead(step.id, target, self._label(step, alike), triggers, dashed=dashed)

    def _lead(self, source: str, target: str, label: str, triggers: Sequence[str], *, dashed: bool) -> None:
        """Draw a line to a step, or to a small box for what is none of this flow."""
        if target.startswith("@"):
            target = self._leaf(source, target)
        self.lines.append(Line(source, target, label, dashed, tuple(triggers)))

    def _leaf(self, source: str, target: str) -> str:
        """Add a small box beside its source, and return its id."""
        beside, flow = self.boxes[source], target.removeprefix("@flow:") if target.startswith("@flow:") else ""
        text, id = self._target(target), f"{source}·{target.lstrip('@')}"
        kind = "flow" if flow else "end" if target == "@end" else "jump"
        heading = self._heading("flow") if flow else "" if kind == "end" else self._heading("jump")
        step = "" if target.startswith("@") else target
        whole = f"{heading} {text}".strip()
        self.boxes[id] = Box(
            *(id, kind, heading, text, whole), lane=beside.lane, flow=flow, step=step, dashed=beside.lane == APART
        )
        return id

    def _label(self, step: Step, alike: Sequence[Exit]) -> str:
        """Return what leads from a step to one box; `otherwise` says nothing where the step done leads there too."""
        if len(alike) > 1:
            alike = [way for way in alike if way.trigger != "skipped"]
        labels = [self._say(step, way) for way in alike]
        return BETWEEN.join(dict.fromkeys(label for label in labels if label))

    def _say(self, step: Step, way: Exit) -> str:
        return tell_way(self.teller, self.flow, step, way, self.flows.bot.handoff_s)

    # ── at any time ──

    def _anywhere(self) -> None:
        """Add the box for what counts at every question, with its lines."""
        steps = [step for step in self.flow.steps.values() if any(way.trigger in AT_ANY_TIME for way in step.exits)]
        silence, teller = self.flow.silence, self.teller
        notes = []
        if silence is not None:
            said, parked = teller.message(silence.say), teller.phrase("parked")
            leads = any(step.leads("idle") for step in steps)
            text = "; ".join(each for each in (said, "" if leads else parked) if each)
            notes = [teller.phrase("idle", time=time_of(silence.after), text=text)] if text else []
        if not steps and not notes:
            return
        heading = self._heading("anywhere")
        box = Box(ANYWHERE, "anywhere", heading, "", "\n".join([heading, *notes]), tuple(notes), APART, dashed=True)
        self.boxes[ANYWHERE] = replace(box, place=silence.after.text.place if silence else None)
        ways = [(step, way) for step in steps[:1] for way in step.exits if way.trigger in AT_ANY_TIME]
        for target in dict.fromkeys(way.target for _, way in ways):
            alike = [(step, way) for step, way in ways if way.target == target]
            label = BETWEEN.join(self._say(step, way) for step, way in alike)
            triggers = tuple(dict.fromkeys(way.trigger for _, way in alike))
            alone = target in self.flow.asides and all(line.target != target for line in self.lines)
            end = target if alone or target.startswith("@") else self._leaf(ANYWHERE, target)
            self._lead(ANYWHERE, end, label, triggers, dashed=True)


def _leaves(step: Step) -> bool:
    return step.kind == "goto" and step.exits[0].target.startswith("@flow:")
