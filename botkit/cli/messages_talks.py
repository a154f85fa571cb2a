"""What `transcript` and `replay` say, in Spanish and English."""

from __future__ import annotations

TALKS: dict[str, tuple[str, str]] = {
    "transcript": (
        "Muestra lo que se habló con CONTACT (número, o id de una conversación), con nombres y números cambiados.",
        "Show what was said with CONTACT (number, or id of a conversation), with names and numbers changed.",
    ),
    "replay": (
        "Juega las conversaciones guardadas con los archivos como están y muestra qué respondería otra cosa; sale con 1"
        " si algo cambió. No llama a nadie: cada llamada recibe lo que devolvió entonces.",
        "Play the recorded conversations on the files as they are and show what would be answered otherwise; exit 1 if"
        " anything is. Nothing is called: every call gets the result that it had then.",
    ),
    "option as-test": (
        "Como prueba de conversación: el texto de un archivo *.test.yaml nuevo, no para añadir a otro.",
        "As a conversation test: the text of a new file *.test.yaml, not to be added to another.",
    ),
    "option personal": (
        "Con nombres, números y correos como son.",
        "With names, numbers and e-mails as they are.",
    ),
    "option flow": ("Solo conversaciones en las que corrió este flujo.", "Only talks in which this flow ran."),
    "talk several": (
        "este contacto escribe en varios canales: {names}; elige uno con --channel",
        "this contact writes in several channels: {names}; choose one by --channel",
    ),
    "talk empty": ("no hay nada guardado de esta conversación", "nothing is on record of this conversation"),
    "talk empty since": (
        "no hay nada guardado de esta conversación desde {since}",
        "nothing is on record of this conversation since {since}",
    ),
    "talk later": ("{time} después", "{time} later"),
    "talk blank": ("[no se guarda]", "[not kept]"),
    "talk dead": ("[no se pudo aplicar]", "[could not be applied]"),
    "talk waits": ("[en curso]", "[under way]"),
    "talk handed": ("pasa a {to}", "handed to {to}"),
    "by loop": ("detenida porque daba vueltas", "parked because it went round in a loop"),
    "talk parked": ("detenida: daba vueltas", "parked: it went round in a loop"),
    "talk back": ("vuelve al bot", "given back to the bot"),
    "who event": ("evento", "event"),
    "who due": ("reloj", "clock"),
    "who command": ("orden", "command"),
    "kind reaction": ("[reacción]", "[reaction]"),
    "kind edit": ("[lo cambia]", "[changes it]"),
    "kind revoke": ("[lo borra]", "[deletes it]"),
    "test name": ("conversación del {at}", "conversation of {at}"),
    "test comment": (
        "De una conversación guardada. Los datos personales están cambiados.",
        "From a recorded conversation. Personal data is changed.",
    ),
    "test comment personal": ("De una conversación guardada.", "From a recorded conversation."),
    "test none": (
        "no hay nada que se pueda escribir como prueba: {why}",
        "there is nothing that can be written as a test: {why}",
    ),
    "test ends": ("'{name}' termina antes que la conversación: {why}", "'{name}' ends before its conversation: {why}"),
    "test untold": (
        "'{name}' no tiene {n} textos de `botkit send`",
        "'{name}' has not {n} texts of `botkit send`",
    ),
    "test untold 1": (
        "'{name}' no tiene {n} texto de `botkit send`",
        "'{name}' has not {n} text of `botkit send`",
    ),
    "test differs": (
        "'{name}' no pasa con los archivos como están: hoy responden otra cosa",
        "'{name}' does not pass with the files as they are: they answer otherwise by now",
    ),
    "end blank": (
        "la respuesta a un paso 'sensitive' no se guarda",
        "the answer to a 'sensitive' step is not kept",
    ),
    "end start": ("no está guardado cómo empezó", "how it began is not on record"),
    "end open": ("espera una llamada", "it waits for a call"),
    "end delivery": (
        "un mensaje no llegó, y ninguna línea de una prueba lo dice",
        "a message did not arrive, which no line of a test says",
    ),
    "end begin": (
        "`botkit start` empezó un flujo encima de otro, y ninguna línea de una prueba lo dice",
        "`botkit start` began a flow on top of another, which no line of a test says",
    ),
    "end astray": (
        "en una prueba toma otro camino, por los datos cambiados o por lo que hubo antes; prueba con --personal",
        "in a test it takes another way, for its changed data or for what came before; try --personal",
    ),
    "end apology": ("una falla de botkit cortó un turno", "a defect of botkit broke off a turn"),
    "end old menu": (
        "se tocó un menú de antes de la prueba",
        "a menu was tapped that was shown before the test begins",
    ),
    "end reminder": (
        "llegó un recordatorio puesto antes de la prueba, y ninguna línea de una prueba lo pone",
        "a reminder fell due that was set before the test begins, which no line of a test says",
    ),
    "replay then": ("antes", "then"),
    "replay now": ("ahora", "now"),
    "replay nothing": ("(nada)", "(nothing)"),
    "replay called": (
        "llama a '{name}', de lo que no hay un resultado guardado; no se llamó",
        "calls '{name}', of which no result is on record; it was not called",
    ),
    "replay later": ("lo mismo, {time} después", "the same, {time} later"),
    "replay earlier": ("lo mismo, {time} antes", "the same, {time} earlier"),
    "replay unasked": ("sin que nadie escriba", "with nobody writing"),
    "replay sum": (
        "diferencias: {n} (conversaciones: {talks}, turnos: {turns})",
        "differences: {n} (talks: {talks}, turns: {turns})",
    ),
    "replay stops": ("no se puede seguir en {n} conversaciones: {why}", "{n} talks cannot be played on: {why}"),
    "replay stops 1": ("no se puede seguir en {n} conversación: {why}", "{n} talk cannot be played on: {why}"),
    "replay none": (
        "no hay conversaciones guardadas: no se comparó nada",
        "no talks are on record: nothing was compared",
    ),
    "replay no match": (
        "ninguna conversación guardada corresponde a {asked}: no se comparó nada",
        "no talk on record matches {asked}: nothing was compared",
    ),
    "replay no flow": ("el bot no tiene un flujo '{flow}'", "the bot has no flow '{flow}'"),
}
