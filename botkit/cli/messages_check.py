"""What the commands say that check what an author wrote, in Spanish and English."""

from __future__ import annotations

CHECK: dict[str, tuple[str, str]] = {
    "check": (
        "Revisa config.yaml, los flujos y sus pruebas, o solo lo que hay en PATH; sale con 1 si hay errores.",
        "Check config.yaml, flows and their tests, or only what is in PATH; exit 1 when there are errors.",
    ),
    "explain": (
        "Explica CODE, lo que check pone entre corchetes, con un ejemplo malo y uno bueno; sin CODE, los lista todos.",
        "Explain CODE, which check prints in brackets, by a wrong and a right example; without CODE, list all.",
    ),
    "catalog": (
        "Escribe o pone al día el catálogo de textos en el idioma LANG (flows/lang/LANG.yaml).",
        "Write or update the catalogue of texts in the language LANG (flows/lang/LANG.yaml).",
    ),
    "schema": (
        "Escribe el esquema JSON de NAME (flows, tests o config), con el que un editor completa y subraya.",
        "Write the JSON Schema of NAME (flows, tests or config), by which an editor completes and underlines.",
    ),
    "option out": ("Carpeta para los archivos; sin NAME, los tres.", "Folder for the files; without NAME all three."),
    "option strict": ("Sale con 1 también si solo hay avisos.", "Exit 1 for warnings, too."),
    "option budget": (
        "Muestra cuántos envíos a la pasarela cuesta cada flujo.",
        "Show how many requests to the gateway each flow takes.",
    ),
    "option format": ("Texto para personas, JSON para programas.", "Text for people, JSON for programs."),
    "budget channel": (
        "envíos por '{channel}' ({rate})",
        "requests at '{channel}' ({rate})",
    ),
    "budget polls": (
        "preguntar qué escribe la gente (inbound.poll) cuesta {polls} de {limit} envíos por minuto",
        "asking for what people write (inbound.poll) costs {polls} of {limit} requests a minute",
    ),
    "budget flow": ("flujo", "flow"),
    "budget turn": ("turno", "turn"),
    "budget conversation": ("conversación", "conversation"),
    "budget round": ("por vuelta", "a round"),
    "budget merged": ("juntos", "merged"),
    "budget dearest": ("el paso más caro", "the dearest step"),
    "budget step": ("{place} '{step}': {n}", "{place} '{step}': {n}"),
    "budget rate": (
        "'{flow}', {n} envíos por turno: a {rate} esta clave atiende {turns} turnos por minuto; juntos, {merged}",
        "'{flow}', {n} requests a turn: at {rate} this key serves {turns} turns a minute; merged, {merged}",
    ),
    "budget rate 1": (
        "'{flow}', {n} envío por turno: a {rate} esta clave atiende {turns} turnos por minuto; juntos, {merged}",
        "'{flow}', {n} request a turn: at {rate} this key serves {turns} turns a minute; merged, {merged}",
    ),
    "budget merged when": (
        "juntos: mientras una respuesta nueva esperaría 2 s o más, los textos seguidos de un turno van en un envío",
        "merged: while a new reply would wait 2 s or more, neighbouring texts of a turn go as one request",
    ),
    "all well": ("todo bien: {n} flujos", "all well: {n} flows"),
    "all well 1": ("todo bien: {n} flujo", "all well: {n} flow"),
    "errors elsewhere": (
        "otros archivos del bot tienen {n} errores: botkit check los dice",
        "other files of the bot have {n} errors: botkit check tells them",
    ),
    "errors elsewhere 1": (
        "otros archivos del bot tienen {n} error: botkit check lo dice",
        "other files of the bot have {n} error: botkit check tells it",
    ),
    "not of the bot": (
        "{path} no es parte del bot de {config}, así que no se revisó",
        "{path} is no part of the bot of {config}, so it was not checked",
    ),
    "no config above": (
        "ni junto a {path} ni más arriba hay un config.yaml; nómbralo con --config",
        "there is no config.yaml beside {path} nor above it; name it by --config",
    ),
    "found": ("errores: {errors}, avisos: {warnings}", "errors: {errors}, warnings: {warnings}"),
    "more found": (
        "… y {n} más, desde {place}; todos con: botkit check --format json",
        "… and {n} more, from {place} on; all of them by: botkit check --format json",
    ),
    "see explain": (
        "para entender un código, por ejemplo este: botkit explain {code}",
        "to understand a code, for example this one: botkit explain {code}",
    ),
    "explain wrong": ("Mal", "Wrong"),
    "explain right": ("Bien", "Right"),
    "explain error": ("error", "error"),
    "explain warning": ("aviso", "warning"),
    "no code": ("no hay un código '{code}'", "there is no code '{code}'"),
    "list codes": ("; 'botkit explain' los lista", "; 'botkit explain' lists them"),
    "no such language": (
        "'{language}' no es un idioma para traducir: dos letras minúsculas, como en; el bot ya habla '{own}'",
        "'{language}' is no language to translate to: two small letters, like en; the bot speaks '{own}' already",
    ),
    "catalog written": (
        "{file}: traducidos {translated}, por traducir {missing}, sin uso {unused}",
        "{file}: {translated} translated, {missing} missing, {unused} unused",
    ),
    "schema written": ("escrito: {files}", "written: {files}"),
    "stale schemas": (
        "los esquemas de {path}, con los que tu editor completa y subraya, son de otra versión de botkit;"
        " para renovarlos: botkit schema --out {path}",
        "the schemas in {path}, by which your editor completes and underlines, are of another version of botkit;"
        " to renew them: botkit schema --out {path}",
    ),
    "which schema": ("di cuál: {known}; o --out DIR para los tres", "say which: {known}; or --out DIR for all three"),
    "not written": ("no se puede escribir {path}: {why}", "{path} cannot be written: {why}"),
}
