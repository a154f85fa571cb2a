"""`-k`: which tests are meant by words of their names."""

from __future__ import annotations

import pytest

from botkit.testing.chosen import chooser, is_expression

NAMES = ("la agenda no contesta", "reserva y cancela", "reserva mañana (n: 3)", "salt and pepper")


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        (None, NAMES),
        ("reserva", NAMES[1:3]),
        ("RESERVA Y", NAMES[1:2]),
        ("manana", NAMES[2:3]),
        ("agenda contesta", ()),
        ("agenda and contesta", NAMES[:1]),
        ("agenda or cancela", NAMES[:2]),
        ("not reserva", (NAMES[0], NAMES[3])),
        ("reserva and not cancela", NAMES[2:3]),
        ("(agenda or reserva) and not (cancela or manana)", NAMES[:1]),
        ("salt and pepper", NAMES[3:]),
        ("(n: 3)", NAMES[2:3]),
        ("mañana (n", NAMES[2:3]),
        ("and", NAMES[3:]),
        ("nadie", ()),
    ],
)
def test_chosen(pattern: str | None, meant: tuple[str, ...]) -> None:
    """Words count together, whatever case and accents; `and`, `or`, `not` join them, unless the name holds them."""
    wanted = chooser(pattern)
    assert tuple(name for name in NAMES if wanted(name)) == meant


@pytest.mark.parametrize(
    ("pattern", "reads"),
    [
        *((each, True) for each in ("a", "a b", "a and b", "not a", "(a or b) and not c", "not not a")),
        *((each, False) for each in ("(a", "a)", "a or", "and", "or a", "not", "()", "a and or b", "a not b")),
    ],
)
def test_expression(pattern: str, reads: bool) -> None:
    """What lacks a word or a parenthesis is no expression."""
    assert is_expression(pattern) is reads
