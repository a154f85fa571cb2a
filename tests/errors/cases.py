"""The wrong files of `cases/`: what somebody wrote, and what they must be told, by hand.

A case begins with what is expected, a line for each problem: `[FILE:]LINE:COLUMN CODE | HINT | HINT`, with a word that
the hint must hold in Spanish and in English; FILE is the case's first one unless it is named. Then its files follow,
each behind a line `===== NAME`; names and lines may be short as `botkit.explain` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from botkit.flow.problem import Problem, by_place, render
from tests.errors.folder import check, write

HERE = Path(__file__).parent
#: What the texts of both languages stand behind in a golden file.
LANGUAGES = ("es", "en")
_EXPECTED = re.compile(r"(?:(\S+):)?(\d+):(\d+) ([\w-]+) \| (.*?) \| (.*)")


class Expected(NamedTuple):
    """What a case must be told: where, which code, and a word of its hint in Spanish and English."""

    place: str
    code: str
    es: str
    en: str


@dataclass(frozen=True, slots=True)
class Case:
    """A wrong file, or several, and what is expected of them."""

    name: str
    expected: tuple[Expected, ...]
    files: dict[str, str]

    def __str__(self) -> str:
        return self.name


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases, by name."""
    return tuple(read(path) for path in sorted((HERE / "cases").glob("*.txt")))


def read(path: Path) -> Case:
    """Read one case."""
    head, *parts = re.split(r"^===== ", path.read_bytes().decode(), flags=re.MULTILINE)
    files = {name: text for name, _, text in (part.partition("\n") for part in parts)}
    return Case(path.stem, tuple(_read(line, next(iter(files))) for line in head.splitlines()), files)


def _read(line: str, first: str) -> Expected:
    found = _EXPECTED.fullmatch(line)
    assert found is not None, line
    file, at, column, code, es, en = found.groups()
    return Expected(f"{file or first.partition(' ')[0]}:{at}:{column}", code, es, en)


def told(case: Case, folder: Path) -> tuple[list[Problem], dict[str, str]]:
    """Return the problems of a case, sorted, and their whole text in each language; the current folder is `folder`."""
    write(folder, case.files)
    problems, lines = check(folder)
    found = by_place(problems)
    texts = {
        language: "".join(f"{render(each, lines.get(each.place.file, []), language)}\n" for each in found)
        for language in LANGUAGES
    }
    return found, texts


def golden_file(case: Case) -> Path:
    """Return where a case's golden text stands."""
    return HERE / "golden" / f"{case.name}.txt"


def as_golden(texts: dict[str, str]) -> str:
    """Return the texts of both languages as a golden file holds them."""
    return "\n".join(texts[language] for language in LANGUAGES)


def codes(found: Sequence[Problem]) -> list[tuple[str, str]]:
    """Return place and code of each problem."""
    return [(str(problem.place), problem.code) for problem in found]
