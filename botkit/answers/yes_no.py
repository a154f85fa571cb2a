"""Yes and no, in all the words people have for them."""

from __future__ import annotations

import re

from botkit.answers.fold import fold

YES_WORDS: dict[str, tuple[str, ...]] = {
    "es": tuple(
        "si|sii|siii|claro|claro que si|dale|ya|ok|okey|okay|vale|bueno|de acuerdo|por supuesto|correcto|asi es|"
        "sip|simon|obvio|confirmo|si por favor|si gracias|listo|perfecto|exacto".split("|")
    ),
    "en": tuple(
        "yes|y|yeah|yep|yup|sure|ok|okay|of course|correct|right|please do|yes please|fine|confirm|confirmed".split("|")
    ),
}
NO_WORDS: dict[str, tuple[str, ...]] = {
    "es": tuple(
        "no|nop|nope|nel|no gracias|para nada|ni modo|negativo|tampoco|todavia no|aun no|mejor no|nada|no quiero".split(
            "|"
        )
    ),
    "en": tuple("no|n|nope|nah|no thanks|no thank you|not now|not yet|negative|never".split("|")),
}
#: language -> word -> what it means; the empty language is all of them, where yes goes before no
_MEANINGS: dict[str, dict[str, bool]] = {
    language: {**dict.fromkeys(NO_WORDS[language], False), **dict.fromkeys(YES_WORDS[language], True)}
    for language in YES_WORDS
}
_MEANINGS[""] = {
    **{word: False for words in NO_WORDS.values() for word in words},
    **{word: True for words in YES_WORDS.values() for word in words},
}
#: "sí, por favor" is "sí por favor"
_INNER = re.compile(r"\s*[,.;!]+\s*")


def read_yes_no(text: str, language: str) -> bool | None:
    """Return what a text says to a yes/no question, or None; the other languages count too."""
    folded = _INNER.sub(" ", fold(text))
    own = _MEANINGS.get(language, {}).get(folded)
    return own if own is not None else _MEANINGS[""].get(folded)
