"""`botkit test --coverage`: what people read of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.coverage import shown_percent

FLOW = """\
flow: saludo
start: {words: [hola]}
anywhere: {Adiós: quit}
steps:
  - choose: ¿Café?
    id: cafe
    options: [{Sí: end}, "No"]
  - say: Un té, entonces
"""
TEST = """\
tests:
  - name: sin café
    script:
      - user: hola
      - bot: ¿Café?
      - user: "no"
      - bot: Un té, entonces
"""


def call(*arguments: str) -> Result:
    """Call `botkit test`."""
    return CliRunner().invoke(botkit, ["test", *arguments])


def test_listed(folder: Path) -> None:
    """What no test took is listed by place, step and words; then comes a line for each flow and one for all."""
    found = call("--coverage")
    assert found.exit_code == 0
    assert found.output.splitlines() == [
        "1 test passed",
        "",
        "ways that no test took:",
        "  flows/saludo.yaml:3:12  saludo: “Adiós”",
        "  flows/saludo.yaml:7:16  cafe: “Sí”",
        "",
        "saludo  2/4  50 %",
        "total   2/4  50 %",
    ]


def test_spanish(folder: Path) -> None:
    """The same in Spanish."""
    lines = call("--coverage", "--lang", "es").output.splitlines()
    assert lines[2:5] == [
        "caminos que ninguna prueba tomó:",
        "  flows/saludo.yaml:3:12  saludo: «Adiós»",
        "  flows/saludo.yaml:7:16  cafe: «Sí»",
    ]


def test_whole(folder: Path) -> None:
    """Where every way was taken, that is said."""
    (folder / "flows" / "saludo.yaml").write_text("flow: saludo\nstart: {words: [hola]}\nsteps: [{say: Buenas}]\n")
    (folder / "flows" / "saludo.test.yaml").write_text(
        "tests:\n  - name: a\n    script: [{user: hola}, {bot: 'Buenas'}]\n"
    )
    found = call("--fail-under", "100")
    assert found.exit_code == 0
    assert "the tests took every way" in found.output


@pytest.mark.parametrize(("least", "status"), [("50", 0), ("50.5", 1), ("0", 0), ("100", 1), ("101", 2)])
def test_fail_under(folder: Path, least: str, status: int) -> None:
    """Too little is a failure; the option alone asks for coverage."""
    found = call("--fail-under", least)
    assert found.exit_code == status
    assert ("ways that no test took" in found.output) == (status != 2)
    assert (f"ways taken: 50 % is less than {least} %" in found.output) == (status == 1)


def test_failures_first(folder: Path) -> None:
    """A test that fails is what people read; coverage comes when they pass."""
    (folder / "flows" / "saludo.test.yaml").write_text(TEST.replace("Un té", "Un mate"))
    found = call("--coverage")
    assert found.exit_code == 1
    assert "ways" not in found.output


@pytest.mark.parametrize(
    ("some", "total", "shown"), [(3, 3, "100"), (9999, 10_000, "99"), (0, 3, "0"), (21, 23, "91"), (0, 0, "100")]
)
def test_percent(some: int, total: int, shown: str) -> None:
    """Nothing is rounded up to what it is not; nothing of nothing is all of it."""
    assert shown_percent(some, total) == shown
