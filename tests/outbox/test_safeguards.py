"""Each safeguard of the rate gate against a server that would punish its lack, over hours of virtual time."""

from __future__ import annotations

import pytest

from bench.rate_senders import Botkit
from bench.rate_servers import SERVERS, Server, SlidingLog
from bench.rate_world import Run, Seen, World
from botkit.outbox.rate import Limits
from botkit.turn.effect import CLASSES

LIMIT, PERIOD_S = 30, 60.0
HOUR_S = 3600.0


class SlowClock:
    """A server whose clock loses a little: its minute takes 60.03 s."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def take(self, at: float) -> bool:
        """Count by its own clock."""
        return self._server.take(at * 0.9995)


def _play(server: Server, *, reserve: int = 0, seed: int = 1, **world: float) -> Seen:
    sender = Botkit(LIMIT, PERIOD_S, reserve)
    return Run(World(**{"steady_s": 0.0, "length_s": HOUR_S, **world}), sender, server, seed).play()  # type: ignore[arg-type]


def test_margin() -> None:
    """A server's clock may be a little slower than ours."""
    assert _play(SlowClock(SlidingLog(LIMIT, PERIOD_S))).refused == 0


def test_ack_anchor() -> None:
    """A request is counted as late as its answer: the slot comes back a period after that."""
    assert _play(SlidingLog(LIMIT, PERIOD_S), jitter=3.0).refused == 0


def test_restart_rule() -> None:
    """What was in the air when the process ended may be counted long after its restart."""
    assert _play(SlidingLog(LIMIT, PERIOD_S), jitter=3.0, restart_s=15.0, length_s=2 * HOUR_S).refused == 0


def test_reserve() -> None:
    """Somebody who waits for an answer does not wait behind a broadcast."""
    waits_s = sorted(_play(SlidingLog(LIMIT, PERIOD_S), reserve=1, steady_s=300.0).waits_s)
    assert waits_s[int(len(waits_s) * 0.95)] <= 0.5


@pytest.mark.parametrize(("talked_s", "slots"), [(0.0, 29), (299.0, 29), (301.0, 30)])
def test_reserve_while_people_talk(talked_s: float, slots: int) -> None:
    """Left to itself the reserve is kept for five minutes after something that a person waited for."""
    limits = Limits(LIMIT, PERIOD_S, 10.0, reserve=1, reserves_always=False)
    assert limits.in_talk(talked_s).free_for(CLASSES["bulk"]) == slots


def test_persistence() -> None:
    """What a server taught is known after a restart: it is not asked to teach it again."""
    seen = _play(SERVERS["strict leaky"](LIMIT, PERIOD_S), restart_s=120.0, steady_s=600.0)
    assert (seen.refused, seen.refused_before > 0) == (0, True)


def test_no_climb_back() -> None:
    """A limit that failed is not tried again for two hours, however well fewer requests go."""
    seen = _play(SlidingLog(24, PERIOD_S), steady_s=HOUR_S, length_s=2 * HOUR_S)
    assert seen.refused == 0
    assert seen.taken >= 0.9 * 24 * 60


@pytest.mark.parametrize("server", SERVERS)
def test_every_server(server: str) -> None:
    """Once it has learned a server's window, the gate gets no 429 from it, with restarts and slow answers too."""
    seen = _play(SERVERS[server](LIMIT, PERIOD_S), jitter=3.0, restart_s=120.0, steady_s=900.0)
    assert seen.refused == 0
    assert seen.refused_before <= 5
