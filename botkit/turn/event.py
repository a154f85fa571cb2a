"""What happens to a conversation: the input of a leg.

`Inbound` is the neutral form of whatever a gateway pushes (`EVENT_KINDS` is the closed list). Only a `message`
is read as an answer; the others are filed. `CallResult` is how the outcome of a handler comes back into the turn
that asked for it; `Delivery` tells the step that said something that it will not arrive.

`Inbound` is a NamedTuple, like all rows that are made for every event: a frozen dataclass of as many fields takes ten
times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: kind -> what it means; one table feeds the profile checker, the docs and the inbox.
EVENT_KINDS: dict[str, str] = {
    "message": "a person wrote, tapped or sent a medium",
    "echo": "something left the same number: our own send, or a person typing on the phone",
    "status": "how far one of our messages has come (sent, delivered, read, failed)",
    "session": "the linked session changed (linked, unlinked)",
    "reaction": "an emoji on a message",
    "edit": "a person changed a message",
    "revoke": "a person deleted a message",
    "unknown": "no rule of the profile fits; kept as it came",
}


@dataclass(frozen=True, slots=True)
class Tap:
    """A button or list row that the person tapped: its id, its title, the message that showed it."""

    id: str
    title: str = ""
    message_id: str | None = None


class Inbound(NamedTuple):
    """One neutral event from a gateway.

    `contact` is the opaque contact key within the channel, `at` the gateway's time in UTC seconds, `media` is
    `{id, type, name, caption, url}`, `location` is `{latitude, longitude, name}`; `state` belongs to a status.
    """

    channel: str
    kind: str
    contact: str
    id: str | None = None
    at: float | None = None
    name: str | None = None
    text: str | None = None
    choice: Tap | None = None
    media: dict[str, Any] | None = None
    location: dict[str, Any] | None = None
    reply_to: str | None = None
    state: str | None = None
    sender: str | None = None
    is_group: bool = False
    from_me: bool = False


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a handler gave back: `value` (JSON types) or `error` (a sentence), for the pending call `key`."""

    key: str
    value: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Apology:
    """The turn could not be applied after all attempts: say the `error` flow once."""

    reason: str


#: The kind of the inbox row by which a flow is told that a message failed.
DELIVERY = "delivery"
#: How a message ends that a step with `on_failed` is told of -> what that means.
UNDELIVERED: dict[str, str] = {
    "failed": "refused for good",
    "expired": "not worth sending any more",
    "unconfirmed": "sent twice without a clear answer",
    "dropped": "not to be sent, or not again: an operator said so, or `on_uncertain: drop` after no clear answer",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that `step` of `flow` said will not arrive: `state` is of UNDELIVERED, `reason` a short text.

    `version` is the conversation's after the leg that said it, `outbox` the id of its row.
    """

    flow: str
    step: str
    state: str
    reason: str
    version: int = 0
    outbox: int = 0


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The pending call `key` takes long: the person may be told."""

    key: str


@dataclass(frozen=True, slots=True)
class Due:
    """A timer of the conversation fired: its `name`, and its `kind`, one of `clocks.CLOCKS`.

    The conversation's state is what counts: a clock that is not due there any more does nothing. `due_at` is set where
    the wall clock was set back meanwhile: the clock that was due then has had its time, though it is not that late yet.
    """

    name: str
    kind: str
    due_at: float | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Something happened outside, a payment, that flows know by a name: `data` are JSON types."""

    name: str
    data: Any = None


@dataclass(frozen=True, slots=True)
class Told:
    """Those who run the bot have it tell the person `text`, whatever flow runs."""

    text: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Those who run the bot have `flow` begin, with these inputs.

    A conversation test may have it begin inside: at `step`, with the `slots` that it would have by then.
    """

    flow: str
    inputs: dict[str, Any] = field(default_factory=dict)
    step: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """A person of the business gives the conversation back to the bot."""


@dataclass(frozen=True, slots=True)
class OperatorSaid:
    """A person of the business wrote `text`: on its `phone`, so it has gone out, or at the desk, so we send it.

    `media` is what was sent along from the phone, as in `Inbound`.
    """

    text: str
    phone: bool = False
    media: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Redefined:
    """The flows are others now: the conversation goes on in them at once; `ask` has its question asked again.

    No inbox holds it: a bot that runs carries a conversation over when it is next touched, an author is shown at once.
    """

    ask: bool = False


Filed = Delivery | Apology | Due | Named | Told | OperatorSaid | Release | Begin
Event = Inbound | CallResult | Meanwhile | Redefined | Filed

#: kind of an inbox row -> the event it holds, for events that no gateway pushes; codec and journal read this table.
FILED: dict[str, type[Filed]] = {
    DELIVERY: Delivery,
    "apology": Apology,
    "due": Due,
    "named": Named,
    "told": Told,
    "operator": OperatorSaid,
    "release": Release,
    "begin": Begin,
}
#: The same, the other way round.
FILED_KINDS: dict[type, str] = {event: kind for kind, event in FILED.items()}
