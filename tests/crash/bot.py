"""The bot that is killed: questions, a menu, a handler, a web service, a reminder, texts that may be merged, a handoff.

Every text that it sends holds a number of its own for the contact, so that no two messages of a contact are alike; and
it says to each event the same, whenever that comes. So what it must have recorded follows from what people wrote.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FLOW = """
flow: pedido
start: {words: [pedido]}
steps:
  - set:
      contact.n: "{{ (contact.n or 0) + 1 }}"
      n: "{{ contact.n }}"
  - say: "Pedido {{ n }}: hola."
  - ask: "Pedido {{ n }}: ¿qué te preparo?"
    save: plato
  - choose: "Pedido {{ n }}: ¿confirmo {{ plato }}?"
    id: confirmar
    options: [Sí, No]
  - run: cocina.pedir
    with: [plato]
    save: numero
    on_error: mal
  - http: POST caja/cobros
    json: {plato: "{{ plato }}"}
    retries: 2
    save: {ref: response.json.ref}
    on_error: mal
  - record: [n, plato, numero, ref]
  - schedule: {name: "aviso-{{ n }}", flow: aviso, with: [n], after: 1s}
  - say: "Pedido {{ n }}: es el {{ numero }}."
  - say: "Pedido {{ n }}: pagado, {{ ref }}."
  - say: "Pedido {{ n }}: gracias."
asides:
  mal:
    - record: {n: "{{ n }}", plato: "{{ plato }}", error: "{{ error }}"}
    - say: "Pedido {{ n }}: no se pudo."
---
flow: aviso
start: {event: aviso, interrupts: only, resume: silent}
inputs: [n]
steps:
  - say: "Pedido {{ n }}: ya sale."
---
flow: ayuda
start: {words: [ayuda]}
steps:
  - set:
      contact.m: "{{ (contact.m or 0) + 1 }}"
      m: "{{ contact.m }}"
  - id: caja
    handoff: {to: caja, say: "Ayuda {{ m }}: te paso con alguien."}
  - record: {ayuda: "{{ m }}"}
  - say: "Ayuda {{ m }}: seguimos."
"""

#: Each call is written down with its key before it works; the same key has the same result.
HANDLERS = """
import time
from pathlib import Path
from botkit import handler

@handler("cocina.pedir")
def order(plato, ctx):
    with Path("calls.txt").open("a") as file:
        file.write(f"{ctx.idempotency_key} {plato}\\n")
    time.sleep(0.01)
    return ctx.idempotency_key[:8]
"""

#: What a person writes, again and again; `{}` is a number of its own.
TALK = ("pedido", "plato {}", "Sí")
#: What one writes who wants somebody of the business, and then to them.
HELP, ASIDE = "ayuda", "asunto {}"

#: What the gateway allows: such that it binds after a pause, and not in the long run.
LIMIT, PERIOD_S = 200, 5.0


#: How often a bot that polls asks, in seconds.
EVERY_S = 1.0


def write_bot(folder: Path, *, port: int, sandbox_port: int, service_port: int, polls: bool = False) -> None:
    """Write a bot into a folder, ready to run; one that `polls` asks the gateway what people write."""
    (folder / "flows").mkdir()
    (folder / "flows" / "flow.yaml").write_text(FLOW, encoding="utf-8")
    (folder / "flows" / "handlers.py").write_text(HANDLERS, encoding="utf-8")
    channel: dict[str, Any] = {
        "profile": "waconecta",
        "base_url": "sandbox",
        "rate": {"limit": LIMIT, "per": f"{PERIOD_S:g}s"},
        "timeout": "2s",
    }
    if polls:
        channel["inbound"] = {"poll": {"every": f"{EVERY_S:g}s"}}
    config = {
        "server": {"port": port},
        "sandbox": {"port": sandbox_port, "embedded": False},
        "handlers": ["flows/handlers.py"],
        "services": {"caja": {"url": f"http://127.0.0.1:{service_port}"}},
        "channels": {"whatsapp": channel},
    }
    (folder / "config.yaml").write_text(json.dumps(config), encoding="utf-8")
