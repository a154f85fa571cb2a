"""What a way out of a step is called, in the author's words: an option by its label, a silence by how long it is."""

from __future__ import annotations

from botkit.flow.duration import show_duration
from botkit.flow.model import Exit, Flow, Step
from botkit.graph.caption import CAPTIONS, Teller, plain, time_of
from botkit.graph.words import HEADINGS, WAYS, word
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.choose import Choose
from botkit.turn.kinds.handoff import HandOver
from botkit.turn.kinds.wait import Wait
from botkit.turn.options import Option


def tell_way(teller: Teller, flow: Flow, step: Step, way: Exit, handoff_s: float) -> str:
    """Return what a way out is called; empty for the only way on. `handoff_s` is the bot's own time for people."""
    others = {each.trigger for each in step.exits}
    return word(
        *(WAYS, way.trigger, teller.language),
        key=_key(teller, flow, step, way),
        time=_time(flow, step, way.trigger, handoff_s),
        tries=getattr(getattr(step.body, "invalid", None), "tries", ""),
        well=teller.phrase("well") if others & {"error", "status"} else "",
        other=teller.phrase("other outcome") if "returned" in others else "",
    ).strip()


def _key(teller: Teller, flow: Flow, step: Step, way: Exit) -> str:
    """Return what tells a way from others by the same trigger: an option's label, a word as written, a status."""
    if way.trigger == "anywhere" and way.key is not None:
        return flow.anywhere[way.key]
    if way.trigger != "chosen" or not isinstance(step.body, (Ask, Choose)):
        return way.key or ""
    option = next(each for each in step.body.options if each.key == way.key)
    if isinstance(option, Option):
        label = teller.phrase("quoted", text=teller.wording(option.label))
    else:
        label = teller.phrase("one of", text=plain(option.source.text))
    return f"{label} ({teller.phrase('guard', text=plain(option.guard.text))})" if option.guard else label


def _time(flow: Flow, step: Step, trigger: str, handoff_s: float) -> str:
    if trigger == "silence" and step.silence is not None:
        return time_of(step.silence.after)
    if trigger == "idle" and flow.silence is not None:
        return time_of(flow.silence.after)
    if isinstance(step.body, HandOver):
        return time_of(step.body.lasts) or show_duration(handoff_s)
    if isinstance(step.body, Wait):
        return time_of(step.body.duration) or plain(step.body.until.text if step.body.until else "")
    return ""


def tell_step(teller: Teller, step: Step) -> str:
    """Return what a step is known by: the id that its author gave it, else what it is and says."""
    if not step.id.startswith(f"{step.kind}_"):
        return step.id
    return f"{word(HEADINGS, step.kind, teller.language)} {CAPTIONS[step.kind](teller, step.body)}".strip()
