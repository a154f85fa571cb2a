"""Problems: what is wrong, where, and what to do about it.

A problem is a code of the closed table in `codes.py`, a place, and the values that its sentences name. Sentences are
made late, so one problem can be told in Spanish and in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from botkit.flow.codes import CODES

#: A name is offered as "did you mean" from this likeness on (0–100).
NEAR_ENOUGH = 60.0
#: The code of a problem whose place holds a secret.
SECRET = "secret-literal"
#: Longer source lines are cut around the caret when they are shown, in characters.
SHOWN_LINE = 160


class Place(NamedTuple):
    """Where something stands: lines and columns count from 1, the end column is the one behind the last character."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def row(self) -> str:
        """Return `file:line`, which is as exact as tables, drawings and the mention of another place are."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `values` fill the sentences of its code; `hint` replaces the code's own hint code."""

    code: str
    place: Place
    values: Mapping[str, Any] = field(default_factory=dict)
    hint: str | None = None

    @property
    def severity(self) -> str:
        """Return `error` or `warning`."""
        return CODES[self.code].severity

    def message(self, language: str) -> str:
        """Return what is wrong, in `es` or `en`."""
        return _fill(CODES[self.code].text(language), self.values)

    def advice(self, language: str) -> str:
        """Return what to do about it, or an empty text."""
        if self.values.get("near"):
            near_line = f" ({_LINE[language]} {self.values['near_line']})" if self.values.get("near_line") else ""
            return _fill(_DID_YOU_MEAN[language], self.values) + near_line + "?"
        return _fill(CODES[self.hint or self.code].hint(language), self.values)


#: Characters of a value that a sentence shows; of a list of all that there is, which is what helps.
SHOWN_VALUE = 80
SHOWN_KNOWN = 240
#: Values that list what there is, or say more of it.
_LONG = ("known", "why", "advice")

_DID_YOU_MEAN = {"es": "¿quisiste decir '{near}'", "en": "did you mean '{near}'"}
_LINE = {"es": "línea", "en": "line"}
_SEVERITY = {"es": {"error": "error", "warning": "aviso"}, "en": {"error": "error", "warning": "warning"}}
_HINT = {"es": "sugerencia", "en": "hint"}


def nearest(name: str, known: Sequence[str] | Mapping[str, Any]) -> str | None:
    """Return the known name most like `name`, or None if none is near."""
    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return found[0] if found else None


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether something is wrong, and not just worth a warning."""
    return any(problem.severity == "error" for problem in problems)


def by_place(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems sorted by file and place, errors before warnings at one place, each once."""
    unique = {(p.code, p.place, p.message("en")): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.place, p.severity, p.code))


def render(problem: Problem, lines: Sequence[str], language: str) -> str:
    """Return a problem as people read it: place, sentence, the source line with a caret, the hint.

    `lines` are the lines of the problem's file (empty when the file cannot be shown).
    """
    place = problem.place
    severity = _SEVERITY[language][problem.severity]
    out = [f"{place}: {severity}: {problem.message(language)} [{problem.code}]"]
    if 0 < place.line <= len(lines):
        line = lines[place.line - 1]
        out += _caret(covered(line, place) if problem.code == SECRET else line, place)
    if advice := problem.advice(language):
        out.append(f"    {_HINT[language]}: {advice}")
    return "\n".join(out)


def covered(line: str, place: Place) -> str:
    """Return a line with what stands at a place made unreadable: a terminal, a CI's log and a forum are read by all."""
    start, end = place.column - 1, place.end_column - 1 if place.end_line == place.line else len(line)
    return line[:start] + "*" * len(line[start:end]) + line[end:]


def as_json(problem: Problem, language: str) -> dict[str, Any]:
    """Return a problem as `{file, line, column, end_line, end_column, severity, code, message, hint}`."""
    return {
        **problem.place._asdict(),
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message(language),
        "hint": problem.advice(language),
    }


def _caret(line: str, place: Place) -> list[str]:
    line = line.rstrip("\n").replace("\t", " ")
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    width = max(1, min(end, len(line)) - start)
    cut = max(0, start - SHOWN_LINE // 2) if len(line) > SHOWN_LINE else 0
    shown = line[cut : cut + SHOWN_LINE]
    return [f"    {shown}", "    " + " " * (start - cut) + "^" * min(width, max(1, len(shown) - (start - cut)))]


def _fill(sentence: str, values: Mapping[str, Any]) -> str:
    return sentence.format_map(_Shown(values)) if sentence else ""


class _Shown(dict[str, Any]):
    """Values as a sentence shows them: one line, not too long; a missing one is a defect, shown as `?`."""

    def __getitem__(self, key: str) -> str:
        value = self.get(key, self.get(key.removesuffix("_en"), "?"))  # what has one name in both languages
        text = " ".join(str(value).split())
        longest = SHOWN_KNOWN if key.startswith(_LONG) else SHOWN_VALUE
        return text if len(text) <= longest else text[: longest - 3] + "…"
