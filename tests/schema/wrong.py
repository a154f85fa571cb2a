"""Wrong files that a schema can tell from right ones, each with one mistake."""

from __future__ import annotations

from textwrap import indent

#: Keys of a flow with a mistake, and what else it needs.
_IN_FLOW = """
titel: Citas
start: cita
start: {word: [cita]}
start: {words: {a: b}}
start: {words: [cita], interrupts: sometimes}
start: {words: [cita], any: maybe}
start: {words: [cita], resume: loud}
inputs: cita
anywhere: [humano]
anywhere: {humano: {to: x}}
silence: 2h
silence: {say: Hola}
silence: {after: soon}
silence: {after: 2h, again: 2}
asides: [fin]
asides: {fin: end}
on_change: stop
defaults: [invalid]
defaults: {silense: {after: 2h}}
defaults: {choose: {type: date}}
title: {spanish: Citas}
"""

#: Steps with a mistake.
_STEPS = """
sya: Hola
say: Hola; ask: ¿Qué?
say: Hola; colour: red
say: {text: Hola, caption: x}
say: {image: a.png, text: Hola}
say: {imagen: a.png, caption: x}
say: []
say: [[Hola]]
say: {location: [1]}
say: {location: {latitude: 1}}
say: {contact: {name: Ana}}
say: {one_of: Hola}
say: Hola; expires: 2
say: Hola; on_failed: {to: end}
ask: ¿Qué?; save: [a]
ask: ¿Qué?; type: [date]
ask: ¿Qué?; silence: soon
ask: ¿Qué?; silence: {after: 2, say: Hola}
ask: ¿Qué?; silence: {after: 2h, repeat: 3}
ask: ¿Qué?; silence: {after: 2h, say: Hola, again: 0}
ask: ¿Qué?; invalid: {hint: Hola}
ask: ¿Qué?; invalid: {say: Hola, tries: few}
ask: ¿Qué?; invalid: {say: Hola, show: menu}
ask: ¿Qué?; check: [answer > 3]
ask: ¿Qué?; check: [{say: Hola}]
ask: ¿Qué?; sensitive: very
ask: ¿Qué?; together: 2
ask: ¿Qué?; skip: {a: b}
choose: ¿Qué?; options: Sí
choose: ¿Qué?; options: []
choose: ¿Qué?; options: [{label: Sí, goto: end}]
choose: ¿Qué?; options: [{from: x, labels: item}]
choose: ¿Qué?; options: [{Sí: end, No: end}]
choose: ¿Qué?; options: {Sí: {goto: end}}
set: nombre
if: now; then: {goto: end}
if: now
if: [now]; then: end
run: agenda.nada; with: dia
run: agenda.nada; retries: 9
run: agenda.nada; timeout: 30
run: {agenda: nada}
http: FETCH https://x.example/
http: https://x.example/
http: GET https://x.example/; on_status: {4xx: end}
http: GET https://x.example/; body: {a: 1}
call: [otro]
call: mine; on: end
goto: [end]
wait: 2
wait: {until: 15:30, then: end}
wait: {event: pago, then: end}
wait: {after: 2h}
schedule: {cancel: a, flow: b}
schedule: {name: a, flow: mine}
schedule: {name: a, flow: mine, at: 15:30, after: 2h}
schedule: recordar
record: total
record: {}
handoff: {say: Hola}
handoff: {to: ventas, until: 2h}
end: {outcome: done, retrun: [a]}
end: {all: perhaps}
end: [done]
"""

#: Whole flows.
_FLOWS = {
    "no flow": "steps:\n  - end:\n",
    "no steps": "flow: mine\n",
    "steps as a mapping": "flow: mine\nsteps:\n  say: Hola\n",
    "a step as text": "flow: mine\nsteps: [say]\n",
    "a list": "- say: Hola\n",
    "second document": "flow: a\nsteps: []\n---\nflow: b\nstep: []\n",
}

#: Lines of a script with a mistake.
_LINES = """
usr: hola
user: hola; bot: Hola
user: [hola]
user: {image: a.png, text: b}
user: {location: [1]}
tap: Sí; at: 2
tap: Sí; of: 0
tap: {label: Sí}
bot: {texto: Hola}
bot: {text: Hola, silent: true}
bot: {step: a, text: Hola}
bot: {silent: false}
bot: [[Hola]]
called: agenda.libres
called: {with: {a: 1}}
called: {run: a, json: {}}
wait: 2
wait: soon
event: [pago]
event: {data: 1}
operator: {say: Hola}
expect: done
expect: {steps: a}
expect: {requests: many}
expect: {requests: -1}
expect: {running: 0}
expect: {failed: si}
expect: {slots: []}
expect: {contact: [name]}
restart: maybe
undelivered: {reason: a}
"""

_ONE = "tests: [{name: a, script: []}]\n"

#: Whole files of tests.
_TESTS = {
    "no tests": "at: 2026-11-23 09:00\n",
    "tests as a mapping": "tests: {name: a}\n",
    "no script": "tests:\n  - name: a\n",
    "no name": "tests:\n  - script: []\n",
    "a script as text": "tests:\n  - name: a\n    script: hola\n",
    "contact as text": "contact: Ana\n" + _ONE,
    "unknown key of a test": "tests:\n  - name: a\n    steps: []\n    script: []\n",
    "stubs as a list": "stubs: [a]\n" + _ONE,
    "a stub that gives and fails": "stubs: {a.b: {return: 1, error: x}}\n" + _ONE,
    "a stub of a handler with a status": "stubs: {a.b: {status: 200}}\n" + _ONE,
    "a stub of a service that returns": "stubs: {GET a/b: {return: 1}}\n" + _ONE,
    "a stub without answers": "stubs: {a.b: []}\n" + _ONE,
    "a reply that releases": "tests: [{name: a, script: [operator: {reply: a, release: true}]}]\n",
    "config as text": "config: es\n" + _ONE,
    "given without a flow": "tests: [{name: a, given: {step: b}, script: []}]\n",
    "given with another key": "tests: [{name: a, given: {flow: b, at: c}, script: []}]\n",
    "given slots as a list": "tests: [{name: a, given: {flow: b, slots: [c]}, script: []}]\n",
    "a table as a mapping": "tests: [{name: a, each: {n: [1, 2]}, script: []}]\n",
    "an empty table": "tests: [{name: a, each: [], script: []}]\n",
    "a row as text": "tests: [{name: a, each: [b], script: []}]\n",
    "a row without names": "tests: [{name: a, each: [{}], script: []}]\n",
    "a wrong line under a table": "tests: [{name: a, each: [{n: 1}], script: [{wait: soon}]}]\n",
    "a table for a file": "each: [{n: 1}]\n" + _ONE,
    "a stub with a strange status": "stubs: {GET a/b: {status: 99}}\n" + _ONE,
}

_CHANNELS = "channels: {whatsapp: {base_url: sandbox}}"

#: Keys of config.yaml with a mistake.
_SETTINGS = """
colour: red
flows: [flows]
handlers: flows/handlers.py
bot: Sol
bot: {language: fr}
bot: {country: Bolivia}
bot: {open: true}
server: 8080
server: {prot: 8080}
server: {port: many}
server: {port: 70000}
admin: {port: 1}
admin: {token: "${TOKEN}"}
sandbox: {embedded: perhaps}
log: {level: loud}
log: [info]
builtin: {hola: off}
builtin: {hello: perhaps}
builtin: sometimes
defaults: {silense: {after: 2h}}
services: {agenda: https://x.example}
services: {agenda: {timeout: 5s}}
services: {agenda: {url: "https://x.example", timeout: 5}}
services: {agenda: {url: "https://x.example", retries: 9}}
services: {"mi agenda": {url: "https://x.example"}}
http: {allow: nas.local}
hours: always
hours: {someday: "09:00-10:00"}
hours: {mon: {from: "09:00"}}
quiet_hours: {from: "21:00"}
quiet_hours: {from: "21:00", to: "08:00", on: mon}
handoff: {for: 12}
handoff: {words: listo}
"""

_CONFIGS = {
    "no channels": "bot: {name: Sol}\n",
    "channels as a list": "channels: [whatsapp]\n",
    "no channel": "channels: {}\n",
    "a channel as text": "channels: {whatsapp: waconecta}\n",
    "a channel's name": "channels: {WhatsApp: {base_url: sandbox}}\n",
    "a key of a channel": "channels: {whatsapp: {base_url: sandbox, colour: red}}\n",
    "a rate": "channels: {whatsapp: {base_url: sandbox, rate: 30}}\n",
    "a rate's period": "channels: {whatsapp: {base_url: sandbox, rate: {per: often}}}\n",
    "a capability": "channels: {whatsapp: {base_url: sandbox, capabilities: {media_from: [mail]}}}\n",
}


def _lines(table: str) -> list[str]:
    return table.strip().splitlines()


def _item(line: str) -> str:
    """Return `a: 1; b: 2` as an item of a list."""
    return "  - " + "\n    ".join(line.split("; "))


#: name of a schema -> name of a case -> a file.
WRONG: dict[str, dict[str, str]] = {
    "flows": {
        **{line: f"flow: mine\n{line}\nsteps: []\n" for line in _lines(_IN_FLOW)},
        **{line: f"flow: mine\nsteps:\n{_item(line)}\n" for line in _lines(_STEPS)},
        **_FLOWS,
    },
    "tests": {
        **{line: f"tests:\n  - name: a\n    script:\n{indent(_item(line), '    ')}\n" for line in _lines(_LINES)},
        **_TESTS,
    },
    "config": {**{line: f"{_CHANNELS}\n{line}\n" for line in _lines(_SETTINGS)}, **_CONFIGS},
}
