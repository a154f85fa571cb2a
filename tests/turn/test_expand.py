"""Menus: what is kept of one for the next person, and what is made anew."""

from __future__ import annotations

import pytest

from botkit.turn.expand import LANGUAGES
from botkit.turn.kinds.choose import Choose
from botkit.turn.options import Options
from tests.turn.samples import Talk, begun

CONSTANT = (
    "  - choose: q\n    save: x\n    options: [{label: {es: Sí, en: 'Yes'}, value: 1}, {label: 'No', value: 0}]\n"
)


def options_of(found: Talk) -> Options:
    """Return the options of the question that waits."""
    step = found.flows.flows["f"].steps[found.top.step]
    assert isinstance(step.body, Choose)
    return step.body.options


def menu_of(found: Talk) -> list[tuple[str, str]]:
    """Return id and title of each option of the last message."""
    return [(each["id"], each["title"]) for each in found.sent[-1].message["options"]]


def test_kept() -> None:
    """A menu of constants is made once; whoever is shown it has ids of his own, and its rows to himself."""
    first = begun(CONSTANT)
    rows = options_of(first).rows[("es", "es")]
    assert [row["id"] for row in rows] == ["", ""]
    second = Talk(first.flows)
    second.say("hola")
    second.say("go")
    assert options_of(second).rows == {("es", "es"): rows}
    assert [title for _, title in menu_of(first)] == [title for _, title in menu_of(second)] == ["Sí", "No"]
    assert {number for number, _ in menu_of(first)}.isdisjoint(number for number, _ in menu_of(second))
    assert all(mine is not kept for mine, kept in zip(second.top.shown, rows, strict=True))


def test_languages() -> None:
    """It is kept by language, for as many as bots have and no more: a contact's is what a flow put there."""
    found = begun("  - {id: l, ask: l, save: contact.language}\n" + CONSTANT + "  - goto: l\n")
    options: Options | None = None
    for language in ("en", "es", *(f"x{number}" for number in range(LANGUAGES * 2)), "en"):
        found.say(language)
        options = options_of(found)
        assert menu_of(found)[0][1] == ("Yes" if language == "en" else "Sí")
        found.tap("No")
    assert options is not None
    assert len(options.rows) == LANGUAGES


@pytest.mark.parametrize(
    "options",
    [
        "[{label: '{{ contact.phone }}', value: 1}, b]",
        "[{label: a, value: '{{ contact.phone }}'}, b]",
        "[{label: a, value: {deep: '{{ today }}'}}, b]",
        "[{label: a, if: contact.new}, b]",
        "[{from: '[1, 2]'}, b]",
        "[{label: a, value: [1, 2]}, b]",  # whoever is given the list could change it for others
    ],
)
def test_anew(options: str) -> None:
    """A menu that depends on who is asked or when, or whose values could be changed, is made anew each time."""
    assert options_of(begun(f"  - choose: q\n    options: {options}\n")).rows == {}
