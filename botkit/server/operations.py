"""What commands and pages can ask of a store: one table, which the control API and the command line share.

To add one, write a function of (store, arguments) and a row in `OPERATIONS`. Arguments are texts, from a path or a
query; answers are JSON types. The argument `lang`, es or en, is the language of a refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import Any

from botkit.definitions import kept
from botkit.ports import DeskStore
from botkit.server import forgetting, handoffs, letters, turns
from botkit.server.contacts import Arguments, Refused, conversations, named

#: Rows of the outbox that are shown when nobody says how many, and at most.
LIMIT, LIMIT_MAX = 50, 1000
#: Rows of results in a page when nobody says how many.
RESULTS_PAGE = 1000
#: Conversations in a page when nobody says how many.
LIVE_PAGE = 1000
#: Turns in a page when nobody says how many: few, since reading them holds up those who write.
TURNS_PAGE = 200
#: Largest id of a row.
ID_MAX = 2**63 - 1
OUTBOX_STATUSES = (
    "pending", "flying", "uncertain", "sent", "failed", "unconfirmed", "dropped", "expired", "replaced", "muted"
)  # fmt: skip
#: What asks for rows in every status.
EVERY_STATUS = "all"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask: where it stands in the API, and what does it; what `takes_long` is waited for."""

    path: str
    run: Callable[[DeskStore, Arguments], Awaitable[Any]]
    help: str
    takes_long: bool = False


async def health(store: DeskStore, arguments: Arguments) -> dict[str, Any]:
    """Return the store's target and how many rows stand where."""
    return {"ok": True, "target": await store.get_meta("target"), "counts": await store.counts()}


async def outbox(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return outbox rows, newest first: of `contact`, in `channel`, in `status` (`all`: every one), at most `limit`."""
    status, limit = arguments.get("status"), limit_of(arguments)
    if status == EVERY_STATUS:
        status = None
    if status is not None and status not in OUTBOX_STATUSES:
        known = ", ".join((*OUTBOX_STATUSES, EVERY_STATUS))
        raise Refused(
            arguments,
            (f"'{status}' is no status of an outbox row", f"the statuses are: {known}"),
            (f"'{status}' no es un estado de un mensaje por enviar", f"los estados son: {known}"),
        )
    if "contact" not in arguments:
        channel = arguments.get("channel")
        return await store.outbox_rows(conversation_id=None, status=status, limit=limit, channel=channel)
    rows: list[dict[str, Any]] = []
    for conversation in await conversations(store, arguments):
        rows += await store.outbox_rows(conversation_id=conversation["id"], status=status, limit=limit)
    return sorted(rows, key=lambda row: -row["id"])[:limit]


async def results(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return what `flow` recorded from `since` (UTC seconds) on, oldest first: a page of `limit` behind row `after`."""
    flow, limit = named(arguments, "flow"), limit_of(arguments, RESULTS_PAGE)
    return await store.results(flow, since=_since(arguments), after=_after(arguments), limit=limit)


async def recorded(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return the flows that recorded something, with how much."""
    return await store.recorded()


async def live(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return where each conversation stands in which a flow runs: a page of `limit` behind the one called `after`.

    What people said is not in it, and their contacts only with `contacts`.
    """
    rows = await store.live(arguments.get("after", ""), limit_of(arguments, LIVE_PAGE))
    return [_standing(row, with_contact="contacts" in arguments) for row in rows]


def _standing(row: dict[str, Any], *, with_contact: bool) -> dict[str, Any]:
    state = row["state"]
    reminders = {name: {"flow": each.get("flow")} for name, each in state.get("reminders", {}).items()}
    told = {"id": row["id"], "channel": row["channel"], "reminders": reminders}
    told["frames"] = [_without_slots(frame) for frame in state.get("frames", ())]
    return {**told, "contact": row["contact"]} if with_contact else told


def _without_slots(frame: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: frame[name] for name in ("flow", "digest", "step", "asked", "came") if name in frame}
    if "due" in frame:
        told["due"] = frame["due"]
    if "above" in frame:
        told["above"] = [_without_slots(each) for each in frame["above"]]
    if "pending_call" in frame:
        told["calls"] = [frame["pending_call"]["kind"], frame["pending_call"]["handler"]]
    return told


async def talkers(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return the conversations that there are: a page of `limit` behind the one called `after`."""
    return await store.talkers(arguments.get("after", ""), limit_of(arguments, LIVE_PAGE))


async def turns_of(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return what happened in a conversation: a page of `limit` behind event `after`.

    With `since` (UTC seconds) it begins where the talk began that was under way then.
    """
    conversation_id, after = arguments["conversation"], _after(arguments)
    if "since" in arguments:
        after = max(after, await turns.start_of(store, conversation_id, _since(arguments)))
    return await turns.page_of(store, conversation_id, after, limit_of(arguments, TURNS_PAGE))


async def definition(store: DeskStore, arguments: Arguments) -> Any:
    """Return the definition under `digest` as it is kept, None if it is not."""
    return await kept(store.definition, arguments["digest"])


async def pragma(store: DeskStore, arguments: Arguments) -> dict[str, str]:
    """Return the setting `name` of the store's writer, read now."""
    return {"name": arguments["name"], "value": await store.pragma(arguments["name"])}


async def examine(store: DeskStore, arguments: Arguments) -> dict[str, Any]:
    """Return how the store is; every page of it is read."""
    return await store.examine()


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "health": Operation("/api/health", health, "whether the store answers, and what stands in it"),
        "conversations": Operation("/api/conversations", conversations, "the state of a contact"),
        "results": Operation("/api/results/{flow}", results, "what a flow recorded"),
        "recorded": Operation("/api/recorded", recorded, "the flows that recorded something, and how much"),
        "live": Operation("/api/live", live, "where each conversation stands in which a flow runs"),
        "talkers": Operation("/api/talkers", talkers, "all conversations, a page of them"),
        "turns": Operation("/api/talkers/{conversation}", turns_of, "what happened in a conversation, turn by turn"),
        "definition": Operation("/api/definitions/{digest}", definition, "a definition that conversations began with"),
        "handoffs": Operation("/api/handoffs", handoffs.listed, "the conversations that people have"),
        "handoff": Operation("/api/handoffs/{contact}", handoffs.shown, "what was written since people have one"),
        "dead": Operation("/api/dead", letters.listed, "what failed for good"),
        "dead letter": Operation("/api/dead/{letter}", letters.shown, "one event that failed for good"),
        "holdings": Operation("/api/holdings/{contact}", forgetting.holdings, "how much there is of a contact"),
        "results of no flow": Operation("/api/results/", results, "refused: a flow must be named"),
        "store": Operation("/api/store", examine, "whether the store is sound, its size and schema", takes_long=True),
        "pragma": Operation("/api/store/pragma/{name}", pragma, "a setting of the store's writer"),
    }
)


def _since(arguments: Arguments) -> float:
    text = arguments.get("since")
    if text is None:
        return 0.0
    with suppress(ValueError):
        if isfinite(since := float(text)):
            return since
    raise Refused(
        arguments,
        (f"'{text}' is no time", "write UTC seconds since 1970"),
        (f"'{text}' no es un momento", "escribe segundos UTC desde 1970"),
    )


def _after(arguments: Arguments) -> int:
    text = arguments.get("after", "0")
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= ID_MAX):
        raise Refused(
            arguments,
            (f"'{text}' is no row", "write the id of the last row of the page before"),
            (f"'{text}' no es una fila", "escribe el id de la última fila de la página anterior"),
        )
    return int(text)


def limit_of(arguments: Arguments, usual: int = LIMIT) -> int:
    text = arguments.get("limit")
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LIMIT_MAX):
        raise Refused(
            arguments,
            (f"'{text}' is no limit", f"write a number from 1 to {LIMIT_MAX}"),
            (f"'{text}' no es un límite", f"escribe un número de 1 a {LIMIT_MAX}"),
        )
    return int(text)
