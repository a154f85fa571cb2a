"""What `explore` says, in Spanish and English: a part of the one table of messages."""

from __future__ import annotations

EXPLORE: dict[str, tuple[str, str]] = {
    "explore": (
        "Conversa con los flujos FLOW (por defecto, todos) como lo haría cualquiera, y dice qué sale mal; sale con 1 si"
        " algo sale mal.\n\n"
        "Cada hallazgo se guarda como prueba que falla hasta que el flujo se arregle. Los servicios web no se llaman;"
        " un handler que no recibe ctx corre de verdad, como en las pruebas, si ninguna prueba del bot lo reemplaza.",
        "Talk with the flows FLOW (all by default) as anybody would, and tell what goes wrong; exit 1 when something"
        " does.\n\n"
        "Each finding is saved as a test that fails until the flow is mended. Web services are not called; a handler"
        " that takes no ctx runs, as it does in tests, unless some test of the bot stubs it.",
    ),
    "option seed": (
        "Repite la exploración que imprimió este número.",
        "Repeat the exploration that printed this number.",
    ),
    "option turns": ("Cuántos turnos se juegan.", "How many turns are played."),
    "option for": ("O cuánto tiempo: 30s, 5m.", "Or for how long: 30s, 5m."),
    "option save": (
        "Archivo para las pruebas; por defecto, explore.test.yaml en la carpeta de los flujos.",
        "File for the tests; by default explore.test.yaml in the folder of the flows.",
    ),
    "option no-save": ("No guarda ninguna prueba.", "Save no tests."),
    "explore found": (
        "{n} hallazgos; turnos: {turns}; semilla {seed}.",
        "{n} findings; turns: {turns}; seed {seed}.",
    ),
    "explore found 1": (
        "1 hallazgo; turnos: {turns}; semilla {seed}.",
        "1 finding; turns: {turns}; seed {seed}.",
    ),
    "explore nothing": (
        "Nada salió mal; turnos: {turns}; semilla {seed}.",
        "Nothing went wrong; turns: {turns}; seed {seed}.",
    ),
    "explore saved": ("{n} pruebas nuevas en {path}.", "{n} new tests in {path}."),
    "explore saved 1": ("1 prueba nueva en {path}.", "1 new test in {path}."),
    "explore comment": (
        "Lo que encontró botkit explore. Cada prueba falla hasta que se arregle el flujo; después, quédese con ella.",
        "What botkit explore found. Each test fails until the flow is mended; keep it then.",
    ),
    "explore going": ("turnos: {turns}, hallazgos: {n} …", "turns: {turns}, findings: {n} …"),
    "explore proving": ("Se comprueban los hallazgos …", "The findings are proved …"),
    "explore stopped": (
        "Interrumpido: esto es lo que se encontró hasta aquí.",
        "Interrupted: this is what was found so far.",
    ),
    "explore a flow": ("No hay ningún flujo '{name}'.", "There is no flow '{name}'."),
    "explore a duration": ("'{value}' no es una duración: 30s, 5m.", "'{value}' is no duration: 30s, 5m."),
}
