"""Forgetting a contact, as an operator asks for it: what there is of it, and the word to erase it.

With a bot running it has its turn behind what the contact wrote before; with none, it is done at once.
"""

from __future__ import annotations

import asyncio
from typing import Any

from botkit.ports import DeskStore
from botkit.server.contacts import Arguments, conversations
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row

#: How long who asked waits for the turn in hand, a request in the air and a backup's end, and how often it is looked.
PATIENCE_S, PAUSE_S = 60.0, 0.05


async def holdings(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return how much there is of `contact`, a row for each channel; raises Refused."""
    found = await conversations(store, arguments)
    return [{"channel": each["channel"], **await store.holdings(each["id"])} for each in found]


async def forget(ingress: Ingress, given: Given) -> Row:
    """Erase `contact`, in all channels or in `channel`; raises Refused.

    `done` says whether it is; else it will be, when its turn comes.
    """
    contact, channel = given.text("contact"), given.optional_text("channel")
    given.finish()
    asked = {"contact": contact, "country": ingress.country(), **given.arguments}
    found = await conversations(ingress.store, {**asked, "channel": channel} if channel else asked)
    for each in found:
        await _ask(ingress, each)
    is_done = await _wait_for(ingress, [each["id"] for each in found])
    return {"conversations": len(found), "done": is_done and await _emptied(ingress)}


async def _ask(ingress: Ingress, conversation: Row) -> None:
    if ingress.runs:
        await ingress.ask_to_forget(conversation)
        return
    while not await ingress.store.forget(conversation["id"], None, ingress.now()):
        # Nobody sends: what a process that was killed left in the air never lands.
        await ingress.store.ground(None, ingress.now(), ingress.now(), ingress.now())


async def _wait_for(ingress: Ingress, conversations: list[str]) -> bool:
    for _ in range(int(PATIENCE_S / PAUSE_S)):
        if not any([await ingress.store.is_kept(each) for each in conversations]):
            return True
        await asyncio.sleep(PAUSE_S)
    return False


async def _emptied(ingress: Ingress) -> bool:
    for _ in range(int(PATIENCE_S / PAUSE_S)):
        if await ingress.store.empty_log():
            return True
        await asyncio.sleep(PAUSE_S)
    return False
