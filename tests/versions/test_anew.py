"""`on_change: restart`: when a flow begins anew, and what speaks before; and the way back after a deploy."""

from __future__ import annotations

import pytest

from tests.versions.samples import CALLER, begun, deploy

RESTART = CALLER.replace("flow: f\n", "flow: f\non_change: restart\n")
TWO = """
flow: f
start: {words: [go]}
anywhere: {atrás: back}
steps:
  - {ask: ¿A?, save: a}
  - {ask: ¿B?, save: b}
"""
RESUMED = "---\nflow: resumed\nsteps: [{say: Sigamos.}]\n"


def test_resumed_speaks_first() -> None:
    """A flow of the bot called `resumed` speaks before the flow begins anew."""
    found = begun(CALLER)
    deploy(found, RESTART.replace("  - ask: ¿Uno?", "  - say: Hola\n  - ask: ¿Uno?") + RESUMED)
    assert found.say("1") == ["Sigamos.", "Hola", "¿Uno?"]
    assert found.say("2") == ["¿Dentro?"]


@pytest.mark.parametrize("resumed", ["", RESUMED])
def test_resumed_and_nothing_else(resumed: str) -> None:
    """A flow that became empty is over, with or without `resumed`."""
    found = begun(CALLER)
    deploy(found, "flow: f\nstart: {words: [go]}\non_change: restart\nsteps: []\n" + resumed)
    assert (found.say("1"), found.running) == ([], False)


def test_words_go_before() -> None:
    """A word that is understood at the question is no answer of it; the next message that is one counts."""
    help = "---\nflow: ayuda\nstart: {words: [ayuda], interrupts: true}\nsteps: [{say: Te ayudo.}]\n"
    stop = "---\nflow: opt_out\nsteps: [{say: No te escribo más.}]\n"
    found = begun(CALLER + help + stop)
    deploy(found, RESTART + help + stop)
    assert found.say("ayuda") == ["Te ayudo.", "¿Uno?"]
    assert found.say("baja")[0] == "No te escribo más."
    assert found.say("1") == ["¿Uno?"]
    assert found.say("1") == ["¿Dentro?"]


def test_what_was_interrupted() -> None:
    """Below a flow that interrupted it, a flow begins anew when it has its place back and somebody answers."""
    help = "---\nflow: ayuda\nstart: {words: [ayuda], interrupts: true}\nsteps: [{ask: ¿Con qué?, save: x}]\n"
    found = begun(CALLER + help)
    found.say("ayuda")
    deploy(found, RESTART.replace("¿Uno?", "¿Primero?") + help)
    assert found.say("con todo") == ["¿Uno?"]
    assert found.say("1") == ["¿Primero?"]


def test_back_after_it() -> None:
    """From the first question of a flow that began anew there is no way back into the old one."""
    found = begun(TWO)
    found.say("1")
    deploy(found, TWO.replace("¿A?", "¿Aa?").replace("flow: f\n", "flow: f\non_change: restart\n"))
    assert found.say("2") == ["¿Aa?"]
    assert found.say("atrás") == ["¿Aa?"]


def test_back_in_a_flow_that_moved() -> None:
    """In a flow that moved, the way back leads to the questions as they are now."""
    found = begun(TWO)
    found.say("1")
    deploy(found, TWO.replace("¿A?", "¿Aa?").replace("flow: f\n", "flow: f\non_change: move\n"))
    assert found.say("atrás") == ["¿Aa?"]
    assert found.say("3") == ["¿B?"]
