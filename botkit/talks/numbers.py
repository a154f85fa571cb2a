"""Numbers that may be somebody's, wherever they stand in a text: found, and given stand-ins of their own kind.

What belongs to a person cannot be told from a sum by its digits: from DIGITS on every number has a stand-in, sums of
money too, so that `4873321` is masked as JSON's integer as it is in a sentence. A date is none and stays.
"""

from __future__ import annotations

import re

from botkit.testing.rehearsal import CONTACT

#: Digits that are somebody's number, an identity card's too, from so many on.
DIGITS = 6
#: Digits that a stand-in changes, the last ones of a number.
CHANGED = 7
#: Digits of a phone number with the codes of its country and area, at most; of more only the first one stays.
PHONE = 13

_DAY, _MONTH = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_YEAR = "(?:19|20)[0-9]{2}"
_FULL = rf"{_YEAR}-{_MONTH}-{_DAY}|{_YEAR}/{_MONTH}/{_DAY}" + "".join(
    rf"|{_DAY}{sign}{_DAY}{sign}{_YEAR}" for sign in ("/", "-", r"\.")
)
_SHORT = "|".join(rf"{_DAY}{sign}{_DAY}{sign}[0-9]{{2}}" for sign in ("/", "-", r"\."))
_OVER = r"(?![/.-]?\d)"
#: What people, and their phones, put between the digits of one number: signs, all sorts of dashes and blanks, keycaps,
#: marks that cannot be seen.
_SIGN = "[ ().·•∙_\u00a0\u2000-\u2015\u202a-\u202f\u2060-\u2069\u2212\u20e3\ufe0f\ufeff-]"
#: A date ends a number that stands before it, and is passed over whole.
_FOUND = re.compile(
    rf"(?<!\d)(?:(?P<date>(?:{_FULL}|{_SHORT}){_OVER})"
    rf"|\d(?:(?:{_SIGN}{{0,3}}|,)(?:(?<=\d)|(?!(?:{_FULL}){_OVER}))\d){{{DIGITS - 1},}})"
)
#: Digits that stand together are a number of their own among others.
_TOGETHER = re.compile(rf"(\d{{{DIGITS},}})")
_DIGIT = re.compile(r"\d")


class Numbers:
    """Stand-ins of numbers; the same last digits have the same one."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def meet(self, contact: str) -> None:
        """Take up a contact: its number becomes that of tests."""
        if found := digits(contact):
            self._known.setdefault(found[-CHANGED:], int(CONTACT[-CHANGED:]) + len(self._known))

    def text(self, text: str) -> str:
        """Return a text with stand-ins."""
        return _FOUND.sub(lambda found: found[0] if found["date"] else self._run(found[0]), text)

    def number(self, value: float) -> float:
        """Return a number of JSON as its text would be."""
        return type(value)(self.text(repr(value)))

    def _run(self, run: str) -> str:
        """Return what may be one number in groups, or several side by side."""
        return "".join(self._one(part) if len(digits(part)) >= DIGITS else part for part in _TOGETHER.split(run))

    def _one(self, written: str) -> str:
        """Return a number of as many digits, which begins the same, with its signs between them."""
        old = digits(written)
        tail = old[-CHANGED:]
        if not old.strip("0") or CONTACT.endswith(tail):
            return written  # nothing at all; a number that is a stand-in already
        changed = min(CHANGED, len(old) - 1)
        kept = old[: len(old) - changed] if len(old) <= PHONE else old[0].ljust(len(old) - changed, "0")
        number = self._known.setdefault(tail, int(CONTACT[-CHANGED:]) + max(1, len(self._known)))
        made = iter(kept + f"{number:0{changed}d}"[-changed:])
        return _DIGIT.sub(lambda _: next(made), written)


def digits(text: str) -> str:
    """Return the digits of a text, those of every script as 0 to 9."""
    return "".join(str(int(digit)) for digit in _DIGIT.findall(text))
