"""The filters: one closed table of name -> function. A filter takes the value, then its arguments, never code.

`language`, `currency` and `country` come from the scope, so that `{{ total | money }}` reads as people write it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from botkit.errors import EvaluationError
from botkit.flow import values
from botkit.flow.values import MAX_ITEMS, MAX_TEXT, kind_of, number, plain, show


@dataclass(frozen=True, slots=True)
class Locale:
    """What filters need to know of the bot and the contact; `symbol` is the currency's sign."""

    language: str = "es"
    currency: str = "BOB"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its function `(locale, value, *arguments)`, how many arguments it takes, one sentence each.

    `of_none` filters give something for what is not set; the others give none.
    """

    apply: Callable[..., Any]
    least: int
    most: int
    help: str
    of_none: bool = False


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


def _text(locale: Locale, value: Any) -> str:
    return show(value, locale.language)


def _list(value: Any, where: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise EvaluationError(f"'{where}' needs a list, not {kind_of(value)}")


def _length(_: Locale, value: Any) -> int:
    value = plain(value)
    if value is None:
        return 0
    if isinstance(value, (str, list, dict)):
        return len(value)
    raise EvaluationError(f"'length' needs a text, a list or a mapping, not {kind_of(value)}")


def _join(locale: Locale, value: Any, between: Any = ", ") -> str:
    out = str(between).join(_text(locale, item) for item in _list(value, "join"))
    if len(out) > MAX_TEXT:
        raise EvaluationError(f"'join': a text of more than {MAX_TEXT} characters")
    return out


def _default(_: Locale, value: Any, other: Any) -> Any:
    return other if value is None or value == "" else value


def _round(_: Locale, value: Any, places: Any = 0) -> Any:
    digits = max(-15, min(15, int(number(places, "round"))))
    rounded = round(number(value, "round"), digits)
    return values.bounded(int(rounded) if digits <= 0 else rounded, "round")


def _separated(value: Any, where: str, language: str, decimals: int | None) -> str:
    amount = values.bounded(number(value, where), where)
    if decimals is None:
        decimals = 0 if float(amount).is_integer() else 2
    text = f"{amount:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "es" else text


def _number(locale: Locale, value: Any, decimals: Any = None) -> str:
    places = None if decimals is None else max(0, min(15, int(number(decimals, "number"))))
    return "" if value is None else _separated(value, "number", locale.language, places)


def _money(locale: Locale, value: Any) -> str:
    if value is None:
        return ""
    amount = _separated(value, "money", locale.language, None)
    return f"{SYMBOLS.get(locale.currency, locale.currency)} {amount}"


def _moment(value: Any, where: str) -> date | datetime:
    text = plain(value)
    try:
        if isinstance(text, str):
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        pass
    raise EvaluationError(f"'{where}' needs a date, not {text!r:.40}")


def _date(locale: Locale, value: Any) -> str:
    if value is None:
        return ""
    day = _moment(value, "date")
    language = locale.language if locale.language in _DAYS else "en"
    name, month = _DAYS[language][day.weekday()], _MONTHS[language][day.month - 1]
    return f"{name} {day.day} de {month}" if language == "es" else f"{name} {day.day} {month}"


def _time(_: Locale, value: Any) -> str:
    text = plain(value)
    if text is None:
        return ""
    if isinstance(text, str) and len(text) in (5, 8) and text[2:3] == ":":
        return text[:5]
    moment = _moment(text, "time")
    return moment.strftime("%H:%M") if isinstance(moment, datetime) else "00:00"


def _append(_: Locale, value: Any, item: Any) -> list[Any]:
    items = _list(value, "append")
    if len(items) >= MAX_ITEMS:
        raise EvaluationError(f"'append': a list of more than {MAX_ITEMS} items")
    return [*items, item]


def _first(_: Locale, value: Any) -> Any:
    return value[0] if _list(value, "first") else None


def _last(_: Locale, value: Any) -> Any:
    return value[-1] if _list(value, "last") else None


def _sum(_: Locale, value: Any) -> Any:
    return values.bounded(sum(number(item, "sum") for item in _list(value, "sum")), "sum")


def _ordered(where: str, pick: Callable[[list[Any]], Any]) -> Callable[[Locale, Any], Any]:
    def apply(_: Locale, value: Any) -> Any:
        items = [plain(item) for item in _list(value, where)]
        numbers = all(isinstance(item, (int, float)) for item in items)
        if not numbers and not all(isinstance(item, str) for item in items):
            raise EvaluationError(f"'{where}' needs numbers or texts, not a mixture")
        return pick(items) if items else (items if where == "sort" else None)

    return apply


FILTERS: dict[str, Filter] = {
    "append": Filter(_append, 1, 1, "the list with one more item", of_none=True),
    "date": Filter(_date, 0, 0, "a date in words: martes 24 de noviembre"),
    "default": Filter(_default, 1, 1, "another value where there is none", of_none=True),
    "first": Filter(_first, 0, 0, "the first item of a list"),
    "join": Filter(_join, 0, 1, "the items of a list as one text, with ', ' or the given text between"),
    "last": Filter(_last, 0, 0, "the last item of a list"),
    "length": Filter(_length, 0, 0, "how many characters, items or keys", of_none=True),
    "lower": Filter(lambda locale, value: _text(locale, value).lower(), 0, 0, "in small letters"),
    "max": Filter(_ordered("max", max), 0, 0, "the largest item of a list"),
    "min": Filter(_ordered("min", min), 0, 0, "the smallest item of a list"),
    "money": Filter(_money, 0, 0, "an amount in the bot's currency: Bs 1.500"),
    "number": Filter(_number, 0, 1, "a number as people write it, with so many decimals"),
    "round": Filter(_round, 0, 1, "rounded, to so many decimals"),
    "sort": Filter(_ordered("sort", sorted), 0, 0, "the list in order"),
    "sum": Filter(_sum, 0, 0, "the sum of a list", of_none=True),
    "time": Filter(_time, 0, 0, "a time of day: 15:30"),
    "title": Filter(lambda locale, value: _text(locale, value).title(), 0, 0, "Each Word With A Capital"),
    "trim": Filter(lambda locale, value: _text(locale, value).strip(), 0, 0, "without blanks at both ends"),
    "upper": Filter(lambda locale, value: _text(locale, value).upper(), 0, 0, "in capitals"),
}
