"""Yes and no."""

from __future__ import annotations

import pytest

from botkit.answers.yes_no import read_yes_no


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
