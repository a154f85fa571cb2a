"""What the runtime has in hand: of one conversation, and of all."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from botkit.ports import InboxRow
from botkit.progress import Progress

#: Most rows kept in memory; beyond it they wait in the store, which loses nothing.
MAX_IN_HAND = 10_000


@dataclass(slots=True)
class Work:
    """The rows of one conversation that are in hand, and its state once it is known.

    `progress` is that of the first row. `look_again` says that the store may hold more rows behind these.
    """

    conversation_id: str
    rows: deque[InboxRow]
    progress: Progress
    look_again: bool


@dataclass(slots=True)
class InHand:
    """The works of all conversations that are not idle, by conversation, and how many rows they are.

    `is_behind` says that new rows stay in the store until there is room, `suspect` which conversation has a row in hand
    that two processes died with. `look` is set when the store may hold rows that can go on now, `idle` while no row is
    in hand.
    """

    most: int = MAX_IN_HAND
    works: dict[str, Work] = field(default_factory=dict)
    rows: int = 0
    is_behind: bool = False
    suspect: str | None = None
    look: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()

    def take(self, row: InboxRow, *, look_again: bool = False) -> Work:
        """Take a row in hand whose conversation is idle."""
        work = Work(row.conversation.id, deque([row]), Progress(legs=row.legs), look_again)
        self.works[work.conversation_id] = work
        self.rows += 1
        self.idle.clear()
        return work

    def close_row(self, work: Work) -> None:
        """Count the first row as done, and stand before the next."""
        work.rows.popleft()
        self.rows -= 1
        if work.rows:
            work.progress = Progress(work.progress.conversation, work.rows[0].legs)

    def let_go(self, work: Work) -> None:
        """Forget a conversation; rows of it that are left wait in the store."""
        self.rows -= len(work.rows)
        del self.works[work.conversation_id]
        if work.conversation_id == self.suspect:
            self.suspect = None
        if work.rows or work.look_again or (self.is_behind and self.rows < self.most // 2):
            self.look.set()
        elif not self.works:
            self.idle.set()
