"""Messages that do not arrive: `undelivered` lets the last one whose step is told be refused for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.testing.result import Result
from tests.testing.playing import bot, played

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = """\
flow: foto
start: {words: [foto]}
steps:
  - say: Mira
    on_failed: sin_foto
  - ask: ¿Te gusta?
    id: gusta
  - say: Gracias
asides:
  sin_foto:
    - say: "No pude mandarla: {{ error }}"
    - end: failed
"""


def result(folder: Path, *lines: str) -> Result:
    """Play a test of these lines."""
    return played(bot(folder, FLOW, "", CONFIG), "".join(f"      - {line}\n" for line in lines))


@pytest.mark.parametrize("before", [(), ("restart: true",), ("wait: 1h",)])
def test_on_failed(tmp_path: Path, before: tuple[str, ...]) -> None:
    """The flow leaves the step that said it by its `on_failed`, and `error` is the reason."""
    lines = ("user: foto", "bot: ['Mira', '¿Te gusta?']", *before, "undelivered: muy grande")
    played = result(tmp_path, *lines, "bot: 'No pude mandarla: muy grande'", "expect: {outcome: failed}")
    assert played.difference is None
    assert "undelivered: muy grande" in played.transcript


def test_too_late(tmp_path: Path) -> None:
    """Where the flow is over, nothing is moved."""
    lines = ("user: foto", "bot: ['Mira', '¿Te gusta?']", "user: sí", "bot: Gracias", "undelivered: x", "bot: []")
    assert result(tmp_path, *lines).difference is None


def test_nobody_is_told(tmp_path: Path) -> None:
    """Where no step with `on_failed` has spoken, the line fails."""
    found = result(tmp_path, "undelivered: x")
    assert found.difference is not None
    assert (found.difference.expected, found.difference.got) == ("losable", "silence")
    assert "a message of a step with 'on_failed'" in found.report("en")
