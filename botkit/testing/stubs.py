"""Handlers as a test says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.calls import Calls
from botkit.handlers import Handler
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult


class StubbedCalls:
    """Handlers as a test says: stubs in order, the last one repeats; else the real one, unless it takes `ctx`."""

    def __init__(self, handlers: Mapping[str, Handler], stubs: Mapping[str, tuple[Mapping[str, Any], ...]]) -> None:
        self.real = Calls(handlers)
        self.stubs = {name: list(results) for name, results in stubs.items()}

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Return the stub's next result."""
        results = self.stubs.get(call.handler) if call.kind == "run" else None
        if call.kind == "http":  # no test asks the network
            return CallResult(call.key, error=f"the test has no stub for '{call.handler}'")
        if not results:
            known = self.real.handlers.get(call.handler)
            if known is not None and known.wants_context:
                return CallResult(call.key, error=f"the test has no stub for '{call.handler}', which takes ctx")
            return await self.real.call(conversation, call, contact)
        result = results.pop(0) if len(results) > 1 else results[0]
        if "error" in result:
            return CallResult(call.key, error=str(result["error"]))
        return CallResult(call.key, value=result["return"])
