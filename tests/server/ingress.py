"""A way in to a store for tests, with nobody who takes up what was stored."""

from __future__ import annotations

from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo
from botkit.ports import InboxRow
from botkit.server.ingress import Ingress
from botkit.store.sqlite import SqliteStore

NOW = 1_790_000_000.0


def ingress_of(store: SqliteStore, flows: FlowSet | None = None, rows: list[InboxRow] | None = None) -> Ingress:
    """Return a way in to `store`; what it stores is added to `rows`."""
    taken = rows if rows is not None else []
    return Ingress(store, lambda: flows or FlowSet(BotInfo()), taken.extend, lambda: NOW, lambda: "BO")
