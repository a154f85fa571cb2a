"""How people write currencies. Data: what marks an amount as one of a currency, folded."""

from __future__ import annotations

#: currency code -> its words and signs; "pesos" are bolivianos in daily speech
CURRENCIES: dict[str, tuple[str, ...]] = {
    "BOB": ("bob", "bs", "$b", "boliviano", "bolivianos", "bolivian", "peso", "pesos"),
    "USD": ("usd", "$us", "us$", "u$s", "u$d", "sus", "$", "us", "dolar", "dolares", "dollar", "dollars", "bucks"),
    "EUR": ("eur", "€", "euro", "euros"),
    "GBP": ("gbp", "£"),
    "PEN": ("pen", "s/", "soles"),
    "ARS": ("ars", "$", "peso", "pesos"),
    "CLP": ("clp", "$", "peso", "pesos"),
    "COP": ("cop", "$", "peso", "pesos"),
    "MXN": ("mxn", "mx$", "$", "peso", "pesos"),
    "UYU": ("uyu", "$u", "$", "peso", "pesos"),
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

#: mark -> the currencies that it may mean; none for slang
MARKS: dict[str, frozenset[str]] = {
    **{mark: frozenset() for mark in SLANG},
    **{
        mark: frozenset(code for code, marks in CURRENCIES.items() if mark in marks)
        for marks in CURRENCIES.values()
        for mark in marks
    },
}
