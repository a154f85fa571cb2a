"""`botkit test`: which bot and which tests, exit statuses, JUnit, restarts."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.testing.rehearsal import Rehearsal

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = "flow: {0}\nstart: {{words: [{0}]}}\nsteps:\n  - choose: ¿{0}?\n    save: a\n    options: [Sí, No]\n"
TEST = "tests:\n  - name: {0} bien\n    script: [user: {0}, bot: '¿{0}?', tap: Sí]\n"


def make(folder: Path, *names: str) -> None:
    """Make a bot with a flow and a test for each name."""
    (folder / "flows").mkdir(parents=True)
    (folder / "config.yaml").write_text(CONFIG)
    for name in names:
        (folder / "flows" / f"{name}.yaml").write_text(FLOW.format(name))
        (folder / "flows" / f"{name}.test.yaml").write_text(TEST.format(name))


@pytest.fixture(autouse=True)
def two_bots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of two bots."""
    make(tmp_path / "one", "uno", "dos")
    make(tmp_path / "two", "tres")
    monkeypatch.chdir(tmp_path)


def call(*arguments: str) -> Result:
    """Run `botkit test`, in English."""
    return CliRunner().invoke(botkit, ["test", "--lang", "en", *arguments])


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (("--config", "one/config.yaml"), 2),
        (("one",), 2),
        (("one/flows",), 2),
        (("one/flows/uno.test.yaml",), 1),
        (("one/flows/uno.test.yaml", "one/flows/dos.test.yaml"), 2),
        (("one/flows", "one/flows/dos.test.yaml"), 2),
        (("one/config.yaml",), 2),
        (("two/flows", "--config", "two/config.yaml"), 1),
        (("one", "-k", "uno or dos"), 2),
        (("one", "-k", "bien and not uno"), 1),
    ],
)
def test_which(arguments: tuple[str, ...], count: int) -> None:
    """Files and folders, each once, of the bot whose config.yaml is nearest above, unless another is named."""
    result = call(*arguments)
    assert (result.exit_code, result.output) == (0, f"{count} test{'s' if count > 1 else ''} passed\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("one", "two"), "belongs to another bot"),
        (("one", "-k", "nadie"), "no test has 'nadie' in its name"),
        (("one/flows/empty",), "there are no tests in one/flows/empty"),
        (("one/flows/uno.yaml",), "missing-key"),
        ((), "config.yaml"),
        (("one", "--junit", "one/config.yaml/x.xml"), "cannot write"),
        (("one", "--junit", ""), "--junit names no file"),
        (("--config", "none/config.yaml"), "there are no tests to run"),
        (("one", "-k", "(uno"), "'(uno' of -k cannot be read"),
        (("one", "-k", "uno or"), "'uno or' of -k cannot be read"),
        (("one", "-k", "and"), "'and' of -k cannot be read"),
        (("one", "--fail-under", "nan"), "nan is no percentage"),
    ],
)
def test_nothing_played(arguments: tuple[str, ...], told: str) -> None:
    """What cannot be played is said, and is no success."""
    Path("one/flows/empty").mkdir()
    make(Path("none"), "uno")
    Path("none/flows/uno.test.yaml").unlink()
    Path("none/flows/a.test.yaml").write_text("")
    Path("none/flows/b.test.yaml").write_text("tests: []\n")
    result = call(*arguments)
    assert result.exit_code == 2
    assert told in result.output


JUNIT = [
    b"",
    b"<testsuites/>",
    b"<?xml version='1.0'?>\n<testsuite/>",
    b"\xef\xbb\xbf<?xml version='1.0'?><testsuites>",
]
OTHERS = ["one/flows/uno.test.yaml", "one/config.yaml", "page.html", "other.xml"]


@pytest.mark.parametrize("file", OTHERS)
@pytest.mark.parametrize(("lang", "told"), [("en", "is no JUnit XML"), ("es", "no es un XML de JUnit")])
def test_junit_over_another_file(file: str, lang: str, told: str) -> None:
    """What somebody wrote is not replaced by results: nothing is played, and the file stays to the byte."""
    Path("page.html").write_text("<!doctype html><p>testsuites\n")
    Path("other.xml").write_text("<?xml version='1.0'?>\n<project><testsuites/></project>\n")
    before = Path(file).read_bytes()
    result = call("one", "--junit", file, "--lang", lang)
    assert (result.exit_code, Path(file).read_bytes()) == (2, before)
    assert told in result.output
    assert "passed" not in result.output


@pytest.mark.parametrize("before", JUNIT)
def test_junit_again(before: bytes) -> None:
    """Results of an earlier run are replaced, and so is an empty file."""
    Path("junit.xml").write_bytes(before)
    for _ in range(2):
        assert call("one", "--junit", "junit.xml").exit_code == 0
        assert ElementTree.parse("junit.xml").getroot().get("tests") == "2"


def test_no_junit_of_nothing() -> None:
    """Where nothing was played nothing is written: a file of no tests would be shown as a success."""
    assert call("one", "-k", "nadie", "--junit", "junit.xml").exit_code == 2
    assert not Path("junit.xml").exists()


def test_failed() -> None:
    """A test that failed makes status 1; the others are played."""
    Path("one/flows/uno.test.yaml").write_text(TEST.format("uno").replace("¿uno?", "¿Uno?"))
    result = call("one", "--junit", "made/here/junit.xml")
    assert result.exit_code == 1
    assert result.output.endswith("1 of 2 tests failed\n")
    root = ElementTree.parse("made/here/junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")


LOGGED = """\
flow: caja
start: {words: [caja]}
steps:
  - run: caja.abre
    save: caja
    on_error: end
---
flow: red
start: {words: [red]}
steps:
  - http: GET https://red.example.com/x
    save: red
    on_error: end
"""
OPENS = """\
from botkit import handler

@handler("caja.abre")
def opens() -> int:
    raise ValueError
"""
LOGGED_TESTS = """\
tests:
  - name: red
    stubs: {GET https://red.example.com/x: {status: 503}}
    script: [user: red, expect: {running: false}]
  - name: caja
    script: [user: caja, wait: 2h, bot: Abierta]
"""


def test_log_of_the_failed() -> None:
    """What was logged in a test that failed is in its transcript, once, with its traceback; of others nothing is."""
    Path("one/config.yaml").write_text(CONFIG + "handlers: [opens.py]\n")
    Path("one/opens.py").write_text(OPENS)
    Path("one/flows/log.yaml").write_text(LOGGED)
    Path("one/flows/log.test.yaml").write_text(LOGGED_TESTS)
    result = call("one/flows/log.test.yaml")
    lines = result.stdout.splitlines()
    assert lines[1:3] == ["    user: caja", "    log:  handler_raised flow=caja handler=caja.abre step=caja"]
    assert lines[3].endswith("Traceback (most recent call last):")
    assert any("opens.py:5 opens" in line for line in lines)
    assert result.stdout.count("handler_failed") == 1
    assert "    wait: 2h" in lines
    assert "http_refused" not in result.output
    assert result.stderr == ""


def test_wrong_file() -> None:
    """A file with a mistake makes status 2, nothing is played, and the XML has the error."""
    Path("one/flows/uno.test.yaml").write_text("tests: 3\n")
    result = call("one", "--junit", "junit.xml")
    assert result.exit_code == 2
    assert "passed" not in result.output
    assert ElementTree.parse("junit.xml").getroot().get("errors") == "1"


def test_restarts(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--restart-everywhere` ends the process after each input, and everything goes on."""
    restarts = []
    restart = Rehearsal.restart

    async def counted(rehearsal: Rehearsal) -> None:
        restarts.append(rehearsal)
        await restart(rehearsal)

    monkeypatch.setattr(Rehearsal, "restart", counted)
    assert call("one", "--restart-everywhere").exit_code == 0
    assert len(restarts) == 4
    assert call("one").exit_code == 0
    assert len(restarts) == 4
