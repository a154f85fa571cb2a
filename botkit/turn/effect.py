"""What a leg asks the world to do. Effects are data; the runtime and the outbox carry them out.

A message is what one bubble holds, gateway-neutral; `MESSAGE_TYPES` is the closed list. `choices` keeps its
options so that each gateway shows them as buttons, a list or numbered text. A medium says by one of `SOURCES` where
its bytes are; the gateway makes of it what it can send.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botkit.turn.frozen import frozen

#: Where a medium's bytes are; a message has one of them.
SOURCES: dict[str, str] = {
    "url": "an http(s) address",
    "file": "a path below the flows folder, with '/', as the author wrote it",
    "media": "what a gateway gave with an event: {id, type, name, caption, url}",
}

#: type -> the fields that carry its content
MESSAGE_TYPES: dict[str, tuple[str, ...]] = {
    "text": ("text", "header", "footer"),
    "choices": ("text", "options", "header", "footer"),
    "image": (*SOURCES, "caption"),
    "document": (*SOURCES, "caption", "name"),
    "audio": tuple(SOURCES),
    "video": (*SOURCES, "caption"),
    "location": ("latitude", "longitude", "name"),
    "contact": ("name", "phone"),
    "typing": (),
}

#: class of an outbox row -> its rank; the lowest goes first.
CLASSES: dict[str, int] = {"system": 0, "interactive": 1, "timers": 2, "bulk": 3}

#: lane -> what travels in it; rows of one contact keep their order within a lane.
LANES: dict[str, str] = {"talk": "system, replies, timers", "bulk": "broadcasts"}

#: A sign of typing means nothing so many seconds later, and a broadcast is yesterday's after a day.
TYPING_S, BULK_S = 5.0, 86_400.0


class Send(NamedTuple):
    """Queue one message. `message` is `{"type": …, …}` after MESSAGE_TYPES; `place` is the step's file:line:column."""

    message: dict[str, Any]
    flow: str
    step: str
    place: str = ""
    rank: int = CLASSES["interactive"]
    lane: str = "talk"
    expires_s: float | None = None
    on_failed: str | None = None

    @property
    def deadline_s(self) -> float | None:
        """After how many seconds it would be wrong to send: what its author says, else by what it is; a reply never."""
        if self.expires_s is not None:
            return self.expires_s
        if self.message["type"] == "typing":
            return TYPING_S
        return BULK_S if self.rank == CLASSES["bulk"] else None


class Mute(NamedTuple):
    """Keep a message that a loop would send once more: it is numbered, and never leaves. `reason` is a sentence."""

    send: Send
    reason: str


@dataclass(frozen=True, slots=True)
class CallHandler:
    """Call a handler outside the transaction. `key` is its idempotency key, the same after a crash."""

    key: str
    handler: str
    arguments: dict[str, Any]
    timeout_s: float
    flow: str
    step: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class CallHttp:
    """Ask a web service outside the transaction.

    `request` is `{method, target, path, query, headers, json, form, file}`. `target` is a service of config.yaml, or
    `https://host`; `file` are pairs of a field and where its bytes are (SOURCES). `name` is the request as its author
    wrote it.
    """

    key: str
    name: str
    request: dict[str, Any]
    timeout_s: float
    flow: str
    step: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Set or replace the conversation's timer `name`; `due_at` in UTC seconds."""

    name: str
    kind: str
    due_at: float
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Cancel the conversation's timer `name` if there is one."""

    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """Append a row to the results of `flow`."""

    flow: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Note:
    """Something an operator would look for in the log: an event name and its fields, never message text.

    No field is called as those that the log leaves out for the sake of people: `name`, `to`, `contact`.
    """

    event: str
    level: str
    fields: dict[str, Any] = field(default_factory=dict)


@frozen
class Ended:
    """A flow ended with an outcome; `slots` are as it left them (for tests and `record`-like readers, not stored)."""

    flow: str
    outcome: str
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Forget:
    """Keep nothing of what the person sent: the step that read it is `sensitive`."""


Effect = Send | Mute | CallHandler | CallHttp | SetTimer | CancelTimer | Record | Note | Ended | Forget
