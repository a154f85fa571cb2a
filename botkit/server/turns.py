"""What commands ask about talks: with whom there are any, and what happened in one, turn by turn."""

from __future__ import annotations

from typing import Any

from botkit.ports import DeskStore

Row = dict[str, Any]


async def page_of(store: DeskStore, conversation_id: str, after: int, limit: int) -> list[Row]:
    """Return a page of turns: events with their `legs` and with what the bot `said` to them."""
    events, legs, said = await store.turns(conversation_id, after, limit)
    turns = {event["id"]: {**event, "legs": [], "said": []} for event in events}
    for leg in legs:
        if turn := turns.get(leg["inbox_id"]):
            turn["legs"].append({"leg": leg["leg"], "version": leg["version"], "at": leg["at"], **leg["entry"]})
    for message in said:
        if turn := turns.get(message["inbox_id"]):
            turn["said"].append({name: value for name, value in message.items() if name != "inbox_id"})
    return list(turns.values())


async def start_of(store: DeskStore, conversation_id: str, since: float) -> int:
    """Return behind which event the talk that was under way at a time began; 0 where that is not known."""
    began = await store.begun_before(conversation_id, since)
    return began - 1 if began is not None else 0
