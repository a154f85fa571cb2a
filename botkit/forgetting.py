"""What must not stay: a contact's turn to be forgotten, and the store's log, which holds what was overwritten.

A contact is forgotten behind what it wrote before, and never while a message to it is in the air. The log keeps older
states of rows until it is used again from its beginning, which may be hours; so a bot that asks anything `sensitive`
has it emptied every minute. Any other has it emptied once, for what a process left that was killed while it forgot.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from botkit.errors import StoreUnavailable
from botkit.ports import Clock, InboxRow, InboxStore

#: How long an answer of the gateway, or whoever reads the store's log (a backup), is waited for at a time, in seconds.
PAUSE_S = 0.2
#: How often the store's log is tried to be emptied: ten minutes. A backup may take long.
TRIES = 3000

#: How often the log of a bot that asks for secrets is emptied, in seconds: it holds commits up for some 20 ms.
EMPTIED_S = 60.0

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


class LogEmptying:
    """Empties the store's log once, and every minute while `has_secrets` says that there may be something in it."""

    def __init__(self, store: InboxStore, clock: Clock, has_secrets: Callable[[], bool]) -> None:
        self._store, self._clock, self._has_secrets = store, clock, has_secrets
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, a minute from now."""
        self._task = asyncio.create_task(self._keep_emptying(), name="log-emptying")

    async def stop(self) -> None:
        """Stop; who closes the store empties its log."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep_emptying(self) -> None:
        is_first = True
        while True:
            await self._clock.sleep(EMPTIED_S)
            if is_first or self._has_secrets():
                is_first = False
                with contextlib.suppress(StoreUnavailable):  # a minute later it may be there again
                    await self._store.empty_log()
