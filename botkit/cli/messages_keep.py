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
}
