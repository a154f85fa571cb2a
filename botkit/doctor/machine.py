"""The machine: what the bot may open, how much memory and disk there is, and whether it can write its log."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

from botkit.doctor.finding import Finding
from botkit.rights import owner_of, root_for, user_name

#: Files and connections that a bot opens at once when much is going on, with some to spare.
FILES = 1024
#: Bytes of memory that a bot takes with room for a burst, and of disk below which it soon stops taking messages.
MEMORY, DISK_LOW, DISK_EMPTY = 200_000_000, 1_000_000_000, 100_000_000
_MEMORY_FILE = Path("/proc/meminfo")


def examine_machine(store: Path, log: Path) -> Iterator[Finding]:
    """Yield how the machine is that the store and the log stand on."""
    yield from _disk(store.parent)
    if (owner := root_for(store.parent)) is not None:
        yield Finding("odd", "root", {"owner": owner, "path": store.parent})
    yield from _memory(_MEMORY_FILE)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield Finding("odd" if soft < FILES else "well", "files-few" if soft < FILES else "files", {"files": soft})
    zones = len(available_timezones())
    yield Finding("well", "zones", {"zones": zones}) if zones else Finding("bad", "zones-none")
    yield from _log(log)


def _disk(folder: Path) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding("bad", "folder-none", {"path": folder, "why": error.strerror})
        return
    values = {"bytes": free, "path": folder}
    if free < DISK_LOW:
        yield Finding("bad" if free < DISK_EMPTY else "odd", "disk-low", values)
    else:
        yield Finding("well", "disk", values)


def _memory(told: Path) -> Iterator[Finding]:
    """Yield how much memory is left, where the system tells."""
    try:
        lines = told.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, size = line.partition(":")
        if name == "MemAvailable":
            free = int(size.split()[0]) * 1024
            yield Finding(
                "odd" if free < MEMORY else "well", "memory-low" if free < MEMORY else "memory", {"bytes": free}
            )


def _log(log: Path) -> Iterator[Finding]:
    written = log if log.exists() else log.parent
    if os.access(written, os.W_OK | (0 if log.exists() else os.X_OK)):
        yield Finding("well", "log", {"path": log})
    elif written.exists():
        yield Finding("bad", "log-of-another", {"path": written, "user": user_name(), "owner": owner_of(written)})
    else:
        yield Finding("bad", "log-refused", {"path": log})
