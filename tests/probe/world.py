"""A gateway for a probe over virtual time: the sandbox's windows, which know nothing of how a probe explains them."""

from __future__ import annotations

from random import Random

from botkit.gateway.sandbox.window import Rule, open_window
from botkit.probe.course import REQUESTS, Seen, course

#: When the first request leaves by the gateway's clock, in seconds.
BEGUN_AT = 1_000_000.0


def played(rule: Rule, trip_s: float = 0.2, *, limit: int = 30, period_s: float = 60.0, seed: int = 0) -> list[Seen]:
    """Return what a probe sees that expects `limit` in `period_s`.

    Round trips vary, and a request counts anywhere on its way.
    """
    random, window = Random(seed), open_window(rule)
    steps, seen, now = course(limit, period_s), list[Seen](), 0.0
    not_before = next(steps)
    while True:
        sent_at = max(now, not_before)
        now = sent_at + trip_s * random.uniform(0.7, 1.3)
        counted_at = random.uniform(sent_at, now)
        seen.append(Seen(sent_at, now, window.hit(BEGUN_AT + counted_at) == 0.0))
        assert len(seen) <= REQUESTS
        try:
            not_before = steps.send(seen[-1])
        except StopIteration:
            return seen
