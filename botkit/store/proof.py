"""Whether the SQLite store takes what it is given, as its batches tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from botkit.errors import StoreUnavailable
from botkit.store.queries import SQL
from botkit.store.writer import Writer


class SqliteProof:
    """The ProvenStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @property
    def written(self) -> int:
        """How many batches were committed that wrote something."""
        return self._writer.written

    def on_refusal(self, call: Callable[[StoreUnavailable], object]) -> None:
        """Have `call` told why a batch was refused."""
        self._writer.on_refusal = call

    async def prove(self, size: int) -> None:
        """Commit a row of so many bytes."""
        await self._writer.run(_prove, size)


def _prove(db: sqlite3.Connection, size: int) -> None:
    db.execute(SQL["write_proof"], (size // 2,))
