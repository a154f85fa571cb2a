"""What the commands say that keep a store, in Spanish and English."""

from __future__ import annotations

KEEP: dict[str, tuple[str, str]] = {
    "backup": (
        "Copia el almacén a FILE, también con el bot en marcha.",
        "Copy the store to FILE, while the bot runs as well.",
    ),
    "option force": ("Cambia un FILE que ya existe.", "Replace a FILE that exists."),
    "backed up": (
        "{file}: {size}, conversaciones {conversations}, filas {rows}, revisado, en {seconds} s",
        "{file}: {size}, conversations {conversations}, rows {rows}, checked, in {seconds} s",
    ),
    "restore": (
        "Pone la copia FILE en lugar del almacén, con el bot detenido. El almacén de ahora queda al lado, con la fecha"
        " en su nombre.",
        "Put the backup FILE in the store's place while no bot runs. The present store stays beside it, with the date"
        " in its name.",
    ),
    "option waiting": (
        "Qué pasa con los mensajes que esperaban al hacerse la copia, y que quizás ya salieron: enviarlos o dejarlos.",
        "What becomes of messages that waited when the backup was made, and may have been sent since.",
    ),
    "restore waited": (
        "{n} mensajes esperaban para salir cuando se hizo la copia, y quizás ya salieron después",
        "{n} messages waited to be sent when the backup was made, and may have been sent since",
    ),
    "restore waited 1": (
        "{n} mensaje esperaba para salir cuando se hizo la copia, y quizás ya salió después",
        "{n} message waited to be sent when the backup was made, and may have been sent since",
    ),
    "restore ask": (
        "{waited}.\n"
        "  e  restaurar y enviar\n  d  restaurar y descartar\n  Enter: no restaurar, nada cambia\n¿Qué hago?",
        "{waited}.\n  s  restore, and send\n  d  restore, and drop\n  Enter: restore nothing, change nothing\nWhich?",
    ),
    "restore which": ("escribe e, d o nada", "write s, d or nothing"),
    "restore unasked": (
        "{waited}: di --waiting send o --waiting drop",
        "{waited}: give --waiting send or --waiting drop",
    ),
    "restored": (
        "restaurado {file} (copia de {at}), conversaciones {conversations}; lo posterior ya no está",
        "restored {file} (made {at}), conversations {conversations}; what came after it is gone",
    ),
    "restored aside": ("el almacén de antes es {path}", "the store that was there is {path}"),
    "restored aside log": (
        "del almacén de antes, que ya no estaba, queda lo último que recibió: {path}",
        "of the store before, which was gone, there is what it took last: {path}",
    ),
    "restored sent": (
        "{n} mensajes que esperaban saldrán cuando corra el bot; alguno puede llegar dos veces",
        "{n} messages that waited are sent when the bot runs; one may arrive twice",
    ),
    "restored sent 1": (
        "{n} mensaje que esperaba saldrá cuando corra el bot; puede llegar dos veces",
        "{n} message that waited is sent when the bot runs; it may arrive twice",
    ),
    "restored dropped": (
        "{n} mensajes que esperaban no saldrán; 'botkit outbox list --state dropped' los muestra",
        "{n} messages that waited are not sent; 'botkit outbox list --state dropped' shows them",
    ),
    "restored dropped 1": (
        "{n} mensaje que esperaba no saldrá; 'botkit outbox list --state dropped' lo muestra",
        "{n} message that waited is not sent; 'botkit outbox list --state dropped' shows it",
    ),
    "restored events": (
        "{n} mensajes de personas esperaban su turno y lo tendrán; quizás ya se les contestó",
        "{n} events waited for their turn and have it; they may have been answered before",
    ),
    "restored events 1": (
        "{n} mensaje de una persona esperaba su turno y lo tendrá; quizás ya se le contestó",
        "{n} event waited for its turn and has it; it may have been answered before",
    ),
    "restored unknown": ("fecha desconocida", "at an unknown time"),
    "forget": (
        "Borra a CONTACT del almacén: conversación, mensajes, registros y recordatorios, en todos los canales. Pregunta"
        " antes.",
        "Erase CONTACT from the store: conversation, messages, records and reminders, in all channels. It asks first.",
    ),
    "forget counts": (
        "{channel}: eventos {events}, turnos {turns}, mensajes {messages}, registros {results}, recordatorios {timers}",
        "{channel}: events {events}, turns {turns}, messages {messages}, results {results}, reminders {timers}",
    ),
    "forget ask": ("¿Borrar todo esto para siempre?", "Erase all of this for good?"),
    "forgotten": ("borrado del almacén", "erased from the store"),
    "forgotten later": (
        "se borrará en cuanto termine el turno en curso, o la copia que se está haciendo; repite la orden para verlo",
        "it is erased when the turn in hand, or the backup under way, is over; give the command again to see",
    ),
    "forget aside": (
        "no alcanza los almacenes que 'restore' dejó al lado: {files}; bórralos tú",
        "out of reach, stores that 'restore' left beside this one: {files}; delete them yourself",
    ),
    "forget not reached": (
        "no alcanza: copias de seguridad ya hechas, registros ya enviados a otro lugar (los de aquí no tienen números"
        " ni textos, salvo con log.personal), la pasarela y WhatsApp, tus propios sistemas",
        "out of reach: backups made before, logs shipped elsewhere (those here hold no numbers nor texts, unless"
        " log.personal), the gateway and WhatsApp, your own systems",
    ),
}
