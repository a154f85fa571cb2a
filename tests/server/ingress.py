"""A way in to a store for tests, with nobody who takes up what was stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo
from botkit.ports import InboxRow
from botkit.server.control import ControlServer
from botkit.server.ingress import Ingress
from botkit.server.socket import control_path
from botkit.store.sqlite import SqliteStore

NOW = 1_790_000_000.0


def ingress_of(store: SqliteStore, flows: FlowSet | None = None, rows: list[InboxRow] | None = None) -> Ingress:
    """Return a way in to `store`; what it stores is added to `rows`."""
    taken = rows if rows is not None else []
    return Ingress(store, lambda: flows or FlowSet(BotInfo()), taken.extend, lambda: NOW, lambda: "BO")


@asynccontextmanager
async def serving(
    store: SqliteStore, path: Path, ingress: Ingress | None = None, *, running: bool = True
) -> AsyncIterator[ControlServer]:
    """Let a process own the store at `path`, as one that runs does, and close it at the end.

    With none `running` nobody owns it: the store is closed at once.
    """
    server = ControlServer(ingress or ingress_of(store), control_path(path))
    if running:
        await server.start()
    else:
        await store.close()
    try:
        yield server
    finally:
        await server.stop()
        await store.close()
