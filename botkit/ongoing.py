"""A call under way while its turn goes on: a leg may speak before the result is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from botkit.ports import Clock
from botkit.turn.conversation import PendingCall
from botkit.turn.event import CallResult, Event, Meanwhile
from botkit.waiting import done_within


class Ongoing:
    """The call of a turn that is under way while a leg says `meanwhile`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._task: asyncio.Future[CallResult] | None = None

    async def event(self, call: PendingCall, make: Callable[[], Awaitable[CallResult]]) -> CallResult | Meanwhile:
        """Return the result of the call, which `make` begins unless it is under way; Meanwhile if that takes long."""
        if self._task is None:
            if call.meanwhile_s is None:
                return await make()
            self._task = asyncio.ensure_future(make())
        if call.meanwhile_s is not None and not await done_within(self._clock, self._task, call.meanwhile_s):
            return Meanwhile(call.key)
        result, self._task = await self._task, None
        return result

    async def result(self, event: Event) -> CallResult | None:
        """Return what an event of the call gave; for Meanwhile what the call gives in the end."""
        if isinstance(event, Meanwhile) and self._task is not None:
            return await self._task
        return event if isinstance(event, CallResult) else None

    async def end(self) -> None:
        """End a call whose result nobody waits for any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
