"""What a gateway's answer means: from status and body to one word of the answers table. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from botkit.gateway.neutral import to_number, to_text, to_time
from botkit.gateway.path import Path, compile_path
from botkit.gateway.profile import Profile
from botkit.http_answer import moment_of, named_pause
from botkit.outbox.retry import RETRY_AFTER_CAP_S
from botkit.ports import Verdict

#: What the names of headers begin with that tell what is left of a limit, and when it is whole again.
RATE_HEADERS = ("X-RateLimit", "RateLimit", "X-Rate-Limit")

_STATUS: dict[int, Verdict] = {
    401: "unauthorized",
    403: "unauthorized",
    408: "silent",
    429: "throttled",
    503: "unavailable",
}
_CLASS: dict[int, Verdict] = {3: "redirect", 4: "refused"}


class Judge:
    """A profile's reading of answers: its paths, compiled once."""

    def __init__(self, profile: Profile) -> None:
        self._statuses = profile.success.statuses
        self._when: Path | None = compile_path(profile.success.when) if profile.success.when else None
        self._id: Path | None = compile_path(profile.id) if profile.id else None
        self._own: dict[int, Verdict] = dict.fromkeys(profile.errors.never, "refused")
        self._own |= dict.fromkeys(profile.errors.retry, "unavailable")

    def judge(self, status: int, body: bytes | None) -> tuple[Verdict, str | None]:
        """Return the verdict and the message's id; `body` None means that it broke off or was too long."""
        if status in self._own:
            return self._own[status], None
        if 200 <= status <= 299:
            return self._taken(status, body)
        return _STATUS.get(status) or _CLASS.get(status // 100, "server_error"), None

    def judge_listing(self, status: int, body: bytes | None) -> tuple[Verdict, None]:
        """Return the verdict on an answer that lists something; whether it is a listing is seen when it is read."""
        if 200 <= status <= 299 and status not in self._own:
            return ("unreadable" if body is None else "sent"), None
        return self.judge(status, None)[0], None

    def _taken(self, status: int, body: bytes | None) -> tuple[Verdict, str | None]:
        if self._statuses is not None and status not in self._statuses:
            return "unreadable", None
        try:
            value = orjson.loads(body or b"")
        except orjson.JSONDecodeError:
            return "unreadable", None
        if self._when is not None and not self._when(value):
            return "refused", None
        if self._id is None:
            return "sent", None
        message_id = to_text(self._id(value))
        return ("sent", message_id) if message_id else ("unreadable", None)


def read_retry_after(value: str | None, now: float) -> float | None:
    """Return the pause in seconds that a `Retry-After` header names, as seconds or a date; None for anything else."""
    if value is None:
        return None
    seconds = named_pause(value, now)
    return min(seconds, RETRY_AFTER_CAP_S) if seconds is not None and seconds >= 0 else None


def read_clock(date: str | None, sent_at: float, answered_at: float) -> float | None:
    """Return by how many seconds at least our clock is ahead of who wrote a `Date` header; negative: behind.

    It was written at some time between our sending and the answer, and names whole seconds: what fits into that is 0.
    None without a date.
    """
    told = moment_of(date) if date else None
    if told is None:
        return None
    return max(0.0, sent_at - (told + 1)) or min(0.0, answered_at - told)


def read_spent(headers: Mapping[str, str], now: float) -> float | None:
    """Return for how many seconds nothing is left of the limit, if headers say so. `headers` ignore case.

    A reset is told in seconds from now, or as a time. What is left, if anything is, says nothing: somebody else may
    spend it, and another limit may be nearer.
    """
    for prefix in RATE_HEADERS:
        left, reset = to_number(headers.get(f"{prefix}-Remaining")), headers.get(f"{prefix}-Reset")
        if left is None or left > 0 or (seconds := to_number(reset)) is None:
            continue
        at = to_time(seconds) if seconds > RETRY_AFTER_CAP_S else None
        wait_s = seconds if at is None else at - now
        return wait_s if 0 < wait_s <= RETRY_AFTER_CAP_S else None
    return None
