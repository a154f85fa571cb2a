"""The protocols that the runtime, the outbox worker and the server need of the world, and the rows they exchange.

A protocol is owned by its caller and small: the sides of a store are protocols of their own, which one object may
fulfil.
"""

from __future__ import annotations

from botkit.ports.clock import Clock
from botkit.ports.desk import Copy, DeskStore, LetterStore
from botkit.ports.gateway import Answer, Capabilities, Deafness, Errand, Gateway, Verdict
from botkit.ports.inbox import (
    FORGET,
    UNIQUE_S,
    Arrival,
    DefinitionStore,
    Failure,
    Fired,
    InboxRow,
    InboxStore,
    Leg,
    Receipt,
    Snapshot,
    TimerStore,
)
from botkit.ports.outbox import (
    RESTORED,
    BulkTurn,
    Expired,
    Flight,
    LedgerEntry,
    OutboxRow,
    OutboxStore,
    RequestStatus,
    Settlement,
    WireRequest,
)
from botkit.ports.proof import ProvenStore
from botkit.ports.queue import SENT_AGAIN_AS, Dropped, Lane, QueueControl, QueueStore
from botkit.ports.retention import CLOCK_KNOWN, Expiring, Newest, RetentionStore
from botkit.ports.story import StoryStore

__all__ = [
    "CLOCK_KNOWN",
    "FORGET",
    "RESTORED",
    "SENT_AGAIN_AS",
    "UNIQUE_S",
    "Answer",
    "Arrival",
    "BulkTurn",
    "Capabilities",
    "Clock",
    "Copy",
    "Deafness",
    "DefinitionStore",
    "DeskStore",
    "Dropped",
    "Errand",
    "Expired",
    "Expiring",
    "Failure",
    "Fired",
    "Flight",
    "Gateway",
    "InboxRow",
    "InboxStore",
    "Lane",
    "LedgerEntry",
    "Leg",
    "LetterStore",
    "Newest",
    "OutboxRow",
    "OutboxStore",
    "ProvenStore",
    "QueueControl",
    "QueueStore",
    "Receipt",
    "RequestStatus",
    "RetentionStore",
    "Settlement",
    "Snapshot",
    "StoryStore",
    "TimerStore",
    "Verdict",
    "WireRequest",
]
