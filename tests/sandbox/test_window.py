"""The rate windows, on virtual time."""

import pytest

from botkit.gateway.sandbox.window import ALGORITHMS, Rule, open_window

# algorithm, extra fields of the rule, hits at seconds, which of them pass; limit 2 in 10 s
CASES = [
    ("fixed", {}, [8, 9, 9.5, 10, 11, 12], "yynyyn"),
    ("fixed", {"phase_s": 5.0}, [4, 4.5, 4.9, 5, 6, 7], "yynyyn"),
    ("first-hit", {}, [8, 9, 9.5, 17.9, 18, 27.9, 27.95, 28], "yynnyyny"),
    ("sliding-log", {}, [0, 6, 9.9, 10, 15.9, 16], "yynyny"),
    ("sliding-log", {}, [0, 1, 2, 3, 4, 5, 10, 11], "yynnnnyy"),
    ("sliding-log-strict", {}, [0, 1, 2, 10, 11, 21, 22], "yynnnyy"),
    ("one-second-grain", {}, [0.9, 0.9, 10.0, 10.99, 11.0], "yynny"),
    ("token-bucket", {}, [0, 0, 0, 4.9, 5.0, 5.1, 10], "yynnyny"),
    ("token-bucket", {"capacity": 1}, [0, 0, 5, 5], "ynyn"),
    ("token-bucket", {"capacity": 4}, [0, 0, 0, 0, 0], "yyyyn"),
    ("leaky", {}, [0, 4.9, 5, 9.9, 10], "ynyny"),
]


@pytest.mark.parametrize(("algorithm", "fields", "hits", "passes"), CASES)
def test_passes(algorithm: str, fields: dict[str, float], hits: list[float], passes: str) -> None:
    """Each window lets through exactly the hits that its definition lets through."""
    window = open_window(Rule(limit=2, period_s=10.0, algorithm=algorithm, **fields))  # type: ignore[arg-type]
    assert "".join("n" if window.hit(at) else "y" for at in hits) == passes


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_wait_is_exact(algorithm: str) -> None:
    """Who waits as long as a refusal says gets through, and who waits less does not."""
    rule = Rule(limit=3, period_s=7.0, algorithm=algorithm)
    for early_s, passes in ((0.0, True), (0.01, False)):
        window = open_window(rule)
        now = 100.3
        while not (wait_s := window.hit(now)):
            now += 0.2
        assert (window.hit(now + wait_s - early_s) == 0.0) is passes


@pytest.mark.parametrize("rule", [Rule(algorithm="guess"), Rule(limit=0), Rule(period_s=0), Rule(capacity=0)], ids=str)
def test_senseless_rule(rule: Rule) -> None:
    """A rule that makes no sense is refused when the window opens."""
    with pytest.raises(ValueError, match=r"unknown algorithm|must be positive"):
        open_window(rule)
