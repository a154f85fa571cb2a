"""What `why` says, in Spanish and English: a sentence for each statement of `server/why.py`, STATEMENTS."""

from __future__ import annotations

WHY: dict[str, tuple[str, str]] = {
    "why": (
        "Dice en qué está la conversación con CONTACT y por qué, qué espera, qué hay en cola para él y cuándo sale.",
        "Say where the conversation with CONTACT stands and why, what it waits for, what is queued and when it leaves.",
    ),
    "ago": ("{at} (hace {time})", "{at} ({time} ago)"),
    "ahead": ("{at} (en {time})", "{at} (in {time})"),
    "just now": ("{at} (ahora)", "{at} (now)"),
    "why at": (
        "Está en {flow}/{step}{kind}{place} desde {since}.",
        "It stands at {flow}/{step}{kind}{place} since {since}.",
    ),
    "why at some time": (
        "Está en {flow}/{step}{kind}{place} desde hace mucho.",
        "It has stood at {flow}/{step}{kind}{place} for long.",
    ),
    "why below": ("Debajo espera {flow}/{step}{kind}{place}.", "Below it waits {flow}/{step}{kind}{place}."),
    "why parked": (
        "Nadie escribió por mucho tiempo: el próximo mensaje empieza 'welcome_back'.",
        "Nobody wrote for long: the next message begins 'welcome_back'.",
    ),
    "why idle": ("No corre ningún flujo.", "No flow runs."),
    "why idle after": (
        "No corre ningún flujo; el último terminó con '{outcome}'.",
        "No flow runs; the last one ended with '{outcome}'.",
    ),
    "why began": ("Todavía no se aplicó ningún evento.", "No event has been applied yet."),
    "why came": (
        "Llegó ahí por {what}, {at}: de {from_} a {to}.",
        "It came there by {what}, {at}: from {from_} to {to}.",
    ),
    "why stayed": ("Lo último fue {what}, {at}; siguió ahí.", "Last came {what}, {at}; it stayed there."),
    "why kind message": ("un mensaje", "a message"),
    "why kind due": ("un reloj", "a clock"),
    "why kind named": ("un evento", "an event"),
    "why kind delivery": ("un mensaje que no llegó", "a message that did not arrive"),
    "why kind apology": ("un error", "an error"),
    "why kind told": ("`botkit send`", "`botkit send`"),
    "why kind operator": ("una persona del negocio", "a person of the business"),
    "why kind release": ("`handoff release`", "`handoff release`"),
    "why kind begin": ("`botkit start`", "`botkit start`"),
    "why handed": (
        "La tiene una persona ({to}) desde {since}, hasta {until}; sin leer: {unread}. El bot calla."
        " `botkit handoff release` la devuelve.",
        "People have it ({to}) since {since}, until {until}; unread: {unread}. The bot is silent."
        " `botkit handoff release` gives it back.",
    ),
    "why looped": (
        "Está detenida desde {since}: parecía un bucle con otro bot. Sigue con un mensaje nuevo de la persona, con"
        " `botkit handoff release`, o {until}.",
        "It is parked since {since}: it looked like a loop with another bot. It goes on with something new from the"
        " person, with `botkit handoff release`, or {until}.",
    ),
    "why held": (
        "Eventos que esperan a que la devuelvan: {count}.",
        "Events that wait until it is given back: {count}.",
    ),
    "why calls": (
        "Espera a {handler} desde {since}; intento {attempt}, a lo sumo hasta {until}.",
        "It waits for {handler} since {since}; attempt {attempt}, until {until} at most.",
    ),
    "why asks": ("Espera una respuesta de tipo '{type}'.", "It waits for an answer of type '{type}'."),
    "why chooses": ("Espera una de estas opciones: {options}.", "It waits for one of these options: {options}."),
    "why event": ("Espera el evento '{name}'.", "It waits for the event '{name}'."),
    "why waits": ("Espera a que pase un tiempo.", "It waits for a time to pass."),
    "why clock silence": (
        "Si nadie responde, sigue por su 'silence' {due}.",
        "If nobody answers, 'silence' acts {due}.",
    ),
    "why clock idle": (
        "Si nadie escribe, actúa el 'silence' del flujo {due}.",
        "If nobody writes, the flow's 'silence' acts {due}.",
    ),
    "why clock together": (
        "Junta mensajes que vienen seguidos; los lee {due}.",
        "It gathers messages that come close together; they are read {due}.",
    ),
    "why clock wait": ("Su espera termina {due}.", "Its wait is over {due}."),
    "why clock handoff": ("El bot la retoma {due}.", "The bot takes it back {due}."),
    "why clock reminder": ("Tiene el recordatorio '{name}' {due}.", "It has the reminder '{name}' {due}."),
    "why clock held": ("El próximo evento guardado se aplica {due}.", "The next event that waited is applied {due}."),
    "why pending": (
        "Por aplicar: {what}, recibido {at}.",
        "To be applied: {what}, received {at}.",
    ),
    "why failing": (
        "Falló y se intenta de nuevo {due} (intentos: {attempts}): {what}, recibido {at}: {error}{place}.",
        "It failed and is tried again {due} (attempts: {attempts}): {what}, received {at}: {error}{place}.",
    ),
    "why quiet": ("No hay nada en cola para enviarle.", "Nothing is queued for it."),
    "why asleep": (
        "El bot no corre: nada sale ni se aplica hasta `botkit run`.",
        "The bot does not run: nothing leaves or is applied until `botkit run`.",
    ),
    "why refused": (
        "El almacén no acepta nada, {why}: nada sale ni se aplica hasta que eso se arregle.",
        "The store takes nothing, {why}: nothing leaves or is applied until that is mended.",
    ),
    "why paused": (
        "El canal {channel} está EN PAUSA desde {since}; `botkit outbox resume {channel}`.",
        "Channel {channel} is PAUSED since {since}; `botkit outbox resume {channel}`.",
    ),
    "why stopped": ("Nada sale por {channel}: {why}.", "Nothing leaves by {channel}: {why}."),
    "why stopped until": (
        "Nada sale por {channel}: {why}; se prueba {at}.",
        "Nothing leaves by {channel}: {why}; it is probed {at}.",
    ),
    "why air": ("Se está enviando {id}{place}: {text}.", "Being sent {id}{place}: {text}."),
    "why doubt": (
        "En duda {id}{place}: {text} {tries}: {why}{when}.",
        "In doubt {id}{place}: {text} {tries}: {why}{when}.",
    ),
    "why queued": (
        "En cola {id}{place}: {text} Sale {leaves}: {why}.",
        "Queued {id}{place}: {text} Leaves {leaves}: {why}.",
    ),
    "why stuck": (
        "En cola {id}{place}: {text} No sale por sí solo: {why}.",
        "Queued {id}{place}: {text} Does not leave by itself: {why}.",
    ),
    "why more": ("Más mensajes en cola: {count}.", "More messages queued: {count}."),
    "why opted_out": (
        "No quiere recordatorios ni envíos masivos ('opt_out').",
        "The person wants no reminders and no broadcasts ('opt_out').",
    ),
    "why ended": (
        "No se envió {id}{place}: {text} {status} {at}{reason}.",
        "Not sent {id}{place}: {text} {status} {at}{reason}.",
    ),
    "why unknown": (
        "No se sabe si llegó: {id}{place}: {text} {tries}; {status} {at}{reason}.",
        "Unknown whether it arrived: {id}{place}: {text} {tries}; {status} {at}{reason}.",
    ),
    "why dead": (
        "No se pudo aplicar {what} ({at}, intentos {attempts}): {error}{place}. `botkit dead show {id}`.",
        "Could not be applied: {what} ({at}, attempts {attempts}): {error}{place}. `botkit dead show {id}`.",
    ),
    "why blank": ("[no se guarda]", "[not kept]"),
    "why nowhere": ("ningún flujo", "no flow"),
    "why by phone": ("en el teléfono", "on the phone"),
    "why queue": ("cola '{to}'", "queue '{to}'"),
}
