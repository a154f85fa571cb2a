"""`record`: what is appended to the flow's results."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from tests.turn.samples import begun


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("5", 5),
        ("1.50", 1.5),
        ("true", True),
        ("si", "si"),
        ("+59171234567", "+59171234567"),
        ("'05'", "05"),
        ("'{{ n }}'", 7),
        ("'{{ n }} ya'", "7 ya"),
        ("'{{ today }}'", "2025-11-23"),
        ("'{{ now }}'", "2025-11-23T11:00"),
        ("'{{ lista }}'", ["a", 1]),
        ("'{{ nunca }}'", None),
        ("'{{ hora }}'", 10),
        ("'a las {{ hora }}'", "a las Diez"),
        ("[1, '{{ hora }}']", [1, 10]),
        ("{x: '{{ hora }}', y: {z: 2}}", {"x": 10, "y": {"z": 2}}),
    ],
)
def test_types(written: str, kept: Any) -> None:
    """A column keeps its type; a chosen option is its value, a date ISO text; inside a text all is printed."""
    found = begun(
        "  - set: {n: 7, lista: [a, 1]}\n"
        "  - {if: n == 8, then: [{set: {nunca: 1}}]}\n"
        "  - {choose: q, save: hora, options: [{label: Diez, value: 10}]}\n"
        f"  - record:\n      columna: {written}\n"
    )
    found.say("Diez")
    [row] = found.records
    assert row == {"columna": kept}
    assert orjson.loads(orjson.dumps(row)) == row


@pytest.mark.parametrize("record", ["{z: '{{ z }}', a: '{{ a }}', m: '{{ m }}'}", "[z, a, m]"])
def test_order(record: str) -> None:
    """Columns come as they are written, by name or as a list of slots."""
    found = begun(f"  - set: {{a: 1, m: 2, z: 3}}\n  - record: {record}\n")
    assert list(found.records[0].items()) == [("z", 3), ("a", 1), ("m", 2)]
