"""What erasing by age needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

#: What is erased by age: finished events with their journal, dead letters, ended messages with their requests, what
#: flows recorded, that events were seen, and the ledger of requests.
Expiring = Literal["journal", "dead", "messages", "results", "seen", "ledger"]

#: Name of the fact what is known of the clock: `clock_doubt.Known`, as a JSON list.
CLOCK_KNOWN = "clock_known"


class Newest(NamedTuple):
    """The last event that a store has."""

    id: int
    received_at: float


class RetentionStore(Protocol):
    """What erasing by age needs; raises StoreUnavailable when the store refuses work."""

    async def expired(self, what: Expiring, before: float, limit: int) -> Sequence[tuple[Any, ...]]:
        """Return the keys of some rows that are older; looking for them holds nobody up."""
        ...

    async def erase(self, what: Expiring, rows: Sequence[tuple[Any, ...]]) -> None:
        """Erase rows by their keys, with what belongs to them; those that are gone are done."""
        ...

    async def newest_event(self) -> Newest | None:
        """Return the last event; None where there is none."""
        ...

    async def gateway_times(self, after: int) -> Sequence[float]:
        """Return when some of the newest events behind `after` were, by their gateway's clock."""
        ...

    async def get_meta(self, name: str) -> str | None:
        """Return a fact about the store."""
        ...

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the store."""
        ...
