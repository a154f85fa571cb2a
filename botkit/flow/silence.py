"""`silence`: what follows when nobody answers a question, or nobody writes to a flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from botkit.flow.duration import Duration
from botkit.flow.fields import Fields
from botkit.flow.message import Message
from botkit.flow.message_reader import read_message
from botkit.flow.source import Map, Node

#: Keys of a step's `silence` -> one sentence.
STEP_SILENCE: dict[str, str] = {
    "after": "how long to wait for an answer: 2h",
    "say": "what is said then",
    "again": "how many more times it is said, each `after` later",
    "then": "where to go after one more `after`; without `say`, after the first",
}
#: Keys of a flow's `silence` -> one sentence.
FLOW_SILENCE: dict[str, str] = {
    "after": "how long nobody has written to the flow: 1d",
    "say": "what is said then",
    "then": "where to go; without it the flow is parked, and the next message begins `welcome_back`",
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


def read_silence(fields: Fields, known: Mapping[str, str]) -> ReadSilence | None:
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
