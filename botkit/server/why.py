"""`why`: where a conversation stands and why, what it waits for, what is queued for it and when that leaves.

The answer is a list of statements: a name of STATEMENTS and its values, which whoever shows them puts into sentences.
Times are UTC seconds; `place` is `file:line`, empty where the definition is not kept any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botkit.definitions import adopt, kept
from botkit.errors import StoreReason
from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo, Step
from botkit.server.contacts import Arguments, conversations
from botkit.server.ingress import Ingress
from botkit.server.outlook import Outlook, rows_at
from botkit.server.queues import may_have_come
from botkit.turn.clocks import clocks_of
from botkit.turn.conversation import Conversation, Frame, PendingCall, load_state
from botkit.turn.handover import LOOP
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.wait import Wait

Row = dict[str, Any]

#: Statement -> what it says; `cli/messages_why.py` has the sentences.
STATEMENTS: Mapping[str, str] = {
    # where it is
    "at": "the step that it is at, and since when",
    "at some time": "the same, since longer than the journal was read back",
    "below": "a flow below, which goes on afterwards",
    "parked": "the flow's own silence ran out: the next message begins `welcome_back`",
    "idle": "no flow runs",
    "idle after": "no flow runs, and how the last one ended",
    "began": "nothing has been applied yet",
    # how it came there
    "came": "the last event that was applied, and the way that it took",
    "stayed": "the last event that was applied, and that it led nowhere else",
    # what it waits for
    "handed": "people have it: the bot is silent",
    "looped": "it was parked by the guard against loops: the bot is silent",
    "held": "events that wait until people give it back",
    "calls": "a handler or a service was called, and has not answered",
    "asks": "an answer of a type",
    "chooses": "one of the options that were shown",
    "event": "a named event",
    "waits": "a `wait` step",
    "clock silence": "when nobody answering has an effect",
    "clock idle": "when nobody writing has an effect",
    "clock together": "when messages that belong together are read",
    "clock wait": "when a `wait` step is over",
    "clock handoff": "when people have had it for long enough",
    "clock reminder": "when a reminder is due",
    "clock held": "when the next event that waited is applied",
    "pending": "an event that waits to be applied",
    "failing": "an event that failed, and is tried again",
    # what is queued
    "quiet": "nothing is queued",
    "asleep": "no bot runs: nothing leaves, nothing is applied",
    "refused": "the store takes nothing: nothing leaves, nothing is applied",
    "paused": "the channel is paused",
    "stopped": "nothing leaves by the channel, and why",
    "stopped until": "nothing leaves by the channel, why, and when it is probed",
    "air": "a message that is being sent",
    "doubt": "a message that was tried, of which nobody knows yet whether it arrived",
    "queued": "a message that leaves at about a time",
    "stuck": "a message that does not leave by itself",
    "more": "how many messages more are queued",
    "opted_out": "the person wants no reminders and no broadcasts",
    # what went wrong
    "ended": "a message that was not sent, and why",
    "unknown": "a message that was tried, of which nobody will know whether it arrived",
    "dead": "an event that was given up",
}
#: Legs that are read back, messages and events that are told, how old what was not sent may be, in seconds.
LEGS, ROWS, LATELY_S = 50, 10, 7 * 86_400.0


async def why(ingress: Ingress, arguments: Arguments) -> list[Row]:
    """Return each conversation of `contact` as `{contact, channel, name, conversation, statements}`; raises Refused."""
    outlook, refusal = await Outlook.look(ingress), await ingress.refusal()
    return [await _told(ingress, outlook, row, refusal) for row in await conversations(ingress.store, arguments)]


async def _told(ingress: Ingress, outlook: Outlook, row: Row, refusal: StoreReason | None) -> Row:
    store, now = ingress.store, ingress.now()
    base = Conversation(row["id"], row["channel"], row["contact"])
    conversation = load_state(base, row["state"])
    flows = FlowSet(BotInfo())
    await adopt(flows, conversation.digests(), lambda digest: kept(store.definition, digest))
    legs, events = await store.last_legs(row["id"], LEGS), await store.not_applied(row["id"], ROWS)
    rows = [outlook.flying(each) for each in outlook.air if each["conversation_id"] == row["id"]]
    spots = list(outlook.spots(row["id"], row["channel"]))
    waiting = await rows_at(ingress, outlook, spots[:ROWS])
    statements = [
        *_where(conversation, flows, legs),
        *_how(legs),
        *_waits(conversation, flows),
        *_events(events, "pending", now),
        *([] if refusal is None else [_say("refused", store=refusal)]),
        *_channel(outlook, row["channel"], runs=ingress.runs),
        *_queue([*rows, *waiting], len(rows) + len(spots)),
        *([_say("opted_out")] if conversation.opted_out else []),
        *_ended(await store.ended_rows(row["id"], now - LATELY_S, ROWS)),
        *_events(events, "dead", now),
    ]
    told = {"contact": row["contact"], "channel": row["channel"], "conversation": row["id"]}
    return {**told, "name": conversation.last.get("name"), "statements": statements}


def _say(statement: str, /, **values: Any) -> Row:
    assert statement in STATEMENTS, statement
    return {"say": statement, **values}


# ── where it is, and how it came there ──


def _where(conversation: Conversation, flows: FlowSet, legs: list[Row]) -> Iterator[Row]:
    """Yield where a conversation is, the flow on top first."""
    if not conversation.frames:
        outcome = conversation.last.get("outcome")
        if not legs:
            yield _say("began")
        else:
            yield _say("idle after", outcome=outcome) if outcome else _say("idle")
        return
    top, *below = reversed(conversation.frames)
    since = _since(f"{top.flow}/{top.step}", legs)
    if since is None:
        yield _say("at some time", **_place(top, flows))
    else:
        yield _say("at", **_place(top, flows), since=since)
    if top.parked:
        yield _say("parked")
    yield from (_say("below", **_place(frame, flows)) for frame in below)


def _place(frame: Frame, flows: FlowSet) -> Row:
    step = _step(frame, flows)
    return {
        "flow": frame.flow,
        "step": frame.step,
        "kind": step.kind if step else "",
        "place": step.place.row if step else "",
    }


def _step(frame: Frame, flows: FlowSet) -> Step | None:
    flow = flows.by_digest.get(frame.digest)
    return flow.steps.get(frame.step) if flow else None


def _since(here: str, legs: list[Row]) -> float | None:
    """Return when a conversation came where it is; None if the legs do not reach back so far."""
    for leg in legs:
        if leg["entry"].get("to") != here:
            return None
        if leg["entry"].get("from") != here:
            at: float = leg["at"]
            return at
    return None


def _how(legs: list[Row]) -> Iterator[Row]:
    """Yield what was applied last; what was emptied (`sensitive`) has no text any more."""
    if not legs:
        return
    last = legs[0]
    came, went = last["entry"].get("from"), last["entry"].get("to")
    values = {"kind": last["kind"], "at": last["received_at"], "text": _words(last), "blank": "blank" in last["entry"]}
    if came == went:
        yield _say("stayed", **values)
    else:
        yield _say("came", **values, **{"from": came, "to": went})


def _words(leg: Row) -> str | None:
    """Return what an event says: a text, the title of an option, the name of what happened."""
    event = leg["event"]
    words = event.get("text") or (event.get("choice") or {}).get("title") or event.get("name") or event.get("flow")
    return str(words) if words else (event.get("media") or {}).get("type")


# ── what it waits for ──


def _waits(conversation: Conversation, flows: FlowSet) -> Iterator[Row]:
    """Yield what a conversation waits for, and its clocks, the one that is due first first."""
    handoff, top = conversation.handoff, conversation.top
    if handoff is not None:
        values = {"to": handoff.to, "since": handoff.since, "until": handoff.until, "unread": handoff.unread}
        yield _say("looped" if handoff.to == LOOP else "handed", **values)
    elif top is not None:
        yield from _awaited(top, _step(top, flows))
    if conversation.held:
        yield _say("held", count=len(conversation.held))
    for name, clock in sorted(clocks_of(conversation).items(), key=lambda each: each[1].due_at):
        yield _say(f"clock {clock.kind}", name=name.partition("/")[2], due_at=clock.due_at)


def _awaited(frame: Frame, step: Step | None) -> Iterator[Row]:
    call = frame.pending_call
    if call is not None:
        yield _say("calls", kind=call.kind, handler=call.handler, attempt=call.attempt, **_times(call))
    elif frame.shown and (step is None or not isinstance(step.body, Ask)):
        yield _say("chooses", options=[str(option["label"]) for option in frame.shown])
    elif step is not None and isinstance(step.body, Ask):
        yield _say("asks", type=step.body.expected.type)
    elif step is not None and isinstance(step.body, Wait):
        yield _say("event", name=step.body.event) if step.body.event else _say("waits")


def _times(call: PendingCall) -> Row:
    return {"since": call.deadline - call.timeout_s * (1 + call.retries), "until": call.deadline}


def _events(rows: list[Row], which: str, now: float) -> Iterator[Row]:
    """Yield the events that wait to be applied, or those that were given up."""
    for row in rows:
        values = {name: row[name] for name in ("id", "kind", "attempts", "error")}
        values["place"] = _line(row["place"] or "")
        if which == "dead" and row["status"] == "dead":
            yield _say("dead", **values, at=row["closed_at"])
        elif which == "pending" and row["status"] == "pending":
            failed = bool(row["error"])
            yield _say(
                "failing" if failed else "pending", **values, at=row["received_at"], due_at=max(row["due_at"], now)
            )


# ── what is queued ──


def _channel(outlook: Outlook, channel: str, *, runs: bool) -> Iterator[Row]:
    """Yield why nothing at all leaves, if so."""
    if not runs:
        yield _say("asleep")
    for row in outlook.channels(channel):
        if row["paused_at"] is not None:
            yield _say("paused", channel=channel, since=row["paused_at"])
        elif row["held"] is not None and row["held_until"] is not None:
            yield _say("stopped until", channel=channel, why=row["held"], at=row["held_until"])
        elif row["held"] is not None:
            yield _say("stopped", channel=channel, why=row["held"])


def _queue(rows: list[Row], total: int) -> Iterator[Row]:
    if not rows:
        yield _say("quiet")
    for row in rows[:ROWS]:
        values = {"id": row["id"], "why": row["why"], "message": row["message"], "place": _line(row["place"])}
        if row["status"] == "flying":
            yield _say("air", **values)
        elif row["status"] == "uncertain":
            yield _say("doubt", **values, attempts=row["attempts"], at=row["at"])
        else:
            yield _say("stuck", **values) if row["at"] is None else _say("queued", **values, at=row["at"])
    if total > len(rows[:ROWS]):
        yield _say("more", count=total - len(rows[:ROWS]))


def _ended(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        values = {name: row[name] for name in ("id", "status", "reason", "message")}
        values |= {"at": row["settled_at"], "place": _line(row["place"])}
        if may_have_come(row):
            yield _say("unknown", **values, attempts=row["attempts"])
        else:
            yield _say("ended", **values)


def _line(place: str) -> str:
    """Return a place without its column."""
    return place.rpartition(":")[0] if place.count(":") > 1 else place
