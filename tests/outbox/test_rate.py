from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.outbox.rate import Go, KeyState, Limits, Usage, Wait, decide
from botkit.outbox.slots import Slots
from botkit.turn.effect import CLASSES

LIMITS = Limits(limit=30, period_s=60.0, timeout_s=10.0)
TALK, BULK = CLASSES["interactive"], CLASSES["bulk"]
T0 = 1_024.0
SPACING_S = LIMITS.spacing_s


@pytest.mark.parametrize(
    ("key", "usage", "rank", "word"),
    [
        (KeyState(), Usage(), BULK, Go()),
        (KeyState(), Usage(taken=29, flying=29), TALK, Go()),
        (KeyState(), Usage(taken=30, back_at=T0 + 7), TALK, Wait(T0 + 7, "limit")),
        (KeyState(held_until=T0 + 9, why="throttled"), Usage(), TALK, Wait(T0 + 9, "throttled")),
        (KeyState(held_until=T0, why="throttled", probing=True), Usage(), TALK, Go()),
        (KeyState(held_until=T0, probing=True), Usage(taken=1, flying=1), TALK, Wait(T0 + 20, "probing")),
        (KeyState(stopped=True, why="redirect"), Usage(), 0, Wait(float("inf"), "redirect")),
        (KeyState(), Usage(pace_at=T0 + 4 * SPACING_S), TALK, Go()),
        (KeyState(), Usage(pace_at=T0 + 8 * SPACING_S), TALK, Wait(T0 + 4 * SPACING_S, "pace")),
        (KeyState(), Usage(pace_at=T0 + SPACING_S), BULK, Go()),
        (KeyState(), Usage(pace_at=T0 + 3 * SPACING_S), BULK, Wait(T0 + 2 * SPACING_S, "pace")),
    ],
)
def test_whether_a_request_may_leave(key: KeyState, usage: Usage, rank: int, word: Go | Wait) -> None:
    """Stop, hold, probe, limit and pace, in this order."""
    said = decide(LIMITS, key, usage, rank, T0)
    if isinstance(word, Wait):
        assert isinstance(said, Wait)
        assert said.until == pytest.approx(word.until, abs=0.01)
        assert said.why == word.why
    else:
        assert said == word


def _burst(rank: int) -> int:
    slots, count = Slots(LIMITS), 0
    while decide(LIMITS, KeyState(), slots.usage(T0), rank, T0) == Go():
        slots.leave(count, T0)
        count += 1
    return count


def test_only_what_a_person_waits_for_bursts() -> None:
    """Five interactive messages leave at once; bulk catches up one."""
    assert (_burst(TALK), _burst(CLASSES["system"]), _burst(CLASSES["timers"]), _burst(BULK)) == (5, 5, 2, 2)


def test_talk_gets_its_full_limit() -> None:
    """Thirty replies leave within the first minute, with no bulk about."""
    slots, now, left = Slots(LIMITS), T0, 0
    while now < T0 + 60:
        word = decide(LIMITS, KeyState(), slots.usage(now), TALK, now)
        if isinstance(word, Wait):
            now = max(word.until, now + 0.001)
            continue
        slots.leave(left, now)
        slots.answer(left, now)
        left += 1
    assert left == 30


def test_a_slot_comes_back_a_period_after_the_answer() -> None:
    """Not after the send: the gateway may have counted it as late as the answer."""
    slots = Slots(LIMITS)
    slots.leave(1, T0)
    assert slots.usage(T0 + 3).flying == 1
    slots.answer(1, T0 + 3)
    assert slots.usage(T0 + 63.04).taken == 1
    assert slots.usage(T0 + 63.04).back_at == pytest.approx(T0 + 63.05)
    assert slots.usage(T0 + 63.06).taken == 0


def test_a_restart_keeps_what_was_taken() -> None:
    """Slots and pace come back from the ledger; what has no answer counts as given up."""
    slots = Slots(LIMITS)
    slots.rebuild([(T0 - 50, T0 - 49), (T0 - 1, None)], T0)
    usage = slots.usage(T0)
    assert (usage.taken, usage.flying) == (2, 0)
    assert slots.usage(T0 + 12).taken == 1
    assert slots.usage(T0 + 79).taken == 1
    assert slots.usage(T0 + 79.1).taken == 0
    assert usage.pace_at == pytest.approx(T0 - 1 + SPACING_S)


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the adversary: how long its answer takes, when in between it is counted, what comes before."""

    gap_s: float
    latency_s: float
    counted: float
    restart: bool
    rank: int


STEPS = st.lists(
    st.builds(
        Step,
        st.floats(0, 30),
        st.floats(0, 12),
        st.floats(0, 1),
        st.booleans(),
        st.sampled_from([0, 1, 2, 3]),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 6), st.floats(5, 30))
def test_no_window_holds_more_than_the_limit(steps: list[Step], limit: int, period_s: float) -> None:
    """With any latencies, counting times and restarts, however the adversary chooses them."""
    limits = Limits(limit, period_s, timeout_s=10.0)
    slots, now = Slots(limits), T0
    ledger: list[list[float | None]] = []
    out: dict[int, float] = {}
    counts: list[float] = []

    def answer_until(then: float) -> None:
        for number in [number for number, at in out.items() if at <= then]:
            ledger[number][1] = out.pop(number)
            slots.answer(number, ledger[number][1] or 0.0)

    for step in steps:
        now += step.gap_s
        answer_until(now)
        if step.restart:
            for number in out:
                ledger[number][1] = now + limits.given_up_s
            out.clear()
            slots = Slots(limits)
            recent = [(sent or 0.0, answered) for sent, answered in ledger if (answered or now) > now - limits.held_s]
            slots.rebuild(recent, now)
        while isinstance(word := decide(limits, KeyState(), slots.usage(now), step.rank, now), Wait):
            now = max(word.until, now + 0.01) if not out else min(max(word.until, now + 0.01), min(out.values()))
            answer_until(now)
        number = len(ledger)
        ledger.append([now, None])
        slots.leave(number, now)
        # Given up after the timeout, and counted by the gateway up to ten seconds later.
        is_lost = step.latency_s > 10
        out[number] = now + (limits.given_up_s if is_lost else step.latency_s)
        counts.append(now + step.counted * (limits.given_up_s if is_lost else step.latency_s))
    counts.sort()
    for first, last in zip(counts, counts[limit:], strict=False):
        assert last - first >= period_s
