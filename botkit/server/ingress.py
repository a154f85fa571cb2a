"""The way in for those who run the bot: what they ask for becomes a row of the conversation's inbox, like a message.

So it is done in the conversation's order, once, and after a restart as well; who asks is answered when it is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from botkit.errors import StoreReason
from botkit.flow.flowset import FlowSet
from botkit.ports import FORGET, Arrival, Copy, InboxRow, Receipt
from botkit.server.ways import Way, WayStore
from botkit.turn.codec import dump_filed
from botkit.turn.event import FILED_KINDS, Filed

Row = dict[str, Any]


class ActionStore(WayStore, Protocol):
    """What actions need of a store: they read as the desk does, change the outbox, and put rows into the inbox."""

    async def accept(self, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
        """Store arrivals durably, in order, each once; return a receipt for each."""
        ...

    async def copied(self, arrival: Arrival, now: float) -> Receipt | None:
        """Return the receipt of an arrival that is a copy; None for a new one."""
        ...

    async def forget(self, conversation_id: str, upto: int | None, now: float) -> bool:
        """Erase a contact; return False while a request to it is out."""
        ...

    async def is_kept(self, conversation_id: str) -> bool:
        """Return whether there is a conversation of this id."""
        ...

    async def empty_log(self) -> bool:
        """Let nothing that was erased stay on the disk; return False while somebody still reads it."""
        ...

    async def ground(self, owner: str | None, now: float, answered_at: float, due_at: float) -> int:
        """Turn flights without an answer into uncertain ones due at `due_at`; return how many."""
        ...

    async def back_up(self, to: Path, *, force: bool = False) -> Copy:
        """Copy the store to a file, over another one only with `force`; raises UsageError, and then there is none."""
        ...


async def takes_all() -> None:
    """Say that the store takes what it is given."""


@dataclass(frozen=True, slots=True)
class Ingress:
    """What actions need of a bot.

    `flows` are those that run now (it raises UsageError where they cannot be had); `notify` takes rows that were
    stored; `now` is the wall clock; `country` is the bot's own as it is now, for numbers that
    are written without one. `runs`: somebody plays what is stored. `ways` are its channels; `look` says that something
    was stored of which `notify` was not told. `refusal` returns why the store takes nothing, None if it does.
    """

    store: ActionStore
    flows: Callable[[], FlowSet]
    notify: Callable[[Sequence[InboxRow]], None]
    now: Callable[[], float]
    country: Callable[[], str] = str
    runs: bool = True
    ways: Callable[[], Mapping[str, Way]] = dict
    look: Callable[[], None] = lambda: None
    refusal: Callable[[], Awaitable[StoreReason | None]] = takes_all

    async def put(self, conversation: Row, source: str, event: Filed, key: str | None = None) -> Receipt:
        """Store an event for a conversation and have it done; `key`, when given, makes the same event count once."""
        arrival = _arrival(conversation, source, event, key if key is not None else secrets.token_hex(16))
        [receipt] = await self.store.accept([arrival], self.now())
        if receipt.row is not None:
            self.notify([receipt.row])
        return receipt

    async def copied(self, conversation: Row, source: str, event: Filed, key: str) -> Receipt | None:
        """Return the receipt of an event whose `key` has named one before, None for a new one; nothing is stored."""
        return await self.store.copied(_arrival(conversation, source, event, key), self.now())

    async def ask_to_forget(self, conversation: Row) -> None:
        """Have a contact forgotten when its turn comes."""
        channel, contact = conversation["channel"], conversation["contact"]
        arrival = Arrival(channel, "operator", FORGET, contact, secrets.token_hex(16), "", b"", b"{}")
        [receipt] = await self.store.accept([arrival], self.now())
        if receipt.row is not None:
            self.notify([receipt.row])


def _arrival(conversation: Row, source: str, event: Filed, key: str) -> Arrival:
    """Return an event on its way into a conversation's inbox, where `key` makes it count once."""
    data = dump_filed(event)
    digest = sha256(conversation["id"].encode() + data).digest()[:16]
    channel, contact = conversation["channel"], conversation["contact"]
    return Arrival(channel, source, FILED_KINDS[type(event)], contact, key, "", digest, data)
