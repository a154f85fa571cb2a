"""What the worker tells flows of messages that will not arrive, by virtual time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from botkit.outbox.expiry import EXPIRE_S
from botkit.ports import Verdict
from tests.outbox.conftest import Bench

UNAVAILABLE: list[Verdict] = ["unavailable"] * 9


@pytest.mark.parametrize(
    ("text", "verdicts", "after_s", "end"),
    [
        ("hola", ["refused"], 0.2, "failed"),
        ("poison", [], 0.0, "failed"),
        ("hola", ["silent", "silent"], 40.4, "unconfirmed"),
    ],
)
async def test_a_flow_is_told_at_once(
    bench: Bench, text: str, verdicts: list[Verdict], after_s: float, end: str
) -> None:
    """Of a message that will not arrive, when that is known, and only if its step listens."""
    bench.script(*verdicts, *verdicts)
    row = bench.put("591", text, on_failed=True)
    began = bench.clock.now()
    await bench.run(60)
    assert bench.store.told == [(row, end)]
    assert bench.told_at == [pytest.approx(began + after_s, abs=0.1)]
    bench.put("592", text)
    await bench.run(60)
    assert len(bench.told_at) == 1


@pytest.mark.parametrize("held", ["paused", "unavailable"])
async def test_a_row_expires_while_nothing_may_leave(bench: Bench, held: str) -> None:
    """A gateway that is away, or a pause, does not keep a flow from hearing in time that it is too late."""
    if held == "paused":
        bench.worker.paused = True
    else:
        bench.script(*UNAVAILABLE)
        bench.put("592")
    await bench.run(1)
    row = bench.put("591", expires_s=120, on_failed=True)
    due = bench.clock.now() + 120
    await bench.run(119)
    assert bench.store.told == []
    await bench.run(1.1)
    assert bench.store.told == [(row, "expired")]
    assert bench.told_at == [pytest.approx(due, abs=0.1)]


async def test_a_row_that_expires_soon_after_another(bench: Bench) -> None:
    """The store is not asked at every wake, yet no row is found more than some seconds late."""
    bench.worker.paused = True
    bench.put("591", expires_s=3_600, on_failed=True)
    await bench.run(1)
    bench.put("592", expires_s=1, on_failed=True)
    await bench.run(EXPIRE_S)
    assert len(bench.told_at) == 1


async def test_an_expired_row_is_not_sent(bench: Bench) -> None:
    """What waited too long behind another never leaves."""
    bench.gateway.latency_s = 5
    bench.put("591", "uno")
    late = bench.put("591", "dos", expires_s=3)
    await bench.run(20)
    assert (bench.texts, bench.store.status(late)) == (["uno"], "expired")


async def test_a_person_is_told_of_what_waits_for_one(make_bench: Callable[..., Bench]) -> None:
    """Under `on_uncertain: hold` a doubt whose wait is over is an alert with its message, once, over restarts too."""
    bench = make_bench(on_uncertain="hold")
    bench.script("silent", "sent", "silent")
    await bench.worker.start()
    first = bench.put("591", "uno")
    await bench.run(19)
    bench.put("592", "dos")
    assert bench.alerts == []
    await bench.run(22)
    assert list(zip(bench.alerts, bench.told_with, strict=True)) == [
        ("doubt_held", {"channel": "wa", "messages": [first]})
    ]
    third = bench.put("593", "tres")
    await bench.run(60)
    assert [fields["messages"] for fields in bench.told_with] == [[first], [third]]
    await bench.restart()
    await bench.run(60)
    assert len(bench.told_with) == 2
