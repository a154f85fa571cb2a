"""Why a turn failed, in Spanish."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import botkit
from botkit.errors import EvaluationError, summary_of
from botkit.flow import values
from botkit.flow.failures import KINDS, SPANISH, failure_in

#: What says in its place what another sentence does, or what somebody else said.
OTHERS = {"'{}' is {}", "{}: {}"}


def sentences() -> Iterator[str]:
    """Yield every sentence that an EvaluationError is raised with, `{}` where it names something."""
    for path in Path(botkit.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EvaluationError" and node.args:
                match node.args[0]:
                    case ast.Constant(value=str(text)):
                        yield text
                    case ast.JoinedStr(values=parts):
                        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)


def test_every_sentence() -> None:
    """Each that is raised has its Spanish, which names as much."""
    raised = set(sentences())
    assert len(raised) > 70
    assert raised - set(SPANISH) - OTHERS == set()
    assert [english for english, spanish in SPANISH.items() if english.count("{}") != spanish.count("{}")] == []


def test_every_kind() -> None:
    """Each kind of value has its Spanish."""
    assert {kind for kind in values._KINDS.values() if kind[0] != "'"} - set(KINDS) == set()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("'/': division by zero", "'/': división por cero"),
        ("'<' cannot compare a text with nothing", "'<' no puede comparar un texto con nada"),
        ("'date' needs a date as ISO text, not another text of 4 characters", "no otro texto de 4 letras"),
        ("'date' needs a date as ISO text, not a list", "no una lista"),
        (
            summary_of(EvaluationError("{% for %} needs a list, not a date")),
            "necesita una lista, no una fecha",
        ),
        ("ValueError: no hay cupo", "ValueError: no hay cupo"),
        ("the flow 'a\n{}' is no longer there", "el flujo 'a\n{}' ya no está"),
    ],
)
def test_told(reason: str, told: str) -> None:
    """A sentence of ours is told in Spanish, its type left out; one of somebody else's as it is."""
    assert failure_in("es", reason).endswith(told)
    assert failure_in("en", reason) == reason
