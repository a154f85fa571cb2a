"""Numbers in sentences."""

from __future__ import annotations

import pytest

from botkit.answers.numbers import read_integer


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("40", 40),
        ("tengo 40 años", 40),
        ("Quiero 3, por favor", 3),
        ("son 12.", 12),
        ("¿15?", 15),
        ("15 de esas", 15),
        ("-5", -5),
        ("hace -5 grados", -5),
        ("0", 0),
        ("007", 7),
        ("1.500", 1500),
        ("1,500", 1500),
        ("1.500.000", 1_500_000),
        ("Bs 1.500", 1500),
        ("50%", 50),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("", None),
        ("muchos", None),
        ("1-15", None),
        ("2 o 3", None),
        ("1.5", None),
        ("1,50", None),
        ("0.500", None),
        ("1.500,50", None),
        ("12:30", None),
        ("12/5", None),
        ("2x3", None),
        ("15de", None),
        ("a5", None),
        ("1500.000", None),
        ("C-7", None),
        ("²", None),
    ],
)
def test_integer(text: str, number: int | None) -> None:
    """The only whole number in a sentence counts; a time, a date, a fraction, a range or two numbers do not."""
    assert read_integer(text) == number
