"""The bytes of what people send, as handlers ask for them: `await ctx.media.fetch(slots["foto"])`.

A slot keeps what the gateway told of a medium (kind, name, id, address), never its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botkit.errors import MediaError

#: Bytes of a medium that are taken: WhatsApp's own limit for pictures, sound and films.
MEDIA_LIMIT = 16_000_000
#: What servers say of bytes that they know nothing about.
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Received:
    """A medium's bytes, its MIME type (without parameters), and its file's name if the gateway told one."""

    bytes: bytes = field(repr=False)
    type: str
    name: str | None = None


class MediaSource(Protocol):
    """Where the media of one channel are had."""

    async def fetch(self, value: Mapping[str, Any]) -> Received:
        """Return the bytes of a medium that a person sent; raises MediaError. `value` is what its slot holds."""
        ...


class NoMedia:
    """The media of a channel without a gateway: none."""

    async def fetch(self, value: Mapping[str, Any]) -> Received:
        """Raise MediaError."""
        raise MediaError("no_source", "this channel has no gateway to fetch media from")
