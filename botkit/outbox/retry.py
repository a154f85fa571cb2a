"""What becomes of a message and of its key after each answer: the one table, `POLICIES`.

A *message* is sent, failed for good, returned (the gateway did not take it: pending again, and no attempt spent) or
uncertain (it may have taken it: wait for news, send once more, then say so). A *key* is untouched, held for a while
and then probed by one request at a time, or stopped. Answers that come while a key is held were already on their way:
they settle their message, but neither lengthen the hold by another step nor end it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Literal

from botkit.outbox.learn import Departure, after_refused, after_taken
from botkit.outbox.rate import KeyState, Learned, Limits

Status = Literal["sent", "failed", "returned", "uncertain", "unconfirmed"]
Alert = Literal["unauthorized", "redirected", "refused_by_many", "unavailable_long", "server_errors", "key_shared"]
Due = Literal["resend", "sent", "unconfirmed"]

#: How long an uncertain request waits for an echo or a status before it is decided, in seconds.
UNCERTAIN_S = 20.0
#: How often a request whose fate is unknown is sent at most.
SENDINGS = 2

UNAUTHORIZED_PROBE_S = 300.0
#: A gateway that names a longer pause is asked again after this one.
RETRY_AFTER_CAP_S = 900.0
UNREACHABLE_CAP_S = 60.0
#: After so many answers without a clear word in a row the breaker opens, for so long.
BREAKER_RUN, BREAKER_S = 5, 30.0
UNAVAILABLE_PROBES_S = (15.0, 30.0, 60.0, 120.0, 60.0)
UNAVAILABLE_ALERT_S = 300.0
#: So many errors within the window open the breaker, first for the base, doubling to the cap.
ERRORS, ERRORS_WINDOW_S, ERRORS_BASE_S, ERRORS_CAP_S = 3, 60.0, 60.0, 600.0
#: So many contacts refused within the window mean that the mapping is wrong, not the contacts.
REFUSALS, REFUSALS_WINDOW_S, REFUSALS_HOLD_S = 5, 300.0, 300.0


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
    """What becomes of the message, of the key, and whether a person must know. `due_at` belongs to uncertain."""

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
    return Outcome(status, counted, attempt.at + UNCERTAIN_S if status == "uncertain" else None, alert)


def decide_due(request_id: int, attempts: int, key: KeyState) -> Due:
    """Return what to do with a request that stayed uncertain; one that was answered 2xx is never sent again."""
    if request_id in key.taken:
        return "sent"
    return "resend" if attempts < SENDINGS else "unconfirmed"


def forget_taken(key: KeyState, request_id: int) -> KeyState:
    """Return the key once a request that counted as taken is closed."""
    return replace(key, taken=tuple(each for each in key.taken if each != request_id))


def reload(key: KeyState, now: float) -> KeyState:
    """Return the key after its configuration was read again: what a person may have mended is probed at once."""
    if key.stopped or key.why == "unauthorized":
        return replace(key, stopped=False, probing=True, held_until=min(key.held_until, now))
    return key


def dump_key(key: KeyState) -> bytes:
    """Return a key's state as JSON."""
    return json.dumps(asdict(key), separators=(",", ":")).encode()


def load_key(data: bytes | None) -> KeyState:
    """Return the state that `dump_key` wrote; None is a key never used."""
    if data is None:
        return KeyState()
    values = json.loads(data)
    values["refusals"] = tuple((who, at) for who, at in values["refusals"])
    values["learned"] = Learned(**values.get("learned", {}))
    return KeyState(**values | {name: tuple(values[name]) for name in ("errors_at", "taken")})


def _hold(key: KeyState, until: float, why: str) -> KeyState:
    """Return the key held until then or later, and then probed."""
    return replace(key, held_until=max(key.held_until, until), why=why, probing=True)


def _is_held(key: KeyState, attempt: Attempt) -> bool:
    return key.stopped or attempt.at < key.held_until


def _reopen(key: KeyState) -> KeyState:
    """Return the key after an answer that proves that the gateway is there and takes the key."""
    return KeyState(taken=key.taken, refusals=key.refusals, learned=key.learned)


def _sent(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, None]:
    if attempt.left is not None:
        key = replace(key, learned=after_taken(key.learned, limits, attempt.left, attempt.at))
    return (key if _is_held(key, attempt) else _reopen(key)), None


def _unreadable(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, None]:
    return _silent(replace(key, taken=(*key.taken, attempt.request_id)), attempt, limits)


def _silent(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, None]:
    if key.run < BREAKER_RUN or _is_held(key, attempt):
        return key, None
    return _hold(key, attempt.at + BREAKER_S, key.verdict), None


def _redirect(key: KeyState, _: Attempt, __: Limits) -> tuple[KeyState, Alert | None]:
    return replace(key, stopped=True, why="redirect"), None if key.stopped else "redirected"


def _refused(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    recent = tuple(each for each in key.refusals if attempt.at - each[1] < REFUSALS_WINDOW_S)
    others = tuple(each for each in recent if each[0] != attempt.conversation_id)[-REFUSALS:]
    key = replace(key, refusals=(*others, (attempt.conversation_id, attempt.at)))
    if _is_held(key, attempt):
        return key, None
    if len(key.refusals) < REFUSALS:
        return (key if key.why == "refused" else _reopen(key)), None
    return replace(_hold(key, attempt.at + REFUSALS_HOLD_S, "refused"), refusals=()), "refused_by_many"


def _unauthorized(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    held = _hold(key, attempt.at + UNAUTHORIZED_PROBE_S, "unauthorized")
    return held, "unauthorized" if key.run == 1 else None


def _throttled(key: KeyState, attempt: Attempt, limits: Limits) -> tuple[KeyState, Alert | None]:
    is_shared = False
    if attempt.left is not None and not _is_held(key, attempt):
        learned, is_shared = after_refused(key.learned, limits, attempt.left, attempt.at)
        key = replace(key, learned=learned)
    wait_s = limits.held_s if attempt.retry_after_s is None else attempt.retry_after_s
    return _hold(key, attempt.at + wait_s, "throttled"), "key_shared" if is_shared else None


def _unavailable(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    if _is_held(key, attempt):
        return key, None
    since, was_long = key.closed_since or attempt.at, key.is_long
    pause_s = UNAVAILABLE_PROBES_S[min(key.level, len(UNAVAILABLE_PROBES_S) - 1)]
    is_long = attempt.at - since >= UNAVAILABLE_ALERT_S
    key = replace(key, level=key.level + 1, closed_since=since, is_long=is_long)
    return _hold(key, attempt.at + pause_s, "unavailable"), "unavailable_long" if is_long and not was_long else None


def _server_error(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, Alert | None]:
    recent = tuple(at for at in key.errors_at if attempt.at - at < ERRORS_WINDOW_S)
    key = replace(key, errors_at=(*recent, attempt.at)[-ERRORS:])
    alert: Alert | None = "server_errors" if key.run == ERRORS else None
    # The probe that finds the gateway still broken opens the breaker by itself: its siblings were never sent.
    is_probe = key.probing and key.why == "server_error"
    if _is_held(key, attempt) or (len(key.errors_at) < ERRORS and not is_probe):
        return key, alert
    pause_s = min(ERRORS_BASE_S * 2 ** min(key.level, 10), ERRORS_CAP_S)
    return _hold(replace(key, level=key.level + 1), attempt.at + pause_s, "server_error"), alert


def _unreachable(key: KeyState, attempt: Attempt, _: Limits) -> tuple[KeyState, None]:
    if _is_held(key, attempt):
        return replace(key, run=key.run - 1), None
    pause_s = min(2.0 ** min(key.run - 1, 10), UNREACHABLE_CAP_S)
    if key.run >= BREAKER_RUN:
        pause_s = max(pause_s, BREAKER_S)
    return _hold(key, attempt.at + pause_s, "unreachable"), None


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
