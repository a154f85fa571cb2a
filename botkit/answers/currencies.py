"""How people write currencies. Data: what marks an amount as one of a currency, folded."""

from __future__ import annotations

#: currency code -> its words and signs; "pesos" are bolivianos in daily speech
CURRENCIES: dict[str, tuple[str, ...]] = {
    "BOB": ("bob", "bs", "$b", "boliviano", "bolivianos", "bolivian", "peso", "pesos", "pesitos"),
    "USD": ("usd", "$us", "us$", "u$s", "u$d", "sus", "$", "us", "dolar", "dolares", "dollar", "dollars", "bucks"),
    "EUR": ("eur", "€", "euro", "euros"),
    "GBP": ("gbp", "£", "pound", "pounds"),
    "PEN": ("pen", "s/", "sol", "soles"),
    "ARS": ("ars", "ar$", "$", "peso", "pesos", "pesitos"),
    "CLP": ("clp", "clp$", "$", "peso", "pesos", "pesitos"),
    "COP": ("cop", "cop$", "col$", "$", "peso", "pesos", "pesitos"),
    "MXN": ("mxn", "mx$", "mxn$", "$", "peso", "pesos", "pesitos", "varo", "varos"),
    "UYU": ("uyu", "$u", "$", "peso", "pesos", "pesitos"),
    "DOP": ("dop", "rd$", "$", "peso", "pesos"),
    "BRL": ("brl", "r$", "reais", "reales"),
    "PYG": ("pyg", "₲", "gs", "guarani", "guaranies"),
    "GTQ": ("gtq", "quetzal", "quetzales"),
    "HNL": ("hnl", "lempira", "lempiras"),
    "CRC": ("crc", "₡", "colones"),
    "NIO": ("nio", "c$", "cordoba", "cordobas"),
    "VES": ("ves", "bolivar", "bolivares"),
}
#: Words for an amount whose worth depends on where one is.
SLANG = ("luca", "lucas", "palo", "palos", "mango", "mangos")

#: Parts of a currency: what stands before them is no amount in it.
CENTS = tuple("centavo centavos ctv ctvs cvs centimo centimos cent cents".split())

#: mark -> the currencies that it may mean; none for slang and cents
MARKS: dict[str, frozenset[str]] = {
    **{mark: frozenset() for mark in SLANG + CENTS},
    **{
        mark: frozenset(code for code, marks in CURRENCIES.items() if mark in marks)
        for marks in CURRENCIES.values()
        for mark in marks
    },
}
