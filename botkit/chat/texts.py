"""What a chat says itself, in Spanish and English: one table."""

from __future__ import annotations

from typing import Literal

Language = Literal["es", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "hello": ("{flows} · :help dice qué más puedes escribir", "{flows} · :help says what else you can write"),
    "silence": ("(el bot no dice nada)", "(the bot says nothing)"),
    "gathering": (
        "el bot junta mensajes seguidos: Enter deja pasar {seconds}",
        "the bot joins messages that come together: Enter lets {seconds} pass",
    ),
    "ended": ("terminó {flow}: {outcome}", "{flow} ended: {outcome}"),
    "handed": (
        "la conversación la tiene: {to}; el bot calla hasta :release",
        "people have it: {to}; the bot is silent until :release",
    ),
    "unfilled": (
        "{why}: los servicios no se pueden llamar; con --offline respondes tú por ellos",
        "{why}: no service can be called; with --offline you answer for them",
    ),
    "really": (
        "los servicios se llaman de verdad: {services}; con --offline respondes tú por ellos",
        "services are really called: {services}; --offline asks you instead",
    ),
    "asked": ("se llamó a {name}, de verdad: {what}", "{name} was really called: {what}"),
    "refused": ("{name}: {what}", "{name}: {what}"),
    "raised": ("{name} falló en {place}: {what}", "{name} failed at {place}: {what}"),
    "answer": (
        "¿qué responde {name}? un valor, 404, error …; Enter: no responde",
        "what does {name} answer? a value, 404, error …; Enter: nothing",
    ),
    "handler_failed": ("{handler} falló: {error} ({place})", "{handler} failed: {error} ({place})"),
    "turn_failed": ("el turno falló: {reason} ({place})", "the turn failed: {reason} ({place})"),
    "message_muted": (
        "callado: {flow}/{step} dijo lo mismo tres veces a quien repite lo mismo",
        "muted: {flow}/{step} said the same three times to one who repeats the same",
    ),
    "conversation_parked": (
        "detenida: {requests} mensajes en {within_s} s y nada nuevo; escribe otra cosa",
        "parked: {requests} messages within {within_s} s and nothing new; write something else",
    ),
    "event_unheard": ("ningún flujo espera el evento '{named}'", "no flow waits for the event '{named}'"),
    "unknown": ("no hay un comando :{name}{near}", "there is no command :{name}{near}"),
    "near": ("; ¿quisiste decir :{near}?", "; did you mean :{near}?"),
    "lacks": ("falta algo: :{name} {arguments}", "something is missing: :{name} {arguments}"),
    "no duration": ("'{value}' no es un tiempo: 30s, 10m, 2h, 3d", "'{value}' is no time: 30s, 10m, 2h, 3d"),
    "no load": (
        "'{value}' no es un nivel: green, yellow, black",
        "'{value}' is no level: green, yellow, black",
    ),
    "load": ("carga del canal: {level}", "load of the channel: {level}"),
    "no place": (
        "'{value}' no es un lugar: dos números, -16.5 -68.15",
        "'{value}' is no place: two numbers, -16.5 -68.15",
    ),
    "no option": ("no hay una opción '{value}' a la vista", "no option '{value}' is on show"),
    "no file": (
        "no existe {path}: se manda su nombre, sin contenido",
        "there is no {path}: its name is sent, without content",
    ),
    "nothing back": ("no hay nada que borrar", "there is nothing to take back"),
    "taken back": ("sin «{said}»; otra vez:", "without “{said}”; once more:"),
    "cut off": ("se cortó; sigue desde antes:", "cut off; it goes on from before:"),
    "new talk": ("charla nueva", "a new talk"),
    "nowhere": ("no corre ningún flujo", "no flow runs"),
    "last outcome": ("el último terminó: {outcome}", "the last one ended: {outcome}"),
    "at step": ("{flow} · {step} ({kind})  {place}", "{flow} · {step} ({kind})  {place}"),
    "below": ("debajo: {flow} · {step}  {place}", "below: {flow} · {step}  {place}"),
    "old": (
        "la definición de antes: la nueva no tiene este paso; :restart empieza con la nueva",
        "the former definition: the new one lacks this step; :restart begins with the new one",
    ),
    "gone": (
        "la definición de antes: el bot ya no tiene este flujo",
        "the former definition: the bot has no such flow any more",
    ),
    "due": ("{what}: en {left} ({when})", "{what}: in {left} ({when})"),
    "no clocks": ("ningún reloj corre", "no timer runs"),
    "clock silence": ("silencio de la pregunta", "silence of the question"),
    "clock idle": ("silencio del flujo", "silence of the flow"),
    "clock together": ("junta mensajes", "joins messages"),
    "clock wait": ("espera", "wait"),
    "clock handoff": ("vuelve al bot", "back to the bot"),
    "clock reminder": ("recordatorio", "reminder"),
    "clock held": ("algo pendiente", "something held"),
    "no slots": ("todavía no hay datos", "there are no slots yet"),
    "reloaded": ("recargado: {changed}", "reloaded: {changed}"),
    "nothing changed": ("recargado; los flujos no cambiaron", "reloaded; no flow changed"),
    "asks now": ("ahora pregunta:", "it asks now:"),
    "restarts": ("este flujo empieza de nuevo con tu próximo mensaje", "this flow begins anew at your next message"),
    "kept old": ("se sigue con lo de antes", "the former goes on"),
    "saved": ("guardada en {path}: botkit test -k {name}", "saved in {path}: botkit test -k {name}"),
    "failed request": (
        "el stub de {name} es una falla ({error}); una respuesta buena se escribe ahí así: {{json: {{…}}}}; "
        "o charla con --offline y responde tú",
        "the stub of {name} is a failure ({error}); a good answer is written there as {{json: {{…}}}}; "
        "or chat with --offline and answer yourself",
    ),
    "failed handler": (
        "el stub de {name} es una falla ({error}); un buen resultado se escribe ahí así: {{return: …}}",
        "the stub of {name} is a failure ({error}); a good result is written there as {{return: …}}",
    ),
    "nothing said": ("todavía no hay una charla que guardar", "there is no talk to save yet"),
    "not alike": (
        "no se guardó: los archivos cambiaron durante la charla, y así ya no sale igual:",
        "not saved: the files changed during the talk, and now it comes out otherwise:",
    ),
    "not written": ("no se guardó: {why}", "not saved: {why}"),
    "unwritable": ("no se guardó: {path} tiene errores", "not saved: {path} has errors"),
    "text": (
        "escribe lo que escribiría la persona; el número de una opción la toca",
        "write what the person would; the number of an option taps it",
    ),
    "colon": ("un texto que empieza con ':' se escribe con '::'", "a text that begins with ':' is written with '::'"),
}

#: How a day is told.
_DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


def tell(key: str, language: Language, **values: object) -> str:
    """Return a text of the table."""
    return TEXTS[key][0 if language == "es" else 1].format(**values)


def day_name(weekday: int, language: Language) -> str:
    """Return the name of a day of the week, Monday being 0."""
    return _DAYS[language][weekday]
