"""A key under load over virtual time: an endless broadcast, two messages a minute that a person waits for, a server.

One heap of events; nothing here waits or reads a clock, so one seed is one run. A request is counted by the server at a
moment between its send and its answer that an adversary chooses: at once, at the answer, or anywhere between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import exp, log
from random import Random
from typing import Protocol

from bench.rate_servers import Server

TALK, BULK = 1, 3
#: Round trip without jitter, in seconds, and the spread with which its 99th percentile is 0.8 s.
MEDIAN_S, SPREAD = 0.2, log(4) / 2.326
TIMEOUT_S = 10.0
#: A server counts a request no later than this after its timeout.
LATE_S = 10.0
#: How long a process is away when it restarts.
AWAY_S = 1.0


class Sender(Protocol):
    """What decides when a request may leave. Times are seconds of one clock."""

    def ask(self, rank: int, now: float) -> float:
        """Return when a request of this class may leave: `now`, or a later moment to ask again."""
        ...

    def leave(self, request: int, rank: int, now: float) -> None:
        """Learn that a request leaves."""
        ...

    def answer(self, request: int, now: float, *, taken: bool) -> None:
        """Learn of its answer: taken, or 429."""
        ...

    def lose(self, request: int, now: float) -> None:
        """Learn that nobody will ever know its answer: its process ended, or it timed out."""
        ...

    def restart(self, now: float) -> None:
        """Go on with what a store has kept."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """What a run is given. `jitter` multiplies the spread; `restart_s` 0: never; `talk_per_min` comes by chance."""

    jitter: float = 1.0
    restart_s: float = 0.0
    workers: int = 1
    talk_per_min: float = 2.0
    length_s: float = 7200.0
    steady_s: float = 900.0


@dataclass(slots=True)
class Seen:
    """What came of a run: requests the server took and refused, from the steady state on and before it.

    `waits_s` are those of talk from queued to first byte.
    """

    taken: int = 0
    refused: int = 0
    refused_before: int = 0
    waits_s: list[float] = field(default_factory=list)
    trips_s: list[float] = field(default_factory=list)


class Run:
    """One run of a world; `play` returns what was seen."""

    def __init__(self, world: World, sender: Sender, server: Server, seed: int) -> None:
        self._world, self._sender, self._server = world, sender, server
        self._random = Random(seed)
        self._events: list[tuple[float, int, str, int]] = []
        self._order = count()
        self._seen = Seen()
        self._talk: list[float] = []
        #: request -> worker, while its answer is awaited
        self._out: dict[int, int] = {}
        self._taken: dict[int, bool] = {}
        self._requests = count(1)
        self._away = dict.fromkeys(range(world.workers), 0.0)
        self._wake_at = float("inf")

    def play(self) -> Seen:
        """Play to the end."""
        world = self._world
        self._plan_talk(0)
        if world.restart_s:
            self._at(world.restart_s, "restart", 0)
        now = 0.0
        while now < world.length_s:
            self._send(now)
            now, _, kind, number = heappop(self._events)
            getattr(self, f"_on_{kind}")(now, number)
        return self._seen

    def _at(self, when: float, kind: str, number: int = 0) -> None:
        heappush(self._events, (when, next(self._order), kind, number))

    def _plan_talk(self, number: int) -> None:
        """Let a person write at some moment of the half minute, or whatever one message has."""
        share_s = 60 / self._world.talk_per_min
        self._at((number + self._random.random()) * share_s, "talk", number)

    def _is_steady(self, now: float) -> bool:
        return self._world.steady_s <= now < self._world.length_s

    # ── what happens ──

    def _on_talk(self, now: float, number: int) -> None:
        self._talk.append(now)
        self._plan_talk(number + 1)

    def _on_count(self, now: float, request: int) -> None:
        taken = self._taken[request] = self._server.take(now)
        if self._is_steady(now):
            self._seen.taken += taken
            self._seen.refused += not taken
        elif now < self._world.steady_s:
            self._seen.refused_before += not taken

    def _on_answer(self, now: float, request: int) -> None:
        if self._out.pop(request, None) is not None:
            self._sender.answer(request, now, taken=self._taken[request])

    def _on_timeout(self, now: float, request: int) -> None:
        if self._out.pop(request, None) is not None:
            self._sender.lose(request, now)

    def _on_restart(self, now: float, worker: int) -> None:
        for request in [each for each, owner in self._out.items() if owner == worker]:
            del self._out[request]
            self._sender.lose(request, now + AWAY_S)
        self._away[worker] = now + AWAY_S
        self._sender.restart(now + AWAY_S)
        self._at(now + AWAY_S, "wake")
        pause_s = self._world.restart_s * self._random.uniform(0.95, 1.05)
        self._at(now + pause_s, "restart", (worker + 1) % self._world.workers)

    def _on_wake(self, now: float, _: int) -> None:
        """Only let time go on to here."""
        if now >= self._wake_at:
            self._wake_at = float("inf")

    # ── sending ──

    def _send(self, now: float) -> None:
        """Send all that may leave now, what a person waits for first."""
        free = [worker for worker, back_at in self._away.items() if back_at <= now]
        while free:
            rank = TALK if self._talk else BULK
            until = self._sender.ask(rank, now)
            if until > now:
                self._wake(until)
                return
            self._leave(now, rank, self._random.choice(free))

    def _wake(self, until: float) -> None:
        if until < self._wake_at:
            self._wake_at = until
            self._at(until, "wake")

    def _leave(self, now: float, rank: int, worker: int) -> None:
        request = next(self._requests)
        if rank == TALK:
            queued = self._talk.pop(0)
            if self._is_steady(queued):
                self._seen.waits_s.append(now - queued)
        trip_s = MEDIAN_S * exp(self._random.gauss(0, 1) * SPREAD * self._world.jitter)
        self._seen.trips_s.append(min(trip_s, TIMEOUT_S))
        self._sender.leave(request, rank, now)
        self._out[request] = worker
        counted = self._random.choice((0.0, 1.0, self._random.random()))
        self._at(now + min(counted * trip_s, TIMEOUT_S + LATE_S), "count", request)
        if trip_s > TIMEOUT_S:
            self._at(now + TIMEOUT_S, "timeout", request)
        else:
            self._at(now + trip_s, "answer", request)
