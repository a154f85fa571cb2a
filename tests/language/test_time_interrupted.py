"""Silences and waits, played on the runtime and a store, among interruptions, built-in flows and restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project
from tests.testing.playing import bot, played

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOWS = """
flow: reserva
start: {words: [reserva]}
silence: {after: 1d, say: Te espero}
steps:
  - ask: ¿Nombre?
    save: nombre
  - ask: ¿Día?
    save: dia
    silence: {after: 2h, say: ¿Sigues?, then: adios}
  - say: Anotado, {{ nombre }}
asides:
  adios: [{say: Otro día}]
---
flow: pedido
start: {words: [pedido]}
steps:
  - say: Cocinando
  - id: cocina
    wait: 1h
  - say: Listo
  - wait: {event: pago, timeout: 1h, then: [{say: Sin pago}]}
    save: pago
  - say: Gracias
---
flow: reloj
start: {words: [reloj], interrupts: true, resume: RESUME}
steps:
  - ask: ¿De qué ciudad?
    save: ciudad
  - say: "Son las 12 en {{ ciudad }}"
"""


@pytest.fixture(params=["ask", "silent"])
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Project:
    """A bot whose flow `reloj` interrupts the others, either way."""
    return bot(tmp_path, FLOWS.replace("RESUME", request.param), "", CONFIG)


def lines(text: str) -> str:
    """Return a script of `u: …` (the person), `b: …` (the bot) and other lines as they are."""
    spelled = (line.strip().replace("u: ", "user: ", 1).replace("b: ", "bot: ", 1) for line in text.splitlines())
    return "".join(f"      - {line}\n" for line in spelled if line)


PARKED = """
u: reserva
b: ¿Nombre?
wait: 1d
b: Te espero
restart: true
wait: 5d
u: Ana
b: /Habíamos quedado a la mitad/
"""


@pytest.mark.parametrize(
    "script",
    [
        PARKED + "u: sí\nb: ¿Nombre?\nu: Ana\nb: ¿Día?\nexpect: {slots: {nombre: Ana}}",
        PARKED + "u: empezar de nuevo\nb: ¿Nombre?",
        PARKED + "tap: No, salir\nb: []\nexpect: {running: false, outcome: cancelled}",
        PARKED + "wait: 1d\nb: Te espero\nu: qué\nb: /.*/\nu: sí\nb: ¿Nombre?",
        "u: reserva\nb: ¿Nombre?\nwait: 1d\nb: Te espero\nu: STOP\nb: /no te enviaremos/\nexpect: {running: false}",
    ],
)
def test_welcome_back(project: Project, script: str) -> None:
    """After a flow's silence `welcome_back` goes on, begins anew or leaves; who opts out is heard all the same."""
    result = played(project, lines(script))
    assert result.passed, result.report("en")


@pytest.mark.parametrize(
    "script",
    [
        # What interrupts stops the question's clock, which begins anew afterwards.
        """
        u: reserva
        b: ¿Nombre?
        u: Ana
        b: ¿Día?
        wait: 1h
        u: reloj
        b: ¿De qué ciudad?
        wait: 5h
        u: Lima
        b: Son las 12 en Lima
        ASKED
        wait: 119m
        wait: 1m
        b: ¿Sigues?
        restart: true
        wait: 2h
        b: Otro día
        """,
        # A wait that is over under another flow goes on when that one ends, and one that is not waits on.
        """
        u: pedido
        b: Cocinando
        u: reloj
        b: ¿De qué ciudad?
        wait: 2h
        u: Lima
        b: ["Son las 12 en Lima", "Listo"]
        wait: 30m
        u: reloj
        b: ¿De qué ciudad?
        wait: 10m
        u: Lima
        b: Son las 12 en Lima
        wait: 19m
        wait: 1m
        b: ["Sin pago", "Gracias"]
        """,
        # An event that comes meanwhile is not lost, nor is the time that ran out for it later counted.
        """
        u: pedido
        b: Cocinando
        wait: 1h
        b: Listo
        u: reloj
        b: ¿De qué ciudad?
        event: {name: pago, data: 5}
        b: []
        restart: true
        wait: 3h
        u: Lima
        b: ["Son las 12 en Lima", "Gracias"]
        expect: {running: false, slots: {pago: 5}}
        """,
    ],
)
def test_interrupted(project: Project, script: str) -> None:
    """Clocks stand, run or are kept under a flow that interrupts, whichever way it gives the place back."""
    silent = "resume: silent" in (project.folder / "flows" / "f.yaml").read_text()
    result = played(project, lines(script.replace("ASKED\n", "" if silent else "b: ¿Día?\n")))
    assert result.passed, result.report("en")
