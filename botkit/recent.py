"""Conversations in memory: those that moved last, as their last committed leg left them."""

from __future__ import annotations

from botkit.ports import Snapshot
from botkit.turn.conversation import Conversation

#: Conversations kept in memory, at some 2 KB each.
RECENT = 1_000


class Recent:
    """The conversations that moved last and still run, so that the next message need not read their JSON."""

    def __init__(self, size: int = RECENT) -> None:
        self._size = size
        self._kept: dict[str, Conversation] = {}

    def find(self, snapshot: Snapshot) -> Conversation | None:
        """Return the conversation if it is known in this very version."""
        kept = self._kept.get(snapshot.id)
        same = kept is not None and kept.version == snapshot.version and kept.epoch == snapshot.epoch
        return kept if same else None

    def keep(self, conversation: Conversation) -> None:
        """Keep a conversation that runs, in place of the one that moved longest ago; let go of one that ended."""
        self._kept.pop(conversation.id, None)
        if conversation.frames:
            self._kept[conversation.id] = conversation
            if len(self._kept) > self._size:
                del self._kept[next(iter(self._kept))]

    def drop(self, conversation_id: str) -> None:
        """Let go of a conversation that is no more."""
        self._kept.pop(conversation_id, None)
