"""What an author wrote, once it is read: flows, steps, ways out. Frozen; shared by every conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from botkit.flow.duration import Duration
from botkit.flow.hours import Hours, QuietHours
from botkit.flow.pattern import Pattern
from botkit.flow.problem import Place
from botkit.flow.silence import Silence
from botkit.flow.text import Expression

#: Words that a target may be instead of a step or flow -> what they do.
RESERVED_TARGETS: dict[str, str] = {
    "end": "this flow is done",
    "resume": "the same, in a flow that interrupted: the one below gets its place back",
    "back": "the previous question, slots as they were when it was asked",
    "restart": "the bottom flow from its beginning, with what it began with",
    "quit": "everything ends, outcome cancelled",
}

#: What `start.interrupts` may be -> what it means.
INTERRUPTS: dict[str, str] = {
    "false": "begins only with nothing running",
    "true": "may come on top of another flow",
    "only": "only then; also as a target it comes on top",
}
#: What `start.resume` may be -> what the flow below does when it gets its place back.
RESUMES: dict[str, str] = {"ask": "asks its question again, after `resumed`", "silent": "waits on without a word"}

#: Ways out of a step: one closed vocabulary, which the machine's triggers are.
TRIGGERS: dict[str, str] = {
    "next": "the step is done",
    "skipped": "its `if` is not true",
    "then": "the condition holds",
    "else": "the condition does not hold",
    "answered": "a valid answer came",
    "chosen": "an option was chosen",
    "exhausted": "the tries are used up",
    "ok": "the call gave a result",
    "error": "the call failed",
    "status": "the answer has a status with a way of its own",
    "ended": "the flow ends here",
    "returned": "the called flow came back with this outcome",
    "released": "people gave the conversation back",
    "anywhere": "a word of the flow's `anywhere` was said",
    "failed": "what it said was refused for good, or lost",
    "silence": "nobody answered in time",
    "idle": "nobody wrote for the `silence` of the flow",
    "elapsed": "the time is over",
    "event": "the event came",
    "timeout": "the event did not come in time",
}


#: Triggers that hold at each question of a flow, by what is written once for all of them.
AT_ANY_TIME = frozenset(("anywhere", "idle"))

#: What a deploy does to people who are inside a flow -> one sentence.
ON_CHANGE: dict[str, str] = {
    "keep": "they finish on the definition they began with, flows that it calls included",
    "move": "they go on in the new one, slots kept, at the step of the same id or whose `was` names it",
    "restart": "the flow begins anew at their next message",
}
KEEP, MOVE, RESTART = ON_CHANGE

#: Headers of a request that carry a key, in small letters: their values never stand in a file that people share.
KEY_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey", "x-auth-token"}
)


@dataclass(frozen=True, slots=True)
class ServiceInfo:
    """What flows know of a web service: how long it may take, in seconds, and how often it is asked again."""

    timeout_s: float = 10.0
    retries: int = 0


@dataclass(frozen=True, slots=True)
class BotInfo:
    """What flows know of the bot (config.yaml); `constants` are read as `bot.x`.

    `services` is None where config.yaml cannot say; `allow` are hosts of the own network that `http` steps may name.
    People have a conversation for `handoff_s` seconds, and give it back by `handoff_word` typed on the phone.
    Without `hours` the business is always open, without `quiet_hours` people are reminded at any time.
    """

    language: str = "es"
    timezone: str = "America/La_Paz"
    country: str = "BO"
    currency: str = "BOB"
    constants: Mapping[str, Any] = field(default_factory=dict)
    services: Mapping[str, ServiceInfo] | None = field(default_factory=dict)
    allow: frozenset[str] = frozenset()
    hours: Hours = field(default_factory=Hours)
    quiet_hours: QuietHours | None = None
    handoff_s: float = 12 * 3600.0
    handoff_word: str = "listo"

    def put_off(self, now: float, zone: ZoneInfo) -> float:
        """Return when a person of a time zone may be reminded of something that is due now, in UTC seconds."""
        return self.quiet_hours.put_off(now, zone) if self.quiet_hours is not None else now


@dataclass(frozen=True, slots=True)
class Signature:
    """What a handler takes: the names of its arguments (`ctx` left out), those without default, a `**rest`.

    `sees_slots` says that it takes a `ctx`, by which it may read any slot.
    """

    arguments: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    open: bool = False
    sees_slots: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a step: trigger, the key that tells several apart, and the state it leads to.

    States are step ids, or `@` with a reserved target, `@again` (ask the question again), `@flow:NAME`. `place` is
    where it is written, else that of its step; it tells no two exits apart.
    """

    trigger: str
    target: str
    key: str | None = None
    place: Place | None = field(default=None, compare=False)


class Need(NamedTuple):
    """Something that a step calls: `what` is handler, service, host, flow, or reminder (a flow that begins later)."""

    what: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `body` is what its kind read from its keys; `exits` are its transitions.

    `waits` says that the conversation stops there, `asks` that it does so with a question.
    `expires` and `on_failed` belong to what it says: after how long it is not worth sending, and whether the step is
    told that it was refused or lost. `was` are ids that it had, `needs` what it calls.
    """

    id: str
    kind: str
    place: Place
    body: Any
    exits: tuple[Exit, ...]
    guard: Expression | None = None
    waits: bool = False
    expires: Duration | None = None
    on_failed: bool = False
    was: tuple[str, ...] = ()
    asks: bool = False
    silence: Silence | None = None
    needs: tuple[Need, ...] = ()

    def leads(self, trigger: str) -> bool:
        """Tell whether the step has a way out by this trigger."""
        return any(way.trigger == trigger for way in self.exits)


@dataclass(frozen=True, slots=True)
class Start:
    """How a flow begins on its own: folded words, a pattern, a named event, any message, and maybe a condition.

    `label` is the first word as written. `interrupts` is of INTERRUPTS: whether it may come on top of another flow;
    `resume` is of RESUMES: what that one does when it gets its place back.
    """

    words: tuple[str, ...] = ()
    guard: Expression | None = None
    label: str = ""
    any: bool = False
    pattern: Pattern | None = None
    event: str = ""
    interrupts: str = "false"
    resume: str = "ask"

    @property
    def begins(self) -> bool:
        """Tell whether a message or an event can begin the flow."""
        return bool(self.words or self.event) or self.any or self.pattern is not None

    @property
    def may_interrupt(self) -> bool:
        """Tell whether the flow may come on top of another."""
        return self.interrupts != "false"

    @property
    def only_interrupts(self) -> bool:
        """Tell whether the flow begins on its own only on top of another."""
        return self.interrupts == "only"


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow: its steps by id in the order written, and where it begins. `digest` names this very definition.

    `titles` are by language; with one for all of them the key is the empty text. `inputs` are slots that a caller
    gives, with their defaults; `anywhere` are folded words, each with what was written; `again` the steps of the lists
    behind them, which end by asking again; `asides` the steps apart from the main line: id -> the aside's name, empty
    in lists of `anywhere` and `silence`. `held` are the steps of lists in place of a question's targets: id -> the
    question's id. `secrets` are the slots that take sensitive answers. `around` is what it was read with besides its
    text (`flow/around.py`). `calls` are the definitions that it calls or goes to: name -> digest (`flow/pins.py`).
    `on_change` says what a deploy does to people inside, `was` are names that the flow had.
    """

    name: str
    titles: Mapping[str, str]
    place: Place
    start: Start
    steps: Mapping[str, Step]
    first: str
    digest: str
    builtin: bool = False
    text: str = field(default="", repr=False)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    anywhere: Mapping[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    asides: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    around: Mapping[str, Any] = field(default_factory=dict, repr=False)
    calls: Mapping[str, str] = field(default_factory=dict)
    on_change: str = KEEP
    was: tuple[str, ...] = ()
    silence: Silence | None = None

    def source(self) -> dict[str, Any]:
        """Return the definition as JSON types, which `FlowSet.adopt` reads again."""
        return {"file": self.place.file, "text": self.text, "around": self.around, "calls": dict(self.calls)}

    def heir(self, step_id: str) -> Step | None:
        """Return the step that has an id, or had it."""
        return self.steps.get(step_id) or next((step for step in self.steps.values() if step_id in step.was), None)

    def input_defaults(self) -> dict[str, Any]:
        """Return the inputs that have a default."""
        return {name: value for name, value in self.inputs.items() if value is not None}

    def title(self, language: str, fallback: str) -> str:
        """Return what people see, in a language, else in the bot's own."""
        titles = self.titles
        return titles.get(language) or titles.get("") or titles.get(fallback) or next(iter(titles.values()))
