"""Rows that a batch adds at its end: numbered, seen by whom it concerns, undone with their operation."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from botkit.store.later import ROWS, Connection, defers
from botkit.store.migrate import load_migrations, migrate
from botkit.store.writer import Writer
from tests.contract.samples import NOW


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Writer]:
    """A writer on a file with the whole schema."""
    writer = Writer(tmp_path / "later.db", partial(migrate, migrations=load_migrations()))
    await writer.open()
    yield writer
    await writer.close()


def _row(kind: str) -> tuple[object, ...]:
    return (None, "wa", "api", kind, b"{}", None, "filed", 0, NOW, NOW)


@defers
def _add(db: Connection, kind: str) -> int:
    return db.later.add_inbox(db, _row(kind))


@defers
def _add_and_fail(db: Connection, kind: str) -> None:
    db.later.add_inbox(db, _row(kind))
    raise LookupError("not here")


@defers
def _add_refused(db: Connection) -> None:
    db.later.add_inbox(db, (*_row("x")[:2], "nowhere", *_row("x")[3:]))  # no source of that name


def _read(db: sqlite3.Connection) -> list[tuple[int, str]]:
    return list(db.execute("SELECT id, kind FROM inbox ORDER BY id"))


def _drop(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM inbox")


async def test_numbers(writer: Writer) -> None:
    """Rows of one batch and of several get dense ids, more than one statement holds too."""
    ids = await asyncio.gather(*(writer.run(_add, "a") for _ in range(ROWS * 2 + 1)))
    assert ids == list(range(1, ROWS * 2 + 2))
    assert [row[0] for row in await writer.run(_read)] == ids


async def test_no_number_twice(writer: Writer) -> None:
    """The id of a row that was erased is not given again."""
    await writer.run(_add, "a")
    await writer.run(_drop)
    assert await writer.run(_add, "b") == 2


async def test_seen_in_batch(writer: Writer) -> None:
    """An operation that does not defer sees what those before it in its batch added, and numbers go on after it."""
    first, found, second = await asyncio.gather(writer.run(_add, "a"), writer.run(_read), writer.run(_add, "b"))
    assert (first, found, second) == (1, [(1, "a")], 2)


@pytest.mark.parametrize(("operation", "args", "error"), [
    (_add_and_fail, ("b",), LookupError),
    (_add_refused, (), sqlite3.IntegrityError),
])  # fmt: skip
async def test_undone(
    writer: Writer, operation: Callable[..., object], args: tuple[str, ...], error: type[Exception]
) -> None:
    """What an operation added goes when it fails, or when a row of it is refused; its neighbours are done once."""
    outcomes = await asyncio.gather(
        writer.run(_add, "a"), writer.run(operation, *args), writer.run(_add, "c"), return_exceptions=True
    )
    assert isinstance(outcomes[1], error)
    assert await writer.run(_read) == [(1, "a"), (2, "c")]
