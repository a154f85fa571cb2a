"""The store: whether its pages are sound, its commits reach the disk, and nobody else can read it."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botkit.doctor.finding import Finding

#: Bytes of the log beside the store from which something keeps it from being moved into the file.
LOG_LARGE = 512_000_000
#: How far the newest row may be ahead of the clock, in seconds.
AHEAD_S = 60.0
#: How far the clock may be ahead of what it said when it was believed last, in seconds.
DOUBTED_S = 86_400.0
#: What `PRAGMA synchronous` says when every commit reaches the disk.
FULL = 2


def examine_store(
    path: Path, socket: Path, told: dict[str, Any] | None, now: float, *, is_lost: bool = False
) -> Iterator[Finding]:
    """Yield how a store is. `told` is what its owner says of it, None where there is no store: none yet, or `is_lost`.

    That is one which was moved or deleted under its owner.
    """
    if told is None:
        yield Finding("bad", "store-lost", {"path": path}) if is_lost else Finding("odd", "store-none", {"path": path})
        return
    sound = told["check"] == "ok"
    values = {"path": path, "bytes": told["size"] + told["log"], "schema": told["schema"], "why": told["check"]}
    yield Finding("well" if sound else "bad", "store" if sound else "store-damaged", values)
    if told["schema"] != told["knows"]:
        newer = told["schema"] > told["knows"]
        yield Finding("bad" if newer else "odd", "schema-newer" if newer else "schema-older", told)
    if told["synchronous"] != FULL:
        yield Finding("bad", "store-unsynced", told)
    if told["log"] > LOG_LARGE:
        yield Finding("odd", "store-log", {"bytes": told["log"]})
    if values["bytes"] > shutil.disk_usage(path.parent).free:
        yield Finding("odd", "disk-no-copy", {"bytes": values["bytes"]})
    if told["newest"] is not None and told["newest"] > now + AHEAD_S:
        yield Finding("bad", "clock-behind", {"seconds": round(told["newest"] - now)})
    if (known := told.get("known")) is not None and now - known > DOUBTED_S:
        yield Finding("odd", "clock-doubted", {"hours": round((now - known) / 3600)})
    for file in (path, socket):
        yield from _open_to_others(file)


def _open_to_others(file: Path) -> Iterator[Finding]:
    if file.exists() and (mode := stat.S_IMODE(file.stat().st_mode)) & 0o077:
        yield Finding("odd", "open-to-others", {"path": file, "mode": f"{mode:o}"})
