"""What a value may look like: fragments of JSON Schema (draft-07), which stand beside the sentences in tables of keys.

A shape is for editors, which complete and underline by it; the readers stay what decides. So it is never narrower than
its reader. Editors read YAML by its core schema, where botkit keeps what was written: `no` and `12` are texts here, a
boolean and a number there. Wherever a text is meant, any scalar fits.

A `$ref` may have a description beside it: editors show it, and validators pass it over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Shape = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a group: one sentence, and the shape of its value."""

    help: str
    shape: Shape


Keys = Mapping[str, Key]

#: One text, an expression or a template: what is no list and no mapping. Were the types of scalars named, editors would
#: offer `true`, `false` and `null` at each text; were it no `anyOf`, they would leave out the colon behind the key.
SCALAR: Shape = {"anyOf": [{"if": {"type": ["array", "object"]}, "then": {"type": "string"}}]}
#: Any value at all.
ANYTHING: Shape = {"anyOf": [{}]}
#: Sign of a template in a text.
TEMPLATE = r"\{\{|\{%"


def ref(name: str) -> Shape:
    """Return the shape that `botkit/schema` defines under a name: one that holds itself, or stands in many places."""
    return {"$ref": f"#/definitions/{name}"}


#: A text of a person's language, `{es: …, en: …}` too; messages; where a step may lead; a list of steps.
WORDING, MESSAGE, TARGET, STEPS = ref("text"), ref("message"), ref("target"), ref("steps")
#: `2h`, or a template that prints one; `2h` alone.
DURATION, FIXED_DURATION = ref("duration"), ref("fixed-duration")
#: Values by name, or a list of slots.
NAMED = ref("named")


def any_of(*shapes: Shape) -> Shape:
    """Return the shape of what is one of several."""
    return {"anyOf": list(shapes)}


def list_of(shape: Shape, least: int = 0) -> Shape:
    """Return the shape of a list."""
    return {"type": "array", "items": shape, **({"minItems": least} if least else {})}


def map_of(shape: Shape, names: str = "", least: int = 0) -> Shape:
    """Return the shape of a mapping whose keys authors name; `names` is a pattern that they follow."""
    inner = {"patternProperties": {names: shape}, "additionalProperties": False} if names else {}
    counted = {"minProperties": least} if least else {}
    return {"type": "object", **(inner or {"additionalProperties": shape}), **counted}


def group(keys: Keys, required: Iterable[str] = (), **more: Any) -> Shape:
    """Return the shape of a mapping with keys of a table and no others; `more` are further words of JSON Schema."""
    properties = {name: {**key.shape, "description": key.help} for name, key in keys.items()}
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def has(*names: str) -> Shape:
    """Return the shape of a mapping that has all of these keys."""
    return {"required": list(names)}


def told_by(key: str, shape: Shape, otherwise: Shape) -> Shape:
    """Return the shape that a mapping with a key has, and the one without.

    An editor that completes takes what is required for given; what is forbidden it sees.
    """
    return {"if": {"properties": {key: False}}, "then": otherwise, "else": shape}


def chosen(known: Mapping[str, str] | Iterable[str]) -> Shape:
    """Return the shape of one of a closed list of words, which may have a sentence each."""
    helps = known if isinstance(known, Mapping) else dict.fromkeys(known, "")
    values: dict[object, str] = {value: helps[word] for word in helps for value in (word, *_READ.get(word, ()))}
    described = {"enumDescriptions": list(values.values())} if any(values.values()) else {}
    return {"enum": list(values), **described}


def whole(least: int, most: int | None = None) -> Shape:
    """Return the shape of a whole number, quoted or not."""
    bounds = {"minimum": least, **({} if most is None else {"maximum": most})}
    return any_of({"type": "integer", **bounds}, {"type": "string", "pattern": r"^\d{1,15}$"})


def matching(pattern: str) -> Shape:
    """Return the shape of a text that holds a pattern."""
    return {"type": "string", "pattern": pattern}


#: word -> what else an editor may read it as.
_READ: Mapping[str, tuple[bool, ...]] = {"true": (True,), "false": (False,), "on": (True,), "off": (False,)}

TRUTH = chosen(("true", "false"))
#: One text or several.
TEXTS = any_of(SCALAR, list_of(SCALAR))
#: A slot, or slots with the expressions that give their values.
SAVE = any_of(SCALAR, map_of(SCALAR, least=1))
#: Degrees.
PAIR: Shape = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
