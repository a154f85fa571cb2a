"""The words of days, months and parts of the day, in Spanish and English, folded. Data."""

from __future__ import annotations

_MONTHS = (
    "enero/ene/january/jan",
    "febrero/feb/february",
    "marzo/mar/march",
    "abril/abr/april/apr",
    "mayo/may",
    "junio/jun/june",
    "julio/jul/july",
    "agosto/ago/august/aug",
    "septiembre/setiembre/sep/set/sept/september",
    "octubre/oct/october",
    "noviembre/nov/november",
    "diciembre/dic/december/dec",
)
_DAYS = (
    "lunes/lun/monday/mon",
    "martes/tuesday/tue/tues",
    "miercoles/mie/mier/wednesday/wed",
    "jueves/jue/thursday/thu/thur/thurs",
    "viernes/vie/friday/fri",
    "sabado/sab/saturday/sat",
    "domingo/dom/sunday/sun",
)
#: month -> 1 to 12
MONTHS: dict[str, int] = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split("/")}
#: day of the week -> 0 (Monday) to 6; "mar" is a month
WEEKDAYS: dict[str, int] = {word: number for number, words in enumerate(_DAYS) for word in words.split("/")}
#: words for a day near today -> how many days away
NEAR: dict[str, int] = {
    "antes de ayer": -2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "anteayer": -2,
    "antier": -2,
    "antes de anoche": -2,
    "ayer": -1,
    "anoche": -1,
    "yesterday": -1,
    "hoy mismo": 0,
    "hoy dia": 0,
    "hoy": 0,
    "today": 0,
    "pasado manana": 2,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "manana mismo": 1,
    "manana": 1,
    "tomorrow": 1,
    "tomorow": 1,
    "tmrw": 1,
}
#: units of "en 3 días" -> days; months are counted by the calendar
UNITS: dict[str, int] = {
    **dict.fromkeys(("dia", "dias", "day", "days"), 1),
    **dict.fromkeys(("semana", "semanas", "week", "weeks"), 7),
    **dict.fromkeys(("mes", "meses", "month", "months"), 0),
}
#: ordinals of a day in a month that are no "12th"
FIRSTS: dict[str, int] = {"primero": 1, "primer": 1, "uno": 1} | {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
#: words before a day of the week that make it one of several
COUNTED = tuple(
    "primer segundo tercer cuarto quinto ultimo penultimo otro first second third fourth fifth other".split()
)
#: words for a year near this one -> how many years away
NEAR_YEARS: dict[str, int] = {
    **dict.fromkeys(("este ano", "presente ano", "this year"), 0),
    **dict.fromkeys(("proximo ano", "ano que viene", "ano proximo", "siguiente ano", "next year"), 1),
    **dict.fromkeys(("ano pasado", "last year"), -1),
}
#: Words beside a date that make it vague: "fines de mayo", "la semana del martes".
VAGUE = frozenset(
    "semana semanas mes meses ano anos pasado pasada anterior siguiente fin fines finales inicios principios mediados"
    " quincena feriado week weeks weekend month months year years last previous end beginning middle early late mid"
    " holiday first primero next subsiguiente".split()
) | frozenset(MONTHS)


def _hours(*pairs: str) -> dict[int, int]:
    """Return hour on a twelve-hour clock -> hour of the day, of texts like `1-8+12`."""
    found: dict[int, int] = {}
    for pair in pairs:
        span, _, shift = pair.partition("+")
        first, _, last = span.partition("-")
        found |= {hour: (hour + int(shift or 0)) % 24 for hour in range(int(first), int(last or first) + 1)}
    return found


_TARDE = _hours("12", "1-8+12")
_NOCHE = _hours("6-11+12", "12+12")
#: part of the day -> the hours that are said with it, and what they are; the rest is nonsense ("5 de la noche")
PARTS: dict[str, dict[int, int]] = {
    "am": _hours("1-11", "12+12"),
    "pm": _hours("12", "1-11+12"),
    "madrugada": _hours("12+12", "1-6"),
    "manana": _hours("1-11"),
    "mediodia": _hours("11-12", "1-3+12"),
    "dia": _hours("11-12", "1-3+12"),
    "tarde": _TARDE,
    "noche": _NOCHE,
    "morning": _hours("1-11"),
    "afternoon": _TARDE,
    "evening": _hours("4-11+12"),
    "night": _NOCHE,
}
