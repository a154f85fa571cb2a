"""The shapes of steps and of `defaults`, from the table of kinds.

A step is told by its kind, and only then by its keys: an editor offers the kinds first, then the keys of one, and says
what is wrong with the step as it is meant, not that it is none of fourteen forms.
"""

from __future__ import annotations

from collections.abc import Mapping

from botkit.flow.defaults import NEVER, default_keys
from botkit.flow.kind import STEP_KEYS, Kind
from botkit.flow.shape import SCALAR, Key, Shape, any_of, group, has, list_of, ref, told_by
from botkit.turn.kinds import KINDS

_BRANCH = "if"


def _taken_back(key: Key) -> Key:
    """Return a key that `never` takes back, besides what it says."""
    return Key(key.help, key.shape if key.shape is SCALAR else any_of(key.shape, {"const": NEVER}))


def _keys(kind: Kind) -> dict[str, Key]:
    given = default_keys(kind)
    return {name: _taken_back(key) if name in given else key for name, key in kind.all_keys().items()}


def _kind(kind: Kind) -> Shape:
    """Return the shape of a step of a kind. What else it needs may stand in `defaults`, so nothing else is required."""
    branches = {"anyOf": [has("then"), has("else")]} if kind.name == _BRANCH else {}
    return group(_keys(kind), (kind.name,), title=kind.name, description=kind.help, **branches)


def _step() -> Shape:
    """Return the shape of a step: each kind holds where its key stands; `if` is one where no other kind does."""
    others = [name for name in KINDS if name != _BRANCH]
    kinds = [told_by(name, ref(f"step-{name}"), {}) for name in others]
    alone = {"if": {"properties": dict.fromkeys(others, False)}, "then": told_by(_BRANCH, _branch(), _begun())}
    return {"type": "object", "title": "step", "allOf": [*kinds, alone]}


def _branch() -> Shape:
    """Return the shape of a step that has `if` and no other kind yet: it may get one."""
    return {"allOf": [ref(f"step-{_BRANCH}"), {"properties": _begins()}]}


def _begun() -> Shape:
    """Return the shape of a step that has no kind yet: the kinds are offered, and that one is missing is said."""
    always = {name: {**key.shape, "description": key.help} for name, key in STEP_KEYS.items()}
    missing = {**has(next(iter(KINDS))), "errorMessage": f"a step needs its kind: {', '.join(KINDS)}"}
    return {"properties": {**always, **_begins()}, "additionalProperties": False, "allOf": [missing]}


def _begins() -> dict[str, Shape]:
    return {name: {**kind.keys[name].shape, "description": kind.help} for name, kind in KINDS.items()}


def _defaults() -> Shape:
    """Return the shape of `defaults`: every key that some kind has, as any of them has it, and the kinds."""
    found: dict[str, list[Key]] = {}
    kinds: dict[str, Key] = {}
    for kind in KINDS.values():
        own = {name: key for name, key in _keys(kind).items() if name in default_keys(kind)}
        kinds[kind.name] = Key(f"for every '{kind.name}' step", group(own))
        for name, key in own.items():
            found.setdefault(name, []).append(key)
    return group({**{name: _either(keys) for name, keys in found.items()}, **kinds})


def _either(keys: list[Key]) -> Key:
    shapes = [key.shape for index, key in enumerate(keys) if key.shape not in [each.shape for each in keys[:index]]]
    return Key(keys[0].help, shapes[0] if len(shapes) == 1 else any_of(*shapes))


#: name -> shape; `ref(name)` stands for it.
STEPS: Mapping[str, Shape] = {
    "steps": list_of(ref("step")),
    "step": _step(),
    "defaults": _defaults(),
    **{f"step-{name}": _kind(kind) for name, kind in KINDS.items()},
}
