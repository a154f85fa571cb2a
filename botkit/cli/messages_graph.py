"""What `botkit graph` says, in Spanish and English."""

from __future__ import annotations

GRAPH: dict[str, tuple[str, str]] = {
    "graph": (
        "Dibuja los flujos FLOW (por defecto, todos los del bot); en una terminal los abre en el navegador.",
        "Draw the flows FLOW (all of the bot's by default); at a terminal they open in the browser.",
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
}
