"""The words in which a channel is found wrong: hints for what is missing, and Spanish for what pydantic says."""

from __future__ import annotations

import re

#: key that a real gateway cannot be without -> what it holds, in English and Spanish.
MISSING = {
    ("base_url",): (
        "the gateway's address, as in 'https://api.example.com'; or the word 'sandbox'",
        "la dirección de la pasarela, como 'https://api.example.com'; o la palabra 'sandbox'",
    ),
    ("api_key",): ("write it as ${WACONECTA_API_KEY}", "escríbela como ${WACONECTA_API_KEY}"),
    ("send", "text"): (
        "method, path and body of a text, from the page that the gateway gave you",
        "method, path y body de un texto, de la página que te dio la pasarela",
    ),
    ("id",): (
        "JMESPath to the message's id in the answer to a send, such as 'id' or 'data.message.id'",
        "JMESPath al id del mensaje en la respuesta a un envío, como 'id' o 'data.message.id'",
    ),
    ("webhook",): (
        "path, auth and rules for what it pushes; if it does not, inbound.poll",
        "path, auth y rules para lo que empuja; si no empuja, inbound.poll",
    ),
    ("inbound", "poll", "request"): (
        "what asks for news: {path: /messages, query: {after: '{{ last.id }}'}}",
        "lo que pregunta qué hay: {path: /messages, query: {after: '{{ last.id }}'}}",
    ),
    ("inbound", "poll", "rules"): (
        "from an item of the answer to an event, as in a webhook",
        "de un elemento de la respuesta a un evento, como en un webhook",
    ),
    ("webhook", "auth"): (
        "how the gateway signs; '{kind: none}' written out takes anything from anybody",
        "cómo firma la pasarela; '{kind: none}', escrito así, acepta cualquier cosa de cualquiera",
    ),
}

#: Kind of pydantic's error -> what is wrong, in Spanish; `{name}` stands for what pydantic says of it.
SPANISH = {
    "int_parsing": "se espera un número entero",
    "int_type": "se espera un número entero",
    "int_from_float": "se espera un número entero",
    "float_parsing": "se espera un número, o una duración como 60s",
    "float_type": "se espera un número, o una duración como 60s",
    "bool_parsing": "se espera true o false",
    "bool_type": "se espera true o false",
    "string_type": "se espera un texto",
    "string_pattern_mismatch": "se espera un texto de la forma '{pattern}'",
    "greater_than": "debe ser mayor que {gt}",
    "greater_than_equal": "debe ser {ge} o más",
    "less_than_equal": "debe ser {le} o menos",
    "literal_error": "se espera {expected}",
    "dict_type": "se espera un grupo de claves",
    "model_type": "se espera un grupo de claves",
    "tuple_type": "se espera una lista",
    "frozen_set_type": "se espera una lista",
    "too_short": "debe tener {min_length} o más, y tiene {actual_length}",
    "too_long": "debe tener {max_length} o menos, y tiene {actual_length}",
}
#: What the validators of profile.py say -> the same in Spanish.
_SENTENCES = (
    (re.compile(r"'(.*)' is none of: (.*)", re.DOTALL), r"'\1' no es ninguno de: \2"),
    (re.compile(r"kind (\w+) needs 'header'"), r"kind \1 necesita 'header'"),
    (re.compile(r"kind (\w+) needs 'secret', or two 'secrets'"), r"kind \1 necesita 'secret', o dos 'secrets'"),
    (re.compile(r"a secret must not be empty"), "un secreto no puede estar vacío"),
    (re.compile(r"kind standard takes a secret and nothing else"), "kind standard lleva un secreto y nada más"),
    (
        re.compile(r"kind standard takes a secret of base64, such as whsec_…"),
        "kind standard lleva un secreto en base64, como whsec_…",
    ),
    (re.compile(r"a path holds no braces: (.*)", re.DOTALL), r"una ruta no lleva llaves: \1"),
    (
        re.compile(r"a webhook's path holds no '\?' and no '#': (.*)", re.DOTALL),
        r"la ruta de un webhook no lleva '?' ni '#': \1",
    ),
    (re.compile(r"'(.*)' is a path of botkit's own"), r"'\1' es una ruta propia de botkit"),
)


def in_spanish(told: str) -> str:
    """Return a sentence of ours in Spanish; what a library says stays as it is, behind words that tell so."""
    for sentence, spanish in _SENTENCES:
        if match := sentence.fullmatch(told):
            return match.expand(spanish)
    return f"no se entiende: {told}"
