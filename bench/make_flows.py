"""Make a large bot: `python -m bench.make_flows FOLDER [--flows 50] [--steps 40]`.

Every third text has a template and every fifth step an expression; each flow is a line of questions, branches and
messages that ends, as an author's would.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

CONFIG = "bot: {name: Bench}\nchannels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n"


def make_flow(number: int, steps: int) -> str:
    """Return one flow as YAML."""
    lines = [f"flow: flujo_{number}", f"title: Flujo {number}", "start:", f"  words: [palabra{number}]", "steps:"]
    for step in range(steps):
        lines += _step(step)
    return "\n".join([*lines, "  - end: done", ""])


def _step(step: int) -> list[str]:
    name = "nombre_0" if step else "contact.name"
    text = f"Texto {{{{ {name} or 'amigo' }}}} del paso {step}." if step % 3 == 0 else f"Texto del paso {step}."
    if step % 5 == 4:
        return [f"  - if: cuenta_{step - 2} > {step}", "    then:", f'      - say: "Más de {step}."']
    kind = step % 5
    if kind == 0:
        return [f'  - ask: "{text}"', f"    save: nombre_{step}"]
    if kind == 2:
        return [f'  - ask: "{text}"', f"    save: cuenta_{step}", "    type: integer", "    min: 1"]
    if kind == 3:
        return [f'  - choose: "{text}"', f"    id: elige_{step}", "    options:", "      - Sí", "      - No"]
    return [f'  - say: "{text} Gracias, {{{{ nombre_{step - 1} }}}}."']


def make_jumps(steps: int) -> str:
    """Return a flow of menus whose ways lead on, and by chance anywhere."""
    chance = random.Random(1)
    lines = ["flow: saltos", "start: {words: [saltos]}", "steps:"]
    for step in range(steps):
        ways = (min(step + 1, steps - 1), chance.randrange(steps), chance.randrange(steps))
        lines += [f"  - choose: ¿Paso {step}?", f"    id: p{step}", "    options:"]
        lines += [f"      {name}: p{to}" for name, to in zip(("Uno", "Dos", "Tres"), ways, strict=True)]
    return "\n".join([*lines, ""])


def make(folder: Path, flows: int = 50, steps: int = 40) -> None:
    """Write config.yaml and the flows into a folder."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for number in range(flows):
        (folder / "flows" / f"flow_{number}.yaml").write_text(make_flow(number, steps), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flows", type=int, default=50)
    parser.add_argument("--steps", type=int, default=40)
    asked = parser.parse_args()
    make(asked.folder, asked.flows, asked.steps)
