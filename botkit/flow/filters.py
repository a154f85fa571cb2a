"""The filters: one closed table of name -> function. A filter takes the value, then its arguments, never code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from botkit.flow import list_filters as lists
from botkit.flow import text_filters as texts


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its function `(locale, value, *arguments)`, how many arguments it takes, one sentence.

    `of_none` filters give something for what is not set; the others give none. `argument` says what the first argument
    is: any value; `item`: an expression over `item`, written as a text, so that the function gets
    `(locale, [(item, value of the expression)])`; `type`: the name of an answer type, written as a text; `word`: one of
    `words`, likewise. `prints` filters make a text of all that a value holds.
    """

    apply: Callable[..., Any]
    least: int
    most: int
    help: str
    of_none: bool = False
    argument: Literal["value", "item", "type", "word"] = "value"
    words: tuple[str, ...] = ()
    prints: bool = False


FILTERS: dict[str, Filter] = {
    "append": Filter(lists.append, 1, 1, "the list with one more item; begins one where there is none", of_none=True),
    "date": Filter(texts.date_in_words, 0, 0, "a date in words: martes 24 de noviembre"),
    "default": Filter(texts.default, 1, 1, "another value where there is none", of_none=True),
    "first": Filter(lists.first, 0, 0, "the first item of a list"),
    "items": Filter(lists.items, 0, 0, "a mapping as a list of {key, value}: {% for k, v in x | items %}, item.value"),
    "join": Filter(lists.join, 0, 1, "the items of a list as one text, with ', ' or a given text between", prints=True),
    "last": Filter(lists.last, 0, 0, "the last item of a list"),
    "length": Filter(lists.length, 0, 0, "how many characters, items or keys"),
    "lower": Filter(texts.lower, 0, 0, "in small letters", prints=True),
    "max": Filter(lists.greatest, 0, 0, "the largest item of a list"),
    "min": Filter(lists.least, 0, 0, "the smallest item of a list"),
    "money": Filter(texts.money, 0, 0, "an amount in the bot's currency: Bs 1.500"),
    "number": Filter(texts.grouped, 0, 1, "a number as people write it, with so many decimals"),
    "phone": Filter(
        texts.phone,
        *(0, 1, "a phone number as it is dialled at home: 71234567; 'digits': bare, 59171234567"),
        argument="word",
        words=("digits",),
    ),
    "pick": Filter(lists.pick, 1, 1, 'what an expression makes of each item: pick("item.name")', argument="item"),
    "put": Filter(lists.put, 2, 2, "the mapping with a key set; begins one where there is none", of_none=True),
    "read": Filter(
        texts.read,
        *(1, 1, "what a text means as an answer of a type, none if nothing: read('number')"),
        argument="type",
    ),
    "round": Filter(lists.rounded, 0, 1, "rounded, to so many decimals"),
    "sort": Filter(lists.ordered, 0, 0, "the list in order"),
    "sum": Filter(lists.total, 0, 0, "the sum of a list"),
    "time": Filter(texts.time_of_day, 0, 0, "a time of day: 15:30"),
    "title": Filter(texts.title, 0, 0, "Each Word With A Capital", prints=True),
    "trim": Filter(texts.trim, 0, 0, "without blanks at both ends", prints=True),
    "upper": Filter(texts.upper, 0, 0, "in capitals", prints=True),
    "where": Filter(lists.where, 1, 1, 'the items for which an expression is true: where("item.ok")', argument="item"),
}

#: What other template languages call a filter -> what it is called here; a spelling alone would suggest anything.
CALLED_ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("int", "float"), "read"),
    **dict.fromkeys(("select", "selectattr", "filter"), "where"),
    **dict.fromkeys(("count", "size", "len"), "length"),
    **dict.fromkeys(("format", "decimals"), "number"),
    **dict.fromkeys(("strftime", "datetime"), "date"),
    **dict.fromkeys(("currency", "moneda"), "money"),
    **dict.fromkeys(("mayusculas", "mayúsculas", "mayuscula"), "upper"),
    **dict.fromkeys(("minusculas", "minúsculas", "minuscula"), "lower"),
    **dict.fromkeys(("titulo", "título"), "title"),
    **dict.fromkeys(("cantidad", "contar", "longitud"), "length"),
    **dict.fromkeys(("numero", "número"), "number"),
    **dict.fromkeys(("telefono", "teléfono"), "phone"),
    **dict.fromkeys(("dinero", "monto", "precio"), "money"),
    **dict.fromkeys(("suma", "sumar"), "sum"),
    **dict.fromkeys(("primero", "primera"), "first"),
    **dict.fromkeys(("ultimo", "último"), "last"),
    "fecha": "date",
    "hora": "time",
    "unir": "join",
    "redondear": "round",
    "ordenar": "sort",
    "map": "pick",
    "push": "append",
    "capitalize": "title",
    "strip": "trim",
    "upcase": "upper",
    "downcase": "lower",
}
