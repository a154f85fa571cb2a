"""Flows made at random, of all that waits, calls, interrupts and leads elsewhere."""

from __future__ import annotations

import re
from random import Random

from tests.flow.samples import loading
from tests.turn.samples import SHIPPED

#: Name -> how it begins.
STARTS = {
    "f": "{words: [go]}",
    "g": "{words: [gg], interrupts: true, resume: RESUME}",
    "h": "{words: [hh], interrupts: only, event: paquete}",
    "i": "{pattern: 'pat(?P<z>.)', interrupts: true, resume: RESUME}",
}
SILENCES = ("{after: 40m, then: TARGET}", "{after: 2h, say: hola}", "{after: 3h, say: hola, again: 2, then: TARGET}")
IDLES = ("{after: 5h, say: idle}", "{after: 6h, then: TARGET}", "{after: 90m, say: idle, then: [{goto: back}]}")
#: What an `anywhere` word leads to.
ASIDES = (
    "TARGET",
    "[{ask: QUE, save: que}]",
    "[{call: OTHER}, {ask: QUE, save: que}]",
    "[{wait: 1h}]",
    "[{handoff: x}]",
)
#: Steps that wait or call; ID is their id.
STEPS = (
    "ask: Q, save: ID",
    "ask: Q, save: ID, type: integer, invalid: {tries: 2, then: TARGET}",
    "ask: Q, save: ID, together: 2s",
    "ask: Q, save: ID, sensitive: true, silence: never",
    "choose: C, id: ID, options: [a, {b: TARGET}, {c: [{say: LC}, {ask: L, save: lID}]}], invalid: {tries: 3}",
    "choose: C, id: ID, options: [a, {b: TARGET}]",
    "call: OTHER, id: ID",
    "call: OTHER, id: ID, on: {cancelled: TARGET}",
    "wait: 2h, id: ID",
    "wait: {event: pago, timeout: 3h, then: TARGET}, id: ID",
    "handoff: {to: gente, for: 3h}, id: ID",
    "run: agenda.nada, id: ID, on_error: TARGET",
    "schedule: {name: r1, flow: OTHER, after: 7h}",
    "schedule: {cancel: r1}",
    "set: {contact.c: ID}",
)


def random_flows(chance: Random) -> str:
    """Return flows that load without an error."""
    for _ in range(100):
        text = "\n---\n".join(_flow(chance, name) for name in STARTS)
        if loading(text, builtin=SHIPPED).flows is not None:
            return text
    raise AssertionError("none of these flows load")


def _flow(chance: Random, name: str) -> str:
    count = chance.randint(2, 4)
    steps = [chance.choice(STEPS).replace("ID", f"{name}{number}") for number in range(count)]
    keys = [
        f"flow: {name}",
        f"start: {STARTS[name]}",
        f"on_change: {chance.choice(('keep', 'move', 'restart'))}",
        *([f"silence: {chance.choice(IDLES)}"] if chance.random() < 0.4 else []),
        *([f"anywhere: {{info: {chance.choice(ASIDES)}}}"] if chance.random() < 0.5 else []),
        *([f"defaults: {{silence: {chance.choice(SILENCES)}}}"] if chance.random() < 0.4 else []),
        "steps:",
        f"  - {{ask: primera, id: {name}_first}}",
        *(f"  - {{{step}}}" for step in steps),
    ]
    return _filled("\n".join(keys), chance, name, [f"{name}_first", *_ids(steps)])


def _ids(steps: list[str]) -> list[str]:
    """Return the ids of steps that wait or call."""
    return [found for step in steps for found in re.findall(r"(?:id|save): (\w\d)\b", step)]


def _filled(text: str, chance: Random, name: str, ids: list[str]) -> str:
    """Return a text with words in capitals put in."""
    others = [other for other in STARTS if other != name]
    targets = [*ids, *ids, *others, "end", "resume", "back", "restart", "quit", "help", "stuck"]
    for word, choices in (("TARGET", targets), ("OTHER", others), ("RESUME", ["ask", "silent"])):
        while word in text:
            text = text.replace(word, chance.choice(choices), 1)
    return text
