"""A whole bot: config.yaml, a flow with its test, and handlers if they are wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from botkit.scaffold.countries import COUNTRIES, Country
from botkit.scaffold.editor import headed
from botkit.scaffold.write import filled

#: language of the bot -> file -> the template it is made of
_FILES: dict[str, dict[str, str]] = {
    "es": {
        "config.yaml": "es/config.yaml",
        ".gitignore": "gitignore.txt",
        "flows/cita.yaml": "es/cita.yaml",
        "flows/cita.test.yaml": "es/cita.test.yaml",
    },
    "en": {
        "config.yaml": "en/config.yaml",
        ".gitignore": "gitignore.txt",
        "flows/appointment.yaml": "en/appointment.yaml",
        "flows/appointment.test.yaml": "en/appointment.test.yaml",
    },
}
#: The same for what comes along with handlers.
_WITH_HANDLERS: dict[str, dict[str, str]] = {
    "es": {
        "flows/handlers.py": "es/handlers.txt",
        "flows/horas.yaml": "es/horas.yaml",
        "flows/horas.test.yaml": "es/horas.test.yaml",
    },
    "en": {
        "flows/handlers.py": "en/handlers.txt",
        "flows/hours.yaml": "en/hours.yaml",
        "flows/hours.test.yaml": "en/hours.test.yaml",
    },
}
#: What a business is called whose folder has no name that could be one.
_NAMELESS = {"es": "Mi negocio", "en": "My business"}
#: Longest name of a business, in characters.
NAME_MAX = 80
#: Joins emojis; not printable by itself.
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class NewBot:
    """What a new bot is to be; `name` is that of the business, `handlers` adds a file of functions with a flow."""

    name: str
    language: Literal["es", "en"]
    country: Country
    handlers: bool = False

    @property
    def word(self) -> str:
        """Return the word that begins its first flow."""
        return "cita" if self.language == "es" else "appointment"


def bot_files(bot: NewBot, schemas: str) -> dict[str, str]:
    """Return the texts of a bot's files, by their paths in its folder; `schemas` is its folder of schemas."""
    values = {
        "name": json.dumps(bot.name, ensure_ascii=False),  # quoted as YAML reads it, whatever is in it
        "timezone": bot.country.timezone,
        "country": bot.country.code,
        "currency": bot.country.currency,
        "handlers": "[flows/handlers.py]" if bot.handlers else "[]",
    }
    known = {**_FILES[bot.language], **(_WITH_HANDLERS[bot.language] if bot.handlers else {})}
    texts = {path: filled(template, values) for path, template in known.items()}
    above = {path: "../" * path.count("/") + schemas for path in texts if path.endswith(".yaml")}
    return {path: headed(path, text, above[path]) if path in above else text for path, text in texts.items()}


def bot_name(text: str) -> str | None:
    """Return what a business is called, on one line; None for what config.yaml cannot hold as a name."""
    name = " ".join(text.split())
    fits = 0 < len(name) <= NAME_MAX and name.replace(_JOINER, "").isprintable()
    return name if fits and "${" not in name else None  # which config.yaml takes for a variable


def default_name(folder: Path, language: str) -> str:
    """Return the name that a folder suggests: `clinica-sol` is Clinica sol."""
    words = folder.resolve().name.replace("-", " ").replace("_", " ").strip()
    return bot_name(words[:1].upper() + words[1:]) or _NAMELESS[language]


def default_country(env: Mapping[str, str]) -> Country:
    """Return the country of a system that speaks Spanish (`es_MX.UTF-8`), else the one that config.yaml defaults to."""
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    language, _, rest = locale.partition("_")
    found = COUNTRIES.get(rest[:2].upper()) if language.lower() == "es" else None
    return found or COUNTRIES["BO"]
