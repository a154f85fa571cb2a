"""A probe finds out which of the sandbox's windows it met, over virtual time and with round trips that vary."""

from __future__ import annotations

import pytest

from botkit.gateway.sandbox.window import Rule
from botkit.probe.course import Seen, course
from botkit.probe.infer import infer
from botkit.probe.windows import Hit, Kind, Window, misses
from tests.probe.world import played

#: The window, and by it: what is guessed first, how many it holds or takes.
WINDOWS: list[tuple[Rule, Kind, int]] = [
    # It begins anew 10, 55, 40 and 25 seconds after the first request.
    *((Rule(algorithm="fixed", phase_s=phase_s), "fixed", 30) for phase_s in (10.0, 25.0, 40.0, 55.0)),
    (Rule(algorithm="first-hit"), "first-hit", 30),
    (Rule(algorithm="sliding-log"), "sliding-log", 30),
    (Rule(algorithm="sliding-log-strict"), "sliding-log-strict", 30),
    (Rule(algorithm="one-second-grain"), "sliding-log", 30),
    (Rule(algorithm="token-bucket"), "token-bucket", 30),
    (Rule(algorithm="token-bucket", capacity=10), "token-bucket", 10),
    (Rule(algorithm="leaky"), "leaky", 1),
]


@pytest.mark.parametrize("trip_s", [0.003, 0.25])
@pytest.mark.parametrize(("rule", "kind", "limit"), WINDOWS, ids=lambda each: getattr(each, "algorithm", None))
def test_guess(rule: Rule, kind: Kind, limit: int, trip_s: float) -> None:
    """The first guess is the window's kind; its limit and its period, or the time between tokens, are in the ranges."""
    guess = infer(played(rule, trip_s), 30, 60.0)[0]
    assert guess.kind == kind
    assert guess.limit[0] <= limit <= guess.limit[1]
    least, most = guess.period_s
    assert least <= (2.0 if guess.is_bucket else 60.0) <= most


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (Rule(20, 60.0, "sliding-log"), "sliding-log"),
        (Rule(25, 60.0, "sliding-log-strict"), "sliding-log-strict"),
        (Rule(20, 60.0, "token-bucket"), "token-bucket"),
        (Rule(20, 60.0, "leaky"), "leaky"),
    ],
)
def test_another_limit(rule: Rule, kind: Kind) -> None:
    """A limit that is not the one expected is found as well, and told as that."""
    guess = infer(played(rule), 30, 60.0)[0]
    assert (guess.kind, guess.is_expected) == (kind, False)
    if not guess.is_bucket:
        assert guess.limit == (rule.limit, rule.limit)


@pytest.mark.parametrize("rule", [Rule(100), Rule(61, algorithm="first-hit"), Rule(90, algorithm="token-bucket")])
def test_no_refusal(rule: Rule) -> None:
    """Of a limit that was never met nothing is guessed."""
    seen = played(rule, 0.01)
    assert all(each.is_taken for each in seen)
    assert infer(seen, 30, 60.0) == []


def test_refused_at_once() -> None:
    """A key that is used up before the first request ends the probe there, and tells nothing."""
    seen = Seen(0.0, 0.1, is_taken=False)
    steps = course(30, 60.0)
    assert next(steps) == 0.0
    with pytest.raises(StopIteration):
        steps.send(seen)
    assert infer([seen], 30, 60.0) == []


def test_unexplained() -> None:
    """Answers by no rule are explained by none."""
    seen = [Seen(float(number), number + 0.1, is_taken=number % 3 != 2) for number in range(30)]
    assert all(guess.missed for guess in infer([*seen, *played(Rule(3))], 30, 60.0))


@pytest.mark.parametrize(
    ("window", "answers"),
    [
        (Window("fixed", 2, 10, phase_s=4), [(5.9, 1), (5.95, 1), (5.99, 0), (6, 1), (6.1, 1), (15, 0), (16, 1)]),
        (Window("first-hit", 2, 10), [(5, 1), (6, 1), (14.9, 0), (15, 1), (15, 1), (24, 0), (25, 1)]),
        (Window("sliding-log", 2, 10), [(0, 1), (5, 1), (9.9, 0), (10, 1), (14.9, 0), (15, 1)]),
        (Window("sliding-log-strict", 2, 10), [(0, 1), (5, 1), (9.9, 0), (10, 0), (20, 1), (20, 1)]),
        (Window("token-bucket", 2, 10, capacity=2), [(0, 1), (0, 1), (4.9, 0), (5, 1), (9.9, 0), (30, 1), (30, 1)]),
        (Window("leaky", 2, 10, capacity=1), [(0, 1), (4.9, 0), (5, 1), (40, 1), (40, 0)]),
    ],
)
def test_windows(window: Window, answers: list[tuple[float, int]]) -> None:
    """Each window explains what it would answer itself; an answer turned round is one miss, or more."""
    hits = [Hit(at, bool(taken)) for at, taken in answers]
    assert misses(window, hits, 99) == 0
    for number, hit in enumerate(hits):
        turned = [*hits[:number], Hit(hit.at, not hit.is_taken), *hits[number + 1 :]]
        assert misses(window, turned, 99) >= 1
        assert misses(window, turned, 0) == 1
