"""What commands say, in Spanish and English: one table."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, cast

from botkit.cli.messages_dead import DEAD
from botkit.cli.messages_doctor import DOCTOR
from botkit.cli.messages_explore import EXPLORE
from botkit.cli.messages_gateway import GATEWAY
from botkit.cli.messages_keep import KEEP
from botkit.cli.messages_outbox import OUTBOX
from botkit.cli.messages_talks import TALKS
from botkit.cli.messages_why import WHY

Language = Literal["es", "en"]

MESSAGES: dict[str, tuple[str, str]] = {
    **TALKS,
    **DOCTOR,
    **DEAD,
    **EXPLORE,
    **KEEP,
    **GATEWAY,
    **OUTBOX,
    **WHY,
    # ── help ──
    "botkit": (
        "Conversaciones de WhatsApp escritas en YAML.",
        "WhatsApp conversations written in YAML.",
    ),
    "run": (
        "Atiende los canales de config.yaml hasta que se lo detenga.",
        "Serve the channels of config.yaml until stopped.",
    ),
    "check": (
        "Revisa config.yaml, los flujos y sus pruebas, o solo lo que hay en PATH; sale con 1 si hay errores.",
        "Check config.yaml, flows and their tests, or only what is in PATH; exit 1 when there are errors.",
    ),
    "explain": (
        "Explica CODE, lo que check pone entre corchetes, con un ejemplo malo y uno bueno; sin CODE, los lista todos.",
        "Explain CODE, which check prints in brackets, by a wrong and a right example; without CODE, list all.",
    ),
    "test": (
        "Corre las pruebas de conversación de PATH (por defecto, todas).",
        "Run the conversation tests in PATH (all by default).",
    ),
    "chat": (
        "Conversa con los flujos en la terminal, sin servidor; con FLOW, empieza ese. :help dice qué más hay.\n\n"
        "Lo que no es una terminal se lee línea por línea: printf 'hola\\n1\\n' | botkit chat",
        "Talk with the flows at the terminal, without a server; with FLOW, begin that one. :help tells more."
        "\n\nWhat is no terminal is read line by line: printf 'hola\\n1\\n' | botkit chat",
    ),
    "option contact": (
        "Lo que se sabe de la persona: name=Ana, language=en; se puede repetir.",
        "What is known of the person: name=Ana, language=en; may be given more than once.",
    ),
    "option offline": (
        "No llama servicios ni funciones con 'ctx': pregunta qué responden.",
        "Call no services and no handlers with 'ctx': ask what they answer.",
    ),
    "known flows": ("; tiene {known}", "; it has {known}"),
    "new": (
        "Hace la carpeta DIR con un bot que ya funciona. En una terminal pregunta lo que no digan las opciones.\n\n"
        "'botkit new flow NAME' agrega un flujo al bot de esta carpeta; './flow' es una carpeta que se llama así.",
        "Make the folder DIR with a bot that works. On a terminal it asks for what the options do not say.\n\n"
        "'botkit new flow NAME' adds a flow to the bot of this folder; './flow' is a folder of that name.",
    ),
    "new flow": (
        "Agrega el flujo NAME con su prueba al bot de esta carpeta.",
        "Add the flow NAME with its test to the bot of this folder.",
    ),
    "graph": (
        "Dibuja los flujos FLOW (por defecto, todos los del bot); en una terminal los abre en el navegador.",
        "Draw the flows FLOW (all of the bot's by default); at a terminal they open in the browser.",
    ),
    "catalog": (
        "Escribe o pone al día el catálogo de textos en el idioma LANG (flows/lang/LANG.yaml).",
        "Write or update the catalogue of texts in the language LANG (flows/lang/LANG.yaml).",
    ),
    "schema": (
        "Escribe el esquema JSON de NAME (flows, tests o config), con el que un editor completa y subraya.",
        "Write the JSON Schema of NAME (flows, tests or config), by which an editor completes and underlines.",
    ),
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
    "sandbox": (
        "Levanta la pasarela de prueba y su página de teléfono; nada sale de esta máquina.",
        "Run the pretended gateway and its phone page; nothing leaves this machine.",
    ),
    "plan": (
        "Dice qué haría con cada conversación en curso instalar los archivos como están; sale con 1 si alguna se queda"
        " sin salida.",
        "Say what a deploy of the files as they are would do to each live conversation; exit 1 if one is stranded.",
    ),
    "option reload": (
        "Carga el bot de nuevo cada vez que se guarda uno de sus archivos.",
        "Load the bot anew whenever one of its files is saved.",
    ),
    "option json plan": ("Cada conversación y la suma, como JSON.", "Each conversation and the sum, as JSON."),
    "option out": ("Carpeta para los archivos; sin NAME, los tres.", "Folder for the files; without NAME all three."),
    "option sum": ("Solo la suma.", "Only the sum."),
    "option contacts": ("Con el número de cada contacto.", "With each contact's number."),
    "option name": (
        "Nombre del negocio; por defecto, el de la carpeta.",
        "Name of the business; the folder's by default.",
    ),
    "option language": ("Idioma del bot: es o en.", "Language of the bot: es or en."),
    "option country": (
        "País del negocio, que da hora y moneda: BO, Bolivia …",
        "Country of the business, which gives time zone and currency: BO, Bolivia …",
    ),
    "option handlers": (
        "Con un archivo de funciones de Python, y un flujo que las llama.",
        "With a file of Python functions, and a flow that calls them.",
    ),
    "option yes": ("No pregunta nada.", "Ask nothing."),
    "option config": ("El archivo de configuración.", "The configuration file."),
    "option strict": ("Sale con 1 también si solo hay avisos.", "Exit 1 for warnings, too."),
    "option budget": (
        "Muestra cuántos envíos a la pasarela cuesta cada flujo.",
        "Show how many requests to the gateway each flow takes.",
    ),
    "option format": ("Texto para personas, JSON para programas.", "Text for people, JSON for programs."),
    "option lang": (
        "Idioma de los mensajes; por defecto, el del sistema.",
        "Language of messages; the system's by default.",
    ),
    "option coverage": (
        "Lista los caminos de los flujos que ninguna prueba tomó, y cuántos tomaron.",
        "List the ways of the flows that no test took, and how many were taken.",
    ),
    "option mutate": (
        "Cambia textos, destinos, condiciones y límites de los flujos, uno por vez y solo en la memoria; lista lo que"
        " ninguna prueba notó.",
        "Change texts, targets, conditions and limits of the flows, one at a time and in memory only; list what no test"
        " noticed.",
    ),
    "option fail-under": (
        "Sale con 1 si es menos de este porcentaje; implica --coverage si no va con --mutate.",
        "Exit 1 when it is less than this percentage; implies --coverage unless it goes with --mutate.",
    ),
    "option -k": (
        "Solo las pruebas con NAME en su nombre; también 'a and not b'.",
        "Only tests with NAME in their name; also 'a and not b'.",
    ),
    "option junit": (
        "Escribe los resultados como XML de JUnit, que GitHub y GitLab muestran.",
        "Write the results as JUnit XML, which GitHub and GitLab show.",
    ),
    "option restart-everywhere": (
        "Reinicia el proceso cada vez que la conversación espera.",
        "Restart the process whenever the conversation waits.",
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
    "option json": ("Todo lo que guarda el almacén, como JSON.", "All that the store holds, as JSON."),
    "option with": (
        "Un dato que recibe el flujo; se puede repetir.",
        "An input of the flow; may be given more than once.",
    ),
    "option svg": (
        "Un SVG; es lo usual si no va a una terminal.",
        "As SVG; so by default where it goes to no terminal.",
    ),
    "option mermaid": ("El texto de un diagrama Mermaid.", "As the text of a Mermaid chart."),
    "option html": ("Una página con índice.", "As a page with an index."),
    "option open": ("Abre el dibujo en el navegador.", "Open the picture in the browser."),
    "option out graph": (
        "El archivo donde se escribe; .svg, .html o .mmd dice cómo.",
        "The file it is written to; .svg, .html or .mmd says as what.",
    ),
    "option channel": (
        "El canal, si hay varios.",
        "The channel, if there are several.",
    ),
    "option port": (
        "Puerto de la pasarela de prueba, en lugar de sandbox.port; 0 toma uno libre.",
        "Port of the sandbox, in place of sandbox.port; 0 takes a free one.",
    ),
    "option webhook": (
        "El webhook del bot, en esta máquina; si falta, el de config.yaml.",
        "The bot's webhook, on this machine; that of config.yaml if left out.",
    ),
    # ── what commands say ──
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
    "no file": (
        "no existe {path}; ve a la carpeta del bot o usa --config",
        "there is no {path}; go to the bot's folder or use --config",
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
    "no form": (
        "{path}: no se puede dibujar en un archivo con ese final; puede ser {known}",
        "{path}: no picture can be drawn into a file with that ending; it may be {known}",
    ),
    "no flow to draw": ("el bot no tiene un flujo '{flow}'", "the bot has no flow '{flow}'"),
    "near flow": ("; ¿quisiste decir '{near}'?", "; did you mean '{near}'?"),
    "too large to draw": (
        "el flujo '{flow}' es demasiado grande para dibujarlo: tiene {n} cajas y líneas, y se dibujan hasta {most};"
        " con --mermaid se escribe igual, y los demás flujos se dibujan por su nombre",
        "the flow '{flow}' is too large to draw: it has {n} boxes and lines, and up to {most} are drawn;"
        " --mermaid writes it all the same, and other flows are drawn by their names",
    ),
    "flows with results": ("; tienen resultados: {some}", "; with results: {some}"),
    "plan sum": (
        "{n} conversaciones en curso; con los archivos como están:",
        "{n} live conversations; with the files as they are:",
    ),
    "plan sum 1": (
        "{n} conversación en curso; con los archivos como están:",
        "{n} live conversation; with the files as they are:",
    ),
    "plan stays": ("sigue igual", "stays as it is"),
    "plan keeps": ("termina con el flujo viejo", "finishes on the old definition"),
    "plan moves": ("pasa al flujo nuevo", "moves to the new definition"),
    "plan restarts": ("empieza de nuevo con su próximo mensaje", "begins anew at its next message"),
    "plan stranded": ("se queda sin salida", "is stranded"),
    "plan many stays": ("siguen igual", "stay as they are"),
    "plan many keeps": ("terminan con el flujo viejo", "finish on the old definition"),
    "plan many moves": ("pasan al flujo nuevo", "move to the new definition"),
    "plan many restarts": ("empiezan de nuevo con su próximo mensaje", "begin anew at their next message"),
    "plan many stranded": ("se quedan sin salida", "are stranded"),
    "plan why lost": (
        "el almacén no tiene la definición vieja de '{name}'",
        "the store lacks the old definition of '{name}'",
    ),
    "plan why unsound": (
        "la definición vieja de '{name}' ya no se puede leer",
        "the old definition of '{name}' can no longer be read",
    ),
    "plan why without step": (
        "'{name}' no existe en el flujo nuevo, y ningún 'was' lo nombra",
        "the new definition has no '{name}', and no 'was' names it",
    ),
    "plan why handler": ("falta la función '{name}'", "the handler '{name}' is gone"),
    "plan why service": ("falta el servicio '{name}'", "the service '{name}' is gone"),
    "plan why host": ("el servidor '{name}' ya no está permitido", "the host '{name}' is not allowed any more"),
    "plan why flow": ("falta el flujo '{name}'", "the flow '{name}' is gone"),
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
    "no room": ("no queda espacio en el disco", "no space is left on the disk"),
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
    "no such language": (
        "'{language}' no es un idioma para traducir: dos letras minúsculas, como en; el bot ya habla '{own}'",
        "'{language}' is no language to translate to: two small letters, like en; the bot speaks '{own}' already",
    ),
    "catalog written": (
        "{file}: {translated} traducidos, {missing} por traducir, {unused} sin uso",
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
    "yes or no": ("s/N", "y/N"),
    "no yes or no": ("responde sí o no", "answer yes or no"),
    "ask name": ("Nombre del negocio", "Name of the business"),
    "ask language": ("Idioma del bot (es, en)", "Language of the bot (es, en)"),
    "ask country": ("País", "Country"),
    "no name": (
        "{name} no sirve como nombre de un negocio: a lo sumo {most} letras y signos, en una línea, sin '${{'",
        "{name} cannot be the name of a business: {most} characters at most, on one line, without '${{'",
    ),
    "no bot language": (
        "'{language}' no es un idioma del bot: es o en",
        "'{language}' is no language of bots: es or en",
    ),
    "no country": ("no conozco el país '{country}'", "I do not know the country '{country}'"),
    "near country": ("; ¿quisiste decir {near}?", "; did you mean {near}?"),
    "known countries": (
        "; conozco {known}; elige uno y cambia después `bot` en config.yaml",
        "; I know {known}; choose one, then change `bot` in config.yaml",
    ),
    "occupied": (
        "en {path} ya hay algo, y no se toca; elige otra carpeta, que no exista o esté vacía",
        "there is something in {path} already, and it stays as it is; choose another folder, a new or an empty one",
    ),
    "new made": (
        "Listo: {name}, en {path} ({language}, {country}, {timezone}, {currency})",
        "Done: {name}, in {path} ({language}, {country}, {timezone}, {currency})",
    ),
    "new next": ("Ahora:", "Now:"),
    "new page": (
        "y abre la página que dice; escribe «{word}»",
        "and open the page that it names; write “{word}”",
    ),
    "flow made": (
        "{path}: el flujo '{name}', que empieza con «{word}»",
        "{path}: the flow '{name}', which begins with “{word}”",
    ),
    "test made": ("{path}: su prueba; la juega `botkit test`", "{path}: its test; `botkit test` plays it"),
    "word taken": (
        "«{taken}» choca con la palabra de otro flujo; si «{word}» no te gusta, cámbiala en los dos archivos",
        "“{taken}” is in the way of another flow's word; if you do not like “{word}”, change it in both files",
    ),
    "flow refused bad": (
        "'{name}' no sirve como nombre de un flujo: letras, números y _, empezando por una letra; sin espacios",
        "'{name}' cannot be the name of a flow: letters, digits and _, beginning with a letter; no blanks",
    ),
    "flow refused reserved": (
        "'{name}' significa otra cosa como destino; elige otro nombre",
        "'{name}' means something else as a target; choose another name",
    ),
    "flow refused builtin": (
        "'{name}' es un flujo que trae botkit; elige otro nombre (docs/flows.md dice cómo cambiarlo)",
        "'{name}' is a flow that comes with botkit; choose another name (docs/flows.md says how to change it)",
    ),
    "flow refused taken": (
        "'{name}' ya es el nombre de un flujo o de un paso ({place}); elige otro",
        "'{name}' is the name of a flow or a step already ({place}); choose another one",
    ),
    "file there": (
        "{path} ya existe, y no se toca; elige otro nombre",
        "{path} is there already, and stays as it is; choose another name",
    ),
    "no tests": (
        "no hay pruebas que correr; escribe una en un archivo *.test.yaml junto a los flujos",
        "there are no tests to run; write one in a file *.test.yaml beside the flows",
    ),
    "several bots": (
        "{path} es de otro bot que el de {config}; prueba uno por vez",
        "{path} belongs to another bot than that of {config}; test one at a time",
    ),
    "no tests there": ("no hay pruebas en {path}; no corrió nada", "there are no tests in {path}; nothing ran"),
    "cannot write": ("no se puede escribir {path}: {why}", "cannot write {path}: {why}"),
    "junit without file": (
        "--junit no nombra ningún archivo; escribe por ejemplo --junit resultados.xml",
        "--junit names no file; write for example --junit results.xml",
    ),
    "not results": (
        "{path} ya existe y no es un XML de JUnit: queda como está y no corrió nada; después de --junit va el archivo"
        " que se escribe, por ejemplo --junit resultados.xml",
        "{path} is there and is no JUnit XML: it is left as it is, and nothing ran; what follows --junit is the file to"
        " write, for example --junit results.xml",
    ),
    "no percentage": ("{value} no es un porcentaje de 0 a 100.", "{value} is no percentage from 0 to 100."),
    "broken pattern": (
        "no se entiende '{pattern}' de -k, y ninguna prueba lo lleva así en su nombre; no corrió nada. Escribe palabras"
        " unidas con 'and', 'or' y 'not', y cierra cada paréntesis: -k 'reserva and not (cancela or cambia)'",
        "'{pattern}' of -k cannot be read, and no test has it in its name; nothing ran. Write words joined by 'and',"
        " 'or' and 'not', and close each parenthesis: -k 'books and not (cancels or changes)'",
    ),
    "no such test": (
        "ninguna prueba tiene '{pattern}' en su nombre; no corrió nada",
        "no test has '{pattern}' in its name; nothing ran",
    ),
    "passed": ("{n} pruebas pasaron", "{n} tests passed"),
    "passed 1": ("{n} prueba pasó", "{n} test passed"),
    "coverage all": ("las pruebas tomaron todos los caminos", "the tests took every way"),
    "coverage missing": ("caminos que ninguna prueba tomó:", "ways that no test took:"),
    "coverage total": ("total", "total"),
    "mutants all": ("las pruebas notaron todos los cambios", "the tests noticed every change"),
    "mutants missed": ("cambios que ninguna prueba notó:", "changes that no test noticed:"),
    "mutants untested": (
        "{flow}: ninguna prueba pasa por este flujo ({n} cambios)",
        "{flow}: no test comes through this flow ({n} changes)",
    ),
    "mutants untested 1": (
        "{flow}: ninguna prueba pasa por este flujo ({n} cambio)",
        "{flow}: no test comes through this flow ({n} change)",
    ),
    "mutants row": ("notados {n} de {of} ({percent} %)", "noticed {n} of {of} ({percent} %)"),
    "mutants refused": (
        "{n} cambios quedaron fuera: 'botkit check' los encuentra por sí solo",
        "{n} changes were left out: 'botkit check' finds them by itself",
    ),
    "mutants refused 1": (
        "{n} cambio quedó fuera: 'botkit check' lo encuentra por sí solo",
        "{n} change was left out: 'botkit check' finds it by itself",
    ),
    "mutants interrupted": (
        "interrumpido tras {n} de {of} cambios; hasta ahí:",
        "interrupted after {n} of {of} changes; up to there:",
    ),
    "fail-under coverage": (
        "caminos tomados: {percent} % es menos que {least} %",
        "ways taken: {percent} % is less than {least} %",
    ),
    "fail-under mutants": (
        "cambios notados: {percent} % es menos que {least} %",
        "changes noticed: {percent} % is less than {least} %",
    ),
    "failed": ("pruebas que fallaron: {failed} de {n}", "{failed} of {n} tests failed"),
    "failed 1": ("pruebas que fallaron: {failed} de {n}", "{failed} of {n} test failed"),
    "error": ("error: {why}", "error: {why}"),
    "aborted": ("interrumpido", "broken off"),
    "defect": (
        "botkit falló: {what}. Los detalles están en {path}",
        "botkit failed: {what}. The details are in {path}",
    ),
}


def language(option: str | None = None, env: Mapping[str, str] | None = None) -> Language:
    """Return the language to speak: the option's, else the system's if it is one of ours, else English."""
    if option in ("es", "en"):
        return cast(Language, option)
    env = os.environ if env is None else env
    locale = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "es" if locale.lower().startswith("es") else "en"


def count(key: str, n: int, lang: Language | None = None, **values: object) -> str:
    """Return a message of the table about `n` things, whose form for one is `<key> 1`."""
    return say(f"{key} 1" if n == 1 else key, lang, n=n, **values)


def say(key: str, lang: Language | None = None, **values: object) -> str:
    """Return a message of the table."""
    spanish, english = MESSAGES[key]
    return (spanish if (lang or language(_written(sys.argv))) == "es" else english).format(**values)


def _written(arguments: Sequence[str]) -> str | None:
    """Return the last `--lang` of a command line: help is made before click has read one."""
    words = [word for each in arguments for word in (each.split("=") if each.startswith("--lang=") else [each])]
    return next((value for name, value in reversed([*pairwise(words)]) if name == "--lang"), None)
