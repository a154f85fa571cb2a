"""The files that an `http` step sends: their bytes, and the body of the form that carries them.

A pending call holds references (`turn/kinds/upload.py`). The bytes are had as the request leaves: received media from
the channel's gateway as handlers get them, others from the flows folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import aiohttp

from botkit.answers.media import TYPES, mime_of
from botkit.errors import EvaluationError, MediaError, writable
from botkit.received import MEDIA_LIMIT, UNKNOWN_TYPE, MediaSource, NoMedia

#: Reads a file of the flows folder, at most so many bytes; None for a larger one. Raises EvaluationError.
ReadFile = Callable[[str, int], bytes | None]

_EXTENSIONS = {mime: extension for extension, mime in reversed(TYPES.items())}


class Part(NamedTuple):
    """A file of a form: its field, its file's name, its MIME type, its bytes."""

    field: str
    name: str
    type: str
    content: bytes


class NotHad(Exception):
    """The bytes of a file cannot be had; its text says why, `again` that another attempt may have them."""

    def __init__(self, why: str, *, again: bool = False) -> None:
        super().__init__(why)
        self.again = again


class Upload:
    """The files of one call, which are had once for all its attempts. `files` are pairs of a field and a reference."""

    def __init__(
        self, files: Sequence[tuple[str, Mapping[str, Any]]], media: MediaSource | None, read: ReadFile | None
    ) -> None:
        self._files = files
        self._media = media or NoMedia()
        self._read = read
        self._parts: tuple[Part, ...] | None = None

    async def parts(self) -> tuple[Part, ...]:
        """Return the files with their bytes; raises NotHad."""
        if self._parts is None:
            self._parts = tuple([await self._part(field, reference) for field, reference in self._files])
        return self._parts

    async def _part(self, field: str, reference: Mapping[str, Any]) -> Part:
        if "media" not in reference:
            return self._of_folder(field, str(reference["file"]))
        try:
            found = await self._media.fetch(reference["media"])
        except MediaError as error:
            busy = error.status is not None and (error.status == 429 or error.status >= 500)
            raise NotHad(str(error), again=busy or error.reason == "unreachable") from None
        name = found.name or field + _EXTENSIONS.get(found.type, "")
        return Part(field, _file_name(name), found.type, found.bytes)

    def _of_folder(self, field: str, path: str) -> Part:
        try:
            content = self._read(path, MEDIA_LIMIT) if self._read else None
        except EvaluationError as error:
            raise NotHad(str(error)) from None
        if content is None:
            raise NotHad(f"the file '{path}' has more than {MEDIA_LIMIT} bytes")
        return Part(field, _file_name(path), mime_of({"name": path}) or UNKNOWN_TYPE, content)


def _file_name(path: str) -> str:
    """Return the name that a form may carry: without folders, quotes and signs that nobody sees."""
    name = path.replace("\\", "/").rpartition("/")[2]
    return writable("".join(sign for sign in name if sign.isprintable() and sign != '"')) or "file"


def form_with(pairs: Sequence[Sequence[str]], parts: Sequence[Part]) -> aiohttp.FormData:
    """Return the body of a form with files, names in UTF-8 as browsers send them."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in pairs:
        form.add_field(name, writable(value))
    for part in parts:
        form.add_field(part.field, part.content, filename=part.name, content_type=part.type)
    return form
