"""What knowing whether a store takes anything needs of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from botkit.errors import StoreUnavailable


class ProvenStore(Protocol):
    """A store that tells how its writes end, and can be asked to write."""

    @property
    def written(self) -> int:
        """How many batches were committed that wrote something."""
        ...

    def on_refusal(self, call: Callable[[StoreUnavailable], object]) -> None:
        """Have `call` told why a batch was refused, before those hear of it who wait for it."""
        ...

    async def prove(self, size: int) -> None:
        """Commit a row of so many bytes, the same one each time; raises StoreUnavailable."""
        ...
