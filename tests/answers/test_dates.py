"""Days in sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.answers.samples import LA_PAZ, read

SPANISH = {
    "hoy": "2026-11-23",
    "¡Hoy mismo!": "2026-11-23",
    "esta noche": "2026-11-23",
    "mañana": "2026-11-24",
    "MAÑANA POR LA MAÑANA": "2026-11-24",
    "manana a las 3": "2026-11-24",
    "pasado mañana": "2026-11-25",
    "ayer": "2026-11-22",
    "antes de ayer": "2026-11-21",
    "el martes": "2026-11-24",
    "martes": "2026-11-24",
    "el lunes": "2026-11-30",
    "domingo": "2026-11-29",
    "este sábado": "2026-11-28",
    "el próximo viernes": "2026-11-27",
    "el viernes que viene": "2026-11-27",
    "el viernes de la próxima semana": "2026-12-04",
    "el viernes de la otra": "2026-12-04",
    "hola, mañana": "2026-11-24",
    "el jueves de esta semana": "2026-11-26",
    "el lunes pasado": "2026-11-16",
    "para el martes por favor": "2026-11-24",
    "martes 24": "2026-11-24",
    "el viernes 27 a las 10": "2026-11-27",
    "mañana martes 24 de noviembre": "2026-11-24",
    "12/5": "2027-05-12",
    "23/11": "2026-11-23",
    "22/11": "2027-11-22",
    "12 / 5": "2027-05-12",
    "12-5": "2027-05-12",
    "12-05-2026": "2026-05-12",
    "12.05.2026": "2026-05-12",
    "12/5/26": "2026-05-12",
    "12/5/45": "2045-05-12",
    "12/5/46": "1946-05-12",
    "2026-05-12": "2026-05-12",
    "2026/5/12": "2026-05-12",
    "5/13": "2027-05-13",
    "12 de mayo": "2027-05-12",
    "quiero el 12 de mayo": "2027-05-12",
    "12 mayo 2027": "2027-05-12",
    "12 de mayo del 2028": "2028-05-12",
    "12 de mayo de 1985": "1985-05-12",
    "nací el 12 de mayo del 85": "1985-05-12",
    "12 de mayo del próximo año": "2027-05-12",
    "mayo 12": "2027-05-12",
    "12 may": "2027-05-12",
    "12-may-2027": "2027-05-12",
    "12/may/2027": "2027-05-12",
    "en 15 días": "2026-12-08",
    "doce de mayo": "2027-05-12",
    "treinta y uno de diciembre": "2026-12-31",
    "1ro de enero": "2027-01-01",
    "1º de enero": "2027-01-01",
    "primero de enero": "2027-01-01",
    "el miércoles 12 de mayo": "2027-05-12",
    "el 12": "2026-12-12",
    "el 23": "2026-11-23",
    "el 31": "2026-12-31",
    "12": "2026-12-12",
    "el día 12 por favor": "2026-12-12",
    "el 30 de este mes": "2026-11-30",
    "el 5 del próximo mes": "2026-12-05",
    "en 3 días": "2026-11-26",
    "dentro de dos semanas": "2026-12-07",
    "en una semana": "2026-11-30",
    "en un mes": "2026-12-23",
    "hace 3 días": "2026-11-20",
    "１２/５": "2027-05-12",
    "١٢/٥": "2027-05-12",
    "12\u00a0de\u00a0mayo": "2027-05-12",
    "\u200e12/5\u200f 🎂": "2027-05-12",
    "¿mañana?": "2026-11-24",
}
SPANISH_REFUSED = [
    *("", "?", "no sé", "quincena", "fin de semana", "la próxima semana", "fines de mayo", "mayo", "45", "0", "el 32"),
    *("15 de", "12 de", "32/5", "0/5", "13/13", "31 de abril", "29/2/2027", "12/13/14x", "x12/5", "12/5/", "12/5-2027"),
    *(
        "12/5 13/5",
        "martes o miércoles",
        "lunes y martes",
        "el 12 y 13 de mayo",
        "12 - 15 de mayo",
        "entre el 3 y el 5",
    ),
    *(
        "martes 12 de mayo",
        "mañana miércoles",
        "hoy martes",
        "el viernes 28",
        "este lunes",
        "los martes",
        "cada martes",
    ),
    *("el primer lunes de diciembre", "último viernes", "segundo martes", "el otro martes", "el lunes subsiguiente"),
    *("lunes de diciembre", "tal vez el martes", "a lo mejor mañana", "a partir del lunes"),
    *("el martes no", "antes del martes", "después del 12 de mayo", "hasta el viernes", "quizás mañana"),
    *(
        "3 personas mañana",
        "somos 12 personas",
        "12 bs",
        "por la mañana",
        "¿atienden mañana?",
        "martes pasado 12 de mayo",
    ),
    *(
        "en 99999 días",
        "12 de mayo de 999",
        "12/5/0026",
        "1.5",
        "②/5",
        "1²/5",
        "en ocho o diez días",
        "77712345",
        "en 3",
        "en ocho días",
        "dentro de quince días",
    ),
]
ENGLISH = {
    "today": "2026-11-23",
    "tonight": "2026-11-23",
    "Tomorrow!": "2026-11-24",
    "the day after tomorrow": "2026-11-25",
    "yesterday": "2026-11-22",
    "friday": "2026-11-27",
    "next friday": "2026-11-27",
    "this friday please": "2026-11-27",
    "on monday": "2026-11-30",
    "friday next week": "2026-12-04",
    "last friday": "2026-11-20",
    "may 12": "2027-05-12",
    "12 may": "2027-05-12",
    "12th of May": "2027-05-12",
    "the first of may": "2027-05-01",
    "May 12th, 2027": "2027-05-12",
    "Wednesday, May 12": "2027-05-12",
    "12/5": "2027-05-12",
    "in 3 days": "2026-11-26",
    "in two weeks": "2026-12-07",
    "3 days ago": "2026-11-20",
    "the 12th": "2026-12-12",
    "may 5th at 3pm": "2027-05-05",
}
ENGLISH_REFUSED = [
    *("first monday of december", "last friday of november", "third friday", "the other friday", "next next friday"),
    *("Tuesday the first", "I may come friday"),
    "may",
    "tuesday or wednesday",
    "before friday",
    "every monday",
    "next week",
    "feb 30",
    "may 12 or 13",
]


@pytest.mark.parametrize(("text", "day"), SPANISH.items())
def test_spanish(text: str, day: str) -> None:
    """A day is read in Spanish."""
    assert read("date", text) == day


@pytest.mark.parametrize("text", SPANISH_REFUSED)
def test_spanish_refused(text: str) -> None:
    """What is no day, several days, or in contradiction is nothing in Spanish."""
    assert read("date", text) is None


@pytest.mark.parametrize(("text", "day"), ENGLISH.items())
def test_english(text: str, day: str) -> None:
    """A day is read in English."""
    assert read("date", text, "en") == day


@pytest.mark.parametrize("text", ENGLISH_REFUSED)
def test_english_refused(text: str) -> None:
    """What is no one day is nothing in English."""
    assert read("date", text, "en") is None


@pytest.mark.parametrize("text", ["mañana", "12 de mayo", "el martes"])
def test_other_language(text: str) -> None:
    """Spanish is understood from a contact who is set to English."""
    assert read("date", text, "en") == SPANISH[text]


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        ("2026-12-31", "mañana", "2027-01-01"),
        ("2026-12-31", "el 1", "2027-01-01"),
        ("2026-12-31", "31/12", "2026-12-31"),
        ("2026-12-31", "30 de diciembre", "2027-12-30"),
        ("2026-12-31", "el 5 del próximo mes", "2027-01-05"),
        ("2027-01-01", "ayer", "2026-12-31"),
        ("2027-01-31", "el 30", "2027-03-30"),
        ("2027-01-31", "en un mes", None),
        ("2027-01-31", "mañana", "2027-02-01"),
        ("2027-02-28", "mañana", "2027-03-01"),
        ("2028-02-28", "mañana", "2028-02-29"),
        ("2028-02-28", "el 29", "2028-02-29"),
        ("2027-02-28", "el 29", "2027-03-29"),
        ("2026-11-23", "29/2", "2028-02-29"),
        ("2028-03-01", "29 de febrero", "2032-02-29"),
        ("2096-03-01", "29/2", "2104-02-29"),
        ("2100-02-28", "29/2/2100", None),
        ("2028-02-29", "29/2", "2028-02-29"),
        ("2026-11-29", "el domingo", "2026-12-06"),
        ("2026-11-29", "el lunes", "2026-11-30"),
        ("2026-11-29", "el lunes de la próxima semana", "2026-11-30"),
        ("2026-11-24", "el martes pasado", "2026-11-17"),
        ("2026-12-31", "12 de mayo de este año", "2026-05-12"),
    ],
)
def test_borders(today: str, text: str, day: str | None) -> None:
    """Months, years and leap days end where the calendar ends them."""
    now = datetime.fromisoformat(today + "T23:59").replace(tzinfo=LA_PAZ)
    assert read("date", text, now=now) == day


MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
DAYS = "lunes martes miércoles jueves viernes sábado domingo".split()
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()
FORMS: dict[str, Callable[[date], str]] = {
    "ISO": lambda day: day.isoformat(),
    "figures": lambda day: f"{day.day}/{day.month}/{day.year}",
    "dashes": lambda day: f"{day.day:02}-{day.month:02}-{day.year}",
    "words": lambda day: f"{day.day} de {MONTHS[day.month - 1]} de {day.year}",
    "weekday": lambda day: f"el {DAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]} del {day.year}",
    "short month": lambda day: f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}",
    "English": lambda day: f"{ENGLISH_MONTHS[day.month - 1]} {day.day}, {day.year}",
}
COMING = st.dates(date(2026, 11, 24), date(2027, 11, 22))


@pytest.mark.parametrize("form", FORMS)
@given(day=st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_round_trip(form: str, day: date) -> None:
    """A date with its year reads back the same, however it is written."""
    assert read("date", FORMS[form](day)) == day.isoformat()


@given(day=COMING)
def test_round_trip_without_year(day: date) -> None:
    """A date of the coming year reads back without its year."""
    assert read("date", f"{day.day}/{day.month}") == day.isoformat()
    assert read("date", f"el {day.day} de {MONTHS[day.month - 1]}") == day.isoformat()


@given(count=st.integers(1, 3000))
def test_counted(count: int) -> None:
    """So many days from today is that day."""
    assert read("date", f"en {count} días") == (date(2026, 11, 23) + timedelta(days=count)).isoformat()
