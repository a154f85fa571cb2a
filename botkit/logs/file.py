"""The log file: appended, rotated, and read back across its rotations."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from botkit.rights import hand_over

#: A file is rotated before it grows past this, in bytes.
SIZE = 50_000_000
#: Files kept, the current one among them.
KEPT = 5


class RotatingFile:
    """Appends whole lines to a file; the caller sees to it that one thread writes at a time."""

    def __init__(self, path: Path, *, size: int = SIZE, kept: int = KEPT) -> None:
        """Open `path`, readable by its owner only; raises OSError."""
        self.path, self._limit, self._kept, self._fd = path, size, kept, -1
        self._is_torn = False
        self._open()

    def _open(self) -> None:
        is_new = not self.path.exists()
        self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if is_new:
            hand_over(self.path, self.path.parent.stat())
        self._size = os.fstat(self._fd).st_size
        self._is_torn = False

    def write(self, lines: bytes) -> None:
        """Append one line or several, which end in line breaks; raises OSError."""
        if self._fd < 0:
            self._open()
        if self._size and self._size + len(lines) > self._limit:
            self._rotate()
        if self._is_torn:  # by a disk that was full: what follows stands on a line of its own
            lines = b"\n" + lines
        written = os.write(self._fd, lines)
        self._size += written
        self._is_torn = lines[written - 1 : written] != b"\n" if written else self._is_torn

    def _rotate(self) -> None:
        """Begin a new file; where that cannot be, go on in this one and try again as much later."""
        self.close()  # first of all: its number is soon that of another file
        try:
            for number in range(self._kept - 1, 0, -1):
                older = _numbered(self.path, number - 1)
                if older.exists():
                    older.replace(_numbered(self.path, number))
        except OSError:
            self._open()
            self._size = 0
        else:
            self._open()

    def close(self) -> None:
        """Close the file; once more does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def log_files(path: Path) -> list[Path]:
    """Return the files that `path` was rotated into and `path` itself, oldest first."""
    numbered = (_numbered(path, number) for number in range(KEPT - 1, -1, -1))
    return [file for file in numbered if file.exists()]


def read_log(paths: Iterable[Path], conversation: str) -> Iterator[str]:
    """Return the lines about a conversation, in the order of `paths`; what is no JSON is passed over."""
    needle = conversation.encode()
    for path in paths:
        with path.open("rb") as file:
            yield from (line.decode().rstrip("\n") for line in file if needle in line and _about(line, conversation))


def _about(line: bytes, conversation: str) -> bool:
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False  # a crash can leave half a line
    return isinstance(fields, dict) and fields.get("conversation") == conversation


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}") if number else path
