"""Reading what a person meant: which option."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.answers.fold import flatten
from botkit.turn.match import match_option, match_suggestion


def menu(*labels: str, **words: list[str]) -> list[dict[str, Any]]:
    """Return options by label; a word list for the label `x_y` is for the option "x y"."""
    found = []
    for number, label in enumerate(labels):
        extra = words.get(label.replace(" ", "_"))
        found.append({"id": str(number), "label": label, "value": f"v{number}", **({"words": extra} if extra else {})})
    return found


DISHES = menu("Salteña", "Silpancho", "Pique macho", "Mocochinchi", Mocochinchi=["refresco", "Bebida fría"])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1", "Salteña"),
        ("opción 2", "Silpancho"),
        ("la 3", "Pique macho"),
        ("4.", "Mocochinchi"),
        ("0", None),
        ("5", None),
        ("12", None),
        ("②", "Silpancho"),
        ("SALTEÑA", "Salteña"),
        ("salteña!", "Salteña"),
        ("saltena", "Salteña"),
        ("v1", "Silpancho"),
        ("bebida fria", "Mocochinchi"),
        ("Refresco.", "Mocochinchi"),
        ("la primera", "Salteña"),
        ("el segundo", "Silpancho"),
        ("Tercera", "Pique macho"),
        ("cuarto", "Mocochinchi"),
        ("quinta", None),
        ("el último", "Mocochinchi"),
        ("la ultima", "Mocochinchi"),
        ("the first", "Salteña"),
        ("last", "Mocochinchi"),
        ("silpanchoo", "Silpancho"),
        ("mocochinche", "Mocochinchi"),
        ("salt", None),
        ("pique", None),
        ("sí", None),
        ("", None),
        ("   ", None),
        ("una salteña y un silpancho", None),
    ],
)
def test_option(text: str, label: str | None) -> None:
    """The number, then label, value and words, then an ordinal, then a close spelling."""
    found = match_option(DISHES, text, "es")
    assert (found["label"] if found else None) == label


@pytest.mark.parametrize(
    ("labels", "text", "label"),
    [
        (("Sí", "No, otro día", "Cancelar"), "dale", "Sí"),
        (("Sí", "No, otro día", "Cancelar"), "no gracias", "No, otro día"),
        (("Sí", "No", "No, nunca"), "nop", None),
        (("Yes", "No"), "claro", "Yes"),
        (("Martes", "Marte"), "martess", None),
        (("Martes", "Jueves"), "martess", "Martes"),
        (("Sur", "Sud"), "sut", None),
        (("10", "2"), "2", "2"),
        (("Primero de Mayo", "Otro"), "la primera", "Primero de Mayo"),
        (("Otro", "La primera"), "la primera", "La primera"),
    ],
)
def test_menus(labels: tuple[str, ...], text: str, label: str | None) -> None:
    """Yes/no phrases count for one Sí/No option; a close spelling only if it is the only one."""
    found = match_option(menu(*labels), text, "es")
    assert (found["label"] if found else None) == label


@pytest.mark.parametrize(
    ("text", "label"), [("1", "c"), ("2", "más"), ("3", None), ("a", "a"), ("el último", "c"), ("el segundo", None)]
)
def test_rows(text: str, label: str | None) -> None:
    """With pages a number means a row on show, an ordinal an option on show, a label any option."""
    options = menu("a", "b", "c")
    rows = [options[2], {"id": "p1", "label": "más", "page": 1}]
    found = match_option(options, text, "es", rows)
    assert (found["label"] if found else None) == label


@pytest.mark.parametrize(
    ("text", "label"), [("2", "Silpancho"), ("saltena", "Salteña"), ("la primera", None), ("silpanchoo", None)]
)
def test_suggestion(text: str, label: str | None) -> None:
    """A suggestion is matched without ordinals and close spelling."""
    found = match_suggestion(DISHES, text, "es")
    assert (found["label"] if found else None) == label


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4), st.text(max_size=40))
def test_any_text(labels: list[str], text: str) -> None:
    """Whatever people write means an option of the menu or none; nothing is raised."""
    options = [{"id": str(number), "label": label, "value": None} for number, label in enumerate(labels)]
    for match in (match_option, match_suggestion):
        assert match(options, text, "es") in [None, *options]


@given(st.lists(st.text("abcñé +-", min_size=2, max_size=8), min_size=1, max_size=4, unique_by=flatten))
def test_every_label_counts(labels: list[str]) -> None:
    """A label that is written as it is shown means its option, unless it is blank."""
    options = [{"id": str(number), "label": label, "value": None} for number, label in enumerate(labels)]
    for option in options:
        if flatten(option["label"] or ""):
            assert match_option(options, str(option["label"]), "es") is option
