"""What commands say, in Spanish and English: one table."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, cast

from botkit.cli.messages_check import CHECK
from botkit.cli.messages_dead import DEAD
from botkit.cli.messages_doctor import DOCTOR
from botkit.cli.messages_explore import EXPLORE
from botkit.cli.messages_gateway import GATEWAY
from botkit.cli.messages_graph import GRAPH
from botkit.cli.messages_keep import KEEP
from botkit.cli.messages_new import NEW
from botkit.cli.messages_outbox import OUTBOX
from botkit.cli.messages_people import PEOPLE
from botkit.cli.messages_plan import PLAN
from botkit.cli.messages_store import STORE
from botkit.cli.messages_talks import TALKS
from botkit.cli.messages_tests import TEST
from botkit.cli.messages_why import WHY

Language = Literal["es", "en"]

MESSAGES: dict[str, tuple[str, str]] = {
    **TALKS,
    **DOCTOR,
    **DEAD,
    **EXPLORE,
    **KEEP,
    **GATEWAY,
    **OUTBOX,
    **WHY,
    **CHECK,
    **GRAPH,
    **NEW,
    **PEOPLE,
    **PLAN,
    **STORE,
    **TEST,
    # ── help ──
    "option version": ("Muestra la versión y termina.", "Show the version and exit."),
    "botkit": (
        "Conversaciones de WhatsApp escritas en YAML.",
        "WhatsApp conversations written in YAML.",
    ),
    "run": (
        "Atiende los canales de config.yaml hasta que se lo detenga.",
        "Serve the channels of config.yaml until stopped.",
    ),
    "chat": (
        "Conversa con los flujos en la terminal, sin servidor; con FLOW, empieza ese. :help dice qué más hay.\n\n"
        "Lo que no es una terminal se lee línea por línea: printf 'hola\\n1\\n' | botkit chat",
        "Talk with the flows at the terminal, without a server; with FLOW, begin that one. :help tells more."
        "\n\nWhat is no terminal is read line by line: printf 'hola\\n1\\n' | botkit chat",
    ),
    "option contact": (
        "Lo que se sabe de la persona: name=Ana, language=en; se puede repetir.",
        "What is known of the person: name=Ana, language=en; may be given more than once.",
    ),
    "option offline": (
        "No llama servicios ni funciones con 'ctx': pregunta qué responden.",
        "Call no services and no handlers with 'ctx': ask what they answer.",
    ),
    "known flows": ("; tiene {known}", "; it has {known}"),
    "sandbox": (
        "Levanta la pasarela de prueba y su página de teléfono; nada sale de esta máquina.",
        "Run the pretended gateway and its phone page; nothing leaves this machine.",
    ),
    "option reload": (
        "Carga el bot de nuevo cada vez que se guarda uno de sus archivos.",
        "Load the bot anew whenever one of its files is saved.",
    ),
    "option config": ("El archivo de configuración.", "The configuration file."),
    "option lang": (
        "Idioma de los mensajes; por defecto, el del sistema.",
        "Language of messages; the system's by default.",
    ),
    "option channel": (
        "El canal, si hay varios.",
        "The channel, if there are several.",
    ),
    "option json": ("Como JSON, con todos sus campos.", "As JSON, with every field."),
    "option yes": ("No pregunta nada.", "Ask nothing."),
    "option port": (
        "Puerto de la pasarela de prueba, en lugar de sandbox.port; 0 toma uno libre.",
        "Port of the sandbox, in place of sandbox.port; 0 takes a free one.",
    ),
    "option webhook": (
        "El webhook del bot, en esta máquina; si falta, el de config.yaml.",
        "The bot's webhook, on this machine; that of config.yaml if left out.",
    ),
    # ── what commands say ──
    "no file": (
        "no existe {path}; ve a la carpeta del bot o usa --config",
        "there is no {path}; go to the bot's folder or use --config",
    ),
    "no such file": ("no existe el archivo {path}", "there is no file {path}"),
    "sandbox notice": ("SANDBOX, NADA SALE DE ESTA MÁQUINA", "SANDBOX, NOTHING LEAVES THIS MACHINE"),
    "store refuses": ("el almacén no acepta nada: {why}; {mend}", "the store takes nothing: {why}; {mend}"),
    "try again": ("prueba otra vez en unos segundos", "try again in a few seconds"),
    "no room": ("no queda espacio en el disco", "no space is left on the disk"),
    "error": ("error: {why}", "error: {why}"),
    "aborted": ("interrumpido", "broken off"),
    "defect": (
        "botkit falló: {what}. Los detalles están en {path}",
        "botkit failed: {what}. The details are in {path}",
    ),
}


def language(option: str | None = None, env: Mapping[str, str] | None = None) -> Language:
    """Return the language to speak: the option's, else the system's if it is one of ours, else English."""
    if option in ("es", "en"):
        return cast(Language, option)
    env = os.environ if env is None else env
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "es" if locale.lower().startswith("es") else "en"


def count(key: str, n: int, lang: Language | None = None, **values: object) -> str:
    """Return a message of the table about `n` things, whose form for one is `<key> 1`."""
    return say(f"{key} 1" if n == 1 else key, lang, n=n, **values)


def say(key: str, lang: Language | None = None, **values: object) -> str:
    """Return a message of the table."""
    spanish, english = MESSAGES[key]
    return (spanish if (lang or written_language()) == "es" else english).format(**values)


def written_language() -> Language:
    """Return the language that a command line asks for, before click has read it."""
    return language(_written(sys.argv))


def _written(arguments: Sequence[str]) -> str | None:
    """Return the last `--lang` of a command line: help is made before click has read one."""
    words = [word for each in arguments for word in (each.split("=") if each.startswith("--lang=") else [each])]
    return next((value for name, value in reversed([*pairwise(words)]) if name == "--lang"), None)
