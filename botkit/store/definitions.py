"""The definitions' side of the SQLite store: flows by digest, which conversations finish on."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from botkit.store.queries import SQL
from botkit.store.writer import Writer

#: Conversations whose states are looked through at once: others wait for the store meanwhile.
PAGE = 2_000
#: Wherever a state names a definition, it does so under this key; inside a text the quotes would be escaped.
_NAMED = re.compile(rb'"digest":"([^"\\]+)"')


class SqliteDefinitions:
    """The DefinitionStore protocol over a writer."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def save_definitions(self, sources: Mapping[str, tuple[str, bytes]], now: float) -> None:
        """Keep definitions: digest -> (flow, source)."""
        rows = [(digest, flow, source, now) for digest, (flow, source) in sources.items()]
        await self._writer.run(_change_many, SQL["add_definition"], rows)

    async def definition(self, digest: str) -> bytes | None:
        """Return the source of a definition."""
        return await self._writer.run(_definition, digest)

    async def definitions(self) -> dict[str, tuple[str, ...]]:
        """Return the definitions that are kept: digest -> those that it is pinned to."""
        return await self._writer.run_aside(_definitions)

    async def definitions_in_use(self) -> set[str]:
        """Return the definitions that a conversation's state names."""
        found, last = set[str](), ""
        while True:
            page = await self._writer.run_aside(_states, last)
            found |= {name.decode() for _, state in page for name in _NAMED.findall(state)}
            if len(page) < PAGE:
                return found
            last = page[-1][0]

    async def drop_definitions(self, digests: Sequence[str]) -> None:
        """Forget definitions."""
        await self._writer.run(_change_many, SQL["drop_definition"], [(digest,) for digest in digests])


def _definition(db: sqlite3.Connection, digest: str) -> bytes | None:
    row = db.execute(SQL["get_definition"], (digest,)).fetchone()
    return row[0] if row else None


def _definitions(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    rows = db.execute(SQL["list_definitions"])
    return {digest: tuple(orjson.loads(calls).values()) if calls else () for digest, calls in rows}


def _states(db: sqlite3.Connection, after: str) -> list[tuple[str, bytes]]:
    return db.execute(SQL["states_with_definitions"], (after, PAGE)).fetchall()


def _change_many(db: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    db.executemany(statement, rows)
