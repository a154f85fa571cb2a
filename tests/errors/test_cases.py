"""Every mistake is told at its place, by its code, with a hint that helps; in words that are known beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.flow.codes import CODES
from tests.errors.cases import Case, as_golden, cases, codes, golden_file, told

EACH = pytest.mark.parametrize("case", cases(), ids=str)
HERE = Path(__file__).parent


def test_every_code() -> None:
    """Every code has a case, and there are a hundred cases at least."""
    shown = {expected.code for case in cases() for expected in case.expected}
    assert sorted(set(CODES) - shown) == []
    assert len(cases()) >= 100


@EACH
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is told is what was expected, in the words of the golden file."""
    monkeypatch.chdir(tmp_path)
    found, texts = told(case, tmp_path)
    assert codes(found) == sorted((each.place, each.code) for each in case.expected)
    for problem, expected in zip(found, sorted(case.expected), strict=True):
        assert expected.es in problem.advice("es")
        assert expected.en in problem.advice("en")
    assert as_golden(texts) == golden_file(case).read_text(encoding="utf-8")


def test_golden_files() -> None:
    """No golden file is left of a case that is gone; `python -m tests.errors.golden` writes them."""
    assert {path.stem for path in (HERE / "golden").iterdir()} == {case.name for case in cases()}
