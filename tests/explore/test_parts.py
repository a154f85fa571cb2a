"""The parts: what words promise, what fits a pattern, what a call may give."""

from __future__ import annotations

import datetime
import enum
from random import Random
from typing import Annotated, Any, Literal, TypedDict

import pytest
import re2  # type: ignore[import-untyped]

from botkit.explore.invented import Vague, by_annotation
from botkit.explore.patterns import beside, fitting, is_hopeless
from botkit.explore.prose import bounds, examples, is_about_what_comes, mentions, refuses_the_future, refuses_the_past
from botkit.flow.pattern import Pattern


@pytest.mark.parametrize(
    ("text", "taken", "refused"),
    [
        ("Escribe un número del 1 al 20.", ["1", "20"], ["0", "21"]),
        ("A number from 1 to 5, please.", ["1", "5"], ["0", "6"]),
        ("Entre 18 y 80 años.", ["18", "80"], ["17", "81"]),
        ("De 1-5", ["1", "5"], ["0", "6"]),
        ("Como mínimo 3.", ["3"], ["2"]),
        ("Hasta 10.", ["10"], ["11"]),
        ("Escribe un número.", [], []),
    ],
)
def test_bounds(text: str, taken: list[str], refused: list[str]) -> None:
    """The bounds that words name are taken, and their neighbours outside are not."""
    found = bounds(text)
    assert [each.answer for each in found if each.taken] == taken
    assert [each.answer for each in found if not each.taken] == refused


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Escribe un día, por ejemplo 12/5 o mañana.", ["12/5", "mañana"]),
        ("Así, por ejemplo: 1234-ABC.", ["1234-ABC"]),
        ('For example "red" or "blue".', ["red", "blue"]),
        ("Escribe un día.", []),
    ],
)
def test_examples(text: str, found: list[str]) -> None:
    """The examples of a hint are answers."""
    assert examples(text) == found


def test_mentions() -> None:
    """Whatever looks like a code may be an answer."""
    assert mentions("Se escribe como AU-1234, está en tu carnet.") == ["AU-1234"]


@pytest.mark.parametrize(
    ("hint", "past", "future"),
    [
        ("Ese día ya pasó.", True, False),
        ("Tiene que ser una fecha futura.", True, False),
        ("El día no puede ser futuro.", False, True),
        ("Escribe un día hasta hoy.", False, True),
        ("Escribe un día.", False, False),
    ],
)
def test_sides(hint: str, past: bool, future: bool) -> None:
    """A hint may say that a day is over, or has not come yet."""
    assert (refuses_the_past(hint), refuses_the_future(hint)) == (past, future)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("¿Qué día quieres venir?", True),
        ("¿Para cuándo es la cita?", True),
        ("Which day would you like to come?", True),
        ("¿Qué día naciste?", False),
        ("¿Qué día pasó?", False),
        ("¿Qué día compraste lo que reservaste?", False),
    ],
)
def test_to_come(question: str, wanted: bool) -> None:
    """A question may ask for a day to come."""
    assert is_about_what_comes(question) is wanted


def test_hopeless() -> None:
    """A pattern that nothing fits is told from one that cannot be read."""
    assert is_hopeless(Pattern(r"\d$\d", re2.compile(r"\d$\d")))
    assert not is_hopeless(Pattern(r"^\d+$", re2.compile(r"^\d+$")))


@pytest.mark.parametrize(
    "text", [r"^\d{7}$", r"^[A-Z]{2}-\d+$", r"(?i)sí|no", r"^(ab|cd)+x?$", r"[^\d\s]{3}", r"\bok\b"]
)
def test_patterns(text: str) -> None:
    """What is made up for a pattern fits it."""
    pattern = Pattern(text, re2.compile(text))
    found = fitting(pattern, Random(1))
    assert found
    assert all(pattern.search(each) is not None for each in found)


def test_beside() -> None:
    """What lies beside a text differs from it."""
    assert "1234567" not in beside("1234567")[:3]


class Hour(TypedDict):
    """An hour, as a handler returns it."""

    hora: str
    libre: bool


class Size(enum.Enum):
    """A size."""

    SMALL = "s"
    LARGE = "l"


@pytest.mark.parametrize(
    ("annotation", "wanted"),
    [
        (int, 0),
        (bool, False),
        (str | None, None),
        (list[str], []),
        (datetime.date, "2026-11-24"),
        (Literal["a", "b"], "b"),
        (Size, "l"),
        (Annotated[int, "n"], 0),
        (Hour, {"hora": "A-7", "libre": False}),
        (dict[str, int], {}),
    ],
)
def test_annotations(annotation: Any, wanted: Any) -> None:
    """An annotation gives its edges: nothing, nought, none, every choice."""
    assert wanted in by_annotation(annotation)


def test_lists() -> None:
    """Lists come empty, with one, with a few, with more than a menu shows; no two items are the same."""
    made = by_annotation(list[Hour])
    assert sorted(len(each) for each in made) == [0, 1, 2, 12]
    assert len({each["hora"] for each in made[-1]}) == 12


@pytest.mark.parametrize("annotation", [Any, dict, list, dict[str, Any], list[dict[str, Any]]])
def test_vague(annotation: Any) -> None:
    """An annotation that tells nothing gives nothing."""
    with pytest.raises(Vague):
        by_annotation(annotation)
