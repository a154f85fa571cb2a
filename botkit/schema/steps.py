"""The shapes of steps and of `defaults`, from the table of kinds.

A step is told by its kind first and by its keys then (`if`/`then`): so an editor says what is wrong with the step as it
is meant, and not that none of fourteen forms fits. Its keys are offered once the kind stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from botkit.flow.defaults import NEVER, default_keys
from botkit.flow.kind import STEP_KEYS, Kind
from botkit.flow.shape import SCALAR, Key, Shape, any_of, group, has, list_of, ref
from botkit.turn.kinds import KINDS

_BRANCH = "if"
_OTHERS = [has(name) for name in KINDS if name != _BRANCH]


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


def _told(kind: Kind) -> Shape:
    """Return what a step of a kind is told by: `if` is one alone, and a guard beside another kind."""
    return {**has(kind.name), "not": {"anyOf": _OTHERS}} if kind.name == _BRANCH else has(kind.name)


def _step() -> Shape:
    begins = {name: {"description": kind.help} for name, kind in KINDS.items()}
    always = {name: {"description": key.help} for name, key in STEP_KEYS.items() if name not in begins}
    return {
        "type": "object",
        "title": "step",
        "properties": {**begins, **always},
        "anyOf": [*_OTHERS, has(_BRANCH)],
        "allOf": [{"if": _told(kind), "then": ref(f"step-{name}")} for name, kind in KINDS.items()],
    }


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
