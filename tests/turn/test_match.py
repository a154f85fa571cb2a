"""Reading what a person meant: numbers, yes and no, options."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.turn.match import match_option, read_integer, read_yes_no


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


@pytest.mark.parametrize(
    ("text", "language", "meaning"),
    [
        *((text, "es", True) for text in ("sí", "Si", "SÍ!", "sii", "claro", "Claro que sí", "dale", "ya", "vale")),
        *((text, "es", True) for text in ("sí, por favor", "Sí. Gracias", "por supuesto", "ok", "yes")),
        *((text, "es", False) for text in ("no", "¡No!", "nop", "no, gracias", "No gracias.", "para nada", "nope")),
        *((text, "es", False) for text in ("mejor no", "todavía no", "never")),
        *((text, "en", True) for text in ("yes", "Yeah!", "yes, please", "sure", "ok", "sí", "dale")),
        *((text, "en", False) for text in ("no", "No, thanks", "nope", "not now", "no gracias")),
        *((text, "es", None) for text in ("", "quizás", "sino", "no sé", "sí y no", "1", "?", "notar", "nosotros")),
        *((text, "en", None) for text in ("maybe", "yesterday", "know", "i do not know")),
        ("sí", "pt", True),
    ],
)
def test_yes_no(text: str, language: str, meaning: bool | None) -> None:
    """Yes and no in the contact's language, and in the other; what is not sure is neither."""
    assert read_yes_no(text, language) is meaning


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
