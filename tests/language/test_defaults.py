"""`defaults`: keys that steps take where they say nothing, of a flow and of the bot."""

from __future__ import annotations

import pytest

from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.source import Map
from botkit.flow.yaml_reader import read
from botkit.turn.kinds import KINDS
from tests.flow.samples import at, told
from tests.turn.samples import Talk, talk

ASKS = "start: {words: [go]}\nsteps:\n"


def test_invalid_merges_key_by_key() -> None:
    """A step's hint stands beside the default's tries and target."""
    found = talk(
        "flow: f\ndefaults:\n  invalid: {tries: 2, then: ayuda, say: Mal}\n"
        + ASKS
        + "  - {ask: q, id: a, type: integer, invalid: Un número}\n  - {id: ayuda, say: Ay}\n"
    )
    found.say("go")
    assert found.say("x") == ["Un número"]
    assert found.say("x") == ["Ay"]


def test_by_kind_goes_before_all() -> None:
    """A default for a kind wins over the one for all; the step's own wins over both; `never` takes it back."""
    found = talk(
        "flow: f\ndefaults:\n  invalid: Todos\n  ask: {invalid: Pregunta}\n"
        + ASKS
        + "  - {ask: q, id: a, type: integer}\n  - {ask: q, id: b, type: integer, invalid: Propio}\n"
        + "  - {choose: q, id: c, options: [Sí]}\n  - {ask: q, id: d, type: integer, invalid: never}\n"
    )
    said = []
    for text in ("go", "1", "2", "sí"):
        found.say(text)
        said.append(found.say("x")[0])
    assert said == ["Pregunta", "Propio", "Todos", "q"]


def test_bot_wide() -> None:
    """Defaults of config.yaml reach own flows below the flow's own, never built-in ones, and stay with a definition."""
    node = read("invalid: {tries: 1, then: final}\n", "config.yaml").documents[0].root
    assert isinstance(node, Map)
    own = read(
        "flow: f\n" + ASKS + "  - {ask: q, id: a, type: integer}\n---\nflow: final\nsteps: [{say: Fin}]\n", "a.yaml"
    )
    shipped = read("flow: unknown\nsteps: [{ask: u, id: u, type: integer}]\n", "u.yaml")
    loaded = load([own], [shipped], BotInfo(), {}, KINDS, defaults=node)
    assert loaded.flows is not None, [at(problem) for problem in loaded.problems]
    found = Talk(loaded.flows)
    found.say("go")
    kept = loaded.flows.flows["f"].source()
    assert found.say("x") == ["Fin"]
    shy = Talk(loaded.flows)
    shy.say("nada")
    assert shy.say("nada") == ["u"]
    again = load([], [], BotInfo(), {}, KINDS).flows
    assert again is not None
    adopted = again.adopt("d", kept, KINDS)
    assert adopted is not None
    assert adopted.source() == kept


@pytest.mark.parametrize(
    ("defaults", "problems"),
    [
        ("x", ["2:11 wrong-type"]),
        ("{saludo: x}", ["2:12 unknown-key"]),
        ("{choose: {type: text}}", ["2:21 unknown-key"]),
        ("{choose: x}", ["2:20 wrong-type"]),
        ("{silence: {after: 2h}}", ["2:21 silence-without-effect"]),
        ("{invalid: {say: x, otra: y}}", ["2:30 unknown-key"]),
    ],
)
def test_mistakes(defaults: str, problems: list[str]) -> None:
    """A mistake in `defaults` is told once, at its place."""
    steps = "start: {words: [go]}\nsteps: [{ask: q, id: a}, {choose: q, id: b, options: [x]}]\n"
    assert told(f"flow: f\ndefaults: {defaults}\n{steps}") == problems
