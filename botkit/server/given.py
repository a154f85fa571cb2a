"""What an action is given, a JSON object, read key by key; what is wrong is refused with the path where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from botkit.flow.values import MAX_TEXT, fits
from botkit.server.contacts import Arguments, Refused

#: Characters of a name, an id or a contact.
NAME_LIMIT = 200


class Given:
    """Reads the values of one action, and tells which of them nobody asked for.

    `arguments` hold `lang`, the language of a refusal, and `country`.
    """

    def __init__(self, values: Any, arguments: Arguments) -> None:
        self.arguments = arguments
        if not isinstance(values, dict):
            raise self.refusal("$", ("it must be a JSON object", "debe ser un objeto JSON"))
        try:
            orjson.dumps(values)
        except (TypeError, ValueError):
            signs = "it holds signs that are no text", "tiene signos que no son texto"
            raise self.refusal("$", signs) from None
        self._values: Mapping[str, Any] = values
        self._asked: set[str] = set()

    def text(self, name: str, limit: int = NAME_LIMIT) -> str:
        """Return a text that must be there; raises Refused."""
        found = self.optional_text(name, limit)
        if found is None:
            raise self.refusal(f"$.{name}", ("it is missing", "falta"))
        return found

    def optional_text(self, name: str, limit: int = NAME_LIMIT) -> str | None:
        """Return a text, None if it is not there; raises Refused."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.refusal(f"$.{name}", ("it must be a text", "debe ser un texto"))
        if not value.strip() or "\0" in value:
            raise self.refusal(f"$.{name}", ("it is empty or no text", "está vacío o no es texto"))
        if len(value) > limit:
            long = f"it has over {limit} characters", f"pasa de {limit} caracteres"
            raise self.refusal(f"$.{name}", long)
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return values by name, none if it is not there; raises Refused."""
        value = self.value(name)
        if value is not None and not isinstance(value, dict):
            raise self.refusal(f"$.{name}", ("it must be an object", "debe ser un objeto"))
        return value or {}

    def refuse_large(self, path: str, value: Any) -> None:
        """Raise Refused for a value that no slot keeps, and for a text in it that no message could say."""
        if not fits(value):
            raise self.refusal(path, ("it is too large to keep", "es demasiado grande para guardarlo"))
        if long := _long_text(path, value):
            over = f"a text of over {MAX_TEXT} characters", f"un texto de más de {MAX_TEXT} caracteres"
            raise self.refusal(long, over)

    def value(self, name: str) -> Any:
        """Return whatever stands under a name, None if nothing does."""
        self._asked.add(name)
        return self._values.get(name)

    def finish(self) -> None:
        """Raise Refused for a value that nobody asked for."""
        for name in self._values:
            if name not in self._asked:
                known = ", ".join(sorted(self._asked))
                wrong = f"it is no key here; the keys are: {known}", f"no es una clave de aquí; las claves son: {known}"
                raise self.refusal(f"$.{name}", wrong)

    def refusal(
        self, path: str, why: tuple[str, str], hint: tuple[str, str] = ("", ""), *, status: int = 400
    ) -> Refused:
        """Return what says that the value at `path` is wrong; `why` and `hint` are English and Spanish."""
        en, es = ((f"{path}: {wrong}", mend) for wrong, mend in zip(why, hint, strict=True))
        return Refused(self.arguments, en, es, status=status, path=path)


def _long_text(path: str, value: Any) -> str | None:
    """Return where the first text over MAX_TEXT stands in a value, which is not too deep."""
    if isinstance(value, str):
        return path if len(value) > MAX_TEXT else None
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return next((long for each in inner if (long := _long_text(*each))), None)
