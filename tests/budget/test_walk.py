"""Whatever people say and handlers give: no turn of a conversation sends more than the budget says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from botkit.budget import Tally, tally
from botkit.flow.flowset import FlowSet
from botkit.project import load_project
from botkit.turn.event import CallResult, Due, Event, Inbound
from botkit.turn.menu import MORE
from tests.budget.test_tally import RICH, ladder
from tests.turn.samples import EMPTY, Talk

ROOT = Path(__file__).parents[2]
CONFIGS = (ROOT / "config.yaml", *sorted((ROOT / "tests" / "bots").glob("*/config.yaml")))
FIT = ladder(RICH)
#: Flows whose dearest turn takes answers in a row that chance does not come upon.
LUCK = ("invitados", "prestamo", "seguro")
#: What handlers give: lists that options are made of, texts, nothing.
VALUES: tuple[Any, ...] = (
    [],
    ["2026-11-24", "2026-11-25"],
    [{"id": n, "texto": f"t{n}", "nombre": "n"} for n in range(15)],
    "C-1",
    7,
    None,
)
WORDS = (
    "sí",
    "no",
    "1",
    "2",
    "3",
    "7",
    "mañana",
    "Calle Sucre 7",
    "nada que ver",
    "Ana Luz",
    MORE["es"][0],
    "71234567",
)


class Walk(Talk):
    """A conversation that counts what each turn sends."""

    def turn(self, event: Event, chance: Random) -> int:
        """Apply an event with all that comes of it, and return the requests."""
        self.take(event)
        requests = self.requests
        while self.open:
            call = self.conversation.frames[-1].pending_call
            assert call is not None
            error = "down" if chance.random() < 0.2 else None
            self.take(CallResult(call.key, chance.choice(VALUES), error), same=True)
            requests += self.requests
        return requests

    @property
    def requests(self) -> int:
        """Return the requests of the last leg."""
        return sum(len(FIT(send.message)) for send in self.sent)

    def said(self, chance: Random) -> Event:
        """Return something that a person says: often an option, sometimes anything."""
        shown = self.conversation.frames[-1].shown if self.conversation.frames else ()
        labels = [row["label"] for row in shown]
        text = chance.choice(labels) if labels and chance.random() < 0.7 else chance.choice(WORDS)
        return Inbound("wa", "message", EMPTY.contact, text=text)


@cache
def known(config: Path) -> tuple[FlowSet, dict[str, Tally]]:
    """Return the flows of a bot and what they cost."""
    flows = load_project(config, {}).flows
    assert flows is not None
    return flows, {each.flow: each for each in tally(flows, FIT)}


def cases() -> Iterator[tuple[Path, str]]:
    """Yield each bot with each of its flows that begins by a word."""
    for config in CONFIGS:
        flows = known(config)[0].flows.values()
        yield from ((config, flow.name) for flow in flows if flow.start.label and not flow.builtin)


@pytest.mark.parametrize(("config", "flow"), list(cases()), ids=lambda each: getattr(each, "stem", each))
def test_turns(config: Path, flow: str) -> None:
    """A hundred conversations by chance stay within the most of a turn, and one of them comes to it."""
    flows, tallies = known(config)
    most, seen = tallies[flow].cost.turn.most, 0
    for seed in range(100):
        chance, walk = Random(seed), Walk(flows)
        seen = max(seen, walk.turn(Inbound("wa", "message", EMPTY.contact, text=flows.flows[flow].start.label), chance))
        for _ in range(30):
            if not walk.conversation.frames or walk.conversation.handoff:
                break
            due = min(walk.timers.values(), key=lambda timer: timer.due_at, default=None)
            if due is not None and chance.random() < 0.2:
                walk.now = max(walk.now, due.due_at)
                seen = max(seen, walk.turn(Due(due.name, due.kind), chance))
            else:
                seen = max(seen, walk.turn(walk.said(chance), chance))
            assert seen <= most
    assert seen == most or flow in LUCK
