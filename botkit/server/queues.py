"""What is asked of the outbox: the queue with when each message leaves, and the story of one message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from botkit.server.contacts import Arguments, Refused, conversations
from botkit.server.ingress import Ingress
from botkit.server.operations import ID_MAX, limit_of, outbox
from botkit.server.outlook import CLASS_OF, Outlook, rows_at

Row = dict[str, Any]

#: States of rows that wait: the others have come to an end.
WAITING = ("pending", "flying", "uncertain")
#: Requests that are told of one message at most.
REQUESTS = 50


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A thing to ask that needs more of a bot than its store: where it stands in the API, and what answers it."""

    path: str
    run: Callable[[Ingress, Arguments], Awaitable[Any]]
    help: str
    takes_long: bool = False


async def queue(ingress: Ingress, arguments: Arguments) -> Row:
    """Return how the channels stand, and what waits: `{channels, rows, total}`, rows in the order in which they leave.

    Where the store takes nothing, `store` says why, as a StoreReason.

    Of `contact`, in `channel`, in `state` (one of WAITING), at most `limit`.
    """
    channel, state, limit = arguments.get("channel"), arguments.get("state"), limit_of(arguments)
    contacts = await conversations(ingress.store, arguments) if "contact" in arguments else None
    outlook = await Outlook.look(ingress)
    refuse_channel(ingress, arguments, channel)
    ids = None if contacts is None else {row["id"] for row in contacts}
    air = [
        outlook.flying(row)
        for row in outlook.air
        if channel in (None, row["channel"])
        and state in (None, row["status"])
        and (ids is None or row["conversation_id"] in ids)
    ]
    if contacts is None:
        spots = outlook.first(channel, limit)
    else:
        spots = [spot for row in contacts for spot in outlook.spots(row["id"], row["channel"])]
    waiting = await rows_at(ingress, outlook, spots[:limit]) if state in (None, "pending") else []
    told = outlook.channels(channel)
    total = len(air) + (len(spots) if contacts is not None else sum(sum(each["waiting"].values()) for each in told))
    reason = await ingress.refusal()
    return {
        "channels": told,
        "rows": [*air, *waiting][:limit],
        "total": total if state in (None, "pending") else len(air),
        **({} if reason is None else {"store": reason}),
    }


async def queued(ingress: Ingress, arguments: Arguments) -> list[Row]:
    """Return the rows that `operations.outbox` lists; a channel that the bot has not may have rows of former times."""
    rows = await outbox(ingress.store, arguments)
    if not rows:
        refuse_channel(ingress, arguments, arguments.get("channel"))
    return rows


def refuse_channel(ingress: Ingress, arguments: Arguments, channel: str | None) -> None:
    """Raise Refused for a channel that the bot has not."""
    known = ingress.ways()
    if channel is not None and channel not in known:
        names = ", ".join(sorted(known)) or "–"
        raise Refused(
            arguments,
            (f"there is no channel '{channel}'", f"the channels are: {names}"),
            (f"no hay un canal '{channel}'", f"los canales son: {names}"),
            status=404,
        )


async def message(ingress: Ingress, arguments: Arguments) -> Row:
    """Return a message: its row, what is to be expected of it, and the requests to its contact since it was queued."""
    number = row_of(arguments)
    found = await ingress.store.queued([number])
    if not found:
        raise Refused(
            arguments,
            (f"there is no message {number}", "`botkit outbox list` has the numbers"),
            (f"no hay un mensaje {number}", "`botkit outbox list` tiene los números"),
            status=404,
        )
    row = found[0]
    requests = await ingress.store.requests_for(row, REQUESTS)
    until = row["settled_at"] or ingress.now()
    told = [each for each in requests if each["id"] == row["request_id"] or each["created_at"] <= until]
    return {
        "class": CLASS_OF[row["rank"]],
        **await _expected(ingress, row),
        "requests": told,
        "may_have_come": may_have_come(row),
    }


async def carried(ingress: Ingress, arguments: Arguments) -> list[int]:
    """Return the messages that `request` carries, by the number that alerts and logs give of it."""
    number = arguments.get("request", "")
    is_number = number.isascii() and number.isdigit() and int(number[:20]) <= ID_MAX
    if is_number and (rows := await ingress.store.rows_of(int(number))):
        return rows
    raise Refused(
        arguments,
        (f"no message has request {number}", "one that was sent again has another; alerts and the log name requests"),
        (f"ningún mensaje tiene el pedido {number}", "uno reenviado tiene otro; las alertas y el registro los nombran"),
        status=404,
    )


async def _expected(ingress: Ingress, row: Row) -> Row:
    """Return a row with what is to be expected of it, if it waits."""
    outlook = await Outlook.look(ingress)
    if row["status"] in ("flying", "uncertain"):
        return outlook.flying(row)
    if row["status"] == "pending":
        spots = [
            spot for spot in outlook.spots(row["conversation_id"], row["channel"]) if spot.lane.lane == row["lane"]
        ]
        rows = await rows_at(ingress, outlook, spots)
        return next((each for each in rows if each["id"] == row["id"]), row)
    return row


def may_have_come(row: Row) -> bool:
    """Tell whether nobody knows that a message did not arrive: sent again, it may come twice."""
    if row["status"] == "sent":
        return False
    given_up = row["status"] == "dropped" and bool(row["request_id"])
    return bool(row["doubted"]) or row["status"] in ("uncertain", "unconfirmed") or given_up


async def waiting_ids(ingress: Ingress, arguments: Arguments) -> list[int]:
    """Return the messages that wait or are in doubt, of `contact` and in `channel` where they are given."""
    store, channel = ingress.store, arguments.get("channel")
    if "contact" not in arguments:
        return await store.waiting_ids(conversation_id=None, channel=channel)
    found = await conversations(store, arguments)
    each = [await store.waiting_ids(conversation_id=row["id"], channel=channel) for row in found]
    return sorted(row for rows in each for row in rows)


async def droppable(ingress: Ingress, arguments: Arguments) -> Row:
    """Return how much waits, of `contact` and in `channel` where they are given, with how much of it is in doubt.

    `{count, uncertain, up_to}`: what is queued later has a higher number than `up_to`.
    """
    refuse_channel(ingress, arguments, arguments.get("channel"))
    ids = await waiting_ids(ingress, arguments)
    air = {row["id"] for row in await ingress.store.rows_in_air()}
    return {"count": len(ids), "uncertain": len(air.intersection(ids)), "up_to": max(ids, default=0)}


def row_of(arguments: Arguments) -> int:
    """Return the number of the message that is asked for; raises Refused."""
    text = arguments.get("row", "")
    if text.isascii() and text.isdigit() and int(text[:20]) <= ID_MAX:
        return int(text)
    raise Refused(
        arguments,
        (f"'{text}' is no number of a message", "`botkit outbox list` has the numbers"),
        (f"'{text}' no es el número de un mensaje", "`botkit outbox list` tiene los números"),
    )


INQUIRIES: Mapping[str, Inquiry] = MappingProxyType(
    {
        "outbox": Inquiry("/api/outbox", queued, "messages that were queued, newest first"),
        "queue": Inquiry("/api/outbox/waiting", queue, "what waits to be sent, when it leaves, and why not yet"),
        "droppable": Inquiry("/api/outbox/droppable", droppable, "how much waits"),
        "carried": Inquiry("/api/outbox/requests/{request}", carried, "the messages that a request carries"),
        "message": Inquiry("/api/outbox/messages/{row}", message, "one message, whatever became of it"),
    }
)
