"""Handlers and web services as a test says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from botkit.calls import Calls
from botkit.handlers import Handler
from botkit.retries import Attempt, repeat
from botkit.testing.called import Called, Made, made
from botkit.testing.stub_reader import Stubs
from botkit.testing.watchdog import HANG_S, watched
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult


class StubbedCalls:
    """Handlers and web services as a test says: stubs in order, the last one repeats.

    A handler without a stub is called, unless it takes `ctx`; that one and a web service are noted in `unstubbed`,
    which fails the test, `unstubbed_at` are flow and step of the last. `used` are the stubs that were called, `made`
    are the attempts since the last input. `sleep` waits on the test's own clock.
    """

    def __init__(
        self, handlers: Mapping[str, Handler], stubs: Stubs, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self.real = Calls(handlers)
        self.stubs = {name: list(results) for name, results in stubs.items()}
        self.made: list[Made] = []
        self.unstubbed: list[str] = []
        self.unstubbed_at: tuple[str, str] | None = None
        self.used: set[str] = set()
        self._sleep = sleep

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the result of a call, after as many attempts as it has."""
        return await repeat(call, lambda: self._once(conversation, call, contact), self._sleep)

    def take(self, wanted: Called) -> bool:
        """Take the first attempt that a test wants off those made; False when there is none."""
        found = next((each for each in self.made if each.fits(wanted)), None)
        if found is not None:
            self.made.remove(found)
        return found is not None

    async def _once(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Attempt:
        attempt = made(call)
        self.made.append(attempt)
        name = next((name for name in reversed(attempt.names) if self.stubs.get(name)), None)
        if name is None:
            return await self._unstubbed(conversation, call, contact)
        self.used.add(name)
        results = self.stubs[name]
        result = results.pop(0) if len(results) > 1 else results[0]
        delay_s = result.get("delay", 0.0)
        if delay_s:
            await self._sleep(min(delay_s, call.timeout_s))
        if delay_s >= call.timeout_s:
            return Attempt(CallResult(call.key, error=f"no answer within {call.timeout_s:g} s"), again=True)
        if "error" in result:
            return Attempt(CallResult(call.key, error=str(result["error"])), again=True)
        if call.kind == "run":
            return Attempt(CallResult(call.key, value=result.get("return")))
        answer = _answer(result)
        return Attempt(CallResult(call.key, value=answer), again=answer["status"] == 429 or answer["status"] >= 500)

    async def _unstubbed(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Attempt:
        known = self.real.handlers.get(call.handler)
        if call.kind == "run" and not (known is not None and known.wants_context):
            with watched(call.handler, "", Path(), max(HANG_S, call.timeout_s)):
                return await self.real.once(conversation, call, contact)
        self.unstubbed.append(made(call).names[-1])
        self.unstubbed_at = (conversation.top.flow, call.step) if conversation.top else None
        return Attempt(CallResult(call.key, error=f"the test has no stub for '{self.unstubbed[-1]}'"))


def _answer(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stub's answer as a web service's; `json` is what the text says."""
    text = orjson.dumps(result["json"]).decode() if "json" in result else str(result.get("text", ""))
    headers = {name.lower(): str(value) for name, value in result.get("headers", {}).items()}
    return {"status": result.get("status", 200), "headers": headers, "text": text}
