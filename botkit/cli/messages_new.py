"""What `botkit new` asks and says, in Spanish and English."""

from __future__ import annotations

NEW: dict[str, tuple[str, str]] = {
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
}
