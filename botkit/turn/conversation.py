"""The state of one contact: a stack of frames and the `contact.*` fields. One version, one row.

The state is JSON in the store. Keys are short words rather than letters: a person reads them in an incident.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botkit.turn.frozen import frozen
from botkit.turn.loops import NOTHING, Loop

#: What leads from a stack of frames to an older one, as JSON (`undo.py`).
Undo = list[Any]


@dataclass(frozen=True, slots=True)
class PendingCall:
    """A call that a committed leg asked for and whose result is not yet journaled.

    It holds all that is needed to call again after a crash: the same arguments under the same idempotency key. For an
    `http` step `handler` is the request as its author wrote it (what people sent is not in it) and `arguments` are the
    whole request. `retries` are further attempts, each with `timeout_s`. `meanwhile_s` is how long the call may take
    before the person is told; None: never, or told already. `steps` are those that ran without a wait before it.
    """

    key: str
    handler: str
    step: str
    visit: int
    arguments: dict[str, Any] = field(default_factory=dict)
    timeout_s: float = 30.0
    attempt: int = 1
    deadline: float = 0.0
    steps: int = 0
    kind: str = "run"
    retries: int = 0
    meanwhile_s: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each attempt of a call may take, how many more there are, and when the person is told to wait."""

    timeout_s: float
    retries: int = 0
    meanwhile_s: float | None = None


@frozen
class Frame:
    """One running flow: where it stands and what it knows.

    `digest` names the definition it began with. `visits` counts the steps entered so far (it makes idempotency
    keys differ between two passes over one step). `tries` counts wrong answers at the present question. `shown`
    is the menu on show: `[{id, label, value, key, …}]`, `page` its page, from 0. `since` is the conversation's version
    after the leg in which the flow began, or last heard of a message that failed: what was said before concerns it no
    more. Behind an `anywhere` word `asked` is the step whose question is asked again, and `above` are the flows set
    aside meanwhile.

    `due` are the clocks that run here: one of `clocks.CLOCKS` -> UTC seconds. `said` counts how often the step's
    silence has spoken; `parked` says that the flow's own silence ran out and led nowhere. `came` is how the flow came
    on top of the one below: "" called by it (or nothing is below), else it interrupted, and a key of
    `interruption.CAME` says what the one below does when it gets its place back. `gathered` are messages that come
    close together (`gather.py`). `back`, `open` and `detour` lead to the questions before (`way.py`); `detour`
    counts those of the `anywhere` list that runs, and of flows that it calls.
    """

    flow: str
    digest: str
    step: str
    slots: dict[str, Any] = field(default_factory=dict)
    visits: int = 0
    tries: int = 0
    shown: tuple[dict[str, Any], ...] = ()
    pending_call: PendingCall | None = None
    since: int = 0
    page: int = 0
    asked: str | None = None
    above: tuple[Frame, ...] = ()
    due: dict[str, float] = field(default_factory=dict)
    said: int = 0
    parked: bool = False
    came: str = ""
    gathered: dict[str, Any] | None = None
    back: tuple[Undo, ...] = ()
    open: Undo | None = None
    detour: int = 0


@dataclass(frozen=True, slots=True)
class Handoff:
    """People have the conversation: the queue `to` (`handover.PHONE`: who took it there), since when and until when.

    Times are UTC seconds; what people write puts `until` off to `lasts_s` from then. `unread` counts what the person
    wrote since. `begun` is the inbox row that it began with.
    """

    to: str
    since: float
    until: float
    lasts_s: float
    unread: int = 0
    begun: int = 0


@frozen
class Conversation:
    """All that is known of one contact; `id` is opaque, `contact` the gateway's key for the person.

    `reminders` are by name: `{flow, with, at}`, `at` in UTC seconds. `held` are events that came while people had the
    conversation, until they are applied: `{kind, event, at}`, `kind` as the inbox calls it. `loop` is what the guard of
    loops remembers (`loops.py`).
    """

    id: str
    channel: str
    contact: str
    version: int = 0
    epoch: int = 0
    frames: tuple[Frame, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    reminders: dict[str, dict[str, Any]] = field(default_factory=dict)
    handoff: Handoff | None = None
    held: tuple[dict[str, Any], ...] = ()
    loop: Loop = NOTHING

    @property
    def top(self) -> Frame | None:
        """Return the running frame, or None with nothing running."""
        return self.frames[-1] if self.frames else None

    def digests(self) -> dict[str, str]:
        """Return digest -> flow of every definition that it is in the middle of, or can go back to."""
        found: dict[str, str] = {}
        for outer in self.frames:
            found[outer.digest] = outer.flow
            for frame in outer.above:
                found[frame.digest] = frame.flow
            for way in (*outer.back, outer.open or ()):
                for entry in way:
                    if entry and "digest" in entry:
                        found[entry["digest"]] = entry["flow"]
        return found

    @property
    def opted_out(self) -> bool:
        """Tell whether the person wants no reminders and no broadcasts."""
        return bool(self.fields.get("opted_out"))


def dump_state(conversation: Conversation) -> dict[str, Any]:
    """Return the part of a conversation that the store keeps as JSON; defaults are left out."""
    state: dict[str, Any] = {}
    if conversation.frames:
        state["frames"] = [dump_frame(frame) for frame in conversation.frames]
    if conversation.fields:
        state["fields"] = conversation.fields
    if conversation.last:
        state["last"] = conversation.last
    if conversation.reminders:
        state["reminders"] = conversation.reminders
    if conversation.handoff is not None:
        state["handoff"] = {name: getattr(conversation.handoff, name) for name in Handoff.__slots__}
    if conversation.held:
        state["held"] = list(conversation.held)
    if conversation.loop is not NOTHING:
        state["loop"] = list(conversation.loop)
    return state


def load_state(base: Conversation, state: dict[str, Any]) -> Conversation:
    """Return `base` with the frames and fields that `dump_state` wrote."""
    return Conversation(
        *(base.id, base.channel, base.contact, base.version, base.epoch),
        frames=tuple(load_frame(frame) for frame in state.get("frames", ())),
        fields=state.get("fields", {}),
        last=state.get("last", {}),
        reminders=state.get("reminders", {}),
        handoff=Handoff(**handed) if (handed := state.get("handoff")) else None,
        held=tuple(state.get("held", ())),
        loop=Loop(*loop) if (loop := state.get("loop")) else NOTHING,
    )


def dump_frame(frame: Frame) -> dict[str, Any]:
    """Return a frame as JSON types; defaults are left out."""
    out: dict[str, Any] = {"flow": frame.flow, "digest": frame.digest, "step": frame.step}
    if frame.slots:
        out["slots"] = frame.slots
    if frame.visits:
        out["visits"] = frame.visits
    if frame.tries:
        out["tries"] = frame.tries
    if frame.shown:
        out["shown"] = list(frame.shown)
    if frame.page:
        out["page"] = frame.page
    if frame.since:
        out["since"] = frame.since
    if frame.asked:
        out["asked"] = frame.asked
    if frame.above:
        out["above"] = [dump_frame(inner) for inner in frame.above]
    if frame.due:
        out["due"] = frame.due
    if frame.said:
        out["said"] = frame.said
    if frame.parked:
        out["parked"] = True
    if frame.came:
        out["came"] = frame.came
    if frame.gathered is not None:
        out["gathered"] = frame.gathered
    if frame.back:
        out["back"] = frame.back
    if frame.open is not None:
        out["open"] = frame.open
    if frame.detour:
        out["detour"] = frame.detour
    call = frame.pending_call
    if call is not None:
        out["pending_call"] = {name: getattr(call, name) for name in PendingCall.__slots__}
    return out


def load_frame(raw: dict[str, Any]) -> Frame:
    """Return the frame that `dump_frame` wrote."""
    call = raw.get("pending_call")
    return Frame(
        flow=raw["flow"],
        digest=raw["digest"],
        step=raw["step"],
        slots=raw.get("slots", {}),
        visits=raw.get("visits", 0),
        tries=raw.get("tries", 0),
        shown=tuple(raw.get("shown", ())),
        pending_call=PendingCall(**call) if call else None,
        since=raw.get("since", 0),
        page=raw.get("page", 0),
        asked=raw.get("asked"),
        above=tuple(load_frame(inner) for inner in raw.get("above", ())),
        due=raw.get("due", {}),
        said=raw.get("said", 0),
        parked=raw.get("parked", False),
        came=raw.get("came", ""),
        gathered=raw.get("gathered"),
        back=tuple(raw.get("back", ())),
        open=raw.get("open"),
        detour=raw.get("detour", 0),
    )
