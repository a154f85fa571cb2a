"""Who sends: botkit's gate, and three ways that others take."""

from __future__ import annotations

from math import floor

from bench.rate_world import TALK, TIMEOUT_S
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key
from botkit.outbox.rate import Limits, Wait
from botkit.ports import Answer, LedgerEntry


class _Clock:
    """The Clock of ports, set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        raise NotImplementedError


class Botkit:
    """The gate that `botkit run` has, and the ledger and key state that its store keeps for it."""

    def __init__(self, limit: int, period_s: float, reserve: int, workers: int = 1) -> None:
        self._limits = Limits(limit, period_s, TIMEOUT_S, reserve=reserve)
        self._workers = workers
        self._clock = _Clock()
        self._ledger: dict[int, LedgerEntry] = {}
        self.state = b""
        #: How long each request was out, or counts as having been, in seconds.
        self.holds_s: list[float] = []
        self._open()

    def _open(self) -> None:
        self._gate = Gate(self._limits, self._clock)
        self._gate.restore(self.state or None, self._ledger.values())

    def ask(self, rank: int, now: float) -> float:
        """Ask the gate."""
        self._clock.at = now
        word = self._gate.decide(rank)
        return max(word.until, now + 1e-6) if isinstance(word, Wait) else now

    def leave(self, request: int, rank: int, now: float) -> None:
        """Enter it, then take its slot."""
        self._clock.at = now
        self._ledger[request] = LedgerEntry(now, None, "bench")
        self._gate.take(request, is_talk=rank == TALK)

    def answer(self, request: int, now: float, *, taken: bool) -> None:
        """Give the slot back and let the answer teach."""
        self._clock.at = now
        left, _ = self._gate.give_back(request, is_lost=False)
        self._gate.judge(Answer("sent" if taken else "throttled", now), request, str(request), left)
        self._settle(request, now)

    def lose(self, request: int, now: float) -> None:
        """Count it as answered as late as a server may count it."""
        self._clock.at = now
        _, late_s = self._gate.give_back(request, is_lost=True)
        self._settle(request, now + self._limits.given_up_s if self._workers == 1 else now + late_s)

    def _settle(self, request: int, at: float) -> None:
        sent_at = self._ledger[request].sent_at
        self._ledger[request] = LedgerEntry(sent_at, at, "bench")
        self.holds_s.append(at - sent_at)
        self.state = dump_key(self._gate.key)

    def restart(self, now: float) -> None:
        """Read back what the store keeps; one of several workers finds the key as the others have it."""
        if self._workers > 1:
            return
        self._clock.at = now
        kept = self._limits.held_s + 60
        self._ledger = {each: entry for each, entry in self._ledger.items() if (entry.answered_at or now) > now - kept}
        self._open()


class _Simple:
    """What the others have in common: nothing is kept, an answer teaches nothing but a pause after a 429."""

    def __init__(self, limit: int, period_s: float) -> None:
        self.limit, self.period_s = limit, period_s
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a restart."""

    def answer(self, request: int, now: float, *, taken: bool) -> None:
        """Take no notice."""

    def lose(self, request: int, now: float) -> None:
        """Take no notice."""

    def restart(self, now: float) -> None:
        """Forget."""
        self.forget()


class Bucket(_Simple):
    """A leaky bucket of N that leaks N in W: what aiolimiter does."""

    def forget(self) -> None:
        """Begin with an empty bucket."""
        self._level, self._at = 0.0, 0.0

    def ask(self, rank: int, now: float) -> float:
        """Wait until one fits."""
        rate = self.limit / self.period_s
        self._level, self._at = max(0.0, self._level - (now - self._at) * rate), now
        over = self._level + 1 - self.limit
        return now if over <= 1e-9 else now + over / rate

    def leave(self, request: int, rank: int, now: float) -> None:
        """Fill one in."""
        self._level += 1


class Minutes(_Simple):
    """A counter for each minute of its own clock."""

    def forget(self) -> None:
        """Begin with no count."""
        self._minute, self._count = -1, 0

    def ask(self, rank: int, now: float) -> float:
        """Wait for the next minute when this one is used up."""
        minute = floor(now / self.period_s)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        return now if self._count < self.limit else (minute + 1) * self.period_s

    def leave(self, request: int, rank: int, now: float) -> None:
        """Count."""
        self._count += 1


class Even(_Simple):
    """One request every W / N, by the clock of sending."""

    def forget(self) -> None:
        """Begin at once."""
        self._next_at = 0.0

    def ask(self, rank: int, now: float) -> float:
        """Wait for the next beat."""
        return max(now, self._next_at)

    def leave(self, request: int, rank: int, now: float) -> None:
        """Set the next beat."""
        self._next_at = max(self._next_at, now - 1e-9) + self.period_s / self.limit
