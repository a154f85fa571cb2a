"""A batch of the writer: the calls that share a transaction, how they run, and who gets which outcome."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from botkit.store.later import Connection

Operation = Callable[..., Any]
Call = tuple[Operation, tuple[Any, ...]]


class Job(NamedTuple):
    """Calls of an operation that wait for their batch, each with its arguments; the future gets a list of outcomes.

    An outcome is a value or the exception that the call ended with. `aside` runs the one call on the thread, alone and
    outside a transaction.
    """

    future: asyncio.Future[list[Any]]
    operation: Operation
    calls: Sequence[tuple[Any, ...]]
    aside: bool = False


def _written(db: Connection) -> tuple[int, int]:
    """Return what tells whether an operation has written, or will have."""
    return db.total_changes, db.later.count


def run_all(db: Connection, calls: list[Call]) -> list[Any]:
    """Run the calls in an open transaction; raises when one failed after it had written."""
    outcomes: list[Any] = []
    for operation, args in calls:
        if not getattr(operation, "defers", False):
            db.later.write(db)
        before = _written(db)
        try:
            outcomes.append(operation(db, *args))
        except Exception as error:
            if not db.in_transaction or _written(db) != before or isinstance(error, sqlite3.OperationalError):
                raise
            outcomes.append(error)
    return outcomes


def resolve(jobs: list[Job], outcomes: list[Any]) -> None:
    """Give each job the outcomes of its calls, in order."""
    first = 0
    for job in jobs:
        end = first + len(job.calls)
        if not job.future.done():
            job.future.set_result(outcomes[first:end])
        first = end


def value_of(outcomes: list[Any]) -> Any:
    """Return the outcome of a single call, or raise it."""
    [outcome] = outcomes
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
