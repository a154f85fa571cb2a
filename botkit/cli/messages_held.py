"""What to do where nothing leaves by a channel: a row for each cause of `outbox list`, for the pages on operating."""

from __future__ import annotations

#: Cause, as in `outbox/forecast.py` -> Spanish, English.
HELD: dict[str, tuple[str, str]] = {
    "paused": (
        "alguien lo detuvo: `botkit outbox resume CANAL`",
        "somebody stopped it: `botkit outbox resume CHANNEL`",
    ),
    "unlinked": (
        "vincula el teléfono; si la pasarela no avisa que ya está, `botkit outbox resume`",
        "link the phone; where the gateway does not tell that it is, `botkit outbox resume`",
    ),
    "redirect": ("corrige `base_url` y reinicia", "mend `base_url`, restart"),
    "unauthorized": ("corrige `api_key` y reinicia", "mend `api_key`, restart"),
    "refused": (
        "`botkit outbox list --state failed` dice qué rechazó; corrige `send` y reinicia; los que fallaron se envían"
        " con `botkit outbox retry ID…`",
        "`botkit outbox list --state failed` says what it refused; mend `send`, restart; those that failed are sent by"
        " `botkit outbox retry ID…`",
    ),
    "throttled": ("nada: sigue solo a la hora que dice", "nothing: it goes on by itself at the time shown"),
    "quota": (
        "habla con el proveedor; se prueba a los 5, 15 y 60 minutos y luego cada hora",
        "talk to the provider; it is probed after 5, 15 and 60 minutes, then hourly",
    ),
    "unavailable": (
        "espera: nada se pierde, y se prueba a la hora que dice",
        "wait: nothing is lost, and it is probed",
    ),
    "unreachable": (
        "mira la red y el DNS: `botkit doctor`; nada se pierde, y se prueba al menos cada minuto",
        "look at network and DNS: `botkit doctor`; nothing is lost, and it is probed at least once a minute",
    ),
    "server_error": (
        "espera; si sigue, dale a su soporte lo que dice la alerta `server_errors`",
        "wait; if it lasts, give its support what the alert `server_errors` says",
    ),
    "silent": (
        "espera; lo que quizás llegó se decide aparte, y `botkit doctor` mira la conexión",
        "wait; what may have arrived is decided by itself, and `botkit doctor` looks at the connection",
    ),
    "unreadable": (
        "compara `id` y `send` en config.yaml con lo que contesta: `botkit gateway show`",
        "compare `id` and `send` in config.yaml with what it answers: `botkit gateway show`",
    ),
    "restored": ("nada: sigue solo tras un período", "nothing: it goes on by itself after one period"),
    "probing": ("nada: la respuesta decide", "nothing: the answer decides"),
}
