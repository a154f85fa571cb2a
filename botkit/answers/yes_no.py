"""`yes_no`: yes and no, in all the words people have for them."""

from __future__ import annotations

import re
from functools import lru_cache

from botkit.answers.fold import fold
from botkit.answers.remembered import remembered

_YES = {
    "es": (
        "si|s|sip|sipi|sep|simon|claro|claro que si|por supuesto|por supuesto que si|desde luego|dale|de una|ya"
        "|ya pues|ok|okey|okay|oki|okis|vale|bueno|bien|esta bien|muy bien|de acuerdo|correcto|cierto|es cierto"
        "|asi es|asi mismo|exacto|exactamente|efectivamente|afirmativo|obvio|obvio que si|seguro|confirmo|confirmado"
        "|acepto|listo|perfecto|me parece|me parece bien|como no|con gusto|quiero|si quiero|lo quiero|si puedo|eso"
        "|eso es|yes|verdad|va|sale|orale|andale|adelante|es correcto|aja|sisi|que si|hecho|ya po|autorizo"
    ),
    "en": (
        "yes|y|yeah|yep|yup|ya|sure|of course|ok|okay|k|correct|right|that's right|exactly|absolutely|definitely"
        "|certainly|fine|sounds good|confirm|confirmed|i confirm|i do|i accept|please do|go ahead|why not|true"
    ),
}
_NO = {
    "es": (
        "no|n|ya no|nop|nope|nel|nones|nada|para nada|ni modo|negativo|tampoco|jamas|nunca|todavia no|aun no|mejor no"
        "|ahora no|por ahora no|por el momento no|no quiero|no puedo|no acepto|no lo quiero|no es cierto"
        "|no es correcto|no hace falta|claro que no|por supuesto que no|obvio que no|desde luego que no"
        "|de ninguna manera|de ningun modo|ni hablar|ni loco|ni loca|no esta bien|incorrecto|falso|nah"
        "|nono|que no|no autorizo|no confirmo"
    ),
    "en": (
        "no|n|nope|nah|not now|not yet|not really|negative|never|of course not|certainly not|absolutely not|no way"
        "|i don't|i do not|i don't want to|don't|incorrect|not correct|wrong|false|not ok"
    ),
}
#: language -> words for yes, for no
YES_WORDS: dict[str, tuple[str, ...]] = {language: tuple(words.split("|")) for language, words in _YES.items()}
NO_WORDS: dict[str, tuple[str, ...]] = {language: tuple(words.split("|")) for language, words in _NO.items()}
#: what they mean in any language; the colour of a hand does not count
YES_EMOJI = "👍👌✅✔☑🆗💯🫡"
NO_EMOJI = "👎❌✖🚫🙅⛔"
#: What people say besides.
_POLITE = (
    "por favor|porfa|porfavor|gracias|muchas gracias|mil gracias|senor|senora|senorita|amigo|amiga|pues|nomas|nomas si"
    "|please|thanks|thank you|thank you very much|many thanks|sir|madam|thx|pls"
)
#: Longest text that is read, in words: a longer one says more than yes.
MOST_WORDS = 12

_RUNS = re.compile(r"([a-z])\1+")
_PARTS = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")


@remembered
def read_yes_no(text: str, language: str) -> bool | None:
    """Return what a text says to a yes/no question, or None; the other languages count too.

    Letters may be drawn out ("siiii"). Several words count where all say the same: "sí, claro", "no, gracias".
    """
    parts = _parts(text.replace("’", "'"))
    if len(parts) > MOST_WORDS:
        return None
    phrases = _phrases(language)
    said: set[bool] = set()
    at = 0
    while at < len(parts):
        end = next((end for end in range(len(parts), at, -1) if " ".join(parts[at:end]) in phrases), 0)
        if not end:
            return None
        meaning = phrases[" ".join(parts[at:end])]
        said |= set() if meaning is None else {meaning}
        at = end
    return said.pop() if len(said) == 1 else None


def _parts(text: str) -> list[str]:
    """Return the words and the emoji that mean something; other signs and emoji do not count."""
    found = _PARTS.findall(_RUNS.sub(r"\1", fold(text)))
    return [part for part in found if part[0].isalnum() or part in YES_EMOJI or part in NO_EMOJI]


@lru_cache(maxsize=8)
def _phrases(language: str) -> dict[str, bool | None]:
    """Return phrase -> what it means (None: nothing), runs of a letter as one; the language's own go first.

    A letter alone counts in its own language only: "y" is "and" in Spanish.
    """
    phrases: dict[str, bool | None] = dict.fromkeys(_squeezed(_POLITE.split("|")))
    for tongue in sorted(YES_WORDS, key=lambda tongue: tongue == language):
        for words, meaning in ((NO_WORDS[tongue], False), (YES_WORDS[tongue], True)):
            fitting = [word for word in words if len(word) > 1 or tongue == language]
            phrases |= dict.fromkeys(_squeezed(fitting), meaning)
    return phrases | dict.fromkeys(YES_EMOJI, True) | dict.fromkeys(NO_EMOJI, False)


def _squeezed(words: tuple[str, ...] | list[str]) -> list[str]:
    return [_RUNS.sub(r"\1", fold(word)) for word in words]
