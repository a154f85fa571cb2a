"""Times of day in sentences, and days with a time."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.answers.times import Opening
from tests.answers.samples import read

SPANISH = {
    "15:30": "15:30",
    "15h30": "15:30",
    "15.30": "15:30",
    "15:30 hrs.": "15:30",
    "15:30:00": "15:30",
    "15 : 30": "15:30",
    "03:30": "03:30",
    "0:15": "00:15",
    "3 pm": "15:00",
    "3pm": "15:00",
    "3 p.m.": "15:00",
    "3 P. M.": "15:00",
    "3:45 pm": "15:45",
    "11 am": "11:00",
    "12 am": "00:00",
    "12 pm": "12:00",
    "15:30 pm": "15:30",
    "a las 3 de la tarde": "15:00",
    "a las 15": "15:00",
    "a las 10": "10:00",
    "8": "08:00",
    "10 por favor": "10:00",
    "15": "15:00",
    "15 hrs": "15:00",
    "las veintidós": "22:00",
    "las 3 y media de la tarde": "15:30",
    "tres y cuarto pm": "15:15",
    "cuatro menos cuarto de la tarde": "15:45",
    "cuarto para las 9": "08:45",
    "diez para las 4 de la tarde": "15:50",
    "9 y media": "09:30",
    "las 9 y veinticinco": "09:25",
    "nueve menos cuarto": "08:45",
    "a la una de la tarde": "13:00",
    "una y media de la tarde": "13:30",
    "mediodía": "12:00",
    "al medio día": "12:00",
    "12 del día": "12:00",
    "2 del mediodía": "14:00",
    "medianoche": "00:00",
    "12 de la noche": "00:00",
    "12:30 de la noche": "00:30",
    "8 de la noche": "20:00",
    "10 de la mañana": "10:00",
    "5 de la madrugada": "05:00",
    "7 por la mañana": "07:00",
    "esta noche a las 8": "20:00",
    "mañana por la tarde a las 3": "15:00",
    "mañana a las 10": "10:00",
    "buenas tardes, a las 10": "10:00",
    "mejor a las 10 en punto": "10:00",
    "3 30 pm": "15:30",
    "20 horas": "20:00",
    "hoy en la tarde 8 hs": "20:00",
    "１５：３０": "15:30",
    "15:30 ⏰": "15:30",
}
SPANISH_REFUSED = [
    *("", "3", "a las 3", "3:30", "7:59", "las 3 y media", "tres y cuarto", "cuatro menos cuarto", "a la una"),
    *("24:00", "15:60", "25", "99:99", "9 y 70", "5 de la noche", "15 am", "12 de la mañana", "16 de la noche"),
    *(
        "10 o 11",
        "de 10 a 12",
        "10-12",
        "entre las 10 y las 11",
        "antes de las 10",
        "después de las 3 pm",
        "a las 10 no",
    ),
    *("en 20 horas", "8 horas", "a partir de las 10", "ocho de la noche y media"),
    *("en 8 horas", "por la tarde", "mañana", "el 12", "en la tarde o en la noche a las 8", "a las 10 am o pm"),
    *("tengo 15 años", "10 personas a las 11", "1530", "15:3", "x15:30", "77712345", "más tarde", "¿a qué hora abren?"),
    *("¿atienden a las 10?", "15½", "las 9 y pico", "-15:30"),
]
ENGLISH = {
    "15:30": "15:30",
    "half past three pm": "15:30",
    "quarter to ten": "09:45",
    "quarter to four in the afternoon": "15:45",
    "a quarter past nine": "09:15",
    "ten past nine": "09:10",
    "noon": "12:00",
    "at midday": "12:00",
    "midnight": "00:00",
    "3 in the afternoon": "15:00",
    "ten o'clock": "10:00",
    "three o’clock in the afternoon": "15:00",
    "8 at night": "20:00",
    "7 in the evening": "19:00",
    "this evening at 7": "19:00",
    "tonight at 8": "20:00",
    "three thirty pm": "15:30",
    "at 10 please": "10:00",
    "good evening, at 9": "09:00",
    "a las 3 de la tarde": "15:00",
}
ENGLISH_REFUSED = [
    "half past three",
    "quarter to four",
    "at 3",
    "after 10",
    "ten or eleven",
    "three people",
    "3 at night",
]
BOTH = {
    "mañana a las 3 de la tarde": "2026-11-24T15:00",
    "a las 15:30 de mañana": "2026-11-24T15:30",
    "12/5 15:30": "2027-05-12T15:30",
    "12/5/2027, 15:30 hrs": "2027-05-12T15:30",
    "el viernes a las 10": "2026-11-27T10:00",
    "viernes 10 am": "2026-11-27T10:00",
    "el 12 a las 3pm": "2026-12-12T15:00",
    "12 de mayo 2027 a las 15:30": "2027-05-12T15:30",
    "10 de mayo 10 de la mañana": "2027-05-10T10:00",
    "2026-12-01T10:00": "2026-12-01T10:00",
    "2026-12-01 10:00": "2026-12-01T10:00",
    "2026-12-01 10:00:00": "2026-12-01T10:00",
    "esta noche a las 8": "2026-11-23T20:00",
    "esta mañana a las 10": "2026-11-23T10:00",
    "hoy al mediodía": "2026-11-23T12:00",
    "mañana a las 00:00": "2026-11-24T00:00",
    "mañana a la 1 de la madrugada": "2026-11-24T01:00",
    "quiero una cita mañana por la tarde, a las 3 y media": "2026-11-24T15:30",
    "tomorrow at 3 in the afternoon": "2026-11-24T15:00",
    "May 12th at half past three pm": "2027-05-12T15:30",
    "next friday at noon": "2026-11-27T12:00",
}
BOTH_REFUSED = [
    *(
        "",
        "mañana",
        "15:30",
        "mañana a las 3",
        "mañana 10",
        "el 12",
        "martes o miércoles a las 10",
        "mañana a las 10 o 11",
    ),
    *(
        "mañana a medianoche",
        "mañana a las 12 de la noche",
        "mañana 12 am",
        "32/5 15:30",
        "12/5 25:30",
        "mañana por la tarde",
    ),
    *(
        "martes 12 de mayo a las 10",
        "antes de mañana a las 10",
        "mañana a las 10, 3 personas",
        "2026-12-01T10",
        "en 2 horas",
    ),
]


@pytest.mark.parametrize(("text", "clock"), SPANISH.items())
def test_spanish(text: str, clock: str) -> None:
    """A time of day is read in Spanish."""
    assert read("time", text) == clock


@pytest.mark.parametrize("text", SPANISH_REFUSED)
def test_spanish_refused(text: str) -> None:
    """What is no time, several times, or of the morning or the afternoon is nothing."""
    assert read("time", text) is None


@pytest.mark.parametrize(("text", "clock"), ENGLISH.items())
def test_english(text: str, clock: str) -> None:
    """A time of day is read in English."""
    assert read("time", text, "en") == clock


@pytest.mark.parametrize("text", ENGLISH_REFUSED)
def test_english_refused(text: str) -> None:
    """What is no one time is nothing in English."""
    assert read("time", text, "en") is None


@pytest.mark.parametrize(
    ("text", "first", "last", "clock"),
    [
        ("a las 8 y media", 18, 23, "20:30"),
        ("8:30", 18, None, "20:30"),
        ("9 menos cuarto", 18, 23, "20:45"),
        ("a las 7", 18, 23, "19:00"),
        ("a las 6", 5, 12, "06:00"),
        ("12 y media", 0, 2, "00:30"),
        ("a las 12", 0, 11, "00:00"),
        ("a las 8", 7, 23, "08:00"),  # both may be: as written
        ("a las 10", 18, 21, "10:00"),  # neither may be: as written, and refused by the bound
        ("08:30", 18, 23, "08:30"),  # of 24 hours
        ("8 de la mañana", 18, 23, "08:00"),
        ("a las 3", 2, 23, None),  # both may be, and it is in doubt
        ("a las 3", None, 12, None),  # without a first hour nothing is decided
    ],
)
def test_the_half_of_the_day_that_is_open(text: str, first: int | None, last: int | None, clock: str | None) -> None:
    """An hour without its half of the day is of the one half in which the question takes it."""
    opening = Opening(None if first is None else first * 60, None if last is None else last * 60)
    assert read("time", text, opening=opening) == clock


@pytest.mark.parametrize(("text", "moment"), BOTH.items())
def test_datetime(text: str, moment: str) -> None:
    """A day and a time in one text are a moment."""
    assert read("datetime", text) == moment


@pytest.mark.parametrize("text", BOTH_REFUSED)
def test_datetime_refused(text: str) -> None:
    """A day or a time alone is no moment, nor is twelve at night, which is of two days."""
    assert read("datetime", text) is None


@given(clock=st.times())
def test_round_trip(clock: time) -> None:
    """A time on the clock of 24 hours, or of twelve with a part of the day, reads back the same."""
    expected = f"{clock:%H:%M}"
    assert read("time", expected) == expected
    assert read("time", f"a las {clock:%I:%M} {'pm' if clock.hour > 11 else 'am'}") == expected


@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_datetime_round_trip(moment: datetime) -> None:
    """A moment reads back the same."""
    expected = moment.isoformat(timespec="minutes")
    assert read("datetime", expected) == expected
    assert read("datetime", f"{moment:%d/%m/}{moment.year} a las {moment:%H:%M}") == expected
