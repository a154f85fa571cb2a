"""The worked example of docs/contributing.md: its code, taken from the page, works."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from botkit.turn import kinds, step
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "contributing.md"
CODE = {block.code.partition("\n")[0].removeprefix("# "): block.code for block in blocks(PAGE, "python")}
MODULE, TABLE, TESTS = "botkit/turn/kinds/shout.py", "botkit/turn/kinds/__init__.py", "tests/turn/test_shout.py"


def run_module(name: str, path: Path) -> ModuleType:
    """Run a block as a module."""
    path.write_text(CODE[name])
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


@pytest.fixture
def tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example's tests, with its kind in a copy of the table."""
    shout = run_module(MODULE, tmp_path / "shout.py").SHOUT
    table = {**kinds.KINDS, "shout": shout}
    monkeypatch.setattr(kinds, "KINDS", table)
    monkeypatch.setattr(step, "KINDS", table)
    return run_module(TESTS, tmp_path / "test_shout.py")


@pytest.mark.parametrize("name", ["test_capitals", "test_empty"])
def test_example(tests: ModuleType, name: str) -> None:
    """Its own tests pass with it."""
    getattr(tests, name)()


def test_whole() -> None:
    """Every test of the example is run here."""
    assert [name for name in CODE[TESTS].split() if name.startswith("test_")] == ["test_capitals()", "test_empty()"]


def test_table() -> None:
    """The line of the table is the one that stands in the code, and the new name."""
    line = CODE[TABLE].splitlines()[1]
    assert line.replace(", SHOUT)", ")") in (ROOT / TABLE).read_text()
