"""Retries of a pending call: the same call again, under the same key, while somebody waits for its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from botkit.turn.conversation import PendingCall
from botkit.turn.event import CallResult

#: Waits before the second attempt, the third and all later ones, in seconds.
WAITS_S = (0.5, 2.0)
#: Longest wait that a service may ask for, in seconds: a person waits for the answer.
MAX_WAIT_S = 10.0


class Attempt(NamedTuple):
    """What one attempt gave; `again` says that another may give more, `wait_s` when at the earliest."""

    result: CallResult
    again: bool = False
    wait_s: float | None = None


async def repeat(
    call: PendingCall, once: Callable[[], Awaitable[Attempt]], sleep: Callable[[float], Awaitable[None]]
) -> CallResult:
    """Return the result of the first attempt that ends it, or of the last one that the call has."""
    for number in range(call.retries):
        attempt = await once()
        if not attempt.again:
            return attempt.result
        wait_s = WAITS_S[min(number, len(WAITS_S) - 1)]
        await sleep(min(max(wait_s, attempt.wait_s or 0.0), MAX_WAIT_S))
    return (await once()).result
