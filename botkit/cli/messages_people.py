"""What the commands say that show and serve people, in Spanish and English."""

from __future__ import annotations

PEOPLE: dict[str, tuple[str, str]] = {
    "logs": (
        "Muestra las líneas del registro sobre CONTACT (número, o id de una conversación).",
        "Show the log's lines about CONTACT (number, or id of a conversation).",
    ),
    "results": ("Muestra lo que registró el flujo FLOW.", "Show what the flow FLOW recorded."),
    "conversation": (
        "Muestra en qué está la conversación con CONTACT.",
        "Show where the conversation with CONTACT is.",
    ),
    "send": ("Manda TEXT a CONTACT.", "Send TEXT to CONTACT."),
    "start": (
        "Empieza el flujo FLOW con CONTACT, encima del que corre.",
        "Begin the flow FLOW with CONTACT, on top of the one that runs.",
    ),
    "handoff": ("Las conversaciones que tienen personas.", "The conversations that people have."),
    "handoff list": (
        "Lista las conversaciones que tienen personas.",
        "List the conversations that people have.",
    ),
    "handoff show": (
        "Muestra lo que se escribió con CONTACT desde que lo tiene una persona.",
        "Show what was written with CONTACT since people have the conversation.",
    ),
    "handoff reply": ("Contesta TEXT a CONTACT.", "Answer CONTACT with TEXT."),
    "handoff release": (
        "Le devuelve al bot la conversación con CONTACT.",
        "Give the conversation with CONTACT back to the bot.",
    ),
    "option csv": ("Como CSV: UTF-8, comas, punto decimal.", "As CSV: UTF-8, commas, decimal points."),
    "option excel": (
        "Como CSV para Excel en español: UTF-8 con BOM, punto y coma, coma decimal.",
        "As CSV for an Excel in Spanish: UTF-8 with BOM, semicolons, decimal commas.",
    ),
    "option json lines": (
        "Como JSON, una línea por fila; es lo usual.",
        "As JSON, a line for each row; so by default.",
    ),
    "option since": (
        "Solo desde entonces: una fecha, fecha y hora, o hace cuánto (7d).",
        "Only from then on: a date, date and time, or how long ago (7d).",
    ),
    "option with": (
        "Un dato que recibe el flujo; se puede repetir.",
        "An input of the flow; may be given more than once.",
    ),
    "no results": ("el flujo '{flow}' no registró nada", "the flow '{flow}' recorded nothing"),
    "no results since": (
        "el flujo '{flow}' no registró nada desde {since}",
        "the flow '{flow}' recorded nothing since {since}",
    ),
    "no since": (
        "'{since}' no es un momento: escribe 2026-11-23, '2026-11-23 09:00' o hace cuánto, como 7d o 12h",
        "'{since}' is no time: write 2026-11-23, '2026-11-23 09:00', or how long ago, as 7d or 12h",
    ),
    "no flow": (
        "ningún flujo '{flow}' registró nada, y el bot no tiene un flujo con ese nombre",
        "no flow '{flow}' recorded anything, and the bot has no flow of that name",
    ),
    "flows with results": ("; tienen resultados: {some}", "; with results: {some}"),
    "shown contact": ("contacto", "contact"),
    "shown where": ("está en", "stands in"),
    "shown idle": ("ningún flujo", "no flow"),
    "shown frame": ("flujo '{flow}', paso '{step}'", "flow '{flow}', step '{step}'"),
    "shown handed": ("la tiene", "people have it"),
    "shown waits": ("espera a", "waits for"),
    "shown said": ("lo último dicho", "said last"),
    "shown slots": ("datos", "slots"),
    "shown outcome": ("último final", "last outcome"),
    "shown updated": ("último cambio", "last change"),
    "did send": ("el bot lo manda ahora", "the bot sends it now"),
    "done paused": (
        "en cola; el canal está en pausa: sale tras `botkit outbox resume`",
        "queued; the channel is paused: it leaves after `botkit outbox resume`",
    ),
    "did start": ("el bot lo empieza ahora", "the bot begins it now"),
    "did handoff reply": ("el bot lo manda ahora", "the bot sends it now"),
    "did handoff release": ("la conversación vuelve al bot", "the conversation goes back to the bot"),
    "done at next start": (
        "guardado; el bot no está corriendo: lo hará cuando arranque",
        "stored; the bot is not running: it will be done at its next start",
    ),
    "done when given back": (
        "guardado; una persona tiene la conversación: lo hará cuando se la devuelvan",
        "stored; people have the conversation: it will be done when they give it back",
    ),
    "no input": (
        "'{given}' no es un dato: escribe nombre=valor",
        "'{given}' is no input: write name=value",
    ),
    "no flows": (
        "los flujos tienen errores; `botkit check` dice cuáles",
        "the flows have errors; `botkit check` says which",
    ),
    "no handoffs": ("nadie tiene ninguna conversación", "nobody has any conversation"),
    "in queue": ("cola '{queue}'", "queue '{queue}'"),
    "by phone": ("por teléfono", "by phone"),
    "handed since": ("desde {since}", "since {since}"),
    "unread": ("sin leer: {n}", "unread: {n}"),
    "unread 1": ("sin leer: {n}", "unread: {n}"),
    "who person": ("persona", "person"),
    "who operator": ("negocio", "business"),
    "who bot": ("bot", "bot"),
    "no lines": ("el registro no dice nada de este contacto", "the log says nothing about this contact"),
}
