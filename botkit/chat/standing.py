"""How a talk stands, for `:where` and `:slots`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.chat.session import Session
from botkit.chat.texts import Language, day_name, tell
from botkit.turn.clocks import REMINDER
from botkit.turn.conversation import Frame
from botkit.turn.versions import fate_of

#: Longest value that is shown, in characters.
LONG = 160
#: What a reload made of a flow (`versions.FATES`) -> what is told of it, where it does not go on in the new definition.
NOT_NEW = {"without step": "old", "removed": "gone", "restarts": "restarts"}


def where(session: Session, language: Language) -> Iterator[str]:
    """Yield the step with its place, the flows below, the timers with when they are due, and the time."""
    conversation = session.conversation
    frames = conversation.frames if conversation else ()
    if not frames:
        yield tell("nowhere", language)
        if outcome := session.rehearsal.facts()["outcome"]:
            yield tell("last outcome", language, outcome=outcome)
    for key, frame in zip(["at step", *["below"] * len(frames)], reversed(frames), strict=False):
        yield tell(key, language, **_step(session, frame))
        fate = fate_of(session.flows, frame).name
        if fate in NOT_NEW:
            yield "  " + tell(NOT_NEW[fate], language)
    if conversation and conversation.handoff:
        yield tell("handed", language, to=conversation.handoff.to)
    clocks = session.clocks()
    for name, clock in sorted(clocks.items(), key=lambda each: each[1].due_at):
        what = tell(f"clock {clock.kind}", language)
        what += f" '{name.partition('/')[2]}'" if clock.kind == REMINDER else ""
        left = duration(clock.due_at - session.now)
        yield tell("due", language, what=what, left=left, when=moment(session, language, clock.due_at))
    if not clocks:
        yield tell("no clocks", language)
    if session.rehearsal.load != "green":
        yield tell("load", language, level=session.rehearsal.load)
    yield moment(session, language, session.now)


def not_new(session: Session) -> str | None:
    """Return what is told of the running flow where a reload does not let it go on in the new definition."""
    return NOT_NEW.get(fate_of(session.flows, session.top).name) if session.top else None


def slots(session: Session, language: Language) -> Iterator[str]:
    """Yield the slots of the running flow, or as the last one left them, and what is known of the contact."""
    facts = session.rehearsal.facts()
    known = {name: value for name, value in facts["contact"].items() if name not in ("message", "new", "outcome")}
    found = {**facts["slots"], **{f"contact.{name}": value for name, value in known.items()}}
    for name, value in found.items():
        yield f"{name}: {shown(value)}"
    if not found:
        yield tell("no slots", language)


def shown(value: Any) -> str:
    """Return a value as an author would write it, up to LONG characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def moment(session: Session, language: Language, at: float) -> str:
    """Return a time as the bot's clock shows it: lunes 23/11/2026 16:37."""
    local = datetime.fromtimestamp(at, ZoneInfo(session.flows.bot.timezone))
    seconds = f":{local:%S}" if local.second else ""
    return f"{day_name(local.weekday(), language)} {local:%d/%m/%Y %H:%M}{seconds}"


def duration(seconds: float) -> str:
    """Return a time as its two largest units: 1d 2h, 1h 59m, 40s."""
    left, parts = max(0, round(seconds)), []
    for sign, unit in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        if left >= unit:
            parts.append(f"{left // unit}{sign}")
            left %= unit
    return " ".join(parts[:2]) or "0s"


def _step(session: Session, frame: Frame) -> Mapping[str, str]:
    flow = session.flows.by_digest.get(frame.digest)
    step = flow.steps.get(frame.step) if flow else None
    kind, place = (step.kind, step.place.row) if step else ("?", "")
    return {"flow": frame.flow, "step": frame.step, "kind": kind, "place": place}
