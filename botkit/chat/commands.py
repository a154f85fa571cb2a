"""What may be typed in a chat besides what the person writes: one closed table.

It feeds the reader, completion and `:help`. A line that begins with `:` and a letter is a command; `::text` writes a
text that begins so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from botkit.flow.problem import nearest

_COMMAND = re.compile(r":([^\W\d_][^\s]*)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Form:
    """How a command is written (behind its name), whether that must be there, and what it does, in es and en."""

    arguments: str
    required: bool
    es: str
    en: str


COMMANDS: dict[str, Form] = {
    "wait": Form(
        "2h", True, "pasa este tiempo, y ocurre lo que toca en él", "this time passes, and what is due in it happens"
    ),
    "tap": Form("2", True, "toca la opción de este número, o de este texto", "tap the option of this number, or label"),
    "media": Form("FILE [TEXT]", True, "manda un archivo, con un texto al pie", "send a file, with a caption"),
    "location": Form("LAT LON", True, "manda un lugar", "send a place"),
    "event": Form("NAME [DATA]", True, "ocurre algo afuera: un pago", "something happens outside: a payment"),
    "load": Form(
        "black",
        True,
        "desde ahora el canal está así de cargado: green, yellow, black",
        "from now on the channel is so loaded: green, yellow, black",
    ),
    "operator": Form("TEXT", True, "el negocio escribe esto en su teléfono", "the business writes this on its phone"),
    "release": Form(
        "", False, "el negocio le devuelve la conversación al bot", "the business gives the conversation back"
    ),
    "slots": Form(
        "",
        False,
        "los datos del flujo y lo que se sabe del contacto",
        "the flow's slots, and what is known of the contact",
    ),
    "where": Form("", False, "paso, archivo y línea, relojes, flujos", "step, file and line, timers, flows"),
    "back": Form("", False, "borra lo último que dijiste", "take back what you said last"),
    "restart": Form("", False, "empieza una charla nueva", "begin a new talk"),
    "save": Form(
        "NAME", True, "guarda la charla como prueba, junto a su flujo", "save the talk as a test, beside its flow"
    ),
    "reload": Form("", False, "lee los archivos de nuevo", "read the files again"),
    "help": Form("", False, "muestra esto", "show this"),
    "quit": Form("", False, "sale; también Ctrl+D", "leave; Ctrl+D does, too"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was typed: its name in COMMANDS, and what stands behind it."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A command that there is not (`known` False), or that lacks what belongs behind it; `near` is one like it."""

    name: str
    known: bool
    near: str | None = None


def read_line(line: str) -> Command | Wrong | str:
    """Return the command that a line is; else the text that the person writes."""
    found = _COMMAND.fullmatch(line.strip())
    if found is None:
        return line.replace("::", ":", 1) if line.lstrip().startswith("::") else line
    typed, rest = found[1].lower(), (found[2] or "").strip()
    begun = [name for name in COMMANDS if name.startswith(typed)]
    name = typed if typed in COMMANDS else begun[0] if len(begun) == 1 else None
    if name is None:
        return Wrong(typed, False, nearest(typed, COMMANDS))
    return Command(name, rest) if rest or not COMMANDS[name].required else Wrong(name, True)
