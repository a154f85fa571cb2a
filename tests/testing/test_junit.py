"""Results as JUnit XML."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from botkit.project import Project
from botkit.testing.junit import junit
from botkit.testing.play import run_tests
from tests.testing.playing import bot

FLOW = """flow: f
start: {words: [go]}
steps:
  - ask: ¿Nombre?
    save: nombre
  - say: "Hola {{ nombre }}"
"""
TESTS = """tests:
  - name: bien
    script: [user: go, bot: '¿Nombre?']
  - name: mal
    each: [{n: Ana}, {n: "<b>&\\x1b\\ud800\\0"}]
    script: [user: go, bot: '¿Nombre?', user: "{{ n }}", bot: Chau]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a bot of one flow, in the folder where we stand."""
    monkeypatch.chdir(tmp_path)
    return bot(Path(), FLOW, "", "channels: {whatsapp: {base_url: sandbox}}\n")


def written(project: Project, *files: str) -> ElementTree.Element:
    """Return the XML of the results of these files of tests."""
    for number, text in enumerate(files):
        (project.folder / "flows" / f"f{number}.test.yaml").write_text(text)
    return ElementTree.fromstring(junit(*run_tests(project, ()), "en"))


def test_suites(project: Project) -> None:
    """A suite for each file, with its sums, and the sums of all."""
    root = written(project, TESTS.replace("\\ud800\\0", ""), "tests:\n  - {name: otra, script: [user: go, bot: /./]}\n")
    found = [(each.get("name"), each.get("tests"), each.get("failures"), each.get("errors")) for each in root]
    assert found == [("flows/f0.test.yaml", "3", "2", "0"), ("flows/f1.test.yaml", "1", "0", "0")]
    assert (root.get("tests"), root.get("failures"), root.get("errors"), root.get("skipped")) == ("4", "2", "0", "0")
    assert float(root.get("time", 0)) > 0


def test_cases(project: Project) -> None:
    """A case has its file, its line (that of its row), its class and its time."""
    cases = list(written(project, TESTS.replace("\\ud800\\0", "")).iter("testcase"))
    assert [(case.get("name"), case.get("line")) for case in cases][:2] == [("bien", "2"), ("mal (n: Ana)", "5")]
    assert {(case.get("file"), case.get("classname")) for case in cases} == {("flows/f0.test.yaml", "flows.f0")}
    assert all(float(case.get("time", -1)) >= 0 for case in cases)


def test_failure(project: Project) -> None:
    """A failure has the first difference as its message, and the transcript; signs that XML lacks are escaped."""
    cases = list(written(project, TESTS.replace("\\ud800\\0", "")).iter("testcase"))
    failure = cases[2].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith(r"expected (line 6): Chau · got: Hola <b>&\x1b  [flows/f.yaml:6:")
    assert "bot:  ¿Nombre?" in (failure.text or "")
    assert r"user: <b>&\x1b" in (failure.text or "")
    assert cases[0].find("failure") is None


def test_errors(project: Project) -> None:
    """Where a file is wrong nothing is played, and each problem is an error with its place."""
    root = written(project, "tests:\n  - {name: a, script: [{wait: soon}]}\n", "tests: 3\n")
    cases = list(root.iter("testcase"))
    assert [case.get("name") for case in cases] == [
        "flows/f0.test.yaml:2:31 bad-duration",
        "flows/f1.test.yaml:1:8 wrong-type",
    ]
    assert (root.get("tests"), root.get("errors"), root.get("failures")) == ("2", "2", "0")
    error = cases[0].find("error")
    assert error is not None
    assert "soon" in error.get("message", "")


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800", "\ufffe", "\x0b"])
def test_no_xml(project: Project, sign: str) -> None:
    """What XML cannot hold is escaped, wherever it stands."""
    found, _ = run_tests(project, [_with(project)])
    broken = type(found[0])(found[0].script, (f"user: a{sign}b",), None)
    assert ElementTree.fromstring(junit([broken], [], "en")).get("tests") == "1"


def _with(project: Project) -> Path:
    path = project.folder / "flows" / "one.test.yaml"
    path.write_text("tests:\n  - {name: a, script: []}\n")
    return path
