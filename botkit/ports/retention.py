"""What erasing by age needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

#: What is erased by age: finished events with their journal, dead letters, ended messages with their requests, what
#: flows recorded, that events were seen, and the ledger of requests.
Expiring = Literal["journal", "dead", "messages", "results", "seen", "ledger"]


class RetentionStore(Protocol):
    """What erasing by age needs; raises StoreUnavailable when the store refuses work."""

    async def expired(self, what: Expiring, before: float, limit: int) -> Sequence[tuple[Any, ...]]:
        """Return the keys of some rows that are older; looking for them holds nobody up."""
        ...

    async def erase(self, what: Expiring, rows: Sequence[tuple[Any, ...]]) -> None:
        """Erase rows by their keys, with what belongs to them; those that are gone are done."""
        ...
