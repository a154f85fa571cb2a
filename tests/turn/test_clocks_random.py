"""Clocks under whatever happens: the store's timers stay those of the state, and a conversation comes to rest."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from botkit.flow.hours import QuietHours
from botkit.turn.event import Due, Named
from tests.turn.samples import Talk, talk

FLOWS = """
flow: f
start: {words: [go]}
silence: {after: 1d, say: ¿Sigues?}
defaults: {silence: {after: 2h, say: ¿Hola?, again: 1, then: tarde}}
anywhere: {info: [{ask: ¿Qué?, save: que, silence: {after: 1h, then: [{say: nada}]}}]}
steps:
  - ask: uno
    save: uno
    type: integer
  - call: g
    on: {tarde: dos}
  - wait: {event: pago, timeout: 3h, then: tarde}
    save: pago
  - choose: dos
    id: dos
    options: [a, {b: uno}, {c: espera}]
    silence: never
  - id: espera
    wait: 5h
  - say: fin
asides:
  tarde: [{say: tarde}]
---
flow: g
silence: {after: 3h, say: fuera, then: [{say: me voy}, {end: tarde}]}
steps:
  - ask: g1
    save: g1
    silence: {after: 90m, say: ¿g?}
  - wait: {until: '18:00'}
    id: w
  - ask: g2
    save: g2
---
flow: welcome_back
steps: [{choose: ¿Seguimos?, id: seguir, options: {Sí: end, No: quit}}]
"""
WORDS = ("go", "1", "a", "b", "c", "info", "x", "Sí", "No")


def happen(found: Talk, chance: Random) -> None:
    """Let one thing happen."""
    what = chance.choice(("say", "say", "wait", "wait", "event", "stale"))
    if what == "say":
        found.say(chance.choice(WORDS))
    elif what == "wait":
        found.wait(chance.choice((60, 1800, 3600, 7200, 10_800, 90_000)))
    elif what == "event":
        found.take(Named("pago", chance.randrange(9)))
    else:
        kind = chance.choice(("silence", "idle", "wait", "handoff"))
        found.take(Due(f"{kind}/{chance.randrange(3)}", kind))


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("quiet", [False, True])
def test_random(seed: int, quiet: bool) -> None:
    """Whatever happens, timers follow the state (`Talk` proves it at each event), no turn fails, and all comes to rest.

    A parked or unanswered question stays; but nothing speaks without end.
    """
    chance, found = Random(seed), talk(FLOWS)
    if quiet:
        found.flows.bot = replace(found.flows.bot, quiet_hours=QuietHours(20 * 60, 8 * 60))
    for _ in range(40):
        happen(found, chance)
        assert "turn_failed" not in found.notes
    found.wait(30 * 86_400)
    assert found.timers == {}
    assert found.wait(30 * 86_400) == []
