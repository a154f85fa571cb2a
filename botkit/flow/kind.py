"""What a kind of step is to the reader: its name, its keys, and how its keys are read.

The one table of kinds is `botkit/turn/kinds/__init__.py` (a kind is also what it does in a turn, which this layer does
not know); reader, checker and docs are given that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.model import Need, Signature
from botkit.flow.problem import Place
from botkit.flow.reader import Reading
from botkit.flow.scalar import written
from botkit.flow.shape import DURATION, SCALAR, TARGET, TEXTS, Key, Keys, group
from botkit.flow.silence import STEP_SILENCE, Silence
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Expression

if TYPE_CHECKING:
    from botkit.flow.steps import StepsReader


#: Keys of every step.
STEP_KEYS: dict[str, Key] = {
    "id": Key("its lasting name", SCALAR),
    "if": Key("skipped unless this is true", SCALAR),
    "was": Key("its old id, or a list of them: where `on_change: move` takes people along to", TEXTS),
}
#: Keys of every kind that says something.
SPEAKING_KEYS: dict[str, Key] = {
    "expires": Key("not worth sending after this time: 2m", DURATION),
    "on_failed": Key("where to go when it was refused for good, or lost", TARGET),
}
#: Keys of every kind that waits for an answer. What a silence lacks may stand in `defaults`.
ASKING_KEYS: dict[str, Key] = {
    "silence": Key("what follows when nobody answers: {after, say, again, then}", group(STEP_SILENCE)),
}


@dataclass(frozen=True)
class Kind:
    """A kind of step: `keys` are its own keys, `read` makes its body.

    `waits` says that the conversation stops there for a person or an event, `speaks` that it sends messages of its
    author's (SPEAKING_KEYS go with those), `listens` that `anywhere` words are understood while a conversation stands
    there.
    """

    name: str
    help: str
    keys: Keys
    read: Callable[[StepFields], Any]
    waits: bool = False
    speaks: bool = False
    listens: bool = False

    @property
    def asks(self) -> bool:
        """Tell whether the kind waits with a question for a person's answer."""
        return self.waits and self.listens

    def all_keys(self) -> dict[str, Key]:
        """Return every key that a step of this kind may have."""
        speaking = SPEAKING_KEYS if self.speaks else {}
        return {**self.keys, **(ASKING_KEYS if self.asks else {}), **speaking, **STEP_KEYS}


@dataclass(slots=True)
class Block:
    """A list of steps: the main line, an aside, or a list in place of a target. `holder` is the step it stands in.

    `end` is the state behind a block without a holder.
    """

    holder: Draft | None
    place: Place
    drafts: list[Draft] = field(default_factory=list)
    aside: Text | None = None
    end: str = "@end"

    @property
    def outermost(self) -> Block:
        """Return the block that this one stands in, however deep."""
        block = self
        while block.holder is not None:
            block = block.holder.block
        return block


@dataclass(frozen=True, slots=True)
class DraftExit:
    """A way out as written: to a name, to a list in place, or (None) to the step behind."""

    trigger: str
    key: str | None
    target: Text | Block | None
    place: Place


@dataclass(slots=True)
class Draft:
    """A step that is read but has no lasting id yet. `follow` is the state behind it, once it is linked.

    `takes` is the type of answer that goes into the slot it saves, where it is always of that type; `sensitive` says
    that what it saves is. `calls` is the flow that it calls, `ending` how an `end` ends, `menu` its options.
    """

    kind: Kind
    place: Place
    block: Block
    index: int
    written_id: Text | None = None
    was: tuple[Text, ...] = ()
    saves: str | None = None
    takes: str = ""
    guard: Expression | None = None
    body: Any = None
    expires: Duration | None = None
    on_failed: bool = False
    silence: Silence | None = None
    exits: list[DraftExit] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    id: str = ""
    follow: str = ""
    sensitive: bool = False
    calls: FlowUse | None = None
    ending: Ending | None = None
    menu: Menu | None = None

    @property
    def question(self) -> Draft | None:
        """Return the question that the step stands in a list of, however deep; None for one that stands in none."""
        holder = self.block.holder
        while holder is not None and not holder.kind.asks:
            holder = holder.block.holder
        return holder


@dataclass(frozen=True, slots=True)
class HandlerUse:
    """A handler that a step calls: its name as written, and the names of the arguments given (None: not known)."""

    name: Text
    arguments: Mapping[str, Node]
    step: Node


@dataclass(frozen=True, slots=True)
class FlowUse:
    """A flow that a step begins: its name as written, the inputs given, and the outcomes that have a way.

    `later` says that it begins at another time, so by the definition that is there then.
    """

    name: Text
    inputs: Mapping[str, Node]
    outcomes: Mapping[str, Text]
    later: bool = False


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service that a step asks, or (`host`) a host that it asks without encryption; `name` is as written."""

    text: Text
    name: str
    host: str = ""


class Label(NamedTuple):
    """What an option is called, where that is written out: the key of its way out, and the words."""

    key: str
    text: Text


class Menu(NamedTuple):
    """The options of a question: the labels that are written out, and how many options (None: as many as there are)."""

    labels: tuple[Label, ...] = ()
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an `end` ends: the outcome as written (None: `done`), what the caller gets, whether all below ends too."""

    outcome: Text | None = None
    returned: Mapping[str, Node] = field(default_factory=dict)
    all: bool = False


#: handler name -> what it takes; None where handlers are not known (a definition taken from the store).
Handlers = Mapping[str, Signature]


class StepFields(Fields):
    """Reads the keys of one step; ways out and saved slots are noted on its draft."""

    def __init__(self, reading: Reading, node: Map, draft: Draft, flow: StepsReader) -> None:
        super().__init__(reading, node, f"un paso '{draft.kind.name}'", f"a '{draft.kind.name}' step")
        self.draft = draft
        self.flow = flow

    def message(self, key: str) -> Message:
        """Read what the step says; empty when the key is missing or wrong."""
        return read_message(self.reading, self.get(key), key)

    def exit(self, trigger: str, node: Node | None = None, key: str | None = None, *, at: Node | None = None) -> None:
        """Note a way out: to what stands at `node`, or to the step behind; `at` is what it is known by, an option."""
        target: Text | Block | None = None
        if isinstance(node, Seq):
            target = self.flow.read_block(node, self.draft)
        elif isinstance(node, Text) and not node.empty:
            target = node
        elif node is not None:
            self._no_target(node, trigger)
        self.draft.exits.append(DraftExit(trigger, key, target, (at or node or self.node).place))

    def _no_target(self, node: Node, trigger: str) -> None:
        if isinstance(node, Map) and not self.flow.kinds.keys().isdisjoint(node.entries):
            self.reading.report("step-without-dash", node)
        else:
            name, name_en = ("la opción", "the option") if trigger == "chosen" else (f"'{trigger}'", f"'{trigger}'")
            self.reading.report("bad-target", node, what=name, what_en=name_en, value=written(node))

    def save(self, key: str = "save") -> str | None:
        """Read the slot that the step saves its outcome in."""
        text = self.text(key)
        name = self.reading.slot(text) if text else None
        self.draft.saves = self.draft.saves or name
        return name

    def call_flow(self, use: FlowUse) -> None:
        """Note that the step calls a flow."""
        self.flow.flow_calls.append(use)
        if not use.later:
            self.draft.calls = use
        self.draft.needs.append(Need("reminder" if use.later else "flow", use.name.value))

    def end(self, ending: Ending) -> None:
        """Note how the flow ends here."""
        self.draft.ending = ending
        if ending.outcome is not None:
            self.flow.outcomes.add(ending.outcome.value)

    def call(self, name: Text, arguments: Mapping[str, Node]) -> None:
        """Note that the step calls a handler."""
        self.flow.calls.append(HandlerUse(name, arguments, self.node))
        self.draft.needs.append(Need("handler", name.value))

    def service(self, text: Text, name: str) -> None:
        """Note that the step asks a service of config.yaml."""
        self.flow.services.append(ServiceUse(text, name))
        self.draft.needs.append(Need("service", name))

    def plain_host(self, text: Text, name: str, host: str) -> None:
        """Note that the step asks a host without encryption; `name` is as written."""
        self.flow.services.append(ServiceUse(text, name, host))
        self.draft.needs.append(Need("host", host))
