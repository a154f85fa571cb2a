"""What names mean while a template or expression is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.locale import Locale
from botkit.flow.values import OMIT, weigh

#: Names that are no slots -> what they mean; `check`, docs and the reader of `save` use this table.
NAMES: dict[str, str] = {
    "contact": "the person: name, phone, language, timezone, new, opted_out, and what was saved there",
    "bot": "constants of config.yaml, name, language, flows, open (by `hours`)",
    "message": "the last message: text, args, media, location, at",
    "now": "the moment, in the time zone of the contact, else of the bot",
    "today": "the day, likewise",
    "load": "how loaded the channel is, by the wait of a new message: green (< 2 s), yellow (< 60 s), black",
    "answer": "the answer being checked, in `check`",
    "error": "what went wrong, after `on_error`",
    "item": "one of the values, in an option with `from` and in the filters `where` and `pick`",
    "question": "the words of the question, in `invalid`",
    "omit": "drops its key, in `with`, `json`, `query`, `headers`",
}
#: Names that have these parts and no others; `bot` has the constants of config.yaml as well.
PARTS: dict[str, tuple[str, ...]] = {
    "message": ("text", "args", "media", "location", "at"),
    **dict.fromkeys(("now", "today"), ("year", "month", "day", "weekday", "hour", "minute")),
    "bot": ("name", "language", "country", "currency", "timezone", "flows", "open"),
    "load": (),
}
#: Names that have a meaning only in some places -> where; elsewhere they are an error.
LOCAL_NAMES: dict[str, str] = {
    "answer": "check",
    "item": "from, where(…), pick(…)",
    "question": "invalid",
    "loop": "{% for %}",
    "omit": "with, json, query, headers",
}

#: Most passes through `{% for %}` in one rendering, nested ones multiplied.
MAX_PASSES = 10_000
#: Items or characters that a filter or a comparison goes through in about the time of one pass.
PER_PASS = 50
#: Parts of a loop's body that are evaluated in about the time of one pass.
PARTS_PER_PASS = 10


class Scope:
    """Names -> values for one evaluation: `extra` first, then the fixed names, then the slots.

    `fixed` gives functions of `knower`, so that what is not asked for is not computed.
    """

    __slots__ = ("extra", "fixed", "knower", "locale", "slots", "spent")

    def __init__(
        self,
        slots: Mapping[str, Any],
        fixed: Mapping[str, Callable[[Any], Any]],
        extra: Mapping[str, Any],
        locale: Locale,
        knower: object = None,
    ) -> None:
        self.slots = slots
        self.fixed = fixed
        self.extra = extra
        self.locale = locale
        self.knower = knower
        self.spent = [0]

    def get(self, name: str) -> Any:
        """Return what a name means; none if it is not set."""
        if name in self.extra:
            return self.extra[name]
        make = self.fixed.get(name)
        if make is not None:
            return make(self.knower)
        return OMIT if name == "omit" else self.slots.get(name)

    def within(self, names: Mapping[str, Any]) -> Scope:
        """Return the scope of a loop's body; it draws on the same allowance of passes."""
        inner = Scope(self.slots, self.fixed, {**self.extra, **names}, self.locale, self.knower)
        inner.spent = self.spent
        return inner

    def spend(self, passes: int) -> None:
        """Count passes through a loop; raises EvaluationError once MAX_PASSES are used up."""
        self.spent[0] += passes
        if self.spent[0] > MAX_PASSES:
            raise EvaluationError("too many passes through {% for %}")

    def work(self, value: Any) -> None:
        """Count what a filter costs that goes through a list once, or through the characters of a text."""
        if isinstance(value, (list, str, dict)) and len(value) >= PER_PASS:
            self.spend(len(value) // PER_PASS)

    def deep_work(self, value: Any) -> None:
        """Count what it costs to go through all that a value holds; raises EvaluationError if it holds too much."""
        if isinstance(value, (list, dict)):
            self.spend(weigh(value) // PER_PASS)
        else:
            self.work(value)
