"""What the sandbox remembers, all of it bounded: requests, messages, chats, contacts."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Generic, Literal, TypeVar

from botkit.gateway.sandbox.body import Json
from botkit.gateway.sandbox.inbound import Item
from botkit.gateway.sandbox.outbound import Message

KEPT = 100_000
CONTACTS_KEPT = 10_000

# The person whom a newcomer finds in the phone, so that typing "hola" is the first step.
FIRST_CONTACT = ("59171234567", "Ana")

T = TypeVar("T")
Direction = Literal["in", "out"]
Publish = Callable[[str, dict[str, Json]], None]


class Log(Generic[T]):
    """The last entries of a list that is numbered from 1 without gaps."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[T] = deque(maxlen=kept)
        self.last = 0

    def append(self, item: T) -> int:
        """Add an entry and return its number."""
        self._kept.append(item)
        self.last += 1
        return self.last

    def after(self, number: int = 0) -> Iterator[tuple[int, T]]:
        """Yield the entries kept whose number is greater, oldest first."""
        first = self.last - len(self._kept) + 1
        for position, item in enumerate(self._kept):
            if first + position > number:
                yield first + position, item


@dataclass(slots=True)
class Attempt:
    """One request to `/messages`, whatever became of it; no status while unanswered or if reset."""

    to: str | None
    digest: str
    bytes: int
    in_at: float
    out_at: float | None = None
    status: int | None = None
    id: str | None = None
    fault: str | None = None


@dataclass(slots=True)
class Entry:
    """One bubble of a chat: `in` is what the person tells the bot, `out` what the bot sent."""

    n: int
    id: str
    contact: str
    direction: Direction
    type: str
    body: dict[str, Json]
    at: float
    state: str
    detail: str = ""
    attempts: int = 0
    settled_at: float | None = None


@dataclass(slots=True)
class Contact:
    """A pretended person."""

    id: str
    name: str
    last_at: float = 0.0


@dataclass(slots=True)
class Journal:
    """The sandbox's memory; `run` keeps ids apart from those of an earlier sandbox."""

    run: str
    publish: Publish
    requests: Log[Attempt] = field(default_factory=Log)
    messages: Log[Entry] = field(default_factory=Log)
    inbound: Log[Entry] = field(default_factory=Log)
    chats: Log[Entry] = field(default_factory=Log)
    contacts: dict[str, Contact] = field(default_factory=dict)
    _ids: int = 0

    def new_id(self) -> str:
        """Return an id that no other message has."""
        self._ids += 1
        return f"sandbox-{self.run}-{self._ids}"

    def request(self, raw: bytes, to: str | None, now: float) -> Attempt:
        """Note that a request came in."""
        attempt = Attempt(to, sha256(raw).hexdigest(), len(raw), now)
        self.requests.append(attempt)
        return attempt

    def accept(self, message: Message, now: float) -> Entry:
        """Note that a message of the bot was taken for delivery."""
        self.meet(message.to, None, now)
        entry = self._entry(message.to, "out", message.type, self.new_id(), message.body, now)
        self.messages.append(entry)
        return self._show(entry)

    def receive(self, item: Item, now: float) -> Entry:
        """Note that something is to be told to the bot."""
        by_person = item.type not in ("status", "echo")
        self.meet(item.contact, item.name if by_person else None, now)
        direction: Direction = "in" if by_person else "out"
        entry = self._entry(item.contact, direction, item.type, item.id, item.body, now)
        self.inbound.append(entry)
        return entry if item.type == "status" else self._show(entry)

    def mark(self, entry: Entry, state: str, detail: str, attempts: int, now: float) -> None:
        """Note how far the telling has come."""
        entry.state, entry.detail, entry.attempts = state, detail, attempts
        entry.settled_at = None if state == "retrying" else now
        self.publish("state", asdict(entry))

    def meet(self, contact_id: str, name: str | None, now: float) -> Contact:
        """Return the contact, new or known, as the one who was heard of last."""
        known = self.contacts.pop(contact_id, None)
        contact = known or Contact(contact_id, name or contact_id)
        renamed = name is not None and name != contact.name
        contact.name, contact.last_at = name or contact.name, now
        self.contacts[contact_id] = contact
        if known is None or renamed:
            self.publish("contact", asdict(contact))
        if len(self.contacts) > CONTACTS_KEPT:
            del self.contacts[next(iter(self.contacts))]
        return contact

    def name_of(self, contact_id: str) -> str:
        """Return the contact's name; a stranger is called by the number."""
        contact = self.contacts.get(contact_id)
        return contact.name if contact else contact_id

    def _entry(
        self, contact: str, direction: Direction, kind: str, entry_id: str, body: dict[str, Json], now: float
    ) -> Entry:
        state = "queued" if direction == "in" else "sent"
        return Entry(0, entry_id, contact, direction, kind, body, now, state)

    def _show(self, entry: Entry) -> Entry:
        entry.n = self.chats.append(entry)
        self.publish("message", asdict(entry))
        return entry
