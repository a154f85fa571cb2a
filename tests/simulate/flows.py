"""The flows that are simulated, in two versions."""

from __future__ import annotations

#: Every text says something that only one event has brought, so that no two messages to one contact are alike.
FLOWS = """
flow: pedido
start: {words: [pedido]}
on_change: %(on_change)s
steps:
  - ask: "%(mark)s ¿Qué quieres? {{ message.text }}"
    id: que
    save: que
    expires: 10m
    on_failed: mala
    silence: {after: 40s, say: "%(mark)s ¿Sigues? {{ now }}", then: adios}
  - run: caja.anotar
    with: [que]
    save: numero
    timeout: 6s
    retries: 1
    meanwhile: "Un momento, {{ que }}"
    on_error: mal
  - http: POST caja/cobros
    json: {que: "{{ que }}", numero: "{{ numero }}"}
    save: {ref: response.json.ref}
    timeout: 6s
    retries: 1
    meanwhile: "Cobrando, {{ que }}"
    on_error: mal
  - say: ["Anotado: {{ que }}", "%(mark)s Tu número es {{ numero }}, {{ ref }}"]
  - ask: "¿Algo más que {{ que }}?"
    id: mas
    save: mas
    silence: {after: 30s, then: adios}
  - record: [que, mas, numero, ref]
  - wait: 15s
    id: espera
  - say: "%(mark)s ¿Cómo estuvo {{ que }}?"
  - schedule: {name: vuelta, flow: aviso, after: 25s, with: {que: "{{ que }}"}}
asides:
  mal:
    - say: "No se pudo: {{ que }}"
    - end: failed
  mala:
    - say: "No te llegó: {{ error }} {{ now }}"
    - end: unheard
  adios:
    - say: "Adiós, {{ que }} {{ now }}"
---
flow: aviso
inputs: [que]
steps:
  - say: "%(mark)s Vuelve por más {{ que }}"
---
flow: persona
start: {words: [persona], interrupts: true}
on_change: %(on_change)s
steps:
  - set: {que: "{{ message.text }}"}
  - handoff: {to: caja, say: "%(mark)s Te atienden, {{ que }}", for: 30s, then: nadie}
    id: gente
  - say: "%(mark)s Aquí sigo, {{ que }}"
asides:
  nadie:
    - say: "Nadie pudo, {{ que }}"
    - end: unheard
---
flow: oferta
start: {event: oferta, interrupts: true}
inputs: [que]
steps:
  - say: ["%(mark)s Oferta {{ que }}", "Solo hoy, {{ que }}"]
---
flow: eco
start: {any: true}
steps:
  - say: ["%(mark)s eco {{ message.text }}", "y otra vez {{ message.text }}"]
"""
#: version -> what is put into FLOWS.
VERSIONS = {"a": {"mark": "a", "on_change": "keep"}, "b": {"mark": "b", "on_change": "move"}}
