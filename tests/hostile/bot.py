"""The bot that is attacked: it asks for every type of answer, matches a pattern and a menu, and calls a service."""

from __future__ import annotations

from botkit.answers.types import ANSWER_TYPES

#: Those that a text is given to: the types of answers, a pattern, a menu, and the rules that begin flows.
READERS = (*ANSWER_TYPES, "pattern", "menu", "start")
#: What the service answers, each under its own name.
ANSWERS = ("deep", "wide", "packed", "endless")

_PATTERN = """
flow: t_pattern
start: {words: [t pattern]}
steps:
  - ask: "?"
    pattern: "(a+)+b"
    save: x
  - say: leído
"""
_MENU = """
flow: t_menu
start: {words: [t menu]}
steps:
  - choose: "?"
    options: [Silpancho con huevo, Picante de pollo, Sopa de maní, Nada]
    save: x
  - say: leído
"""
_CALL = """
flow: t_{0}
start: {{words: [t {0}]}}
steps:
  - http: GET mala/{0}
    save: {{x: response.json}}
    timeout: 2s
    on_error: mal
  - say: leído
asides:
  mal:
    - say: no se pudo
"""
_ASK = """
flow: t_{0}
start: {{words: [t {0}]}}
steps:
  - ask: "?"
    type: {0}
    save: x
  - say: leído
"""
_HELLO = """
flow: hola
start: {words: [hola]}
steps:
  - say: ¿Qué tal?
"""


def flows() -> str:
    """Return the bot's flows."""
    asks = [_ASK.format(name) for name in ANSWER_TYPES]
    return "---".join([_HELLO, *asks, _PATTERN, _MENU, *(_CALL.format(name) for name in ANSWERS)])
