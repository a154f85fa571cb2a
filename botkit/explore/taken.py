"""What is wrong with an answer that was taken, or was not, by the question's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from botkit.answers.types import MESSAGE_TYPES
from botkit.explore.asked import Asked
from botkit.explore.finding import Finding
from botkit.explore.judge import TAKEN
from botkit.explore.prose import bounds, examples, is_about_what_comes, refuses_the_future, refuses_the_past
from botkit.explore.scene import Beat

_NUMBERS = ("integer", "number", "money")
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})|(\d{4})-(\d\d)-(\d\d)")


def was_taken(beat: Beat, asked: Asked) -> bool:
    """Tell whether a move was taken as an answer to the question."""
    return any((way.flow, way.step) == asked.at and way.trigger in TAKEN for way in beat.ways)


def against_words(beat: Beat, asked: Asked, today: date) -> Iterator[Finding]:
    """Yield where a question does not keep what its words promise of this answer."""
    ask, told = asked.ask, beat.move.told
    if ask is None or beat.move.kind != "user" or not isinstance(told, str) or ask.expected.type in MESSAGE_TYPES:
        return
    taken = was_taken(beat, asked)
    refused = not taken and not beat.results and beat.after.at == asked.at
    hints, place = "\n".join(asked.hints), str(asked.step.place)
    words = "\n".join([*asked.words, hints])
    said = {"told": f"'{told}'"}
    if refused and told in _promised(words, asked):
        text = beat.texts()[0] if beat.texts() else ""
        yield Finding("not-taken", place, beat.after, said, {"never": f"(?m)^{re.escape(text.strip())}$"})
    elif taken and (told in _refused(hints, asked) or _is_refused_day(told, hints, today)):
        yield Finding("taken", place, beat.after, said, {"step": asked.step.id})
    elif taken and is_about_what_comes("\n".join(asked.words)) and (_side(told, today) or 0) < 0:
        yield Finding("over", place, beat.after, said, {"step": asked.step.id})


def _promised(words: str, asked: Asked) -> list[str]:
    numbers = [each.answer for each in bounds(words) if each.taken] if _counts(asked) else []
    return numbers + [each for each in examples(words) if "{{" not in each]


def _refused(hints: str, asked: Asked) -> list[str]:
    return [each.answer for each in bounds(hints) if not each.taken] if _counts(asked) else []


def _counts(asked: Asked) -> bool:
    return asked.ask is not None and asked.ask.expected.type in _NUMBERS


def _is_refused_day(told: str, hints: str, today: date) -> bool:
    side = _side(told, today)
    return bool(side) and (refuses_the_past(hints) if side == -1 else refuses_the_future(hints))


def _side(told: str, today: date) -> int | None:
    """Return -1 for a day that is over, 1 for one to come, 0 for today; None for what is no day written out."""
    found = _DAY.search(told)
    if found is None:
        return None
    parts = [int(each) for each in found.groups() if each is not None]
    try:
        day = date(*parts) if parts[0] > 31 else date(parts[2], parts[1], parts[0])
    except ValueError:
        return None
    return (day > today) - (day < today)
