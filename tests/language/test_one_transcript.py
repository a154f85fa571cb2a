"""One conversation with everything around the steps in it, played on the runtime and a store."""

from __future__ import annotations

from pathlib import Path

from tests.testing.playing import bot, played

FLOWS = """
flow: cita
start: {words: [cita]}
steps:
  - ask: {es: ¿Nombre?, en: Name?}
    save: nombre
  - schedule: {name: agua, flow: agua, after: 1h}
  - call: direccion
    save: {calle: returned.calle}
  - say: Fin
---
flow: direccion
steps:
  - ask: {es: ¿Ciudad?, en: City?}
    save: ciudad
  - call: calle
    with: [ciudad]
    save: {calle: returned.calle}
  - end: {outcome: done, return: [calle]}
---
flow: calle
inputs: [ciudad]
steps:
  - ask: {es: "¿Calle en {{ ciudad }}?", en: "Street in {{ ciudad }}?"}
    save: calle
    silence: {after: 2h, say: {es: ¿Sigues?, en: Still there?}, again: 1}
  - choose: {es: "¿{{ calle }}?", en: "{{ calle }}?"}
    id: seguro
    options:
      - {label: {es: Sí, en: 'Yes'}, then: listo}
      - {label: {es: Volver, en: Back}, then: back}
  - id: listo
    end: {return: [calle]}
---
flow: agua
start: {interrupts: only}
steps: [{say: {es: Toma agua, en: Drink water}}]
---
flow: help
start: {words: [ayuda], interrupts: true, resume: silent}
steps: [{say: Te ayudo}]
---
flow: idioma
start: {words: [english], interrupts: true}
steps: [{set: {contact.language: en}}]
"""
SCRIPT = """
      - user: cita
      - bot: ¿Nombre?
      - user: Ana
      - bot: ¿Ciudad?
      - user: Tarija
      - bot: ¿Calle en Tarija?
      - expect: {flow: calle, step: calle}
      - user: ayuda
      - bot: Te ayudo
      - wait: 1h
      - bot: ["Toma agua", "¿Calle en Tarija?"]
      - restart: true
      - wait: 2h
      - bot: ¿Sigues?
      - user: volver
      - bot: ¿Ciudad?
      - user: Sucre
      - bot: ¿Calle en Sucre?
      - user: Loa
      - bot: ¿Loa?
      - tap: Volver
      - bot: ¿Calle en Sucre?
      - user: english
      - bot: Street in Sucre?
      - restart: true
      - wait: 2h
      - bot: Still there?
      - wait: 2h
      - bot: Still there?
      - user: cancel
      - bot: /.+/
      - expect: {running: false, outcome: cancelled}
      - wait: 9d
      - bot: []
"""


def test_one_transcript(tmp_path: Path) -> None:
    """Three flows that call each other, the way back, a silent help, a reminder, a silence after a restart, another
    language, and the end of it all.
    """
    result = played(bot(tmp_path, FLOWS, "", "channels: {whatsapp: {base_url: sandbox}}\n"), SCRIPT)
    assert result.passed, result.report("en")
