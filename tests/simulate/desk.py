"""Those who run the bot: what they ask of it, each again until it is answered, and what they write on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextvars import Context
from typing import Any, Protocol

from botkit.errors import StoreUnavailable
from botkit.server.contacts import Refused
from tests.invariants import Heard
from tests.simulate.bot import CHANNEL
from tests.simulate.plan import CONTACTS
from tests.simulate.post import Post
from tests.simulate.process import Process
from tests.simulate.process import World as Around

#: How long somebody waits before asking again, in seconds.
AGAIN_S = 2.0
#: action -> the kind of the event that it stores.
_KINDS = {
    "handoff reply": "operator",
    "handoff release": "release",
    "event": "named",
    "send": "told",
    "start": "begin",
}


class Place(Around, Protocol):
    """What a desk asks its world."""

    process: Process | None
    context: Context
    post: Post


class Desk:
    """Who runs the bot; `waiting` are requests that were not answered yet."""

    def __init__(self, world: Place) -> None:
        self._world = world
        self.waiting = 0

    def do(self, deed: str, contact: str, number: int) -> None:
        """Do what a plan says."""
        if deed.startswith("phone"):
            text = "listo" if deed == "phone back" else f"zq por el teléfono {number}"
            echo = {"type": "echo", "id": f"p{number}", "to": contact, "text": text}
            self._world.push(echo | {"timestamp": self._world.true_now()})
            return
        for at, (action, values) in enumerate(_asked(deed, contact, f"zq d{number}")):
            self.waiting += 1
            self._ask(action, values | {"id": f"d{number}.{at}"})

    def _ask(self, action: str, values: dict[str, Any]) -> None:
        world, process = self._world, self._world.process

        def again() -> None:
            world.later(AGAIN_S, lambda: self._ask(action, values))

        def answered(task: asyncio.Task[Any]) -> None:
            error = asyncio.CancelledError() if task.cancelled() else task.exception()
            if process is None or not process.is_alive or isinstance(error, (StoreUnavailable, asyncio.CancelledError)):
                again()
                return
            self.waiting -= 1
            world.note(f"desk: {action} {values['id']}: {type(error).__name__ if error else 'stored'}")
            if error is None:
                world.post.heard.append(Heard(CHANNEL, _KINDS[action], values["id"]))
            elif not isinstance(error, Refused):
                world.wrong.append(f"desk: {action} ended by {error!r}")

        if process is None or not process.is_ready:
            again()
            return
        process.begin(process.act(action, values)).add_done_callback(answered, context=world.context)


def _asked(deed: str, contact: str, said: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the actions of a deed, with what each is given."""
    match deed:
        case "reply":
            yield "handoff reply", {"contact": contact, "text": f"{said} de Ana"}
        case "release":
            yield "handoff release", {"contact": contact}
        case "send":
            yield "send", {"contact": contact, "text": f"{said} avisado"}
        case "event":
            yield "event", {"contact": contact, "name": "oferta", "data": {"que": said}}
        case "broadcast":
            for each in CONTACTS:
                yield "start", {"contact": each, "flow": "oferta", "with": {"que": said}}
