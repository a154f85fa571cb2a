"""What pictures say in words, in Spanish and English: one table for boxes, one for ways out."""

from __future__ import annotations

#: What stands above the text of a box: kinds of steps, boxes of OTHER_BOXES, reserved targets.
HEADINGS: dict[str, tuple[str, str]] = {
    "say": ("dice", "says"),
    "ask": ("pregunta", "asks"),
    "choose": ("elige", "chooses"),
    "set": ("anota", "sets"),
    "if": ("si", "if"),
    "run": ("función", "handler"),
    "http": ("servicio web", "web service"),
    "call": ("llama al flujo", "calls the flow"),
    "goto": ("va a", "goes to"),
    "wait": ("espera", "waits"),
    "schedule": ("agenda", "schedules"),
    "record": ("registra", "records"),
    "handoff": ("pasa a personas", "hands over to people"),
    "end": ("fin", "end"),
    "start": ("empieza", "begins"),
    "anywhere": ("en cualquier momento", "at any time"),
    "flow": ("sigue en el flujo", "goes on in the flow"),
    "jump": ("va a", "goes to"),
    "apart": ("aparte", "apart"),
}

#: What a reserved target, or one that the machine has besides, does.
TARGETS: dict[str, tuple[str, str]] = {
    "end": ("fin", "end"),
    "resume": ("sigue lo de antes", "what was before goes on"),
    "back": ("pregunta anterior", "previous question"),
    "restart": ("empieza de nuevo", "begins anew"),
    "quit": ("termina todo", "everything ends"),
    "again": ("repite la pregunta", "asks again"),
}

#: What a way out is called; `{key}` is what tells several apart, `{time}` how long something lasts.
WAYS: dict[str, tuple[str, str]] = {
    "next": ("{other}", "{other}"),
    "skipped": ("si no", "otherwise"),
    "then": ("sí", "yes"),
    "else": ("no", "no"),
    "answered": ("responde", "answers"),
    "chosen": ("{key}", "{key}"),
    "exhausted": ("tras {tries} respuestas malas", "after {tries} wrong answers"),
    "ok": ("{well}", "{well}"),
    "error": ("si falla", "if it fails"),
    "status": ("estado {key}", "status {key}"),
    "ended": ("termina", "ends"),
    "returned": ("final: {key}", "outcome: {key}"),
    "released": ("lo devuelven", "given back"),
    "anywhere": ("«{key}»", "“{key}”"),
    "failed": ("si no se pudo enviar", "if it could not be sent"),
    "silence": ("sin respuesta {time}", "no answer for {time}"),
    "idle": ("nadie escribe en {time}", "nobody writes for {time}"),
    "elapsed": ("pasan {time}", "after {time}"),
    "event": ("llega el aviso", "the event comes"),
    "timeout": ("no llega en {time}", "not come in {time}"),
}
#: Ways that nobody chooses.
DASHED = frozenset(("exhausted", "error", "failed", "silence", "idle", "timeout", "anywhere"))

#: Pieces of texts.
PHRASES: dict[str, tuple[str, str]] = {
    "quoted": ("«{text}»", "“{text}”"),
    "one of": ("una de: {text}", "one of: {text}"),
    "well": ("sale bien", "it works"),
    "on": ("sigue", "goes on"),
    "other outcome": ("otro final", "any other outcome"),
    "guard": ("solo si {text}", "only if {text}"),
    "silent": ("sin respuesta {time}: {text}", "no answer for {time}: {text}"),
    "idle": ("nadie escribe en {time}: {text}", "nobody writes for {time}: {text}"),
    "parked": ("queda en pausa", "it is parked"),
    "words": ("con: {text}", "by: {text}"),
    "pattern": ("con el patrón {text}", "by the pattern {text}"),
    "event": ("con el aviso {text}", "by the event {text}"),
    "any": ("con cualquier mensaje", "by any message"),
    "callers": ("lo usan: {text}", "used by: {text}"),
    "alone": ("solo desde otro flujo o un recordatorio", "only from another flow or a reminder"),
    "shipped": ("lo empieza botkit", "begun by botkit"),
    "interrupts": ("puede interrumpir a otro flujo", "may interrupt another flow"),
    "until": ("hasta {text}", "until {text}"),
    "awaits": ("el aviso {text}", "the event {text}"),
    "cancels": ("cancela {text}", "cancels {text}"),
    "in": ("en {time}", "in {time}"),
    "at": ("para {text}", "at {text}"),
    "everything": ("y todo lo de abajo", "and all below"),
    "more": ("{text} (y {n} más)", "{text} (and {n} more)"),
    "image": ("imagen", "picture"),
    "document": ("documento", "document"),
    "audio": ("audio", "sound"),
    "video": ("video", "video"),
    "location": ("ubicación", "place on the map"),
    "contact": ("tarjeta de contacto", "contact card"),
    "flows": ("Flujos", "Flows"),
    "shapes": ("Qué es cada forma", "What each shape is"),
    "to top": ("volver al índice", "back to the index"),
}


def word(table: dict[str, tuple[str, str]], key: str, language: str, /, **values: object) -> str:
    """Return a text of one of the tables; values that it does not name count for nothing."""
    spanish, english = table[key]
    return (spanish if language == "es" else english).format(**values)
