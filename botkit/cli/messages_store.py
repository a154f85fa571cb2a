"""Why a store takes nothing and what to do, for `botkit doctor` and the pages on operating."""

from __future__ import annotations

from typing import get_args

from botkit.errors import StoreReason

#: Reason -> what it means and what to do, each in Spanish and English.
TAKES_NOTHING: dict[StoreReason, tuple[tuple[str, str], tuple[str, str]]] = {
    "full": (
        ("el disco está lleno", "the disk is full"),
        (
            "haz lugar en el disco del almacén, sin tocar botkit.db ni botkit.db-wal",
            "make room on the store's disk, and touch neither botkit.db nor botkit.db-wal",
        ),
    ),
    "locked": (
        ("otro programa tiene tomado el archivo", "another program holds the file"),
        (
            "cierra lo que lo tiene abierto (un visor de SQLite, una copia): `fuser -v botkit.db`",
            "end what has it open (a viewer of SQLite, a copy): `fuser -v botkit.db`",
        ),
    ),
    "read_only": (
        ("el archivo o el disco solo se puede leer", "the file or the disk can only be read"),
        (
            "mira `mount` y `dmesg` (un disco que falla pasa a solo lectura) y el dueño: `ls -l`",
            "look at `mount` and `dmesg` (a disk that fails turns read-only), and at the owner: `ls -l`",
        ),
    ),
    "moved": (
        (
            "alguien borró, movió, cambió o sobrescribió el archivo",
            "somebody deleted, moved, replaced or overwrote the file",
        ),
        (
            "devuélvelo a su lugar; si lo borraron o copiaron algo encima, detén el bot y haz `botkit restore` de la "
            "última copia; si solo le hicieron un `VACUUM`, reinicia el bot y mira `botkit doctor`: nada se perdió",
            "put it back in its place; if it was deleted or something was copied over it, stop the bot and "
            "`botkit restore` the last backup; if it only had a `VACUUM`, restart the bot and look at "
            "`botkit doctor`: nothing is lost",
        ),
    ),
    "unopened": (
        ("el archivo no se puede abrir", "the file cannot be opened"),
        ("mira si la carpeta está y de quién es: `ls -ld`", "look whether its folder is there, and whose: `ls -ld`"),
    ),
    "damaged": (
        ("el archivo está dañado", "the file is damaged"),
        (
            "detén el bot y haz `botkit restore` de la última copia",
            "stop the bot and `botkit restore` the last backup",
        ),
    ),
    "resources": (
        ("falta memoria, hilos o archivos abiertos", "memory, threads or open files are used up"),
        ("cierra otros programas, o sube LimitNOFILE", "end other programs, or raise LimitNOFILE"),
    ),
    "io": (
        ("el disco falla", "the disk fails"),
        (
            "mira `dmesg` y si se agotó una cuota; haz una copia en otro disco",
            "look at `dmesg`, and whether a quota is used up; make a backup on another disk",
        ),
    ),
    "slow": (
        ("no contesta a tiempo", "it does not answer in time"),
        (
            "espera; si dura, el disco está muy cargado o colgado (`dmesg`), o es una carpeta de red",
            "wait; if it lasts, the disk is very busy or hangs (`dmesg`), or is a network folder",
        ),
    ),
    "closed": (("el bot se está deteniendo", "the bot is stopping"), ("arráncalo de nuevo", "start it again")),
}
#: What may be over in a few seconds by itself.
PASSING: frozenset[StoreReason] = frozenset(("locked", "resources", "slow", "closed"))
#: The same as messages: `store why REASON` and `store mend REASON`.
STORE: dict[str, tuple[str, str]] = {
    **{f"store why {reason}": why for reason, (why, _) in TAKES_NOTHING.items()},
    **{f"store mend {reason}": mend for reason, (_, mend) in TAKES_NOTHING.items()},
}
assert set(TAKES_NOTHING) == set(get_args(StoreReason))
