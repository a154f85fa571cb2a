"""What names mean while a template or expression is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.filters import Locale

#: Names that are no slots -> what they mean; `check`, docs and the reader of `save` use this table.
NAMES: dict[str, str] = {
    "contact": "the person: name, phone, language, new, and what was saved there",
    "bot": "constants of config.yaml, name, language, flows",
    "message": "the last message: text, args, media, location, at",
    "now": "the moment, in the bot's time zone",
    "today": "the day, in the bot's time zone",
    "answer": "the answer being checked",
    "error": "what went wrong, after on_error",
    "item": "one of the values of `from`",
    "question": "the words of the question, in `invalid`",
}

#: Names that only the right side of `save` knows.
RESULT_NAMES = ("value", "label", "result", "response", "returned", "outcome", "event", "due")

#: Most passes through `{% for %}` in one rendering, nested ones multiplied.
MAX_PASSES = 10_000
#: Items or characters that a filter or a comparison goes through in about the time of one pass.
PER_PASS = 100


class Scope:
    """Names -> values for one evaluation: `extra` first, then the fixed names, then the slots.

    `fixed` gives functions, so that what is not asked for is not computed.
    """

    __slots__ = ("extra", "fixed", "locale", "slots", "spent")

    def __init__(
        self,
        slots: Mapping[str, Any],
        fixed: Mapping[str, Callable[[], Any]],
        extra: Mapping[str, Any],
        locale: Locale,
    ) -> None:
        self.slots = slots
        self.fixed = fixed
        self.extra = extra
        self.locale = locale
        self.spent = [0]

    def get(self, name: str) -> Any:
        """Return what a name means; none if it is not set."""
        if name in self.extra:
            return self.extra[name]
        make = self.fixed.get(name)
        return make() if make is not None else self.slots.get(name)

    def within(self, names: Mapping[str, Any]) -> Scope:
        """Return the scope of a loop's body; it draws on the same allowance of passes."""
        inner = Scope(self.slots, self.fixed, {**self.extra, **names}, self.locale)
        inner.spent = self.spent
        return inner

    def spend(self, passes: int) -> None:
        """Count passes through a loop; raises EvaluationError once MAX_PASSES are used up."""
        self.spent[0] += passes
        if self.spent[0] > MAX_PASSES:
            raise EvaluationError("too many passes through {% for %}")

    def work(self, value: Any) -> None:
        """Count what a filter or a comparison costs on a long list, which is as many passes as it has hundreds."""
        if isinstance(value, (list, str, dict)) and len(value) >= PER_PASS:
            self.spend(len(value) // PER_PASS)
