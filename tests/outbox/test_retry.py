from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from botkit.outbox.key import dump_key, forget_taken, link, load_key, reload
from botkit.outbox.learn import Departure
from botkit.outbox.rate import Go, KeyState, Limits, Usage, Wait, decide
from botkit.outbox.retry import POLICIES, Attempt, Outcome, decide_due, judge
from botkit.ports import Verdict
from botkit.turn.effect import CLASSES

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
    opened = KeyState() if verdict == "unauthorized" else KeyState(opened=1)
    assert _judge("sent", key, at).key == opened


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


def _throttle(key: KeyState, at: float, taken: int = 1, retry_after_s: float | None = None) -> Outcome:
    """Return what a 429 means to a request that left as the last of `taken` slots."""
    return judge(Attempt("throttled", at, 7, "a", retry_after_s, Departure(0.0, taken)), key, LIMITS)


def test_a_plan_that_is_used_up_is_told_from_a_limit() -> None:
    """The second 429, to the only request of its window: probes after 5, 15 and 60 minutes, then hourly, one alert."""
    outcome, at = _throttle(KeyState(), T0, taken=9), T0
    holds, alerts = [], []
    for _ in range(5):
        at = outcome.key.held_until
        outcome = _throttle(outcome.key, at)
        holds.append(outcome.key.held_until - at)
        alerts.append(outcome.alert)
    assert holds == pytest.approx([300, 900, 3600, 3600, 3600])
    assert alerts == ["quota", None, None, None, None]
    assert outcome.key.why == "quota"
    assert _judge("sent", outcome.key, outcome.key.held_until).key == KeyState()


def test_a_plan_that_is_used_up_teaches_no_limit() -> None:
    """What its first 429 seemed to say of the limit is taken back."""
    first = _throttle(KeyState(), T0, taken=9).key
    assert first.learned != KeyState().learned
    assert _throttle(first, first.held_until).key.learned == KeyState().learned


def test_a_429_in_a_window_of_others_is_the_limit() -> None:
    """A probe that was sent while slots were taken proves nothing of the plan."""
    first = _throttle(KeyState(), T0, taken=30, retry_after_s=2).key
    second = _throttle(first, T0 + 2, taken=30, retry_after_s=2)
    assert (second.key.why, second.key.held_until, second.alert) == ("throttled", T0 + 4, None)


def test_a_probe_after_a_429_leaves_into_an_empty_window() -> None:
    """The hold is as long as the slots stay taken, what the 429 taught included."""
    key = _throttle(KeyState(), T0, taken=30).key
    assert key.held_until - T0 == pytest.approx(LIMITS.after(key.learned).held_s)


def test_an_unexplained_pause_of_a_used_up_plan() -> None:
    """The gateway's own word may lengthen a probe's wait, not shorten it."""
    first = _throttle(KeyState(), T0).key
    for named_s, hold_s in ((5, 300), (900, 900)):
        held = _throttle(first, first.held_until, retry_after_s=named_s).key
        assert held.held_until - first.held_until == hold_s


def test_no_broadcast_spends_the_first_probes_of_a_plan() -> None:
    """For an hour they are left to people; after that it may be the only thing that waits."""
    first = _throttle(KeyState(), T0).key
    key = _throttle(first, first.held_until).key
    began, at = first.held_until, key.held_until
    assert isinstance(decide(LIMITS, key, Usage(), CLASSES["timers"], at), Go)
    assert decide(LIMITS, key, Usage(), CLASSES["bulk"], at) == Wait(began + 3600, "quota")
    assert isinstance(decide(LIMITS, key, Usage(), CLASSES["bulk"], began + 3600), Go)


def test_now_is_not_at_once() -> None:
    """A `Retry-After: 0` to a request that was refused is no leave to ask without end."""
    assert _judge("throttled", KeyState(), retry_after_s=0).key.held_until == T0 + 1


@pytest.mark.parametrize(("named_s", "hold_s"), [(5, 15), (120, 120)])
def test_a_503_may_name_a_longer_pause(named_s: float, hold_s: float) -> None:
    """Never a shorter one: its own probes are gentle enough."""
    assert _judge("unavailable", KeyState(), retry_after_s=named_s).key.held_until == T0 + hold_s


def test_a_gateway_that_came_back_is_let_in_gently() -> None:
    """One message, then 1, 2, 4 … at a time, and after so many no longer."""
    key = _judge("unavailable", KeyState()).key
    together = []
    while key.probing or key.opened:
        together.append(sum(isinstance(decide(LIMITS, key, Usage(n, n), 0, T0 + 99), Go) for n in range(20)))
        key = _judge("sent", key, T0 + 99).key
    assert together == [1] * 2 + [2] * 2 + [4] * 4 + [8] * 8 + [16] * 16


@pytest.mark.parametrize(
    ("verdict", "hold_s"), [("silent", 30), ("unreadable", 30), ("server_error", 120), ("refused", 0)]
)
def test_a_probe_that_fails_otherwise(verdict: str, hold_s: float) -> None:
    """After a 503, one answer that is no better keeps the breaker open, at its next step."""
    held = _judge("unavailable", KeyState()).key
    key = _judge(verdict, held, T0 + 15).key
    assert max(0.0, key.held_until - (T0 + 15)) == hold_s


def test_a_wrong_mapping_burns_one_message_per_pause() -> None:
    """After five refused contacts the sixth is a probe, and its refusal another pause."""
    key = KeyState()
    for number in range(5):
        key = _judge("refused", key, T0, to=f"c{number}").key
    outcome = _judge("refused", key, T0 + 300, to="c9")
    assert (outcome.key.held_until, outcome.alert) == (T0 + 600, None)
    assert reload(outcome.key, T0 + 301).held_until == T0 + 301


def test_an_alert_is_raised_once_until_it_is_over() -> None:
    """And again for the next spell."""
    key, alerts = KeyState(), []
    for verdict in ("unauthorized", "silent", "unauthorized", "sent", "unauthorized"):
        outcome = _judge(verdict, key, key.held_until + T0)
        alerts.append(outcome.alert)
        key = outcome.key
    assert alerts == ["unauthorized", None, None, None, "unauthorized"]


def test_the_longest_hold_says_why() -> None:
    """A 429 that comes late does not hide that the key was refused."""
    key = _judge("unauthorized", KeyState()).key
    assert _judge("throttled", key, T0 + 1).key.why == "unauthorized"


def test_an_unreachable_gateway_is_told_of() -> None:
    """After five minutes, as one that answers 503."""
    key, alerts = KeyState(), []
    for _ in range(14):
        outcome = _judge("unreachable", key, max(T0, key.held_until))
        alerts.append(outcome.alert)
        key = outcome.key
    assert [alert for alert in alerts if alert] == ["unavailable_long"]


def test_an_error_names_its_requests() -> None:
    """Support asks for them."""
    key = KeyState()
    for number in range(3):
        key = judge(Attempt("server_error", T0 + number, number, "a"), key, LIMITS).key
    assert key.failing == (0, 1, 2)


def test_a_session_that_is_not_linked_holds_everything() -> None:
    """Until it is linked; no answer that was on its way opens the key."""
    key = link(KeyState(), is_linked=False)
    key = _judge("sent", key).key
    assert decide(LIMITS, key, Usage(), 0, T0) == Wait(float("inf"), "unlinked")
    assert load_key(dump_key(key)) == key
    assert decide(LIMITS, link(key, is_linked=True), Usage(), 0, T0) == Go()


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
