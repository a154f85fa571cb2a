"""What `botkit plan` says, in Spanish and English."""

from __future__ import annotations

PLAN: dict[str, tuple[str, str]] = {
    "plan": (
        "Dice qué haría con cada conversación en curso instalar los archivos como están; sale con 1 si alguna se queda"
        " sin salida.",
        "Say what a deploy of the files as they are would do to each live conversation; exit 1 if one is stranded.",
    ),
    "option json plan": ("Cada conversación y la suma, como JSON.", "Each conversation and the sum, as JSON."),
    "option sum": ("Solo la suma.", "Only the sum."),
    "option contacts": ("Con el número de cada contacto.", "With each contact's number."),
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
}
