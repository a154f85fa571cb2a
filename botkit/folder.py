"""Files below a folder, and nothing above or beside it, whatever name a flow or a link gives."""

from __future__ import annotations

from pathlib import Path


def file_below(folder: Path, name: str) -> Path | None:
    """Return the file that `name` means below a folder; None for what is outside, or not there."""
    try:
        root = folder.resolve()
        found = (root / name).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file system has; links that go in circles
        return None
