"""What commands and pages can ask of a store: one table, which the control API and the command line share.

To add one, write a function of (store, arguments) and a row in `OPERATIONS`. Arguments are texts, from a path or a
query; answers are JSON types.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from botkit.errors import UsageError
from botkit.ports import DeskStore

#: Rows of the outbox that are shown when nobody says how many, and at most.
LIMIT, LIMIT_MAX = 50, 1000
OUTBOX_STATUSES = (
    "pending", "flying", "uncertain", "sent", "failed", "unconfirmed", "dropped", "expired", "replaced", "muted"
)  # fmt: skip

Arguments = Mapping[str, str]


class Refused(UsageError):
    """An operation cannot be done with these arguments; `hint` says what to do, `status` is the HTTP answer."""

    def __init__(self, message: str, hint: str = "", *, status: int = 400) -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message, self.hint, self.status = message, hint, status


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask: where it stands in the API, and what does it."""

    path: str
    run: Callable[[DeskStore, Arguments], Awaitable[Any]]
    help: str


async def health(store: DeskStore, arguments: Arguments) -> dict[str, Any]:
    """Return the store's target and how many rows stand where."""
    return {"ok": True, "target": await store.get_meta("target"), "counts": await store.counts()}


async def conversations(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return the conversations of `contact`, in all channels or in `channel`; raises Refused if there is none."""
    contact = arguments.get("contact", "")
    if not contact:
        raise Refused("no contact is given", "add ?contact=")
    found = await store.conversation(arguments.get("channel"), contact)
    if not found:
        raise Refused("there is no conversation with this contact", "check the number, with its country", status=404)
    return found


async def outbox(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return outbox rows, newest first: of `contact`, in `status`, at most `limit`."""
    status, limit = arguments.get("status"), _limit(arguments.get("limit"))
    if status is not None and status not in OUTBOX_STATUSES:
        raise Refused(f"'{status}' is no status of an outbox row", f"the statuses are: {', '.join(OUTBOX_STATUSES)}")
    if not arguments.get("contact"):
        return await store.outbox_rows(conversation_id=None, status=status, limit=limit)
    rows: list[dict[str, Any]] = []
    for conversation in await conversations(store, arguments):
        rows += await store.outbox_rows(conversation_id=conversation["id"], status=status, limit=limit)
    return sorted(rows, key=lambda row: -row["id"])[:limit]


async def results(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return what `flow` recorded, oldest first."""
    return await store.results(arguments["flow"])


async def pragma(store: DeskStore, arguments: Arguments) -> dict[str, str]:
    """Return the setting `name` of the store's writer, read now."""
    return {"name": arguments["name"], "value": await store.pragma(arguments["name"])}


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "health": Operation("/api/health", health, "whether the store answers, and what stands in it"),
        "conversations": Operation("/api/conversations", conversations, "the state of a contact"),
        "outbox": Operation("/api/outbox", outbox, "messages that were queued, newest first"),
        "results": Operation("/api/results/{flow}", results, "what a flow recorded"),
        "pragma": Operation("/api/store/pragma/{name}", pragma, "a setting of the store's writer"),
    }
)


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LIMIT_MAX):
        raise Refused(f"'{text}' is no limit", f"write a number from 1 to {LIMIT_MAX}")
    return int(text)
