from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from botkit.outbox.rate import KeyState, Limits
from botkit.outbox.retry import POLICIES, Attempt, Outcome, decide_due, dump_key, forget_taken, judge, load_key, reload
from botkit.ports import Verdict

LIMITS = Limits(limit=30, period_s=60.0, timeout_s=10.0)
T0 = 1_000.0


def _judge(
    verdict: str, key: KeyState, at: float = T0, *, to: str = "a", retry_after_s: float | None = None
) -> Outcome:
    return judge(Attempt(verdict, at, 7, to, retry_after_s), key, LIMITS)


def _holds(verdict: str, times: int, key: KeyState | None = None) -> list[float]:
    """Return the holds in seconds of so many probes that all get `verdict`; 0 is no hold."""
    key, at, holds = key or KeyState(), T0, []
    for _ in range(times):
        key = _judge(verdict, key, at).key
        holds.append(max(0.0, key.held_until - at))
        at = max(at, key.held_until) + 1
    return holds


@pytest.mark.parametrize(
    ("verdict", "status", "hold_s"),
    [
        ("sent", "sent", 0),
        ("unreadable", "uncertain", 0),
        ("redirect", "returned", 0),
        ("refused", "failed", 0),
        ("unauthorized", "returned", 300),
        ("throttled", "returned", 60.05),
        ("unavailable", "returned", 15),
        ("server_error", "uncertain", 0),
        ("unreachable", "returned", 1),
        ("silent", "uncertain", 0),
    ],
)
def test_what_a_first_answer_means(verdict: str, status: str, hold_s: float) -> None:
    """The answers table, line by line: the message, and the key."""
    outcome = _judge(verdict, KeyState())
    assert outcome.status == status
    assert max(0.0, outcome.key.held_until - T0) == pytest.approx(hold_s)
    assert outcome.due_at == (T0 + 20 if status == "uncertain" else None)


def test_every_verdict_has_its_row() -> None:
    """The table and the contract name the same words."""
    assert set(POLICIES) == set(get_args(Verdict))


@pytest.mark.parametrize(
    ("verdict", "holds"),
    [
        ("unreachable", [1, 2, 4, 8, 30, 32, 60, 60]),
        ("unavailable", [15, 30, 60, 120, 60, 60]),
        ("silent", [0, 0, 0, 0, 30, 30]),
        ("unreadable", [0, 0, 0, 0, 30, 30]),
        ("server_error", [0, 0, 60, 120, 240, 480, 600, 600]),
        ("unauthorized", [300, 300, 300]),
        ("throttled", [60.05, 60.05]),
    ],
)
def test_how_a_bad_spell_goes_on(verdict: str, holds: list[float]) -> None:
    """Each probe that fails holds the key for the table's next step."""
    assert _holds(verdict, len(holds)) == pytest.approx(holds)


def test_retry_after_wins() -> None:
    """The gateway's own word holds the key, shorter or longer."""
    assert _judge("throttled", KeyState(), retry_after_s=7).key.held_until == T0 + 7


def test_a_redirect_stops_the_key_until_it_is_reloaded() -> None:
    """A configuration error mends itself no sooner than its configuration."""
    stopped = _judge("redirect", KeyState())
    assert (stopped.key.stopped, stopped.alert) == (True, "redirected")
    assert reload(stopped.key, T0 + 1) == replace(stopped.key, stopped=False, probing=True)


def test_a_new_key_is_probed_at_once() -> None:
    """A reload ends the pause after a 401."""
    refused = _judge("unauthorized", KeyState())
    assert refused.alert == "unauthorized"
    assert reload(refused.key, T0 + 1).held_until == T0 + 1
    assert _judge("unauthorized", refused.key, T0 + 301).alert is None


def test_a_reload_ends_no_other_hold() -> None:
    """A limit is a limit, whatever the configuration."""
    held = _judge("throttled", KeyState()).key
    assert reload(held, T0 + 1) == held


def test_siblings_of_a_failure_are_one_failure() -> None:
    """Five requests that were out together and meet one 503 take one step, not five."""
    key = KeyState()
    for late_s in range(5):
        key = _judge("unavailable", key, T0 + late_s / 10).key
    assert key.held_until == T0 + 15
    for late_s in range(5):
        key = _judge("unreachable", KeyState() if late_s == 0 else key, T0 + late_s / 10).key
    assert key.held_until == T0 + 1


def test_a_late_success_ends_no_hold() -> None:
    """It left before the key was held, and says nothing about now."""
    held = _judge("throttled", KeyState()).key
    assert _judge("sent", held, T0 + 1).key.held_until == held.held_until


@pytest.mark.parametrize("verdict", ["unavailable", "unreachable", "server_error", "unauthorized"])
def test_a_probe_that_is_taken_opens_the_key(verdict: str) -> None:
    """And the next bad spell begins at the first step again."""
    key, at = KeyState(), T0
    for _ in range(4):
        key = _judge(verdict, key, at).key
        at = max(at, key.held_until) + 1
    assert key.probing
    assert _judge("sent", key, at).key == KeyState()


def test_a_refusal_proves_that_the_gateway_is_there() -> None:
    """A 400 to the probe after a 503 opens the key as a 200 does."""
    held = _judge("unavailable", KeyState()).key
    opened = _judge("refused", held, T0 + 16).key
    assert (opened.probing, opened.level) == (False, 0)


def test_five_contacts_refused_mean_a_wrong_mapping() -> None:
    """One contact that is refused five times does not; nor do five in an hour."""
    key = KeyState()
    for _ in range(6):
        key = _judge("refused", key).key
    assert not key.probing
    for number in range(4):
        outcome = _judge("refused", key, T0 + number, to=f"c{number}")
        key = outcome.key
    assert (outcome.alert, key.held_until) == ("refused_by_many", T0 + 3 + 300)
    key = KeyState()
    for number in range(9):
        key = _judge("refused", key, T0 + number * 400, to=f"c{number}").key
    assert not key.probing


def test_three_errors_need_to_be_close() -> None:
    """Three in an hour are no spell."""
    key = KeyState()
    for number in range(6):
        key = _judge("server_error", key, T0 + number * 40).key
    assert not key.probing


def test_a_long_503_alerts_once() -> None:
    """After five minutes a person is told, and not again every minute."""
    key, at, alerts = KeyState(), T0, []
    for _ in range(10):
        outcome = _judge("unavailable", key, at)
        alerts.append(outcome.alert)
        key, at = outcome.key, outcome.key.held_until
    assert alerts.count("unavailable_long") == 1


def test_three_errors_in_a_row_alert_once() -> None:
    """With the advice to call support."""
    key, alerts = KeyState(), []
    for number in range(6):
        outcome = _judge("server_error", key, T0 + number)
        alerts.append(outcome.alert)
        key = outcome.key
    assert alerts == [None, None, "server_errors", None, None, None]


@pytest.mark.parametrize(("attempts", "due"), [(1, "resend"), (2, "unconfirmed"), (3, "unconfirmed")])
def test_what_stays_uncertain_is_sent_once_more(attempts: int, due: str) -> None:
    """And after that it is said, not hidden."""
    assert decide_due(7, attempts, KeyState()) == due


def test_a_2xx_that_could_not_be_read_is_never_sent_again() -> None:
    """After the wait it counts as sent."""
    key = _judge("unreadable", KeyState()).key
    assert decide_due(7, 1, key) == "sent"
    assert decide_due(8, 1, key) == "resend"
    assert forget_taken(key, 7) == replace(key, taken=())
    assert _judge("sent", key).key.taken == (7,)


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_a_key_survives_a_restart(verdict: str) -> None:
    """Whatever a key learned is JSON, and comes back equal."""
    key = KeyState()
    for number in range(6):
        key = _judge(verdict, key, T0 + number * 70, to=str(number)).key
    assert load_key(dump_key(key)) == key


def test_a_key_never_used_is_free() -> None:
    """Nothing stored, nothing held."""
    assert load_key(None) == KeyState()


def test_a_spell_without_end_does_not_overflow() -> None:
    """A gateway that is away for a year still gets its probe a minute."""
    key = KeyState(verdict="unreachable", run=500_000, level=500_000)
    assert _judge("unreachable", key).key.held_until == T0 + 60
    assert _judge("server_error", replace(key, probing=True, why="server_error")).key.held_until == T0 + 600
