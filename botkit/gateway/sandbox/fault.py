"""Faults on request: the closed table, and which of them the next request meets.

A fault acts at a stage: `before` the message is counted and accepted, or `after`. There it waits
`delay_s`, then gives its answer, closes the connection, or lets the request go on. So "500 after
accepting" is an answer at stage `after`: the message was taken and the client cannot know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import orjson

from botkit.gateway.sandbox.body import Body

Stage = Literal["before", "after"]

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
COUNT_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire; without a status the connection is closed instead."""

    status: int | None
    raw: bytes = b""
    content_type: str = "application/json"
    retry_after: str | None = None


CLOSE = Answer(None)


def refusal(status: int, text: str) -> Answer:
    """Return a JSON error answer."""
    return Answer(status, orjson.dumps({"error": text}))


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it acts, how long it waits and what it answers."""

    kind: str
    stage: Stage
    answer: Answer | None = None
    delay_s: float = 0.0


@dataclass(slots=True)
class Armed:
    """A fault, and how long it stays."""

    fault: Fault
    left: int | None
    until: float | None


def _unavailable(_: Body) -> Fault:
    return Fault("unavailable", "before", refusal(503, "unexpected peak, try again later"))


def _quota(_: Body) -> Fault:
    return Fault("quota", "before", refusal(429, "the plan's quota is used up"))


def _unauthorized(_: Body) -> Fault:
    return Fault("unauthorized", "before", refusal(401, "invalid API key"))


def _error(body: Body) -> Fault:
    status = body.integer("status", low=300, high=599, default=500)
    return Fault("error", _stage(body, "before"), refusal(status, "contact support"))


def _slow(body: Body) -> Fault:
    return Fault("slow", _stage(body, "before"), None, body.number("delay_s", low=0, high=HOUR_S))


def _reset(body: Body) -> Fault:
    return Fault("reset", _stage(body, "before"), CLOSE)


def _not_json(_: Body) -> Fault:
    return Fault("not_json", "after", Answer(200, b"<html><h1>It works!</h1></html>", "text/html"))


def _stage(body: Body, default: Stage) -> Stage:
    return "after" if body.one_of("when", ("before", "after"), default=default) == "after" else "before"


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table: what the fault does, and how its fields are read."""

    sentence: str
    read: Callable[[Body], Fault]


FAULTS: dict[str, Kind] = {
    "unavailable": Kind("503, nothing accepted.", _unavailable),
    "quota": Kind("429 whatever the window says.", _quota),
    "unauthorized": Kind("401, as if the key had been revoked.", _unauthorized),
    "error": Kind("`status` (300-599, default 500) `when` before or after accepting.", _error),
    "slow": Kind("Wait `delay_s` `when` before or after accepting, then go on.", _slow),
    "reset": Kind("Close the connection `when` before or after accepting.", _reset),
    "not_json": Kind("Accept, then answer 200 with a page instead of JSON.", _not_json),
}


class Faults:
    """The faults that are armed, oldest first."""

    def __init__(self) -> None:
        self._armed: list[Armed] = []

    def arm(self, kind: str, body: Body, now: float) -> None:
        """Add a fault, for the next `count` requests, for `for_s` seconds, or until cleared."""
        fault = FAULTS[kind].read(body)
        left = body.integer("count", low=1, high=COUNT_LIMIT) if body.has("count") else None
        until = now + body.number("for_s", low=0, high=DAY_S) if body.has("for_s") else None
        body.finish()
        self._armed.append(Armed(fault, left, until))

    def clear(self) -> None:
        """Disarm everything."""
        self._armed.clear()

    def meet(self, stage: Stage, now: float) -> list[Fault]:
        """Return what a request meets at `stage`: delays, up to and with the first answer."""
        if not self._armed:
            return []
        self._armed = [armed for armed in self._armed if armed.until is None or now < armed.until]
        met: list[Fault] = []
        for armed in [armed for armed in self._armed if armed.fault.stage == stage]:
            met.append(armed.fault)
            self._spend(armed)
            if armed.fault.answer is not None:
                break
        return met

    def listing(self) -> list[dict[str, object]]:
        """Return what is armed, as JSON shows it."""
        return [
            {
                "kind": armed.fault.kind,
                "when": armed.fault.stage,
                "status": armed.fault.answer.status if armed.fault.answer else None,
                "delay_s": armed.fault.delay_s,
                "count": armed.left,
                "until": armed.until,
            }
            for armed in self._armed
        ]

    def _spend(self, armed: Armed) -> None:
        if armed.left is None:
            return
        armed.left -= 1
        if armed.left == 0:
            self._armed.remove(armed)
