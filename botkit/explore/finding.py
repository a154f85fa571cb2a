"""What a finding may be: one closed table, in Spanish and English, and what is known of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botkit.explore.scene import Move, Scene
from botkit.flow.failures import failure_in

#: A step where a conversation stands, of a flow; OUT is none: the talk ended, or people have it.
At = tuple[str, str]
OUT: At = ("", "")

#: kind -> what is told of it, in Spanish and English; the values are the finding's.
KINDS: dict[str, tuple[str, str]] = {
    "fails": (
        "algo falla y la conversación se acaba: {reason}",
        "something fails and the conversation ends: {reason}",
    ),
    "unhandled": (
        "si '{name}' falla, la conversación se acaba con la disculpa: ponle 'on_error'",
        "when '{name}' fails the conversation ends with the apology: give it 'on_error'",
    ),
    "crash": ("un defecto de botkit: {reason}", "a defect of botkit: {reason}"),
    "too-long": (
        "una respuesta larga hace un mensaje demasiado largo ({message}): ponle 'max'",
        "a long answer makes a message that is too long ({message}): give it 'max'",
    ),
    "long-option": (
        "una opción de {length} letras: '{label}'",
        "an option of {length} characters: '{label}'",
    ),
    "hole": ("un valor que no hay deja un hueco: '{text}'", "a value that is not there leaves a gap: '{text}'"),
    "raw": ("un mensaje muestra datos por dentro: '{text}'", "a message shows data as they are inside: '{text}'"),
    "twins": ("dos opciones se llaman igual: '{label}'", "two options are called the same: '{label}'"),
    "mute": (
        "la conversación se acaba sin una palabra después de {told}",
        "the conversation ends without a word after {told}",
    ),
    "deaf": (
        "espera un suceso sin plazo, y a quien escribe no le contesta nadie: ponle 'timeout'",
        "it waits for an event without an end, and whoever writes is not answered: give it 'timeout'",
    ),
    "wordless": ("espera una respuesta sin haber preguntado nada", "it waits for an answer and has asked nothing"),
    "nags": (
        "a quien no contesta le escribe una y otra vez, sin fin: '{text}'",
        "whoever does not answer is written to again and again, without end: '{text}'",
    ),
    "refused": (
        "ninguna respuesta sirve ({tried} probadas), tampoco {told}",
        "no answer is taken ({tried} tried), {told} neither",
    ),
    "round": (
        "se responda lo que se responda, se vuelve a preguntar lo mismo: no se llega al final",
        "whatever is answered, the same is asked again: the end is never reached",
    ),
    "not-taken": (
        "los textos prometen que {told} sirve, y no sirve",
        "the words promise that {told} is taken, and it is not",
    ),
    "taken": (
        "los textos dicen que {told} no sirve, y sirve",
        "the words say that {told} is not taken, and it is",
    ),
    "over": (
        "pregunta por un día que vendrá y acepta uno que ya pasó, {told}: ponle 'min'",
        "it asks for a day to come and takes one that is over, {told}: give it 'min'",
    ),
    "overwritten": (
        "guarda en '{slot}', donde está la respuesta de {first}, que nadie leyó",
        "it saves in '{slot}', which holds the answer to {first}, and nobody has read that",
    ),
    "never": (
        "nunca se cumple, se responda lo que se responda: {condition}",
        "it is never true, whatever is answered: {condition}",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that goes wrong, and the moment that shows it. Findings of one `key` have one cause.

    `place` is file:line:column. `values` fill the sentence; `wrong` is what the proof holds the bot to (`proof.py`).
    """

    kind: str
    place: str
    scene: Scene
    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)
    cause: str = ""
    then: tuple[Move, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what it has in common with others of the same cause."""
        return self.kind, self.cause or self.place

    def message(self, language: str) -> str:
        """Return what is wrong, in `es` or `en`."""
        values = dict(self.values)
        if "reason" in values:
            values["reason"] = failure_in(language, str(values["reason"]))
        return KINDS[self.kind][language == "en"].format(**values)
