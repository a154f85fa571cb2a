"""What an EvaluationError says, in Spanish: one table.

Where a turn fails its sentence is English, and goes so into the log and the store. Commands that show it to people put
it into their language here; a sentence of somebody else's, such as a handler's, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

#: What stands before a sentence that a store has: the type of the error.
_TYPE = "EvaluationError: "
#: A sentence longer than this is none of ours, in characters.
_LONGEST = 400

#: what `kind_of` says, and words that stand in its place -> the same in Spanish
KINDS: dict[str, str] = {
    "nothing": "nada",
    "a yes/no": "un sí/no",
    "a number": "un número",
    "a text": "un texto",
    "a date": "una fecha",
    "a list": "una lista",
    "a mapping": "un grupo de claves",
    "a value": "otro valor",
    "an address": "una dirección",
}

#: sentence, with `{}` where it names something -> the same in Spanish, with as many
SPANISH: dict[str, str] = {
    # ── templates and expressions ──
    "{% for a, b %} needs a list of pairs or a mapping": (
        "{% for a, b %} necesita una lista de pares o un grupo de claves"
    ),
    "{% for %} needs a list, not {}": "{% for %} necesita una lista, no {}",
    "the text grew over {} characters": "el texto pasó de {} letras",
    "too many passes through {% for %}": "demasiadas vueltas de {% for %}",
    "a text of more than {} characters": "un texto de más de {} letras",
    "'{}': a text of more than {} characters": "'{}': un texto de más de {} letras",
    "a value nested deeper than {}": "un valor con más de {} niveles",
    "a value of more than {} characters and items": "un valor de más de {} letras y elementos",
    "'omit' is no text: it drops a key where it stands alone": "'omit' no es un texto: quita una clave donde está solo",
    "'omit' only drops a key of a mapping": "'omit' solo quita una clave de un grupo",
    "'{}' needs a list, not {}": "'{}' necesita una lista, no {}",
    "'length' needs a text, a list or a mapping, not {}": (
        "'length' necesita un texto, una lista o un grupo de claves, no {}"
    ),
    "'append': a list of more than {} items": "'append': una lista de más de {} elementos",
    "'put' needs a mapping, not {}": "'put' necesita un grupo de claves, no {}",
    "'put': a key is a text or a number, not {}": "'put': una clave es un texto o un número, no {}",
    "'put': a mapping of more than {} keys": "'put': un grupo de más de {} claves",
    "'put': no key may have this name": "'put': ninguna clave puede llamarse así",
    "'items' needs a mapping, not {}": "'items' necesita un grupo de claves, no {}",
    "'{}' needs numbers or texts, not a mixture": "'{}' necesita números o textos, no una mezcla",
    "'{}' needs a date as ISO text, not another text of {} characters": (
        "'{}' necesita una fecha como texto ISO, no otro texto de {} letras"
    ),
    "'{}' needs a date as ISO text, not {}": "'{}' necesita una fecha como texto ISO, no {}",
    "'phone' needs a phone number, not {}": "'phone' necesita un teléfono, no {}",
    "'read' has no one's answer to read here": "'read' no tiene aquí la respuesta de nadie",
    "'in' needs a list, a mapping or a text, not {}": "'in' necesita una lista, un grupo de claves o un texto, no {}",
    "'{}' cannot compare {} with {}": "'{}' no puede comparar {} con {}",
    "'{}' needs a number, not {}": "'{}' necesita un número, no {}",
    "'{}': the result is too large": "'{}': el resultado es demasiado grande",
    "'{}': division by zero": "'{}': división por cero",
    "'**': the numbers are too large": "'**': los números son demasiado grandes",
    "'{}': the numbers do not fit": "'{}': los números no caben",
    "'+': a list of more than {} items": "'+': una lista de más de {} elementos",
    "'{}' is empty; it takes a duration: 30s, 10m, 2h, 3d": "'{}' está vacío; lleva una duración: 30s, 10m, 2h, 3d",
    "'{}' is a number without its unit: 30s, 10m, 2h, 3d": "'{}' es un número sin su unidad: 30s, 10m, 2h, 3d",
    "'{}' is longer than {} days": "'{}' pasa de {} días",
    "'{}' is no duration: 30s, 10m, 2h, 3d": "'{}' no es una duración: 30s, 10m, 2h, 3d",
    # ── messages ──
    "a message of more than {} characters": "un mensaje de más de {} letras",
    "'{}' needs a URL, a file or received media": "'{}' necesita una dirección, un archivo o algo recibido",
    "'{}' needs an address that begins with https://": "'{}' necesita una dirección que empiece con https://",
    "'location' needs a latitude and a longitude": "'location' necesita una latitud y una longitud",
    # ── answers ──
    "the answer type '{}' failed: {}": "el tipo de respuesta '{}' falló: {}",
    "the answer type '{}' gave what is no JSON": "el tipo de respuesta '{}' dio algo que no es JSON",
    "no module registers the answer type '{}' any more": "ningún módulo registra ya el tipo de respuesta '{}'",
    "'{}' of the type '{}' cannot be {} like this": "'{}' del tipo '{}' no puede ser {} así",
    "'{}' cannot be {} like this": "'{}' no puede ser {} así",
    "a sensitive answer could not be read": "una respuesta privada no se pudo leer",
    # ── steps ──
    "the options are too many, or too large": "las opciones son demasiadas, o demasiado grandes",
    "'from' needs a list": "'from' necesita una lista",
    "'words' needs a text or a list of texts": "'words' necesita un texto o una lista de textos",
    "an option without a label": "una opción sin texto",
    "a question without options": "una pregunta sin opciones",
    "the value for '{}' is too large": "el valor de '{}' es demasiado grande",
    "'{}' is no time zone: America/La_Paz is one": "'{}' no es una zona horaria: America/La_Paz lo es",
    "a message came while a call was pending": "llegó un mensaje mientras había una llamada pendiente",
    "a message could not be handled": "un mensaje no se pudo atender",
    "more than {} steps without a question: a loop": "más de {} pasos sin una pregunta: un círculo",
    "the step '{}' is no longer there": "el paso '{}' ya no está",
    "the definition of '{}' that this conversation began with is lost": (
        "se perdió la definición de '{}' con la que empezó esta conversación"
    ),
    "more than {} flows that call one another": "más de {} flujos que se llaman uno a otro",
    "the flow '{}' is no longer there": "el flujo '{}' ya no está",
    "the request is too large": "el pedido es demasiado grande",
    "a header with a line break in it": "un encabezado con un salto de línea",
    "a reminder has a name of 1 to {} characters": "un recordatorio tiene un nombre de 1 a {} letras",
    "more than {} reminders for one contact": "más de {} recordatorios para un contacto",
    "'{}' needs received media or a file of the flows folder, not {}": (
        "'{}' necesita algo recibido o un archivo de la carpeta de flujos, no {}"
    ),
    "a text is needed here, not {}": "aquí va un texto, no {}",
    "a path with '.' or '..' in it": "una ruta con '.' o '..'",
    # ── gateways ──
    "a form cannot hold nested values": "un formulario no lleva valores unos dentro de otros",
    "a text of the body grew over {} characters": "un texto del cuerpo pasó de {} letras",
    "the body cannot be written as JSON: {}": "el cuerpo no se puede escribir como JSON: {}",
    "the body's template failed: {}": "la plantilla del cuerpo falló: {}",
    "the profile has no 'send.{}'": "el perfil no tiene 'send.{}'",
    "'{}' is too large to be sent inline, and there is no 'server.public_url' to link it": (
        "'{}' es demasiado grande para ir dentro del pedido, y no hay 'server.public_url' para enlazarlo"
    ),
    "the gateway takes no medium by what it gave with this one": (
        "la pasarela no acepta archivos por lo que dio con este"
    ),
    "no link to '{}' without 'server.public_url'": "no hay enlace a '{}' sin 'server.public_url'",
    "there is no medium '{}' under the flows folder": "no hay un archivo '{}' en la carpeta de flujos",
    "there is no flows folder to take a file from": "no hay una carpeta de flujos de donde tomar un archivo",
    "the file '{}' cannot be read: {}": "el archivo '{}' no se puede leer: {}",
    "'{}' of the query is a group of keys": "'{}' de la consulta es un grupo de claves",
}


def failure_in(language: str, reason: str) -> str:
    """Return why a turn failed in a language; what is no sentence of ours as it is."""
    sentence = reason.removeprefix(_TYPE)
    if language != "es" or len(sentence) > _LONGEST:
        return reason
    return next(_told(sentence), reason)


def _told(sentence: str) -> Iterator[str]:
    for pattern, spanish in _patterns():
        if found := pattern.fullmatch(sentence):
            named = iter(found.groups())
            yield "".join(_named(next(named)) if part == "{}" else part for part in re.split(r"(\{\})", spanish))


def _named(word: str) -> str:
    return KINDS.get(word, word)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), spanish)
        for english, spanish in SPANISH.items()
    ]
