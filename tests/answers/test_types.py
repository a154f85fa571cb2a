"""What holds for every answer type."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botkit.answers.types import ANSWER_TYPES, MESSAGE_TYPES
from tests.answers.samples import LA_PAZ, context, read

PIECES = [
    *(
        "12",
        "5",
        "31",
        "29",
        "2",
        "2027",
        "99999",
        "0",
        "-",
        "/",
        ":",
        ".",
        ",",
        "°",
        "½",
        "²",
        "³",
        "^",
        "·",
        "é",
        "\0",
    ),
    *(
        " de ",
        " mayo ",
        " el ",
        " martes ",
        " mañana ",
        " pasado ",
        " en ",
        " días ",
        " semana ",
        " a las ",
        " y ",
        " menos ",
    ),
    *(
        " cuarto ",
        " media ",
        " de la tarde ",
        " pm",
        " am",
        " noche ",
        " mil ",
        " dos ",
        " un ",
        " docena ",
        " hundred ",
    ),
    *(
        " half past ",
        " to ",
        " next ",
        "Bs",
        "$",
        "%",
        "k",
        "@",
        "a.bo",
        "http://",
        "+591 7",
        "(",
        ")",
        "\u200d",
        "\ufe0f",
        "👍",
    ),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(LA_PAZ))


@pytest.mark.parametrize("name", ANSWER_TYPES)
@settings(max_examples=400, deadline=None)
@given(text=TEXTS, language=st.sampled_from(["es", "en", "pt", ""]), now=MOMENTS)
def test_nothing_raises(name: str, text: str, language: str, now: datetime) -> None:
    """Whatever is written, and whenever, a reader returns JSON or None."""
    value = read(name, text, language, now=now)
    shape: dict[str, Any] = {"integer": int, "number": (int, float), "money": (int, float), "yes_no": bool}
    assert value is None or isinstance(value, shape.get(name, str))
    json.dumps(value)


HOSTILE = ["9" * 10_000, "1 " * 2048, "12/5 " * 820, "(" * 4096, "@" * 4096, "a." * 2048, "a@b.co " * 600, "si " * 1365]
HOSTILE += [
    "á\u0301" * 2048,
    "https://a.com " * 290,
    "-" * 4096,
    "👍" * 4096,
    "12 " * 160,
    "y media " * 60,
    "mil " * 120,
]
HOSTILE += ["7771234 " * 500, "9" * 499, "martes a las 3 y " * 29, "1." * 250, "a'" * 2000, "\ufe0f" * 100_000]


@pytest.mark.parametrize("name", ANSWER_TYPES)
def test_long_texts(name: str) -> None:
    """No text takes long, however often it repeats itself: the slowest takes 1.4 ms; what is asserted ends a hang."""
    for text in HOSTILE:
        begun = time.process_time()
        ANSWER_TYPES[name].read(text, context())
        assert time.process_time() - begun < 1.0, text[:20]


def test_story() -> None:
    """What is too long to be an answer holds no date, time or number that could be meant."""
    story = "bueno " * 90
    assert {name: read(name, story + said) for name, said in (("date", "hoy"), ("time", "10 am"), ("money", "5"))} == {
        "date": None,
        "time": None,
        "money": None,
    }


def test_tables() -> None:
    """A type is of one table, has a sentence, and bounds where there is more and less."""
    assert not set(ANSWER_TYPES) & set(MESSAGE_TYPES)
    assert all(known.help and known.name == name for name, known in ANSWER_TYPES.items())
    measured = {name: known.measure for name, known in ANSWER_TYPES.items() if known.measure}
    assert measured == {
        **dict.fromkeys(("date", "time", "datetime"), "moment"),
        **dict.fromkeys(("integer", "number", "money"), "value"),
        "text": "length",
    }
