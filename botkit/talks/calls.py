"""Calls of a talk that is played again: each gets the result that is on record, and none is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, NamedTuple

from botkit.talks.recorded import Called
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult


class Given(NamedTuple):
    """A result that was given, how many attempts the call had at most, and how long each could take, in seconds."""

    call: Called
    attempts: int
    timeout_s: float


class RecordedCalls:
    """Gives calls their recorded results, by their names and in order; each takes as long as it took.

    `unrecorded` are those that nobody made then. `given` are the results that were asked for; without `takes_time` only
    those take any for which the person was told to wait.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]], *, takes_time: bool = True) -> None:
        self.unrecorded: list[str] = []
        self.given: list[Given] = []
        self._sleep, self._takes_time = sleep, takes_time
        self._waiting: list[Called] = []

    def expect(self, calls: Iterable[Called]) -> None:
        """Have these results at hand, in the place of those that nobody asked for."""
        self._waiting = list(calls)
        self.unrecorded.clear()

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the recorded result of a call."""
        name = " ".join(call.handler.split())
        found = next((each for each in self._waiting if each.name == name), None)
        if found is None:
            self.unrecorded.append(name)
            return CallResult(call.key, error="no result of this call is on record")
        self._waiting.remove(found)
        self.given.append(Given(found, call.retries + 1, call.timeout_s))
        if self._takes_time or found.told:
            await self._sleep(found.took_s)
        return CallResult(call.key, found.value, found.error)
