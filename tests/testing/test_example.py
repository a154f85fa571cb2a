"""The example bot's own tests: they take every way of its flows, and notice what is changed in them."""

from __future__ import annotations

from pathlib import Path

from botkit.project import load_project
from botkit.testing.coverage import cover
from botkit.testing.mutants.trial import Trial
from botkit.testing.play import run_tests
from botkit.testing.trail import Listener

ROOT = Path(__file__).parents[2]


def test_every_way() -> None:
    """All pass, and no way out of a step is left."""
    project = load_project(ROOT / "config.yaml", {})
    results, problems = run_tests(project, [], None, Listener())
    assert problems == []
    assert [result.script.name for result in results if not result.passed] == []
    assert project.flows is not None
    assert [
        way.name for each in cover(project.flows, [result.trail for result in results]) for way in each.missing
    ] == []


def test_mutants() -> None:
    """Whatever is changed in one of the flows, a test fails (`botkit test --mutate` shows it for all of them)."""
    project = load_project(ROOT / "config.yaml", {})
    results, _ = run_tests(project, [ROOT / "flows" / "idioma.test.yaml"], None, Listener())
    verdicts = list(Trial(project, results, whole=False).verdicts())
    assert {verdict.mutant.flow for verdict in verdicts} == {"idioma"}
    assert [verdict.mutant.was for verdict in verdicts if verdict.sound and not verdict.noticed] == []
