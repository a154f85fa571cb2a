"""Files below a folder, and nothing above or beside it, whatever name a flow or a link gives; the files of flows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

#: Most files of flows, entries of the folder that are looked at, and how deep: more is no folder of flows.
MAX_FILES = 2_000
MAX_ENTRIES = 20_000
MAX_DEPTH = 16


def file_below(folder: Path, name: str) -> Path | None:
    """Return the file that `name` means below a folder; None for what is outside, or not there."""
    try:
        root = folder.resolve()
        found = (root / name).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name that no file system has; links that go in circles
        return None


class FolderError(Exception):
    """The folder of flows cannot be read; `code` is a problem code, `values` fill its sentences."""

    def __init__(self, code: str, path: Path, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, object] = {"path": shown(path), **values}


def shown(path: Path) -> str:
    """Return a path as people type it: relative to where they stand, if it is below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (OSError, RuntimeError):  # a symbolic link to itself
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def flow_files(folder: Path) -> list[Path]:
    """Return the files that hold flows: every YAML file but tests and `lang/`, in a lasting order; raises FolderError.

    Folders behind symbolic links are left out, and so is what is hidden: editors make `.#cita.yaml`, systems `._cita`.
    """
    flows: list[Path] = []
    for path in _files(folder):
        if path.suffix in (".yaml", ".yml") and ".test." not in path.name:
            flows.append(path)
            if len(flows) > MAX_FILES:
                raise FolderError("too-many-files", folder, limit=MAX_FILES)
    return sorted(flows)


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is no folder in `folder` and below."""
    seen, todo = 0, [(folder, 0)]
    while todo:
        here, depth = todo.pop()
        if depth > MAX_DEPTH:
            raise FolderError("too-deep-folders", folder, limit=MAX_DEPTH)
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MAX_ENTRIES:
                        raise FolderError("too-many-files", folder, limit=MAX_ENTRIES)
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        todo += [(here / entry.name, depth + 1)] if entry.name != "lang" else []
                    elif not _is_linked_folder(entry):
                        yield here / entry.name
        except OSError as error:
            raise FolderError("file-unreadable", here, why=error.strerror) from None


def _is_linked_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: the file's reader says so
        return False
