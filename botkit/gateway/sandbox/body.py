"""Reading a JSON object field by field, with errors that say what was expected."""

from typing import Any

import orjson

Json = Any


class BadBodyError(ValueError):
    """The body is not what the dialect asks for."""


def load_object(raw: bytes) -> dict[str, Json]:
    """Return the JSON object in `raw`; raise BadBodyError."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadBodyError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadBodyError("the body must be a JSON object")
    return value


class Body:
    """A JSON object that is taken apart; what nobody took is an error."""

    def __init__(self, fields: dict[str, Json]) -> None:
        self._left = dict(fields)

    def take(self, name: str) -> Json:
        """Return the field as it came, or None."""
        return self._left.pop(name, None)

    def text(self, name: str, *, limit: int, default: str | None = None) -> str:
        """Return a non-empty string of at most `limit` characters."""
        value = self._left.pop(name, default)
        if not isinstance(value, str) or not value:
            raise BadBodyError(f"'{name}' must be a non-empty string")
        if len(value) > limit:
            raise BadBodyError(f"'{name}' has {len(value)} characters; the limit is {limit}")
        return value

    def optional_texts(self, **limits: int) -> dict[str, Json]:
        """Return those of the named strings that are there; each name comes with its limit."""
        return {name: self.text(name, limit=limit) for name, limit in limits.items() if self.has(name)}

    def number(self, name: str, *, low: float, high: float, default: float | None = None) -> float:
        """Return a number from `low` to `high`."""
        value = self._left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadBodyError(f"'{name}' must be a number")
        if not low <= value <= high:
            raise BadBodyError(f"'{name}' must be between {low:g} and {high:g}")
        return value

    def integer(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number from `low` to `high`."""
        value = self.number(name, low=low, high=high, default=default)
        if int(value) != value:
            raise BadBodyError(f"'{name}' must be a whole number")
        return int(value)

    def boolean(self, name: str) -> bool:
        """Return true or false; a field that is not there is false."""
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise BadBodyError(f"'{name}' must be true or false")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
        """Return one of the words in `allowed`."""
        value = self._left.pop(name, default)
        if value not in allowed:
            raise BadBodyError(f"'{name}' must be one of: {', '.join(allowed)}")
        return str(value)

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not null."""
        return self._left.get(name) is not None

    def rest(self) -> dict[str, Json]:
        """Return every field that nobody took yet."""
        return self._left

    def finish(self) -> None:
        """Raise BadBodyError if a field is left that nobody asked for; null is as good as absent."""
        unknown = sorted(name for name, value in self._left.items() if value is not None)
        if unknown:
            raise BadBodyError("unknown fields: " + ", ".join(unknown))
