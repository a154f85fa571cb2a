"""Webhooks on their way: a gateway sends each until it is answered 200, whatever becomes of the process meanwhile."""

from __future__ import annotations

import asyncio
from contextvars import Context
from typing import Any, Protocol

import orjson

from tests.invariants import Heard
from tests.simulate.bot import CHANNEL
from tests.simulate.process import Process, World

#: How long a gateway waits for a webhook's answer, and between its tries, the last one again and again, in seconds.
ANSWER_S, TRIES_S = 15.0, (1.0, 2.0, 5.0, 10.0, 20.0)


class Place(World, Protocol):
    """What sending webhooks asks its world."""

    process: Process | None
    context: Context


class Post:
    """The gateway's webhooks; `heard` are those that were answered 200, `waiting` how many were not yet."""

    def __init__(self, world: Place) -> None:
        self._world = world
        self.heard: list[Heard] = []
        self.waiting = self._sessions = 0

    def push(self, item: dict[str, Any], after_s: float = 0.0) -> None:
        """Send one after a while, and until it is answered 200."""
        self.waiting += 1
        self._world.later(after_s, lambda: self._push(item))

    def push_session(self, state: str) -> None:
        """Tell that the gateway's session is linked to a phone, or lost it."""
        self._sessions += 1
        told = {"type": "session", "id": f"s{self._sessions}", "state": state}
        self.push(told | {"timestamp": self._world.true_now()})

    def _push(self, item: dict[str, Any], tries: int = 0) -> None:
        world, process = self._world, self._world.process
        is_over = False

        def end() -> bool:
            nonlocal is_over
            was_over, is_over = is_over, True
            return not was_over

        def again() -> None:
            world.later(TRIES_S[min(tries, len(TRIES_S) - 1)], lambda: self._push(item, tries + 1))

        def answered(task: asyncio.Task[int]) -> None:
            if not end():
                return
            status = 0 if task.cancelled() or not (process and process.is_alive) else task.result()
            if item["type"] != "status" or status != 200:
                world.note(f"webhook {item['type']} {item['id']}: {status or 'no answer'}")
            if status == 200:
                self._hear(item)
            else:
                again()

        if process is None or not process.is_ready:
            again()
            return
        world.happens("webhook")
        task = process.begin(process.take(orjson.dumps(item | {"timestamp": int(item["timestamp"])})))
        task.add_done_callback(answered, context=world.context)
        world.later(ANSWER_S, lambda: again() if end() else None)

    def _hear(self, item: dict[str, Any]) -> None:
        self.waiting -= 1
        kind = "message" if item["type"] == "text" else item["type"]
        self.heard.append(Heard(CHANNEL, kind, item["id"], item["state"] if kind == "status" else ""))
