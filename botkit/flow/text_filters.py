"""Filters that make texts: letters, dates, amounts, phones, as the contact's language writes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow.locale import Locale
from botkit.flow.operators import bounded, half_up, number
from botkit.flow.values import MAX_TEXT, bare, kind_of, plain, show

#: currency code -> how amounts are written before the number
SYMBOLS = {"BOB": "Bs", "USD": "$us", "EUR": "€", "PEN": "S/", "ARS": "$", "CLP": "$", "BRL": "R$", "MXN": "$"}

_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


def _letters(name: str, change: Callable[[str], str]) -> Callable[[Locale, Any], str]:
    """Return a filter on what a value prints as; some letters become two or three ('ß' in capitals)."""

    def apply(locale: Locale, value: Any) -> str:
        text = show(value, locale.language)
        changed = change(text) if len(text) <= MAX_TEXT else text
        if len(changed) > MAX_TEXT:
            raise EvaluationError(f"'{name}': a text of more than {MAX_TEXT} characters")
        return changed

    return apply


lower = _letters("lower", str.lower)
title = _letters("title", str.title)
trim = _letters("trim", str.strip)
upper = _letters("upper", str.upper)


def default(_: Locale, value: Any, other: Any) -> Any:
    """Return another value for none and for the empty text."""
    return other if value is None or value == "" else value


def _separated(value: Any, where: str, language: str, decimals: int | None) -> str:
    amount = bounded(number(value, where), where)
    if decimals is None:
        decimals = 0 if float(amount).is_integer() else 2
    text = f"{half_up(amount, decimals):,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "es" else text


def grouped(locale: Locale, value: Any, decimals: Any = None) -> str:
    """Write a number with its thousands apart."""
    places = None if decimals is None else max(0, min(15, int(number(decimals, "number"))))
    return _separated(value, "number", locale.language, places)


def money(locale: Locale, value: Any) -> str:
    """Write an amount behind the currency's sign."""
    amount = _separated(value, "money", locale.language, None)
    return f"{SYMBOLS.get(locale.currency, locale.currency)} {amount}"


def _other(value: Any) -> str:
    """Name what a value is instead; what it says may be a person's words, and the log has none."""
    return f"another text of {len(value)} characters" if isinstance(value, str) else kind_of(value)


def _moment(value: Any, where: str) -> date | datetime:
    text = plain(value)
    try:
        if isinstance(text, str):
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        pass
    raise EvaluationError(f"'{where}' needs a date as ISO text, not {_other(text)}")


def date_in_words(locale: Locale, value: Any) -> str:
    """Write a day with its name and its month."""
    day = _moment(value, "date")
    language = locale.language if locale.language in _DAYS else "en"
    name, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    return f"{name} {day.day} de {month}" if language == "es" else f"{name} {day.day} {month}"


def time_of_day(_: Locale, value: Any) -> str:
    """Write hours and minutes."""
    text = plain(value)
    if isinstance(text, str) and len(text) in (5, 8) and text[2:3] == ":":
        return text[:5]
    moment = _moment(text, "time")
    return moment.strftime("%H:%M") if isinstance(moment, datetime) else "00:00"


def phone(locale: Locale, value: Any, form: Any = None) -> str:
    """Write a phone number as it is dialled in its own country, or ('digits') its digits with the country's code."""
    import phonenumbers  # takes 50 ms to import, and few flows print a phone

    text = bare(value)
    if isinstance(text, str):
        try:
            found = phonenumbers.parse(text[:40], locale.country)
        except phonenumbers.NumberParseException:
            found = None
        if found is not None and form == "digits":
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
        if found is not None:
            return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.NATIONAL)
    raise EvaluationError(f"'phone' needs a phone number, not {kind_of(text)}")


def read(locale: Locale, value: Any, answer_type: str) -> Any:
    """Read a text as an answer of a type; none for what is no such answer."""
    if locale.read_answer is None:
        raise EvaluationError("'read' has no one's answer to read here")
    return locale.read_answer(answer_type, show(value, locale.language)[:MAX_TEXT])
