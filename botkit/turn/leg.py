"""A leg in the making: the conversation as it changes, and the effects gathered so far.

Kinds of steps work on a `Leg`: they say, assign, move, call, rest. Nothing here does I/O: what is sent is reported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from botkit.answers.context import ReadingContext
from botkit.errors import EvaluationError
from botkit.flow import message as messages
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.flow.locale import Locale
from botkit.flow.message import Message
from botkit.flow.model import Flow
from botkit.flow.opt_out import OPTING
from botkit.flow.scope import Scope
from botkit.flow.timezone import is_timezone
from botkit.flow.values import Moment, fits, plain
from botkit.turn import loops, way
from botkit.turn.conversation import Conversation, Limits, PendingCall
from botkit.turn.effect import CLASSES, CallHandler, CallHttp, Forget, Send
from botkit.turn.places import Places


class Leg(Places):
    """One leg: `frames` below the running one, what is said, and whether the flow rests.

    `anew` is the place in the stack of a flow that a deploy lets begin anew at the next answer; `load` is how loaded
    the channel is. `language` is the contact's, else the bot's.
    """

    def __init__(
        self, flows: FlowSet, conversation: Conversation, now: float, event_id: str, load: Level = "green"
    ) -> None:
        super().__init__(flows, conversation.frames, dict(conversation.last), conversation.version + 1)
        self.conversation = conversation
        self.now = now
        self.event_id = event_id
        self.fields = dict(conversation.fields)
        self.language = language_of(flows, self.fields)
        self.reminders = dict(conversation.reminders)
        self.handoff = conversation.handoff
        self.held = conversation.held
        self.loop = conversation.loop
        self.steps = 0
        self.anew: int | None = None
        self.rank = CLASSES["interactive"]
        self.load: Level = load
        self._locale: Locale | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the contact's time zone, else the bot's."""
        own = self.fields.get("timezone")
        return ZoneInfo(str(own) if is_timezone(own) else self.flows.bot.timezone)

    # ── what it knows ──

    def scope(self, **extra: Any) -> Scope:
        """Return what names mean now; `extra` are names of the moment, like `answer`."""
        slots = self.running.slots if self.running is not None else {}
        if "error" in slots and "error" not in extra:
            extra["error"] = slots["error"]
        locale = self._locale
        if locale is None:
            bot = self.flows.bot
            locale = self._locale = Locale(self.language, bot.currency, bot.country, self._read)
        return Scope(slots, _FIXED, extra, locale, self)

    def _read(self, answer_type: str, text: str) -> Any:
        """Read a text as the filter `read` does."""
        known = self.flows.answer_types.get(answer_type)
        return known.value_of(text, self.reading_context()) if known else None

    def reading_context(self) -> ReadingContext:
        """Return what readers of answers need to know."""
        bot = self.flows.bot
        return ReadingContext(self.language, datetime.fromtimestamp(self.now, self.zone), bot.country, bot.currency)

    def assign(self, slot: str, value: Any) -> None:
        """Set a slot, or a field of the contact; raises EvaluationError for a value too large to keep."""
        if not fits(value):
            raise EvaluationError(f"the value for '{slot}' is too large", self.step.place)
        base, dot, name = slot.partition(".")
        if dot and base == "contact":
            self._assign_field(name, value)
        else:
            self.current.slots[slot] = str(value) if isinstance(value, Moment) else value

    def _assign_field(self, name: str, value: Any) -> None:
        if value is None:
            self.fields.pop(name, None)
        else:
            value = plain(value)
            if name == "timezone" and not is_timezone(value):
                raise EvaluationError(f"'{value}' is no time zone: America/La_Paz is one", self.step.place)
            self.fields[name] = value
        self.language, self._locale = language_of(self.flows, self.fields), None

    def start(self, flow: Flow, slots: Mapping[str, Any] | None = None, *, visits: int = 0, came: str = "") -> None:
        """Begin a flow (`Position.start`); that of opting out or in is taken at its word, whoever wrote it."""
        if flow.name in OPTING:
            self.assign("contact.opted_out", OPTING[flow.name] or None)
        super().start(flow, slots, visits=visits, came=came)

    def _contact(self) -> dict[str, Any]:
        return contact_names(self.conversation.contact, self.fields, self.last, self.language)

    def _bot(self) -> dict[str, Any]:
        bot = self.flows.bot
        own = [
            flow for flow in self.flows.flows.values() if flow.start.words and not flow.builtin and self._begins(flow)
        ]
        listed = [{"title": flow.title(self.language, bot.language), "word": flow.start.label} for flow in own]
        return {
            "language": bot.language,
            "country": bot.country,
            "currency": bot.currency,
            "timezone": bot.timezone,
            **bot.constants,
            "flows": listed,
            "open": bot.hours.open_at(datetime.fromtimestamp(self.now, ZoneInfo(bot.timezone))),
        }

    def _begins(self, flow: Flow) -> bool:
        """Tell whether a flow's words begin it now: where another was interrupted, those that interrupt."""
        return flow.start.may_interrupt if self.base else not flow.start.only_interrupts

    def moment(self, at: float, grain: str) -> Moment:
        """Return a time of the person's clock as ISO text with parts; `grain` is `day` or `minutes`."""
        local = datetime.fromtimestamp(at, self.zone)
        parts = {"year": local.year, "month": local.month, "day": local.day, "weekday": local.isoweekday()}
        if grain == "day":
            return Moment.make(local.date().isoformat(), parts)
        text = local.replace(tzinfo=None).isoformat(timespec="minutes")
        return Moment.make(text, {**parts, "hour": local.hour, "minute": local.minute})

    # ── what it does ──

    def say(self, message: Message, **extra: Any) -> None:
        """Send every bubble whose guard holds."""
        for each in self.render(message, **extra):
            self.send(each)

    def render(self, message: Message, **extra: Any) -> list[dict[str, Any]]:
        """Return the messages of the bubbles to show; an empty one is left out."""
        return messages.render(message, self.scope(**extra), self.flows.bot.language, self._draw)

    def _draw(self, count: int) -> int:
        """Return a number below `count`: the same for the same visit of the same event, so that it can be replayed."""
        running = self.current
        return (
            crc32(f"{self.event_id}|{self.conversation.id}|{running.step}|{running.visits}|{running.tries}".encode())
            % count
        )

    def send(self, message: dict[str, Any]) -> None:
        """Queue one message."""
        step, flow = self.step, self.current.flow.name
        until_s = step.expires.seconds(self.scope()) if step.expires else None
        told = step.id if step.on_failed else None
        self.effects.append(Send(message, flow, step.id, str(step.place), self.rank, "talk", until_s, told))

    def forget(self) -> None:
        """Let the message that came go from all that is kept: `message.*`, and the inbox."""
        self.last["message"] = {"text": None, "at": self.last.get("message", {}).get("at")}
        self.loop = loops.unheard(self.loop)
        self.effects.append(Forget())

    def call(self, kind: str, name: str, arguments: dict[str, Any], limits: Limits) -> None:
        """Call a handler (`run`) or a web service (`http`) when the leg is committed, and rest until its result comes.

        `limits` bound every attempt; a crash repeats the same arguments under the same key.
        """
        running, step = self.current, self.step
        path = "/".join([*(frame.flow for frame in self.below), running.flow.name])
        raw = f"{self.event_id}|{self.conversation.id}|{path}|{step.id}|{running.visits}"
        key = hashlib.sha256(raw.encode()).hexdigest()[:32]
        running.pending_call = PendingCall(
            *(key, name, step.id, running.visits, arguments, limits.timeout_s),
            deadline=self.now + limits.timeout_s * (1 + limits.retries),
            steps=self.steps,
            kind=kind,
            retries=limits.retries,
            meanwhile_s=limits.meanwhile_s,
        )
        place = str(step.place)
        effect = CallHttp if kind == "http" else CallHandler
        self.effects.append(effect(key, name, arguments, limits.timeout_s, running.flow.name, step.id, place))
        self.rest()

    # ── what comes of it ──

    def result(self) -> Conversation:
        """Return the conversation as the leg leaves it, and end it."""
        way.keep(self)
        # It holds the leg: left to the garbage collector, that would cost as much as a tenth of the turn.
        self._locale = None
        frames = (*self.below, self.running.frame()) if self.running is not None else tuple(self.below)
        before = self.conversation
        return Conversation(
            *(before.id, before.channel, before.contact, self.version, before.epoch),
            frames,
            self.fields,
            self.last,
            self.reminders,
            self.handoff,
            self.held,
            self.loop,
        )


#: name that is no slot -> what it means in a leg; those of the moment go before (`scope`).
_FIXED: dict[str, Callable[[Leg], Any]] = {
    "contact": Leg._contact,
    "bot": Leg._bot,
    "message": lambda leg: leg.last.get("message"),
    "now": lambda leg: leg.moment(leg.now, "minutes"),
    "today": lambda leg: leg.moment(leg.now, "day"),
    "load": lambda leg: leg.load,
}


def language_of(flows: FlowSet, fields: Mapping[str, Any]) -> str:
    """Return a contact's language by the fields that flows saved, else the bot's."""
    return str(fields.get("language") or flows.bot.language)


def contact_names(key: str, fields: Mapping[str, Any], last: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what `contact` means: the name the gateway gave, then everything that flows saved."""
    return {
        "name": last.get("name"),
        "phone": f"+{key}" if key.isdigit() else None,
        "new": bool(last.get("new")),
        **fields,
        "language": language,
    }


def contact_of(flows: FlowSet, conversation: Conversation) -> dict[str, Any]:
    """Return what `contact` means outside a leg, as a handler sees it."""
    fields = conversation.fields
    return contact_names(conversation.contact, fields, conversation.last, language_of(flows, fields))
