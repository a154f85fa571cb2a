"""What becomes of a message and of its key after each answer: the one table, `POLICIES`.

A *message* is sent, failed for good, returned (the gateway did not take it: pending again, and no attempt spent) or
uncertain (it may have taken it: wait for news, send once more, then say so). A *key* is untouched, held for a while
and then probed by one request at a time, or stopped. Answers that come while a key is held were already on their way:
they settle their message, but neither lengthen the hold by another step nor end it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from botkit.outbox.alert import Alert
from botkit.outbox.learn import Departure, after_refused, after_taken
from botkit.outbox.rate import QUOTA, KeyState, Limits
from botkit.outbox.spell import closed

Status = Literal["sent", "failed", "returned", "uncertain", "unconfirmed"]
#: What to do with a request that stays uncertain: send it once more, leave it to news or a person, or give it up.
OnUncertain = Literal["resend_once", "hold", "drop"]
Due = Literal["resend", "sent", "unconfirmed", "hold", "dropped"]

#: How long an uncertain request waits for an echo or a status before it is decided, in seconds.
UNCERTAIN_S = 20.0
#: How often a request whose fate is unknown is sent at most.
SENDINGS = 2
#: Sending again may take so much of what is sent within the window, in seconds; so few are always allowed.
RESENDS_SHARE, RESENDS_WINDOW_S, RESENDS_LEAST = 0.2, 600.0, 5

UNAUTHORIZED_PROBE_S = 300.0
#: A gateway that names a longer pause is asked again after this one.
RETRY_AFTER_CAP_S = 900.0
#: A gateway that says "now" to what it has just refused is asked again after this.
RETRY_AFTER_LEAST_S = 1.0
#: When a plan that is used up is probed, the last one again and again.
QUOTA_PROBES_S = (300.0, 900.0, 3600.0)
UNREACHABLE_CAP_S = 60.0
#: After so many answers without a clear word in a row the breaker opens, for so long.
BREAKER_RUN, BREAKER_S = 5, 30.0
UNAVAILABLE_PROBES_S = (15.0, 30.0, 60.0, 120.0, 60.0)
#: Why a key is held that waits for its gateway to come back: what comes after is let out one, 1, 2, 4 … at a time,
#: until so many were taken.
BREAKERS = frozenset(("unavailable", "unreachable", "server_error", "silent", "unreadable"))
OPENED = 32
#: So many errors within the window open the breaker, first for the base, doubling to the cap.
ERRORS, ERRORS_WINDOW_S, ERRORS_BASE_S, ERRORS_CAP_S = 3, 60.0, 60.0, 600.0
#: So many contacts refused within the window mean that the mapping is wrong, not the contacts.
REFUSALS, REFUSALS_WINDOW_S, REFUSALS_HOLD_S = 5, 300.0, 300.0
#: Unreadable answers that are remembered: more than can be out and waiting.
TAKEN_KEPT = 128


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answered sending: the verdict of ports, when it came, of which request to whom, and how that left."""

    verdict: str
    at: float
    request_id: int
    conversation_id: str
    retry_after_s: float | None = None
    left: Departure | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the message, of the key, and whether a person must know. `due_at` belongs to uncertain.

    An alert is raised once until what it is about is over.
    """

    status: Status
    key: KeyState
    due_at: float | None = None
    alert: Alert | None = None


Policy = Callable[[KeyState, Attempt, Limits], tuple[KeyState, Alert | None]]


def judge(attempt: Attempt, key: KeyState, limits: Limits) -> Outcome:
    """Return what an answer means, after the table; `key` is the state as it stands when the answer is read."""
    status, policy = POLICIES[attempt.verdict]
    run = key.run + 1 if key.verdict == attempt.verdict else 1
    counted, alert = policy(replace(key, verdict=attempt.verdict, run=run), attempt, limits)
    if alert in counted.told:
        alert = None
    elif alert is not None:
        counted = replace(counted, told=(*counted.told, alert))
    return Outcome(status, counted, attempt.at + UNCERTAIN_S if status == "uncertain" else None, alert)


def decide_due(request_id: int, attempts: int, key: KeyState, policy: OnUncertain = "resend_once") -> Due:
    """Return what to do with a request that stayed uncertain; one that was answered 2xx is never sent again."""
    if request_id in key.taken:
        return "sent"
    if policy != "resend_once":
        return "hold" if policy == "hold" else "dropped"
    return "resend" if attempts < SENDINGS else "unconfirmed"


def may_resend(sent: int, again: int) -> bool:
    """Return whether one more request may go again, when of `sent` ones within the window `again` did."""
    return again < max(RESENDS_LEAST, int(RESENDS_SHARE * (sent + 1)))


def _hold(key: KeyState, until: float, why: str) -> KeyState:
    """Return the key held until then or later, and then probed; what holds it longest says why."""
    if key.stopped:
        return key
    why = why if until >= key.held_until else key.why
    return replace(key, held_until=max(key.held_until, until), why=why, probing=True, opened=0)


def _is_held(key: KeyState, attempt: Attempt) -> bool:
    return key.stopped or attempt.at < key.held_until


def _is_probe(key: KeyState) -> bool:
    """Tell whether a request that was just answered asked whether the gateway is back."""
    return key.probing and key.why in BREAKERS


def _reopen(key: KeyState) -> KeyState:
    """Return the key after an answer that proves that the gateway is there and takes the key."""
    opened = 1 if _is_probe(key) else key.opened and key.opened + 1
    return KeyState(
        opened=opened if opened < OPENED else 0,
        is_linked=key.is_linked,
        session_at=key.session_at,
        refusals=key.refusals,
        taken=key.taken,
        asked=key.asked,
        told=tuple(alert for alert in key.told if _lasts(alert, key)),
        learned=key.learned,
        clock_s=key.clock_s,
    )


def _lasts(alert: str, key: KeyState) -> bool:
    """Tell whether an alert is not over although the gateway takes messages."""
    return (alert == "key_shared" and key.learned.limit > 0) or (alert == "unlinked" and not key.is_linked)


def _sent(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, None]:
    if attempt.left is not None:
        key = replace(key, learned=after_taken(key.learned, limits, attempt.left, attempt.at))
    return (key if _is_held(key, attempt) else _reopen(key)), None


def _unreadable(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, None]:
    return _silent(replace(key, taken=(*key.taken, attempt.request_id)[-TAKEN_KEPT:]), attempt, limits)


def _silent(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, None]:
    # The probe that finds the gateway no better holds the key by itself: its siblings were never sent.
    if _is_held(key, attempt) or (key.run < BREAKER_RUN and not _is_probe(key)):
        return key, None
    return _hold(key, attempt.at + BREAKER_S, key.verdict), None


def _redirect(key: KeyState, _: Attempt, __: Limits) -> tuple[KeyState, Alert | None]:
    return replace(key, stopped=True, why="redirect"), "redirected"


def _refused(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    recent = tuple(each for each in key.refusals if attempt.at - each[1] < REFUSALS_WINDOW_S)
    others = tuple(each for each in recent if each[0] != attempt.conversation_id)[-REFUSALS:]
    key = replace(key, refusals=(*others, (attempt.conversation_id, attempt.at)))
    if _is_held(key, attempt):
        return key, None
    if len(key.refusals) < REFUSALS and key.why != "refused":
        return _reopen(key), None
    return replace(_hold(key, attempt.at + REFUSALS_HOLD_S, "refused"), refusals=()), "refused_by_many"


def _unauthorized(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    return _hold(key, attempt.at + UNAUTHORIZED_PROBE_S, "unauthorized"), "unauthorized"


def _throttled(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, Alert | None]:
    if _is_used_up(key, attempt):
        return _used_up(key, attempt)
    is_shared, held_s = False, limits.held_s
    if attempt.left is not None and not _is_held(key, attempt):
        learned, is_shared = after_refused(key.learned, limits, attempt.left, attempt.at)
        # Until no slot is taken: a probe that is refused then was the only request of its window.
        held_s += learned.margin_s - key.learned.margin_s
        key = replace(key, learned=learned, before=key.before or key.learned)
    named_s = attempt.retry_after_s
    wait_s = held_s if named_s is None else max(named_s, RETRY_AFTER_LEAST_S)
    return _hold(key, attempt.at + wait_s, "throttled"), "key_shared" if is_shared else None


def _is_used_up(key: KeyState, attempt: Attempt) -> bool:
    """Tell whether a 429 speaks of the plan: it was the only request of its window, and the second one refused."""
    if _is_held(key, attempt) or not key.probing:
        return False
    is_alone = attempt.left is not None and attempt.left.taken <= 1
    return key.why == QUOTA or (key.why == "throttled" and is_alone)


def _used_up(key: KeyState, attempt: Attempt) -> tuple[KeyState, Alert]:
    """Return the key until the next probe of the plan; that its 429s seemed to teach something else is undone."""
    level, since = (key.level, key.closed_since) if key.why == QUOTA else (0, attempt.at)
    wait_s = max(QUOTA_PROBES_S[min(level, len(QUOTA_PROBES_S) - 1)], attempt.retry_after_s or 0.0)
    key = replace(key, learned=key.before or key.learned, level=level + 1, closed_since=since)
    return _hold(key, attempt.at + wait_s, QUOTA), "quota"


def _unavailable(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    if _is_held(key, attempt):
        return key, None
    step_s = UNAVAILABLE_PROBES_S[min(key.level, len(UNAVAILABLE_PROBES_S) - 1)]
    key, alert = closed(replace(key, level=key.level + 1), attempt.at)
    return _hold(key, attempt.at + max(step_s, attempt.retry_after_s or 0.0), "unavailable"), alert


def _server_error(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    recent = tuple(at for at in key.errors_at if attempt.at - at < ERRORS_WINDOW_S)
    failing = (*key.failing, attempt.request_id)[-ERRORS:]
    key = replace(key, errors_at=(*recent, attempt.at)[-ERRORS:], failing=failing)
    alert: Alert | None = "server_errors" if key.run >= ERRORS else None
    if _is_held(key, attempt) or (len(key.errors_at) < ERRORS and not _is_probe(key)):
        return key, alert
    pause_s = min(ERRORS_BASE_S * 2 ** min(key.level, 10), ERRORS_CAP_S)
    return _hold(replace(key, level=key.level + 1), attempt.at + pause_s, "server_error"), alert


def _unreachable(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    if _is_held(key, attempt):
        return replace(key, run=key.run - 1), None
    pause_s = min(2.0 ** min(key.run - 1, 10), UNREACHABLE_CAP_S)
    if key.run >= BREAKER_RUN:
        pause_s = max(pause_s, BREAKER_S)
    key, alert = closed(key, attempt.at)
    return _hold(key, attempt.at + pause_s, "unreachable"), alert


#: verdict -> what becomes of the message, and of the key.
POLICIES: dict[str, tuple[Status, Policy]] = {
    "sent": ("sent", _sent),
    "unreadable": ("uncertain", _unreadable),
    "redirect": ("returned", _redirect),
    "refused": ("failed", _refused),
    "unauthorized": ("returned", _unauthorized),
    "throttled": ("returned", _throttled),
    "unavailable": ("returned", _unavailable),
    "server_error": ("uncertain", _server_error),
    "unreachable": ("returned", _unreachable),
    "silent": ("uncertain", _silent),
}
