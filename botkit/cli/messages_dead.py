"""What `botkit dead` says, in Spanish and English."""

from __future__ import annotations

DEAD: dict[str, tuple[str, str]] = {
    "dead": (
        "Mensajes muertos: lo que falló cinco veces y se dejó de lado, con su error y el paso en que ocurrió.",
        "Dead letters: what failed five times and was put aside, with its error and the step where it happened.",
    ),
    "dead list": ("Los lista, el más nuevo primero.", "List them, the newest first."),
    "dead show": (
        "Muestra uno, con nombres y números cambiados.",
        "Show one, with names and numbers changed.",
    ),
    "dead retry": (
        "Los vuelve a intentar como si llegaran ahora, detrás de lo que la conversación ya hizo. El flujo de entonces"
        " terminó con la disculpa: una respuesta suelta puede no encontrar su pregunta.",
        "Try them again as if they came now, behind what their conversation has done since. Its flow ended with the"
        " apology: an answer alone may find no question.",
    ),
    "dead drop": (
        "Los da por perdidos: no se intentan más. Pregunta antes.",
        "Give them up: they are never tried again. Asks first.",
    ),
    "option limit letters": ("Cuántos se listan, a lo sumo.", "How many are listed, at most."),
    "option all letters": ("Todos los que hay.", "All that there are."),
    "no letters": ("no hay mensajes muertos", "there are no dead letters"),
    "letters or all": (
        "di cuáles: sus números, o --all",
        "say which: their numbers, or --all",
    ),
    "ask drop": ("¿Dar por perdidos {n} mensajes muertos?", "Give up {n} dead letters?"),
    "ask drop 1": ("¿Dar por perdido {n} mensaje muerto?", "Give up {n} dead letter?"),
    "ask retry": (
        "{n} ya hicieron una parte: sus mensajes saldrán otra vez y sus funciones se llamarán de nuevo. ¿Seguir?",
        "{n} did a part already: its messages will be sent again and its handlers called anew. Go on?",
    ),
    "ask retry 1": (
        "{n} ya hizo una parte: sus mensajes saldrán otra vez y sus funciones se llamarán de nuevo. ¿Seguir?",
        "{n} did a part already: its messages will be sent again and its handlers called anew. Go on?",
    ),
    "not confirmed": (
        "no se hizo nada: responde que sí, o agrega --yes",
        "nothing was done: answer yes, or add --yes",
    ),
    "did dead retry": ("{letter}: se intenta otra vez", "{letter}: tried again"),
    "waits dead retry": (
        "{letter}: se intentará cuando el bot corra",
        "{letter}: will be tried when the bot runs",
    ),
    "did dead drop": ("{letter}: perdido", "{letter}: given up"),
    "masked": (
        "números y nombres cambiados; --personal muestra los verdaderos",
        "numbers and names are changed; --personal shows the real ones",
    ),
    "letter what": ("qué", "what"),
    "letter who": ("contacto", "contact"),
    "letter when": ("llegó", "came"),
    "letter gave up": ("abandonado", "given up"),
    "letter attempts": ("intentos", "attempts"),
    "letter error": ("error", "error"),
    "letter where": ("paso", "step"),
    "letter did": ("hizo", "did"),
    "letter part": (
        "una parte: lo que dijo y llamó antes de fallar queda hecho",
        "a part: what it said and called before it failed stays done",
    ),
    "letter ended": (
        "el proceso terminó cada vez antes que el turno",
        "the process ended each time before the turn did",
    ),
    "letter trace": (
        "`botkit logs {conversation}` muestra dónde falló",
        "`botkit logs {conversation}` shows where it failed",
    ),
    "kind of message": ("mensaje", "message"),
    "kind of due": ("reloj", "clock"),
    "kind of named": ("evento", "event"),
    "kind of told": ("texto del negocio", "text of the business"),
    "kind of operator": ("texto de un operador", "text of an operator"),
    "kind of begin": ("flujo que empieza", "flow that begins"),
    "kind of release": ("devolución al bot", "given back to the bot"),
    "kind of delivery": ("aviso de no entregado", "news of a failed message"),
    "kind of apology": ("disculpa", "apology"),
    "kind of forget": ("olvido de una persona", "a person to forget"),
}
