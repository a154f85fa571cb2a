"""Words that would not always do what is written, and those that do."""

from __future__ import annotations

import pytest

from botkit.flow.problem import by_place
from tests.flow.samples import at, loading

HELP = "flow: help\nstart: {words: [ayuda], interrupts: true}\nsteps: [{say: h}]\n"
CANCEL = "flow: cancel\nstart: {words: [salir], interrupts: only}\nsteps: [{goto: quit}]\n"
OPT_OUT = "flow: opt_out\nstart: {words: [baja], interrupts: true}\nsteps: [{say: o}]\n"
OPT_IN = "flow: opt_in\nstart: {words: [alta], if: contact.opted_out, interrupts: true}\nsteps: [{say: i}]\n"
SHIPPED = (HELP, CANCEL, OPT_OUT, OPT_IN)


def told(*texts: str, builtin: tuple[str, ...] = SHIPPED) -> list[str]:
    """Return `line:column code` of each problem that flows have beside built-in ones."""
    return [at(problem) for problem in by_place(loading(*texts, builtin=builtin).problems)]


@pytest.mark.parametrize(
    ("start", "problems"),
    [
        ("{words: [cita, Ayuda]}", ["2:23 builtin-word"]),
        ("{words: [¡Salir!]}", ["2:17 builtin-word"]),
        ("{words: [ayuda], interrupts: true}", []),
        ("{words: [ayuda], interrupts: only}", []),
        ("{words: [ayuda social]}", []),
        ("{words: [alta]}", []),
        ("{words: [cita, BAJA]}", ["2:23 opt-out-word"]),
        ("{words: [baja], interrupts: true}", ["2:17 opt-out-word"]),
        ("{words: [planta baja]}", []),
    ],
)
def test_built_in_words(start: str, problems: list[str]) -> None:
    """A start word that at a question is a built-in flow's, or opts out, is a warning."""
    assert told(f"flow: f\nstart: {start}\nsteps: [{{say: x}}]\n") == problems


def test_built_in_flows_that_are_not_there() -> None:
    """A word of a flow that is switched off, or replaced, is free."""
    text = "flow: f\nstart: {words: [ayuda, baja]}\nsteps: [{say: x}]\n"
    assert told(text) == ["2:17 builtin-word", "2:24 opt-out-word"]
    assert told(text, builtin=(CANCEL,)) == []
    assert told(text.replace("flow: f", "flow: help")) == ["2:24 opt-out-word"]
    assert told(text.replace("flow: f", "flow: opt_out")) == ["2:17 builtin-word"]


FLOW = """\
flow: f
start: {words: [f]}
anywhere:
  Info: ANYWHERE
steps:
  - choose: a
    id: q
    options:
      - {label: ¡Info!, then: OPTION}
      - {label: Más info, then: end}
"""
INFO = "---\nflow: info\nstart: {words: [info], interrupts: true}\nsteps: [{say: i}]\n"


@pytest.mark.parametrize(
    ("anywhere", "option", "problems"),
    [
        ("end", "info", ["4:3 word-taken"]),
        ("info", "end", ["9:17 word-taken"]),
        ("info", "info", []),
    ],
)
def test_words_that_are_taken(anywhere: str, option: str, problems: list[str]) -> None:
    """A word of `anywhere` or a label takes a word from a flow that interrupts, unless it leads to that flow."""
    text = FLOW.replace("ANYWHERE", anywhere).replace("OPTION", option)
    assert told(text + INFO) == problems
    assert told(text + INFO.replace(", interrupts: true", "")) == []


def test_a_word_of_the_flow_itself() -> None:
    """A flow does not interrupt itself, so its own words are free in it; baja opts out at each question of it."""
    text = (
        FLOW.replace("ANYWHERE", "end")
        .replace("OPTION", "end")
        .replace("{words: [f]}", "{words: [info], interrupts: true}")
    )
    assert told(text) == []
    assert told(text.replace("Info: end", "Baja: end")) == ["4:3 opt-out-word"]


def test_a_word_in_a_longer_one() -> None:
    """A word inside another flow's longer one hides nothing: the longest counts."""
    assert (
        told(
            "flow: a\nstart: {words: [cita]}\nsteps: [{say: a}]\n",
            "flow: b\nstart: {words: [cancelar cita]}\nsteps: []\n",
        )
        == []
    )
