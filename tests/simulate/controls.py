"""Builds that break a promise: some seed must catch each, or the simulation proves nothing.

Those of the crash proof, for as long as a `with` lasts, and those of parts that no kill shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from botkit.gateway.client import HttpGateway
from botkit.outbox.learn import Departure
from botkit.outbox.rate import Limits
from botkit.outbox.slots import Slots
from botkit.ports import Answer, WireRequest
from botkit.turn import step
from botkit.turn.event import Inbound
from botkit.turn.people import MEANWHILE
from tests.crash import broken


def count_from_sending() -> None:
    """Give a slot back a period after its request left, not after its answer."""
    answer = Slots.answer

    def answer_early(self: Slots, request: int, at: float) -> Departure:
        return answer(self, request, self.left_at(request))

    broken._put(Slots, "answer", answer_early)


def leave_no_margin() -> None:
    """Give a slot back exactly a period after the answer."""
    broken._put(Limits, "held_s", property(lambda self: self.period_s))


def forget_slots() -> None:
    """Let a restart begin with every slot free."""
    broken._put(Slots, "rebuild", lambda self, entries, now: None)


def send_twice() -> None:
    """Ask the gateway a second time, whatever it answered."""
    send = HttpGateway.send

    async def send_again(self: HttpGateway, wire: WireRequest) -> Answer:
        answer = await send(self, wire)
        await send(self, wire)
        return answer

    broken._put(HttpGateway, "send", send_again)


def talk_to_people() -> None:
    """Let flows hear and answer what a person writes while people have the conversation."""
    broken._put(step, "MEANWHILE", {event: take for event, take in MEANWHILE.items() if event is not Inbound})


#: name -> what makes it.
CONTROLS: dict[str, Callable[[], None]] = {
    **{name: each.build for name, each in broken.BROKEN.items() if each.breaks is not None and not each.polls},
    "slot-from-sending": count_from_sending,
    "no-margin": leave_no_margin,
    "slots-forgotten": forget_slots,
    "sent-twice": send_twice,
    "not-silent": talk_to_people,
}


@contextmanager
def build(name: str) -> Iterator[None]:
    """Break a part, until the end of the block."""
    with ExitStack() as undo:

        def put(place: object, attribute: str, value: object) -> None:
            undo.enter_context(patch.object(place, attribute, value))

        with patch.object(broken, "_put", put):
            CONTROLS[name]()
        yield
