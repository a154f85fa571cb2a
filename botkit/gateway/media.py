"""Media that leave: from where a message says its bytes are to what a request can carry.

A message keeps its source as neutral data (`SOURCES` of turn/effect.py) until it is sent. Then a file of the flows
folder is read, or a link to it signed, as the profile's `media_from` prefers; the request is stored as it was made, so
that sending it again repeats it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from botkit.answers.media import TYPES
from botkit.errors import EvaluationError
from botkit.flow.message import is_web_address
from botkit.folder import file_below
from botkit.gateway.links import GATEWAY_S, PERSON_S, Links

Message = Mapping[str, Any]

#: Fields that say where the bytes are, in a message; a body names others (`FIELDS`).
_SOURCES = ("url", "file", "media")
#: What `resolve` adds to a medium for the body of its request.
FIELDS = ("url", "data", "data_uri", "media_id", "mime", "name")


def type_of(path: str) -> str | None:
    """Return the content type that a file's extension stands for; None for what is no medium.

    What is no medium is neither sent nor served: flows and handlers stand in the same folder.
    """
    return TYPES.get(PurePosixPath(path).suffix.lower())


def locate(folder: Path, path: str) -> Path | None:
    """Return the file that `path` names below `folder`; None for what is outside, hidden, no medium or not there."""
    if type_of(path) is None or any(part.startswith(".") for part in PurePosixPath(path).parts):
        return None
    return file_below(folder, path)


class Files:
    """The flows folder as messages see it. Without `links` nobody outside can fetch from it."""

    def __init__(self, folder: Path, links: Links | None = None) -> None:
        self._folder = folder
        self._links = links

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file's bytes, None if it is larger than `limit`; raises EvaluationError if it is not there."""
        found = self._find(path)
        try:
            return found.read_bytes() if found.stat().st_size <= limit else None
        except OSError as error:
            raise EvaluationError(f"the file '{path}' cannot be read: {error.strerror}") from None

    def link(self, path: str, lasts_s: float) -> str | None:
        """Return a signed link to a file, None without a public address; raises EvaluationError if it is not there."""
        self._find(path)
        return self._links.make(path, lasts_s) if self._links else None

    def _find(self, path: str) -> Path:
        if (found := locate(self._folder, path)) is None:
            raise EvaluationError(f"there is no medium '{path}' under the flows folder")
        return found


def resolve(message: Message, ways: Sequence[str], inline_limit: int, files: Files | None) -> Message:
    """Return a fitted message with its source as the fields that a body can name; raises EvaluationError.

    `ways` are the profile's `media_from`; `files` is None where there is no flows folder.
    """
    if not any(name in message for name in _SOURCES):
        return message
    rest = {name: value for name, value in message.items() if name not in _SOURCES}
    if "file" in message:
        if files is None:
            raise EvaluationError("there is no flows folder to take a file from")
        path = message["file"]
        if message["type"] == "text":
            return rest | {"text": _with_link(message["text"], path, files)}
        return {"name": PurePosixPath(path).name, **rest} | _of_file(path, ways, inline_limit, files)
    return rest | _of_gateway(message["media"], ways) if "media" in message else message


def _with_link(text: str, path: str, files: Files) -> str:
    link = files.link(path, PERSON_S)
    if link is None:
        raise EvaluationError(f"no link to '{path}' without 'server.public_url'")
    return f"{text}\n{link}" if text else link


def _of_file(path: str, ways: Sequence[str], inline_limit: int, files: Files) -> dict[str, Any]:
    mime = type_of(path) or ""
    for way in ways:
        if way == "inline" and (content := files.read(path, inline_limit)) is not None:
            data = b64encode(content).decode()
            return {"mime": mime, "data": data, "data_uri": f"data:{mime};base64,{data}"}
        if way == "url" and (link := files.link(path, GATEWAY_S)) is not None:
            return {"mime": mime, "url": link}
    raise EvaluationError(f"'{path}' is too large to be sent inline, and there is no 'server.public_url' to link it")


def _of_gateway(medium: Mapping[str, Any], ways: Sequence[str]) -> dict[str, Any]:
    own = {"name": medium["name"]} if medium.get("name") else {}
    for way in ways:
        if way == "id" and medium.get("id"):
            return own | {"media_id": medium["id"]}
        if way == "url" and is_web_address(medium.get("url")):
            return own | {"url": medium["url"]}
    raise EvaluationError("the gateway takes no medium by what it gave with this one")
