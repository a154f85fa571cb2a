"""`botkit explore`: what people read of it, what it saves, how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from tests.explore.planted import CONFIG, PLANTED

DIVIDED = PLANTED[0]


@pytest.fixture
def folder(in_english: Path) -> Path:
    """A bot's folder, in which commands are called."""
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text(CONFIG)
    (in_english / "handlers.py").write_text("")
    (in_english / "flows" / "cuenta.yaml").write_text(DIVIDED.flow)
    return in_english


def call(*arguments: str) -> Result:
    """Call `botkit explore`."""
    return CliRunner().invoke(botkit, ["explore", "--turns", "200", *arguments])


def test_found(folder: Path) -> None:
    """A finding has its place, its talk, the seed and a test that fails; the second time it is not saved again."""
    found = call("--seed", "7")
    assert found.exit_code == 1
    lines = found.output.splitlines()
    assert lines[0] == (
        "flows/cuenta.yaml:14:5: something fails and the conversation ends: '/': division by zero [fails]"
    )
    assert lines[1] == "    user: dividir"
    assert "; seed 7." in lines[-2]
    assert lines[-1] == "1 new test in flows/explore.test.yaml."
    assert CliRunner().invoke(botkit, ["test"]).exit_code == 1
    assert call("--seed", "7").output.splitlines()[-1] == "0 new tests in flows/explore.test.yaml."


def test_same_seed(folder: Path) -> None:
    """The same seed prints the same, to the byte."""
    first, again = (call("--seed", "7", "--no-save") for _ in range(2))
    assert first.output == again.output


def test_well(folder: Path) -> None:
    """Nothing wrong is said in a line; exit 0."""
    (folder / "flows" / "cuenta.yaml").write_text(DIVIDED.mended)
    found = call()
    assert found.exit_code == 0
    assert found.output.startswith("Nothing went wrong; turns: ")
    assert not (folder / "flows" / "explore.test.yaml").exists()


def test_logs_nothing(folder: Path) -> None:
    """What rehearsals log of services that are made to fail is nowhere."""
    (folder / "flows" / "cuenta.yaml").write_text(
        "flow: red\nstart: {words: [red]}\nsteps:\n  - http: GET https://red.example.com/x\n    save: red\n"
        "    on_error: end\n"
    )
    found = call("--no-save")
    assert "http_refused" not in found.output
    assert found.stderr == ""


def test_no_save(folder: Path) -> None:
    """With --no-save nothing is written."""
    assert call("--no-save").exit_code == 1
    assert not (folder / "flows" / "explore.test.yaml").exists()


def test_save(folder: Path) -> None:
    """--save names the file."""
    assert call("--save", "flows/mine.test.yaml").exit_code == 1
    assert (folder / "flows" / "mine.test.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "told"), [(["nada"], "no flow 'nada'"), (["--for", "soon"], "'soon' is no duration")]
)
def test_refused(folder: Path, arguments: list[str], told: str) -> None:
    """What cannot be done is said; exit 2."""
    found = call(*arguments)
    assert found.exit_code == 2
    assert told in found.output


def test_flow(folder: Path) -> None:
    """Only the flows that are named are begun."""
    (folder / "flows" / "otro.yaml").write_text(PLANTED[9].mended)
    assert call("boletin").exit_code == 0
    assert call("cuenta").exit_code == 1


def test_new(in_english: Path) -> None:
    """Nothing is wrong with a bot as `botkit new` makes it."""
    made = CliRunner().invoke(botkit, ["new", "mine", "--yes", "--handlers"])
    assert made.exit_code == 0, made.output
    found = call("--config", "mine/config.yaml", "--seed", "1")
    assert found.exit_code == 0, found.output
