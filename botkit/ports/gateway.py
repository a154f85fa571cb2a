"""A channel's way out: what it is given, what it answers, what it can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict

from botkit.ports.outbox import WireRequest

#: What a send came to, after reliability's answers table; one word per row of it.
Verdict = Literal[
    "sent",  # 2xx, well formed
    "unreadable",  # 2xx that is not the expected JSON
    "redirect",  # 3xx
    "refused",  # any other 4xx
    "unauthorized",  # 401, 403
    "throttled",  # 429
    "unavailable",  # 503
    "server_error",  # other 5xx
    "unreachable",  # DNS, connect, TLS: no byte was written
    "silent",  # timeout or reset after a byte was written
]


@dataclass(frozen=True, slots=True)
class Answer:
    """A gateway's answer to one request. `retry_after_s` is None unless the gateway named one.

    `spent_s` is for how long nothing is left of the limit, where the answer's headers say that nothing is.
    """

    verdict: Verdict
    at: float
    http_status: int | None = None
    gateway_id: str | None = None
    detail: str = ""
    retry_after_s: float | None = None
    spent_s: float | None = None


class Deafness(TypedDict):
    """A gateway that is asked what is new, and whose answers tell nothing: since when, in UTC seconds.

    `status` is the last HTTP status, None without an answer; `is_long` once a person was told.
    """

    since: float
    status: int | None
    is_long: bool


@dataclass(slots=True)
class Errand:
    """A request of a key that is no message; whoever makes it puts the `answer` in."""

    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a gateway can show: limits in characters and counts; `media` are the message types it takes.

    `media_from` are the ways in which it takes a medium, the best first: id (its own), inline, url. `header` and
    `footer` are characters, 0 where `choices` have no such place.
    """

    text: int = 4096
    buttons: int = 0
    button_title: int = 20
    list_rows: int = 0
    list_title: int = 24
    media: frozenset[str] = field(default_factory=frozenset)
    media_from: tuple[str, ...] = ("url",)
    header: int = 0
    footer: int = 0


class Gateway(Protocol):
    """A channel's way out. `fit` and `render` are pure; `send` never raises for what network or gateway do."""

    def fit(self, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the messages to queue for `message`: itself, or its parts when a text is too long for the gateway."""
        ...

    def render(self, to: str, message: Mapping[str, Any]) -> WireRequest:
        """Return the request that shows one fitted message; the same message always gives the same bytes."""
        ...

    async def send(self, wire: WireRequest) -> Answer:
        """Send a request once and classify what came of it."""
        ...
