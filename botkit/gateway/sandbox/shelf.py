"""The media that the sandbox holds: what people attach in the phone, and what the bot sends inline. Bounded."""

from dataclasses import dataclass, field

# Bytes of one medium, and of all; the oldest make room for a new one.
MEDIUM_LIMIT = 16_000_000
SHELF_LIMIT = 256_000_000


@dataclass(frozen=True, slots=True)
class Medium:
    """One file: its bytes, its content type, and the name that it had."""

    id: str
    content: bytes
    mime: str
    name: str | None = None


@dataclass(slots=True)
class Shelf:
    """The files, by id; `run` keeps ids apart from those of an earlier sandbox."""

    run: str
    limit: int = SHELF_LIMIT
    _media: dict[str, Medium] = field(default_factory=dict)
    _bytes: int = 0
    _ids: int = 0

    def put(self, content: bytes, mime: str, name: str | None = None) -> Medium:
        """Keep a file and return it with its id."""
        self._ids += 1
        medium = Medium(f"media-{self.run}-{self._ids}", content, mime, name)
        self._media[medium.id] = medium
        self._bytes += len(content)
        while self._bytes > self.limit:
            oldest = next(iter(self._media))
            self._bytes -= len(self._media.pop(oldest).content)
        return medium

    def get(self, medium_id: str) -> Medium | None:
        """Return a file, None if it is unknown or had to make room."""
        return self._media.get(medium_id)
