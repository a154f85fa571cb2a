"""Yes and no."""

from __future__ import annotations

import pytest

from tests.answers.samples import read

YES = [
    *(
        "sí",
        "Si",
        "SÍ!",
        "sii",
        "siiii",
        "síííí",
        "sip",
        "s",
        "claro",
        "Claro que sí",
        "por supuesto que sí",
        "dale",
        "ya",
    ),
    *("va", "sale", "órale", "sisi", "ajá", "adelante", "es correcto"),
    *("vale", "ok", "okey", "bueno", "está bien", "de acuerdo", "sí, por favor", "Sí. Gracias", "sí, claro", "ok dale"),
    *("👍", "👍🏽", "👍👍", "✅", "✔️", "sí 👍", "sí 🙏", "s\u200bí", "ｓｉ", "yes", "¿sí?", "sí pues", "así es", "𝗦𝗶"),
]
NO = [
    *(
        "no",
        "¡No!",
        "nooo",
        "n",
        "nop",
        "nel",
        "no, gracias",
        "No gracias.",
        "no no",
        "nooo muchas gracias",
        "para nada",
    ),
    *(
        "nono",
        "ni modo",
        "claro que no",
        "por supuesto que no",
        "mejor no",
        "todavía no",
        "no quiero",
        "ya no",
        "no, nunca",
    ),
    *("👎", "👎🏿", "❌", "🙅‍♀️", "🚫", "nope", "never"),
]
NEITHER = [
    *("", "?", "1", "y", "quizás", "sino", "no sé", "sí y no", "si no", "no sí", "ok no", "notar", "nosotros", "que"),
    *("gracias", "por favor", "👍👎", "😊", "no hay", "siempre", "si puedo mañana", "por qué no", "síno", "si " * 20),
]
ENGLISH_YES = ["yes", "Yeah!", "yes, please", "sure", "ok", "y", "yesss", "of course", "that’s right", "sí", "dale"]
ENGLISH_NO = ["no", "No, thanks", "nope", "n", "not now", "no way", "I don’t", "no gracias", "of course not"]
ENGLISH_NEITHER = ["maybe", "yesterday", "know", "i do not know", "yes and no", "s", "not"]


@pytest.mark.parametrize(("texts", "meaning"), [(YES, True), (NO, False), (NEITHER, None)])
def test_spanish(texts: list[str], meaning: bool | None) -> None:
    """Yes and no in Spanish, in words and hands; what is not sure is neither."""
    assert {text: read("yes_no", text) for text in texts} == dict.fromkeys(texts, meaning)


@pytest.mark.parametrize(("texts", "meaning"), [(ENGLISH_YES, True), (ENGLISH_NO, False), (ENGLISH_NEITHER, None)])
def test_english(texts: list[str], meaning: bool | None) -> None:
    """Yes and no in English; the other language counts too, but for letters alone."""
    assert {text: read("yes_no", text, "en") for text in texts} == dict.fromkeys(texts, meaning)


def test_unknown_language() -> None:
    """A language without words of its own has those of the others."""
    assert read("yes_no", "sí", "pt") is True
    assert read("yes_no", "nope", "pt") is False
