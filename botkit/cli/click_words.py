"""What click itself says, in Spanish: usage, the frame of a help text, and what is wrong with a command line.

click takes its words from gettext, which wants a compiled catalogue and the language in the environment. Ours is also
chosen by `--lang`, and is that of every other sentence, so click is given a function that looks into a table.
"""

from __future__ import annotations

import click

from botkit.cli.messages import written_language

#: what click says -> the same in Spanish; what is missing here stays English
SPANISH: dict[str, str] = {
    # ── help ──
    "Usage:": "Uso:",
    "Options": "Opciones",
    "Commands": "Comandos",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "default: {default}": "por defecto: {default}",
    "required": "obligatorio",
    # ── a command line that is wrong ──
    "Error: {message}": "error: {message}",
    "Try '{command} {option}' for help.": "'{command} {option}' muestra la ayuda.",
    "Missing command.": "falta el comando.",
    "Missing argument": "falta",
    "Missing option": "falta la opción",
    "No such option {name!r}.": "no hay una opción {name!r}.",
    "No such command {name!r}.": "no hay un comando {name!r}.",
    "Did you mean {possibility}?": "¿Quisiste decir {possibility}?",
    "(Did you mean one of: {possibilities}?)": "¿Quisiste decir uno de estos: {possibilities}?",
    "Got unexpected extra argument ({args})": "sobra en la orden: {args}",
    "Got unexpected extra arguments ({args})": "sobra en la orden: {args}",
    "Option {name!r} does not take a value.": "la opción {name!r} no lleva un valor.",
    "Option {name!r} requires an argument.": "la opción {name!r} necesita un valor.",
    "Invalid value: {message}": "valor inválido: {message}",
    "Invalid value for {param_hint}: {message}": "valor inválido de {param_hint}: {message}",
    "{value!r} is not {choice}.": "{value!r} no es {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} no es ninguno de {choices}.",
    "Choose from:\n\t{choices}": "Puede ser:\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "{value!r} no es un número válido.",
    "{value} is not in the range {range}.": "{value} no está en el rango {range}.",
    "{name} {filename!r} does not exist.": "no existe {filename!r}.",
    "{name} {filename!r} is a file.": "{filename!r} es un archivo.",
    "{name} {filename!r} is a directory.": "{filename!r} es una carpeta.",
    "{name} {filename!r} is not readable.": "{filename!r} no se puede leer.",
    "{name} {filename!r} is not writable.": "{filename!r} no se puede escribir.",
    "Could not open file {filename!r}: {message}": "no se puede abrir {filename!r}: {message}",
}

#: the modules that hold those words
MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)


def _said(text: str) -> str:
    return SPANISH.get(text, text) if written_language() == "es" else text


def _counted(one: str, many: str, n: int) -> str:
    return _said(one if n == 1 else many)


def translate_click() -> None:
    """Let click speak the language of this command line; it bound the names when it was imported."""
    for module in MODULES:
        for name, speak in (("_", _said), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, speak)
