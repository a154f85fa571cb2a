"""`botkit test --mutate`: what people read of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.testing.mutants.trial import Trial

FLOW = """\
flow: saludo
start: {words: [buenas]}
steps:
  - ask: ¿Cuántos años tienes?
    id: edad
    save: edad
    type: integer
    min: 18
  - say: Gracias
    if: edad < 99
"""
TEST = """\
tests:
  - name: mayor de edad
    script:
      - user: buenas
      - bot: ¿Cuántos años tienes?
      - user: "18"
      - bot: Gracias
"""
OTHER = "flow: otro\nstart: {words: [otro]}\nsteps: [{say: Uno}, {say: Dos}]\n"


def call(*arguments: str) -> Result:
    """Call `botkit test`."""
    return CliRunner().invoke(botkit, ["test", *arguments])


def test_listed(folder: Path) -> None:
    """What no test noticed is listed by place, with what it was and what it became; then come the counts."""
    found = call("--mutate")
    assert found.exit_code == 0
    assert found.output.splitlines() == [
        "1 test passed",
        "",
        "changes that no test noticed:",
        "  flows/saludo.yaml:8:10  18 → 17",
        "  flows/saludo.yaml:10:14  < → <=",
        "",
        "saludo  noticed 4 of 6 (66 %)",
        "total   noticed 4 of 6 (66 %)",
    ]
    assert {path.name for path in folder.iterdir()} == {"config.yaml", "flows"}
    assert (folder / "flows" / "saludo.yaml").read_text() == FLOW


def test_spanish(folder: Path) -> None:
    """The same in Spanish."""
    lines = call("--mutate", "--lang", "es").output.splitlines()
    assert lines[2] == "cambios que ninguna prueba notó:"
    assert lines[-1] == "total   notados 4 de 6 (66 %)"


@pytest.mark.parametrize(("least", "status"), [("66", 0), ("67", 1)])
def test_fail_under(folder: Path, least: str, status: int) -> None:
    """The share of mutants that is noticed may not be less; coverage is then not asked for."""
    found = call("--mutate", "--fail-under", least)
    assert found.exit_code == status
    assert "took" not in found.output
    assert (f"changes noticed: 66 % is less than {least} %" in found.output) == bool(status)


@pytest.mark.parametrize(("least", "status"), [("66", 0), ("70", 1)])
def test_both(folder: Path, least: str, status: int) -> None:
    """With both, neither may be less."""
    found = call("--coverage", "--mutate", "--fail-under", least)
    assert found.exit_code == status
    assert "saludo  2/3  66 %" in found.output
    for which in ("ways taken", "changes noticed"):
        assert (f"{which}: 66 % is less than {least} %" in found.output) == bool(status)


def test_whole_flow(folder: Path) -> None:
    """A flow that no test comes through is one line; with some tests only their flows count."""
    (folder / "flows" / "otro.yaml").write_text(OTHER)
    lines = call("--mutate").output.splitlines()
    assert "  flows/otro.yaml:1:1  otro: no test comes through this flow (2 changes)" in lines
    assert "otro    noticed 0 of 2 (0 %)" in lines
    assert "otro" not in call("-k", "edad", "--mutate", "--coverage").output


def test_refused(folder: Path) -> None:
    """How many changes `botkit check` finds is told apart."""
    flow = "flow: saludo\nstart: {words: [buenas]}\nsteps: [{goto: fin}]\nasides: {fin: [{say: Chau}]}\n"
    (folder / "flows" / "saludo.yaml").write_text(flow)
    (folder / "flows" / "saludo.test.yaml").write_text(
        "tests:\n  - name: a\n    script: [{user: buenas}, {bot: 'Chau'}]\n"
    )
    lines = call("--mutate").output.splitlines()
    assert lines[1:3] == ["", "the tests noticed every change"]
    assert lines[-1] == "1 change was left out: 'botkit check' finds it by itself"


def test_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C shows what is known by then."""
    whole = Trial.verdicts

    def some(trial: Trial):  # type: ignore[no-untyped-def]
        for number, verdict in enumerate(whole(trial)):
            if number == 4:
                raise KeyboardInterrupt
            yield verdict

    monkeypatch.setattr(Trial, "verdicts", some)
    found = call("--mutate")
    assert found.exit_code == 130
    assert "interrupted after 4 of 6 changes; up to there:" in found.output
    assert "flows/saludo.yaml:8:10  18 → 17" in found.output
    assert "saludo  noticed 3 of 4 (75 %)" in found.output


def test_quiet(folder: Path) -> None:
    """Where standard error is no terminal, nothing is written there, whatever the mutants make fail."""
    ran = subprocess.run([sys.executable, "-m", "botkit", "test", "--mutate"], capture_output=True, check=True)
    assert ran.stderr == b""
