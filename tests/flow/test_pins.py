"""A definition's digest covers what it can reach, and it names what it calls."""

from __future__ import annotations

import pytest

from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo
from botkit.turn.kinds import KINDS
from tests.flow.samples import flows

CALLER = "flow: a\nstart: {words: [go]}\nsteps:\n  - call: b\n"
MIDDLE = "flow: b\nsteps:\n  - goto: c\n"
LAST = "flow: c\nsteps:\n  - say: Hola\n"
OTHER = "flow: d\nstart: {words: [otro]}\nsteps:\n  - say: Nada\n"


def digests(*texts: str) -> dict[str, str]:
    """Return name -> digest."""
    return {flow.name: flow.digest for flow in flows(*texts).flows.values()}


def test_digest_covers_what_is_reached() -> None:
    """A change further down is a change of all that can come to it, and of nothing else."""
    before = digests(CALLER, MIDDLE, LAST, OTHER)
    after = digests(CALLER, MIDDLE, LAST.replace("Hola", "Adiós"), OTHER)
    assert {name for name in before if before[name] != after[name]} == {"a", "b", "c"}
    assert digests(LAST)["c"] == before["c"]


def test_circle() -> None:
    """Flows that call one another are pinned to each other."""
    one = "flow: a\nstart: {words: [go]}\nsteps:\n  - ask: ¿Sí?\n    save: x\n  - call: b\n"
    two = "flow: b\nsteps:\n  - ask: ¿No?\n    save: x\n  - call: a\n"
    known = flows(one, two).flows
    assert known["a"].calls == {"b": known["b"].digest}
    assert known["b"].calls == {"a": known["a"].digest}
    assert flows(one, two.replace("No", "Nunca")).flows["a"].digest != known["a"].digest


@pytest.mark.parametrize("text", ["  - call: f\n", "  - goto: f\n"])
def test_itself(text: str) -> None:
    """A flow that names itself is pinned to its own definition."""
    flow = flows(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - ask: ¿Sí?\n    save: x\n{text}").flows["f"]
    assert flow.calls == {"f": flow.digest}


def test_reminders_are_not_pinned() -> None:
    """A flow that a reminder begins is begun as it is then."""
    flow = "flow: a\nstart: {words: [go]}\nsteps:\n  - schedule: {name: x, flow: c, after: 2h}\n"
    assert flows(flow, LAST).flows["a"].calls == {}
    assert digests(flow, LAST)["a"] == digests(flow, LAST.replace("Hola", "Adiós"))["a"]


def test_adopted_with_what_it_calls() -> None:
    """An old definition calls the old one of a flow, also if the bot has none of that name any more."""
    old = flows(CALLER, MIDDLE, LAST)
    now = FlowSet(BotInfo())
    first = old.flows["a"].digest
    assert now.missing([first]) == {first}
    for count in (2, 1, 0):
        digest = now.missing([first]).pop()
        assert now.adopt(digest, old.by_digest[digest].source(), KINDS) is not None
        assert len(now.missing([first])) == min(count, 1)
    called = now.called(now.by_digest[first], "b")
    assert called is not None
    assert called.digest == old.flows["b"].digest


def test_another_version_of_botkit() -> None:
    """A definition goes by the digest that it was kept under, whatever would be made of its text today."""
    now = FlowSet(BotInfo())
    adopted = now.adopt("of another version", flows(LAST).flows["c"].source(), KINDS)
    assert adopted is now.by_digest["of another version"]
    assert adopted.digest == "of another version"
