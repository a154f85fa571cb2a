"""Questions that commands ask: each is asked again until its answer can be read; a wrong option is an error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from botkit.cli.messages import Language, say
from botkit.cli.options import spoken
from botkit.cli.shown import one_line
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.scaffold import Country

T = TypeVar("T")
#: Both languages of a UsageError, in its order.
_BOTH: tuple[Language, Language] = ("en", "es")
#: What people answer to a question of yes or no, in either language; nothing written is a no.
_YES_NO = {**dict.fromkeys(("s", "sí", "si", "y", "yes"), True), **dict.fromkeys(("n", "no", ""), False)}
#: How people name the bot's language -> what config.yaml takes.
_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("es", "español", "espanol", "spanish"), "es"),
    **dict.fromkeys(("en", "inglés", "ingles", "english"), "en"),
}


def answer(key: str, given: str | None, usual: str, read: Callable[[str], T], *, asks: bool) -> T:
    """Return what an option gives, or the answer to a question, or what is usual."""
    if given is not None or not asks:
        return read(usual if given is None else given)

    def read_again(text: str) -> T:
        try:
            return read(text)
        except UsageError as error:
            raise click.UsageError(error.told(spoken())) from None  # the question is asked again

    answered: T = click.prompt(say(f"ask {key}", spoken()), default=usual, value_proc=read_again)
    return answered


def is_asked() -> bool:
    """Return whether there is somebody at a terminal to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def agreed(question: str, *, err: bool = False) -> bool:
    """Return whether a question is answered by yes; raises click.Abort where nobody can be asked."""

    def read(text: str) -> bool:
        if (said := _YES_NO.get(text.strip().lower())) is None:
            raise click.UsageError(say("no yes or no", spoken()))  # the question is asked again
        return said

    prompt = f"{question} [{say('yes or no', spoken())}]"
    answered: bool = click.prompt(prompt, default="", show_default=False, value_proc=read, err=err)
    return answered


def chosen(question: str, answers: Mapping[str, T], wrong: str) -> T:
    """Return what an answer stands for, `""` being Enter; one that is not among them is asked again, behind `wrong`."""

    def read(text: str) -> T:
        if (said := text.strip().lower()) not in answers:
            raise click.UsageError(wrong)  # the question is asked again
        return answers[said]

    answered: T = click.prompt(question, default="", show_default=False, value_proc=read)
    return answered


def read_name(text: str) -> str:
    """Return the name of a business; raises UsageError."""
    from botkit.scaffold import NAME_MAX, bot_name

    name = bot_name(text)
    if name is None:
        raise refused("no name", name=json.dumps(one_line(text), ensure_ascii=False), most=NAME_MAX)
    return name


def read_language(text: str) -> Language:
    """Return the language of a bot; raises UsageError."""
    language = _LANGUAGES.get(text.strip().lower())
    if language is None:
        raise refused("no bot language", language=one_line(text))
    return language


def read_country(text: str) -> Country:
    """Return a country by its code or its name; raises UsageError."""
    from botkit.scaffold import country_of

    country = country_of(text)
    if country is None:
        raise UsageError(*(_unknown_country(text, language) for language in _BOTH))
    return country


def _unknown_country(text: str, language: Language) -> str:
    from botkit.scaffold import COUNTRIES, near_country

    near = near_country(text)
    meant = say("near country", language, near=near.name(language)) if near else ""
    known = say("known countries", language, known=", ".join(COUNTRIES))
    return say("no country", language, country=one_line(text)) + meant + known


def refused(key: str, **values: object) -> UsageError:
    """Return a sentence of the table as an error."""
    return UsageError(*(say(key, language, **values) for language in _BOTH))
