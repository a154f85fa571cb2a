"""The requests of a probe, sent one after the other, each entered in the ledger of its key before it leaves.

Whoever probes owns the store, so no bot runs that sends with the same key; the next one that starts finds in the ledger
what was sent, and waits. What is neither taken nor answered 429 ends the probe: it says nothing of the limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from botkit.gateway.client import HttpGateway
from botkit.outbox.rate import COUNTED_LATE_S, Limits
from botkit.ports import Answer, Clock, OutboxStore
from botkit.probe.course import Seen, course
from botkit.probe.infer import Guess, infer
from botkit.run import OWNER
from botkit.turn.effect import CLASSES

#: Headers that may tell something of a limit, by their names.
_OF_RATE = re.compile(r"rate-?limit|retry-after|quota|remaining|throttl|-reset", re.IGNORECASE)
_TAKEN = ("sent", "unreadable")


@dataclass(slots=True)
class Found:
    """What a probe found: the answers, how they are explained, and the values of headers in the order they came.

    `refused_with` counts the 429s that had each header; `end` is the answer that ended the probe before its time.
    """

    seen: list[Seen] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)
    refused_with: dict[str, int] = field(default_factory=dict)
    end: Answer | None = None

    @property
    def refused(self) -> int:
        """How many requests were answered 429."""
        return sum(not each.is_taken for each in self.seen)


class Prober:
    """Probes one key. `hear` is to be told the headers of each answer; `tell` is called with each request seen."""

    def __init__(
        self, store: OutboxStore, gateway: HttpGateway, clock: Clock, *, key: str, limits: Limits, most: int
    ) -> None:
        self._store, self._gateway, self._clock = store, gateway, clock
        self._key, self._limits, self._most = key, limits, most
        self._headers: Mapping[str, str] = {}

    def hear(self, headers: Mapping[str, str]) -> None:
        """Take the headers of an answer."""
        self._headers = headers

    async def rest_s(self) -> float:
        """Return for how long the key must rest until nothing that was sent before counts any more."""
        now, limits = self._clock.now(), self._limits
        latest = now + limits.given_up_s  # a clock that ran ahead may have noted a later time
        entries = await self._store.ledger(self._key, now - limits.held_s)
        free_at = [min(each.answered_at or latest, latest) + limits.held_s for each in entries]
        return max((at - now for at in free_at), default=0.0)

    async def probe(self, to: str, text: Callable[[int], str], tell: Callable[[Seen], None]) -> Found:
        """Send what the course asks for, and return what was found. `text` gives what the n-th message says."""
        found, begun = Found(), self._clock.monotonic()
        steps = course(self._limits.limit, self._limits.period_s, self._most)
        not_before = next(steps)
        while found.end is None:
            await self._clock.sleep(max(0.0, begun + not_before - self._clock.monotonic()))
            seen, answer = await self._send(to, text(len(found.seen) + 1), begun)
            if answer.verdict not in (*_TAKEN, "throttled"):
                found.end = answer
                break
            found.seen.append(seen)
            self._note(found, is_taken=seen.is_taken)
            tell(seen)
            try:
                not_before = steps.send(seen)
            except StopIteration:
                break
        if found.seen:
            found.guesses = infer(found.seen, self._limits.limit, self._limits.period_s)
        return found

    async def _send(self, to: str, text: str, begun: float) -> tuple[Seen, Answer]:
        wire = self._gateway.render(to, {"type": "text", "text": text})
        owner = f"{OWNER}/{self._key}"
        entry = await self._store.begin_errand(self._key, owner, CLASSES["interactive"], self._clock.now())
        self._headers = {}
        sent_at = self._clock.monotonic() - begun
        answer = await self._gateway.send(wire)
        answered_at = self._clock.monotonic() - begun
        late_s = COUNTED_LATE_S if answer.verdict == "silent" else 0.0
        await self._store.end_errand(self._key, entry, self._clock.now() + late_s, answer.http_status, None)
        return Seen(sent_at, answered_at, answer.verdict in _TAKEN), answer

    def _note(self, found: Found, *, is_taken: bool) -> None:
        for name, value in self._headers.items():
            if not _OF_RATE.search(name):
                continue
            values = found.headers.setdefault(name, [])
            if not values or values[-1] != value:
                values.append(value)
            found.refused_with[name] = found.refused_with.get(name, 0) + (not is_taken)
