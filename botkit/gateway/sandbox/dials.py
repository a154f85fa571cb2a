"""What can be turned while the sandbox runs: the rate window, `Retry-After`, status webhooks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from math import ceil

from botkit.gateway.sandbox.body import BadBodyError, Body
from botkit.gateway.sandbox.fault import DAY_S
from botkit.gateway.sandbox.window import ALGORITHMS, Rule, open_window

# What the gateway tells the bot's webhook about a message that it accepted, in this order.
STATUSES = ("echo", "sent", "delivered", "read", "failed")

# How a 429 or 503 says when to come back: not at all, as the window has it, in `value_s`, at a date, with any `text`.
RETRY_AFTER = ("off", "exact", "value", "date", "text")
RETRY_AFTER_TEXT_MAX = 1000
LIMIT_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Setting:
    """Where every dial stands; the constructor's values are what a reset returns to."""

    rule: Rule = field(default_factory=Rule)
    statuses: tuple[str, ...] = ()
    retry_after: str = "off"
    retry_after_s: float = 60.0
    retry_after_text: str = ""


class Dials:
    """The dials, and the window that they opened."""

    def __init__(self, setting: Setting) -> None:
        check_statuses(setting.statuses)
        self._initial = setting
        self.setting = setting
        self.window = open_window(setting.rule)

    def reset(self) -> None:
        """Return every dial to where it stood at the start, with an empty window."""
        self.setting = self._initial
        self.window = open_window(self._initial.rule)

    def turn(self, kind: str, body: Body) -> None:
        """Turn one dial; raise BadBodyError and leave it as it was if `body` is wrong."""
        setting = DIALS[kind](self.setting, body)
        body.finish()
        if kind == "window":
            self.window = open_window(setting.rule)
        self.setting = setting

    def retry_after(self, wait_s: float | None, now: float) -> str | None:
        """Return the header that goes with a refusal, or None; without a known wait `value_s` counts."""
        setting = self.setting
        fixed_s = setting.retry_after_s
        match setting.retry_after:
            case "exact":
                return str(max(1, ceil(fixed_s if wait_s is None else wait_s)))
            case "value":
                return f"{fixed_s:g}"
            case "date":
                return formatdate(now + fixed_s, usegmt=True)
            case "text":
                return setting.retry_after_text
            case _:
                return None


def check_statuses(statuses: tuple[str, ...]) -> None:
    """Raise ValueError if a status is not one that the sandbox can tell."""
    unknown = [status for status in statuses if status not in STATUSES]
    if unknown:
        raise ValueError(f"unknown statuses {unknown}; known: {', '.join(STATUSES)}")


def _window(setting: Setting, body: Body) -> Setting:
    old = setting.rule
    rule = Rule(
        limit=body.integer("limit", low=1, high=LIMIT_MAX, default=old.limit),
        period_s=body.number("period_s", low=0.001, high=DAY_S, default=old.period_s),
        algorithm=body.one_of("algorithm", tuple(ALGORITHMS), default=old.algorithm),
        capacity=body.integer("capacity", low=1, high=LIMIT_MAX) if body.has("capacity") else None,
        phase_s=body.number("phase_s", low=0, high=DAY_S, default=0),
    )
    return replace(setting, rule=rule)


def _retry_after(setting: Setting, body: Body) -> Setting:
    mode = body.one_of("mode", RETRY_AFTER)
    value_s = body.number("value_s", low=0, high=DAY_S, default=setting.retry_after_s)
    text = body.text("text", limit=RETRY_AFTER_TEXT_MAX, default="soon")
    return replace(setting, retry_after=mode, retry_after_s=value_s, retry_after_text=text)


def _statuses(setting: Setting, body: Body) -> Setting:
    states = body.take("states")
    if not isinstance(states, list) or any(state not in STATUSES for state in states):
        raise BadBodyError(f"'states' must be a list of: {', '.join(STATUSES)}")
    return replace(setting, statuses=tuple(states))


DIALS: dict[str, Callable[[Setting, Body], Setting]] = {
    "window": _window,
    "retry_after": _retry_after,
    "statuses": _statuses,
}
