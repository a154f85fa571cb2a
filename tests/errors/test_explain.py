"""`botkit explain`: each code has a wrong example with exactly it, and a right one that is well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.trouble import SHOWN
from botkit.explain import GROUPS, Explanation, explanations
from botkit.flow.codes import CODES
from tests.errors.folder import check, write

EACH = pytest.mark.parametrize("each", explanations().values(), ids=lambda each: each.code)


def test_every_code() -> None:
    """Every code is explained in a group, and no code that does not exist."""
    assert [each.code for each in explanations().values() if each.group not in GROUPS] == []
    assert set(explanations()) == set(CODES)


@EACH
def test_wrong(each: Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong example has its problem, and no other one."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, each.wrong)
    assert {problem.code for problem in check(tmp_path)[0]} == {each.code}


@EACH
def test_right(each: Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right example has no problem at all."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, each.right)
    assert [problem.code for problem in check(tmp_path)[0]] == []


@EACH
def test_sentences(each: Explanation) -> None:
    """It is said in both languages, in sentences that need no values."""
    for language in ("es", "en"):
        assert each.meaning(language).endswith(".")
        assert 20 <= len(each.short(language)) <= 110


# ── the command ──


Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command in an empty folder, in English."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(botkit, [*arguments, "--lang", "en"])


def test_page(call: Call) -> None:
    """A code is explained by what it means and by two examples, in which a tab can be seen."""
    result = call("explain", "tab")
    assert result.exit_code == 0
    meaning, wrong, right = result.output.split("\n\n")
    assert meaning == "tab (error)\nThe line begins with a tab. YAML only understands blanks."
    assert wrong == "Wrong:\n    - ask: ¿Cómo te llamas?\n    ⇥   save: nombre"
    assert right == "Right:\n    - ask: ¿Cómo te llamas?\n      save: nombre\n"


def test_names_of_files(call: Call) -> None:
    """Where an example is more than steps, its files are named."""
    assert "\n  flows/menu.yaml -> menu.yaml\n" in call("explain", "file-unreadable").output


def test_as_check_prints_it(call: Call) -> None:
    """A code may be copied with its brackets."""
    assert call("explain", "[tab]").output == call("explain", "tab").output


@pytest.mark.parametrize("code", ["UNKNOWN-TARGET", "unknown target", "unknown_target", " Unknown-Target "])
def test_as_people_write_it(call: Call, code: str) -> None:
    """Capitals, blanks and underscores do not count."""
    assert call("explain", code).output == call("explain", "unknown-target").output


def test_list(call: Call) -> None:
    """Without a code there is one line for each."""
    lines = [line for line in call("explain").output.splitlines() if line]
    assert [line.split()[0] for line in lines] == list(explanations())
    assert all(line.endswith(".") for line in lines)


@pytest.mark.parametrize(("code", "hint"), [("tabs", "did you mean 'tab'?"), ("x", "'botkit explain' lists them")])
def test_unknown_code(call: Call, code: str, hint: str) -> None:
    """A code that does not exist: the nearest one, or where they are."""
    result = call("explain", code)
    assert (result.exit_code, result.output) == (2, f"error: there is no code '{code}'; {hint}\n")


# ── at the end of `botkit check` ──


def test_check_names_it_once(call: Call, tmp_path: Path) -> None:
    """After the problems, `check` says how to learn more, with a code that is there."""
    write(tmp_path, {"steps": "- say: Hola\n  -\n- sey: Hola\n- goto: nada\n"})
    output = call("check").output
    assert output.count("botkit explain") == 1
    assert output.splitlines()[-1] == "to understand a code, for example this one: botkit explain wrong-depth"


def test_many_problems(call: Call, tmp_path: Path) -> None:
    """Text tells the first hundred and counts the others; JSON tells all."""
    write(tmp_path, {"steps": "- sey: Hola\n" * (SHOWN + 20)})
    output = call("check").output
    assert output.count("[unknown-kind]") == SHOWN
    assert (
        f"… and 20 more, from flows/ejemplo.yaml:{SHOWN + 4}:3 on; all of them by: botkit check --format json" in output
    )
    assert "errors: 120, warnings: 0" in output
    assert len(json.loads(call("check", "--format", "json").output)) == SHOWN + 20
