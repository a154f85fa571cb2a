"""`until` of a wait, `at` of a reminder: a moment, written out or by a template."""

from __future__ import annotations

from botkit.errors import EvaluationError
from botkit.flow.fields import Fields
from botkit.flow.reader import has_template
from botkit.flow.text import Template
from botkit.flow.values import kind_of, plain
from botkit.turn.leg import Leg
from botkit.turn.when import instant, is_moment

_MOMENTS = (
    "una fecha, una hora o las dos: 2026-05-12, 15:30, 2026-05-12 15:30",
    "a date, a time or both: 2026-05-12, 15:30, 2026-05-12 15:30",
)


def read_moment(fields: Fields, key: str) -> Template | None:
    """Read a moment; one that is written out must be one."""
    text = fields.text(key)
    if text is None:
        return None
    if not has_template(text) and not is_moment(text.value):
        fields.reading.wrong_type(text, key, *_MOMENTS)
    return fields.reading.template(text)


def moment_at(leg: Leg, template: Template, key: str) -> float:
    """Return UTC seconds of a moment by the person's clock; raises EvaluationError for a value that names none."""
    value = plain(template.value(leg.scope()))
    due_at = instant(value, leg.zone, leg.now)
    if due_at is None:
        raise EvaluationError(f"'{key}' cannot be {kind_of(value)} like this", template.place)
    return due_at
