"""A contact's turn to be forgotten: behind what it wrote before, and never while a message to it is in the air."""

from __future__ import annotations

import structlog

from botkit.ports import Clock, InboxRow, InboxStore

#: How long an answer of the gateway, or whoever reads the store's log (a backup), is waited for at a time, in seconds.
PAUSE_S = 0.2
#: How often the store's log is tried to be emptied: ten minutes. A backup may take long.
TRIES = 3000

log = structlog.get_logger("botkit.runtime")


async def forget(store: InboxStore, clock: Clock, row: InboxRow) -> None:
    """Erase the contact of a row that asks for it; raises StoreUnavailable, and then the row is still there."""
    waited_s = 0.0
    while not await store.forget(row.conversation.id, row.id, clock.now()):
        waited_s += PAUSE_S
        await clock.sleep(PAUSE_S)
    log.info("contact_forgotten", event_id=row.id, waited_s=round(waited_s, 1))


async def empty_log(store: InboxStore, clock: Clock) -> None:
    """Empty the store's log behind what was erased, as soon as nobody reads from it; raises StoreUnavailable."""
    for _ in range(TRIES):
        if await store.empty_log():
            return
        await clock.sleep(PAUSE_S)
    log.warning("store_log_not_emptied")
