"""Reading talks from whoever owns the store, page by page: a store may hold more than a process should."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from botkit.flow.flowset import FlowSet
from botkit.talks.mask import Masks
from botkit.talks.recorded import Talk, Turn, talks_of, turn_of

#: Conversations and turns that are asked for at once; few turns, since reading them holds up those who write.
PAGE, TURNS = 1000, 200


class Ask(Protocol):
    """Asks an operation (`server/operations.py`)."""

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Return what it gives; raises UsageError."""
        ...


async def turns(desk: Ask, conversation: str, since: float | None = None, *, whole: bool = True) -> AsyncIterator[Turn]:
    """Yield the turns of a conversation, oldest first; with `since` from the talk on that was under way then.

    Without `whole` only those from `since` on.
    """
    after, begin = 0, None if since is None or not whole else repr(since)
    while True:
        page = await desk.call(*("turns",), conversation=conversation, after=str(after), limit=str(TURNS), since=begin)
        for row in page:
            if whole or since is None or row["at"] >= since:
                yield turn_of(row)
        if len(page) < TURNS:
            return
        after, begin = page[-1]["id"], None


async def meet(
    desk: Ask, row: Mapping[str, Any], masks: Masks, flows: FlowSet | None, since: float | None = None
) -> None:
    """Take up everybody of whom a conversation tells, before any of it is shown.

    A name that is first given behind what was said of it would else stand in clear beside its stand-in.
    """
    async for turn in turns(desk, row["id"], since):
        masks.hear(turn, flows)


async def talkers(desk: Ask, since: float | None = None) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the conversations in which something happened since."""
    after = ""
    while True:
        page = await desk.call("talkers", after=after, limit=str(PAGE))
        for row in page:
            if since is None or row["updated_at"] >= since:
                yield row
        if len(page) < PAGE:
            return
        after = page[-1]["id"]


async def talks(desk: Ask, since: float | None = None) -> AsyncIterator[Talk]:
    """Yield every talk in which something happened since."""
    async for row in talkers(desk, since):
        async for talk in talks_of(row, turns(desk, row["id"], since)):
            yield talk
