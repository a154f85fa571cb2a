"""The log lines of a flight: ids, numbers and reasons; never a text, a phone number or the key."""

from __future__ import annotations

import logging

import structlog

from botkit.outbox.alert import Alert, Tell
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
    """Log what came of a flight and what it did to its key."""
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
    """Log what an answer did to its key."""
    after = outcome.key
    if after.held_until > before.held_until:
        log.warning("key_held", why=after.why, hold_s=round(after.held_until - at, 1))
    if before.probing and not after.probing:
        log.info("key_opened", why=before.why)


def raise_alert(channel: str, alert: Alert, key: KeyState, tell: Tell, **more: object) -> None:
    """Tell what a person must know of a channel's key, with `more` of what it is about."""
    fields: dict[str, object] = {"channel": channel, **more}
    if alert == "server_errors":
        fields["requests"] = list(key.failing)
    tell(alert, fields)
