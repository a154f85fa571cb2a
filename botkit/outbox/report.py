"""The log lines of a flight: ids, numbers and reasons; never a text, a phone number or the key."""

from __future__ import annotations

import logging

import structlog

from botkit.outbox.rate import KeyState
from botkit.outbox.retry import Outcome
from botkit.ports import Answer, Flight

log = structlog.get_logger("botkit.outbox")

#: status -> level and name of the event.
_EVENTS = {
    "sent": (logging.INFO, "message_sent"),
    "failed": (logging.WARNING, "send_failed"),
    "returned": (logging.INFO, "send_returned"),
    "uncertain": (logging.WARNING, "send_uncertain"),
}


def report(flight: Flight, answer: Answer, outcome: Outcome, before: KeyState, wait_s: float | None) -> None:
    """Log what came of a flight, what it did to its key, and what a person must know."""
    level, event = _EVENTS[outcome.status]
    fields: dict[str, object] = {
        "conversation": flight.conversation_id,
        "request": flight.request_id,
        "rank": flight.rank,
        "verdict": answer.verdict,
        "http_status": answer.http_status,
        "attempts": flight.attempts,
    }
    if wait_s is not None:
        fields["wait_s"] = round(wait_s, 3)
    log.log(level, event, **fields)
    report_key(before, outcome, answer.at)


def report_key(before: KeyState, outcome: Outcome, at: float) -> None:
    """Log what an answer did to its key, and what a person must know."""
    after = outcome.key
    if after.held_until > before.held_until:
        log.warning("key_held", why=after.why, hold_s=round(after.held_until - at, 1))
    if before.probing and not after.probing:
        log.info("key_opened", why=before.why)
    if outcome.alert is not None:
        log.error("key_alert", alert=outcome.alert, why=after.why)
