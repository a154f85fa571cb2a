"""`botkit graph`: what is drawn, where it is written, and what cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.graph import layout

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOWS = "flow: uno\nstart: {words: [uno]}\nsteps:\n  - call: dos\n---\nflow: dos\nsteps:\n  - say: Hola\n"

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return what draws in a folder with a bot of two flows."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "f.yaml").write_text(FLOWS)
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(botkit, ["graph", *args, "--lang", "en"])


def test_svg(call: Call) -> None:
    """Into a pipe it writes SVG of every own flow, with links to the files as they were read."""
    done = call()
    assert done.exit_code == 0
    assert done.stdout.startswith("<svg ")
    assert 'href="flows/f.yaml#L4"' in done.stdout
    assert 'id="flow-uno"' in done.stdout
    assert 'id="flow-dos"' in done.stdout
    assert 'id="flow-hello"' not in done.stdout


def test_one(call: Call) -> None:
    """Only flows that are named are drawn, built-in ones too."""
    assert 'id="flow-uno"' not in call("dos").stdout
    assert 'id="flow-hello"' in call("hello").stdout
    assert 'id="flow-dos"' not in call("hello").stdout


@pytest.mark.parametrize(
    ("args", "begins"), [(("--html",), "<!doctype html>"), (("--mermaid",), "flowchart TD"), (("--svg",), "<svg ")]
)
def test_forms(call: Call, args: tuple[str, ...], begins: str) -> None:
    """An option says as what it is written."""
    assert call(*args).stdout.startswith(begins)


@pytest.mark.parametrize(
    ("name", "begins"), [("a.html", "<!doctype html>"), ("a.mmd", "flowchart TD"), ("a.svg", "<svg "), ("a", "<svg ")]
)
def test_out(call: Call, name: str, begins: str) -> None:
    """The name of the file says so too; the command says which file it wrote."""
    done = call("--out", name)
    assert done.stdout == f"{name}\n"
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_unknown_ending(call: Call) -> None:
    """A file that would not be what its name says is not written, unless an option says as what."""
    done = call("--out", "a.png")
    assert done.exit_code == 2
    assert "a.png: no picture can be drawn into a file with that ending; it may be .svg, .html" in done.stderr
    assert not Path("a.png").exists()
    assert call("--svg", "--out", "a.png").exit_code == 0


def test_links_from_elsewhere(call: Call) -> None:
    """Links lead from where the picture lies to the flow."""
    Path("docs").mkdir()
    call("--out", "docs/a.svg")
    assert 'href="../flows/f.yaml#L4"' in Path("docs/a.svg").read_text(encoding="utf-8")


def test_option_before_name(call: Call) -> None:
    """An option counts for more than the file's name."""
    call("--html", "--out", "a.svg")
    assert Path("a.svg").read_text(encoding="utf-8").startswith("<!doctype")


def test_open(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It puts a page into a place for such files, with whole addresses, says where, and opens it in the browser."""
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    places = tmp_path / "temporary"
    places.mkdir()
    monkeypatch.setenv("BROWSER", str(browser))
    monkeypatch.setattr("tempfile.tempdir", str(places))
    done = call("--open")
    path = Path(done.stdout.strip())
    assert places in path.parents
    assert seen.read_text().strip() == path.as_uri()
    assert f'href="{(tmp_path / "flows" / "f.yaml").as_uri()}#L4"' in path.read_text(encoding="utf-8")


def test_unknown(call: Call) -> None:
    """A flow that there is not is named, with the nearest."""
    done = call("unoo")
    assert done.exit_code == 2
    assert done.stderr == "error: the bot has no flow 'unoo'; did you mean 'uno'?\n"


def test_wrong(call: Call) -> None:
    """A bot with errors is not drawn: they are told, beside what a pipe gets."""
    Path("flows/f.yaml").write_text(FLOWS.replace("call: dos", "call: doss"))
    done = call()
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "flows/f.yaml:4" in done.stderr
    assert "errors: 1" in done.stderr


def test_unwritable(call: Call) -> None:
    """A file that cannot be written is said."""
    done = call("--out", "nowhere/a.svg")
    assert done.exit_code == 2
    assert done.stderr.startswith("error: nowhere/a.svg cannot be written: ")


def test_same_bytes(call: Call) -> None:
    """Another process, with another order of sets, writes the same bytes."""
    command = [sys.executable, "-m", "botkit", "graph", "--html", "--lang", "es"]
    root = str(Path(__file__).parents[2])
    made = {
        subprocess.run(
            command,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root},
            cwd=root,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_too_large(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow of too many boxes and lines is named, and written for others to draw."""
    monkeypatch.setattr(layout, "MOST_PARTS", 4)
    done = call("--svg")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the flow 'uno' is too large to draw: it has 5 boxes and lines, and up to 4 are drawn" in done.stderr
    assert call("--mermaid").exit_code == 0
    monkeypatch.setattr(layout, "MOST_PARTS", 5)
    assert call("--svg").exit_code == 0
