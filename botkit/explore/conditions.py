"""Conditions that no answers make true, where they read nothing but answers.

Every combination of the values that the questions were seen to save is tried: so nothing is said of a condition that
reads what others give, and of values that nobody could know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from jinja2.nodes import Const

from botkit.answers.fold import fold
from botkit.errors import EvaluationError
from botkit.explore.asked import Asked
from botkit.explore.finding import At, Finding
from botkit.explore.reading import saves_of, whole
from botkit.explore.scene import Beat
from botkit.flow.flowset import FlowSet
from botkit.flow.level import LEVELS
from botkit.flow.locale import Locale
from botkit.flow.message import Words
from botkit.flow.model import Flow, Step
from botkit.flow.scope import Scope
from botkit.flow.text import Expression
from botkit.turn.options import Option

#: Most values of a slot, and most combinations of values, that a condition is tried with.
VALUES, COMBINATIONS = 60, 4_000
#: Most talks that are kept of those that passed a step under one load.
TALKS = 12
#: How far behind a condition the first words are looked for, in steps.
AHEAD = 4
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(slots=True)
class Conditions:
    """Keeps what questions saved, and talks that came by each step."""

    flows: FlowSet
    values: dict[At, dict[str, Any]] = field(default_factory=dict)
    passed: dict[At, list[Beat]] = field(default_factory=dict)

    def note(self, beat: Beat, asked: Asked | None, *, taken: bool) -> None:
        """Take up what came of a move."""
        for way in beat.ways:
            talks = self.passed.setdefault((way.flow, way.step), [])
            if sum(each.after.load == beat.after.load for each in talks) < TALKS:
                talks.append(beat)
        slot = _slot(asked.step) if asked is not None and taken else ""
        top = beat.after.conversation.top
        ended = {end.flow: end.slots for end in beat.ended}
        slots: Mapping[str, Any] = ended[asked.flow.name] if asked and asked.flow.name in ended else {}
        if asked is not None and top is not None and top.flow == asked.flow.name:
            slots = top.slots
        if asked is not None and slot in slots:
            kept = self.values.setdefault((asked.flow.name, slot), {})
            if len(kept) < VALUES:
                kept[repr(slots[slot])] = slots[slot]

    def never(self) -> Iterator[Finding]:
        """Yield the conditions that are never true, with a talk that comes by."""
        for flow in self.flows.flows.values():
            for step in () if flow.builtin else flow.steps.values():
                for condition, option in _conditions(step):
                    if self._is_never(flow, condition):
                        yield from self._found(flow, step, condition, option)

    def _found(self, flow: Flow, step: Step, condition: Expression, option: Option | None) -> Iterator[Finding]:
        beats = self.passed.get((flow.name, step.id), [])
        words = _option_words(option) if option is not None else self._words(flow, step)
        if beats and words:
            beat = min(beats, key=lambda each: (-_names(each, condition), len(each.after.path())))
            yield Finding("never", str(condition.place), beat.after, {"condition": condition.text}, {"some": words})

    def _is_never(self, flow: Flow, condition: Expression) -> bool:
        names = sorted(condition.names)
        pools = [self._pool(flow, name) for name in names]
        if not names or any(len(pool) < 2 for pool in pools):
            return False
        bot = self.flows.bot
        for count, values in enumerate(product(*pools)):
            slots = dict(zip(names, values, strict=True))
            scope = Scope(slots, {}, {}, Locale(bot.language, bot.currency, bot.country))
            try:
                if count >= COMBINATIONS or condition.holds(scope):
                    return False
            except EvaluationError:
                return False
        return True

    def _pool(self, flow: Flow, name: str) -> list[Any]:
        """Return the values of a slot that only questions set, and of `load`; none for any other name."""
        if name == "load":
            return list(LEVELS)
        for step in flow.steps.values():
            saves = saves_of(step)
            others = {slot for slot, _ in step.body} if step.kind == "set" else set()
            others |= {slot for slot, _ in saves.parts} if saves is not None else set()
            others |= {saves.bare} if saves is not None and not step.asks else set()
            if name in others:
                return []
        pattern = flow.start.pattern
        is_given = name in flow.inputs or (pattern is not None and name in pattern.names)
        return [] if is_given else list(self.values.get((flow.name, name), {}).values())

    def _words(self, flow: Flow, step: Step) -> str:
        """Return a pattern of the first words that are said once the condition is true."""
        target = next((way.target for way in step.exits if way.trigger == "then"), step.id)
        for _ in range(AHEAD):
            here = flow.steps.get(target)
            if here is None:
                return ""
            words = _first(getattr(here.body, "question", here.body), self.flows.bot.language)
            if words:
                return words
            target = next((way.target for way in here.exits if way.trigger in ("next", "ok")), "")
        return ""


def _slot(step: Step) -> str:
    saves = saves_of(step)
    return (saves.bare or "") if saves is not None and step.asks else ""


def _names(beat: Beat, condition: Expression) -> int:
    """Count what of a talk is a text of the condition, in whatever case: what was answered, and the load."""
    texts = {fold(str(each.value)) for each in whole(condition.parsed.tree) if isinstance(each, Const) and each.value}
    return any(fold(str(move.told)) in texts for move in beat.after.path()) + (beat.after.load in texts)


def _conditions(step: Step) -> Iterator[tuple[Expression, Option | None]]:
    if isinstance(step.body, Expression):
        yield step.body, None
    if step.guard is not None:
        yield step.guard, None
    for option in getattr(step.body, "options", ()):
        if isinstance(option, Option) and option.guard is not None:
            yield option.guard, option


def _option_words(option: Option) -> str:
    template = next(iter(option.label.texts.values()))
    return rf"(?m)^\[{_pattern(template.text)}\]$"


def _first(message: Any, language: str) -> str:
    message = getattr(message, "message", message)
    for bubble in message if isinstance(message, tuple) else ():
        content = getattr(bubble, "content", None)
        if isinstance(content, Words):
            return _pattern(content.wording.pick(language, language).text)
    return ""


def _pattern(text: str) -> str:
    """Return a pattern that a template's text fits, whatever its values are."""
    return ".*".join(re.escape(part.strip()) for part in _TAG.split(text.strip()))
