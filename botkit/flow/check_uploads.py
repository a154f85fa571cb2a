"""Whether what `file` of `http` names can be a file: a slot that only ever holds texts or numbers is none."""

from __future__ import annotations

import re

from botkit.answers.types import ANSWER_TYPES
from botkit.flow.kind import Draft
from botkit.flow.reader import Reading, Setter

#: A template that is one name.
_NAME = re.compile(r"\s*\{\{-?\s*\w+\s*-?\}\}\s*")
#: Types of answers that are no file. A bot's own type may give anything.
_NO_FILES = frozenset((*ANSWER_TYPES, "location"))


def check_uploads(reading: Reading) -> None:
    """Report slots that are to be sent as files and only ever hold answers that are none."""
    for text in reading.uploads:
        uses = [use for use in reading.uses if use.text is text]
        if len(uses) != 1 or not _NAME.fullmatch(text.value):
            continue
        use = uses[0]
        types = [_taken(setter) for setter in reading.setters if setter.slot == use.name]
        if types and _NO_FILES.issuperset(types):
            reading.report("not-a-medium", text, at=(use.read.start, len(use.name)), name=use.name, type=types[0])


def _taken(setter: Setter) -> str:
    """Return the type of answer that a setter gives its slot, empty where it is not known."""
    draft = setter.step
    return draft.takes if isinstance(draft, Draft) and draft.saves == setter.slot else ""
