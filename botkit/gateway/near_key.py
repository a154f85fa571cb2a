"""What an author may have meant by a key that a channel does not have there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import AliasChoices
from rapidfuzz import process

from botkit.gateway.fields import Model
from botkit.gateway.problem import Path
from botkit.gateway.profile import Profile

#: Fields of a profile that say where it came from; nobody writes them.
OURS = ("name", "sandbox")


def near_key(path: Path) -> tuple[str, str]:
    """Return a hint in English and Spanish: where else the key stands, or one spelt alike; nothing for others."""
    keys = {"as", "per", "timeout"} | {name for model in Model.__subclasses__() for name in model.model_fields}
    homes = ", ".join(f"'{home}'" for home in dict.fromkeys(_homes(Profile)) if home.split(".")[-1] == path[-1])
    if homes:
        return f"it belongs elsewhere in the channel: {homes}", f"su lugar en el canal es otro: {homes}"
    if path[-1] in keys:
        return "", ""
    near = process.extractOne(str(path[-1]), sorted(keys), score_cutoff=70)
    return (f"did you mean '{near[0]}'?", f"¿quisiste decir '{near[0]}'?") if near else ("", "")


def _homes(model: type[Model], before: str = "") -> Iterator[str]:
    """Yield the path of each key of a channel, as an author writes it; `*` is each one of a mapping or a list."""
    for name, field in model.model_fields.items():
        alias = field.validation_alias
        path = before + str((alias.choices[0] if isinstance(alias, AliasChoices) else alias) or name)
        if path not in OURS:
            yield path
        for held, between in _models(field.annotation):
            yield from _homes(held, f"{path}.{between}")


def _models(annotation: Any, between: str = "") -> Iterator[tuple[type[Model], str]]:
    """Yield the groups that a field may hold, with what stands between: `*.` for each of a mapping or a list."""
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, Model):
        yield annotation, between
    deeper = between + "*." * (get_origin(annotation) in (dict, list, tuple))
    for each in get_args(annotation):
        yield from _models(each, deeper)
