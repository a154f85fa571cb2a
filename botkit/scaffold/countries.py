"""The countries that `botkit new` knows: their time zone and currency.

Where a country has several zones it is that of its capital. Zones are of the IANA database, currencies of ISO 4217.
"""

from __future__ import annotations

from typing import NamedTuple

from botkit.answers.fold import fold
from botkit.flow.problem import nearest


class Country(NamedTuple):
    """A country: ISO 3166 code, its names, IANA time zone, ISO 4217 currency."""

    code: str
    es: str
    en: str
    timezone: str
    currency: str

    def name(self, language: str) -> str:
        """Return its name in `es` or `en`."""
        return self.es if language == "es" else self.en


_ROWS = (
    Country("AR", "Argentina", "Argentina", "America/Argentina/Buenos_Aires", "ARS"),
    Country("BO", "Bolivia", "Bolivia", "America/La_Paz", "BOB"),
    Country("CL", "Chile", "Chile", "America/Santiago", "CLP"),
    Country("CO", "Colombia", "Colombia", "America/Bogota", "COP"),
    Country("CR", "Costa Rica", "Costa Rica", "America/Costa_Rica", "CRC"),
    Country("CU", "Cuba", "Cuba", "America/Havana", "CUP"),
    Country("DO", "República Dominicana", "Dominican Republic", "America/Santo_Domingo", "DOP"),
    Country("EC", "Ecuador", "Ecuador", "America/Guayaquil", "USD"),
    Country("ES", "España", "Spain", "Europe/Madrid", "EUR"),
    Country("GQ", "Guinea Ecuatorial", "Equatorial Guinea", "Africa/Malabo", "XAF"),
    Country("GT", "Guatemala", "Guatemala", "America/Guatemala", "GTQ"),
    Country("HN", "Honduras", "Honduras", "America/Tegucigalpa", "HNL"),
    Country("MX", "México", "Mexico", "America/Mexico_City", "MXN"),
    Country("NI", "Nicaragua", "Nicaragua", "America/Managua", "NIO"),
    Country("PA", "Panamá", "Panama", "America/Panama", "USD"),
    Country("PE", "Perú", "Peru", "America/Lima", "PEN"),
    Country("PR", "Puerto Rico", "Puerto Rico", "America/Puerto_Rico", "USD"),
    Country("PY", "Paraguay", "Paraguay", "America/Asuncion", "PYG"),
    Country("SV", "El Salvador", "El Salvador", "America/El_Salvador", "USD"),
    Country("UY", "Uruguay", "Uruguay", "America/Montevideo", "UYU"),
    Country("VE", "Venezuela", "Venezuela", "America/Caracas", "VES"),
    Country("AU", "Australia", "Australia", "Australia/Sydney", "AUD"),
    Country("BR", "Brasil", "Brazil", "America/Sao_Paulo", "BRL"),
    Country("CA", "Canadá", "Canada", "America/Toronto", "CAD"),
    Country("DE", "Alemania", "Germany", "Europe/Berlin", "EUR"),
    Country("FR", "Francia", "France", "Europe/Paris", "EUR"),
    Country("GB", "Reino Unido", "United Kingdom", "Europe/London", "GBP"),
    Country("IE", "Irlanda", "Ireland", "Europe/Dublin", "EUR"),
    Country("IT", "Italia", "Italy", "Europe/Rome", "EUR"),
    Country("NZ", "Nueva Zelanda", "New Zealand", "Pacific/Auckland", "NZD"),
    Country("PT", "Portugal", "Portugal", "Europe/Lisbon", "EUR"),
    Country("US", "Estados Unidos", "United States", "America/New_York", "USD"),
)

#: Countries by code: those that speak Spanish, then others.
COUNTRIES: dict[str, Country] = {country.code: country for country in _ROWS}

#: Folded code and names -> country.
_BY_NAME = {fold(text): country for country in _ROWS for text in (country.code, country.es, country.en)}


def country_of(text: str) -> Country | None:
    """Return the country of a code or a Spanish or English name, however people write it."""
    return _BY_NAME.get(fold(text))


def near_country(text: str) -> Country | None:
    """Return the country whose name is close to a text."""
    near = nearest(fold(text), [name for name in _BY_NAME if len(name) > 2])
    return _BY_NAME[near] if near else None
