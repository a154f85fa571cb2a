"""What a person must know: the closed table of alerts, each with what it means and what to do.

An alert is the log event `alert` and, where config.yaml names one, a request to a webhook. It is raised once, until
what it is about is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

Alert = Literal[
    "unauthorized",
    "redirected",
    "refused_by_many",
    "unavailable_long",
    "server_errors",
    "quota",
    "key_shared",
    "doubt_held",
    "unlinked",
    "overloaded",
    "dead_letter",
    "deaf",
    "loop",
    "handlers_hung",
    "store_unavailable",
]
#: Called with an alert and its fields, those of `ALERT_FIELDS`. Never a key, a number or a text.
Tell = Callable[[Alert, Mapping[str, object]], None]

#: alert -> Spanish, English.
ALERTS: dict[Alert, tuple[str, str]] = {
    "unauthorized": (
        "La pasarela rechaza la clave (401 o 403). No se envía nada; se prueba cada 5 minutos. Corrige `api_key`"
        " y reinicia el bot.",
        "The gateway refuses the key (401 or 403). Nothing is sent; it is tried every 5 minutes. Mend `api_key`"
        " and restart the bot.",
    ),
    "redirected": (
        "La pasarela contesta con una redirección. No se envía nada: corrige `base_url` y reinicia el bot; si"
        " cambia el host, con el bot detenido, `botkit doctor --accept-target`.",
        "The gateway answers with a redirect. Nothing is sent: mend `base_url` and restart the bot; if the host"
        " changes, `botkit doctor --accept-target` while it is stopped.",
    ),
    "refused_by_many": (
        "La pasarela rechazó mensajes a cinco contactos en 5 minutos. Se espera 5 minutos. `botkit outbox list"
        " --state failed` dice por qué; corrige `send`, reinicia, y envíalos con `botkit outbox retry ID…`:"
        " solos no salen.",
        "The gateway refused messages to five contacts within 5 minutes. Sending waits 5 minutes. `botkit outbox list"
        " --state failed` says why; mend `send`, restart, and send them by `botkit outbox retry ID…`: they do not go by"
        " themselves.",
    ),
    "unavailable_long": (
        "La pasarela no está disponible desde hace 5 minutos. Nada se pierde; se prueba al menos cada minuto.",
        "The gateway has been unavailable for 5 minutes. Nothing is lost; it is tried at least once a minute.",
    ),
    "server_errors": (
        "La pasarela falló tres veces seguidas con un error suyo (5xx). `botkit outbox show --request ID` dice"
        " hora y respuesta de cada uno de `requests`: dáselas a su soporte.",
        "The gateway failed three times in a row with its own error (5xx). `botkit outbox show --request ID` has"
        " the time and the answer of each of `requests`: give them to its support.",
    ),
    "quota": (
        "El plan de la clave se agotó: rechaza (429) hasta un pedido solo. Se prueba a los 5, 15 y 60 minutos y luego"
        " cada hora; los envíos masivos esperan.",
        "The key's plan is used up: it refuses (429) even a single request. It is tried after 5, 15 and 60 minutes,"
        " then every hour; broadcasts wait.",
    ),
    "key_shared": (
        "Alguien más usa esta clave, o `rate.limit` es demasiado alto: rechaza (429) menos pedidos de los permitidos.",
        "Somebody else uses this key, or `rate.limit` is too high: it refuses (429) fewer requests than it allows.",
    ),
    "doubt_held": (
        "No se sabe si un mensaje llegó, y `on_uncertain: hold` espera a que decida una persona: mira"
        " `botkit outbox show ID`; luego `botkit outbox retry ID` o `botkit outbox drop ID`. Lo que sigue para ese"
        " contacto espera.",
        "Nobody knows whether a message arrived, and `on_uncertain: hold` has it wait for a person: see"
        " `botkit outbox show ID`; then `botkit outbox retry ID` or `botkit outbox drop ID`. What follows for that"
        " contact waits.",
    ),
    "unlinked": (
        "La sesión de WhatsApp se desvinculó. No se envía nada hasta que se vincule; si ya lo está,"
        " `botkit outbox resume`.",
        "The WhatsApp session was unlinked. Nothing is sent until it is linked; if it is already,"
        " `botkit outbox resume`.",
    ),
    "overloaded": (
        "Quien escriba ahora esperará más de un minuto: hay más respuestas que pedidos admite la clave. Nada se pierde;"
        " los envíos masivos esperan.",
        "Whoever writes now will wait over a minute: there are more answers than the key takes requests. Nothing is"
        " lost; broadcasts wait.",
    ),
    "dead_letter": (
        "Un mensaje o reloj falló cinco veces y se dejó de lado; el contacto recibió una disculpa y los demás siguen."
        " Mira `botkit dead list`; cuando la falla esté corregida, `botkit dead retry`.",
        "A message or a clock failed five times and was put aside; its contact got an apology, and all others go on."
        " See `botkit dead list`; when the defect is mended, `botkit dead retry`.",
    ),
    "loop": (
        "Una conversación daba vueltas (otro bot que contesta siempre lo mismo, o un flujo sin fin) y quedó detenida."
        " Sigue sola cuando la persona escriba algo nuevo, o con `botkit handoff release`; `botkit handoff list` dice"
        " cuál es.",
        "A conversation went round in circles (another bot that answers everything, or a flow without an end) and was"
        " parked. It goes on by itself when the person writes something new, or by `botkit handoff release`;"
        " `botkit handoff list` says which.",
    ),
    "handlers_hung": (
        "Una función síncrona no vuelve: `handler` dice cuál, `hung` cuántas van. Su hilo queda ocupado hasta que"
        " vuelva o el bot se reinicie. La persona ya tuvo respuesta y los demás siguen; con 256 así ninguna función"
        " síncrona corre. Ponle un tiempo límite a lo que llama.",
        "A sync handler does not come back: `handler` says which, `hung` how many there are. Its thread is lost until"
        " it does or the bot is restarted. The person was answered, and all others go on; with 256 of them no sync"
        " handler runs. Give what it calls a time limit.",
    ),
    "deaf": (
        "Desde hace 5 minutos no se puede leer lo que escribe la gente: `inbound.poll` falla. El registro dice por qué:"
        " qué contesta la pasarela (`poll_refused`: revísalo en config.yaml) o una falla de botkit (`poll_failed`).",
        "For 5 minutes what people write could not be read: `inbound.poll` fails. The log says why: what the gateway"
        " answers (`poll_refused`: check it in config.yaml), or a defect of botkit (`poll_failed`).",
    ),
    "store_unavailable": (
        "El almacén no acepta nada: `reason` dice por qué, y `/readyz` da 503. Los avisos de la pasarela se contestan"
        " con 503, y ella los repite; lo que ya estaba guardado no se pierde. Cuando se arregle, el bot sigue solo:"
        " `store_recovered` en el registro.",
        "The store takes nothing: `reason` says why, and `/readyz` is 503. The gateway's webhooks are answered 503, and"
        " it sends them again; what was stored is not lost. Once that is mended the bot goes on by itself:"
        " `store_recovered` in the log.",
    ),
}
#: alert -> the fields that it has besides `alert`, `text` and `at`.
ALERT_FIELDS: dict[Alert, tuple[str, ...]] = {
    **dict.fromkeys(ALERTS, ("channel",)),
    "server_errors": ("channel", "requests"),
    "doubt_held": ("channel", "messages"),
    "dead_letter": ("channel", "letter", "place"),
    "loop": ("channel", "conversation"),
    "handlers_hung": ("handler", "hung"),
    "store_unavailable": ("reason",),
}
#: Alerts about one message, event or conversation: another of them is another thing to look at.
OF_ONE: frozenset[Alert] = frozenset({"doubt_held", "dead_letter", "loop", "handlers_hung"})
#: What is said where one request tells of several, `{n}` of them: Spanish, English.
SEVERAL = ("Desde la última alerta son {n}.", "Since the last alert there are {n} of them.")
assert set(ALERTS) == set(get_args(Alert))
