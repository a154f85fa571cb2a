"""Files from templates, written where nothing stands.

A template's mark is a name between two `@`; every file is opened as a new one, so that whatever appears meanwhile is
never overwritten. When one of them cannot be written, those before it are removed again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

_MARK = re.compile(r"@([a-z]+)@")
#: What may stand in a folder before a bot is put into it: nothing that `botkit new` writes.
_IGNORED = frozenset((".git", ".venv"))


class Occupied(Exception):
    """Something stands already where a file or a folder is to be made: `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template, a path below `botkit/templates`, with its marks replaced."""
    text = files("botkit").joinpath("templates", template).read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: values[mark[1]], text)


def check_free(folder: Path) -> None:
    """See that a bot can be made in a folder: missing or empty; raises Occupied, and OSError where none can look."""
    if folder.exists() and (not folder.is_dir() or any(each.name not in _IGNORED for each in folder.iterdir())):
        raise Occupied(folder)


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write new files below a folder, all or none; raises Occupied for one that is there, and OSError."""
    made: list[Path] = []
    try:
        for name, text in texts.items():
            path = folder / name
            _make_folder(path.parent, made)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        _remove(made)
        if isinstance(error, FileExistsError):
            raise Occupied(Path(error.filename)) from None
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir()
        made.append(folder)


def _remove(made: list[Path]) -> None:
    for path in reversed(made):
        with suppress(OSError):  # a folder in which somebody else has put something
            path.rmdir() if path.is_dir() else path.unlink()
