"""`silence`: what follows when nobody answers a question, or nobody writes to a flow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.shape import DURATION, MESSAGE, TARGET, Key, Keys, whole
from botkit.flow.source import Map, Node

#: Keys of a step's `silence`.
STEP_SILENCE: dict[str, Key] = {
    "after": Key("how long to wait for an answer: 2h", DURATION),
    "say": Key("what is said then", MESSAGE),
    "again": Key("how many more times it is said, each `after` later", whole(1)),
    "then": Key("where to go after one more `after`; without `say`, after the first", TARGET),
}
#: Keys of a flow's `silence`.
FLOW_SILENCE: dict[str, Key] = {
    "after": Key("how long nobody has written to the flow: 1d", DURATION),
    "say": Key("what is said then", MESSAGE),
    "then": Key("where to go; without it the flow is parked, and the next message begins `welcome_back`", TARGET),
}


@dataclass(frozen=True, slots=True)
class Silence:
    """How long, what is said, and how many more times."""

    after: Duration
    say: Message = ()
    again: int = 0


@dataclass(frozen=True, slots=True)
class ReadSilence:
    """What the key says: the silence (None if it cannot be read), and where `then` leads."""

    silence: Silence | None
    then: Node | None


def read_silence(fields: Fields, known: Keys) -> ReadSilence | None:
    """Read the key `silence`; `known` are its own keys. None where it does not stand."""
    node = fields.get("silence")
    if node is None:
        return None
    if not isinstance(node, Map):
        fields.reading.wrong_type(node, "silence", "{after: 2h, say: …, then: …}", "{after: 2h, say: …, then: …}")
        return ReadSilence(None, None)
    inner = Fields(fields.reading, node, "silence", "silence")
    inner.require("after")
    inner.finish(known)
    if "again" in known:
        _check_effect(inner)
    after, again = inner.duration("after"), inner.integer("again", least=1) if "again" in known else None
    say = read_message(fields.reading, inner.get("say"), "silence.say")
    return ReadSilence(Silence(after, say, again or 0) if after else None, inner.get("then"))


def _check_effect(inner: Fields) -> None:
    """Report a step's silence that does nothing, or that repeats nothing."""
    says: Collection[str] = inner.node.entries
    if "again" in says and "say" not in says:
        inner.require("say")
    elif "say" not in says and "then" not in says:
        inner.report("silence-without-effect", inner.node)
