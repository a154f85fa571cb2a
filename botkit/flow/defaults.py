"""`defaults`: keys that steps take where they say nothing, of a flow or of the whole bot.

The nearest wins: the step's own key, the flow's default for its kind, the flow's for all, then the bot's two. Mappings
merge key by key; `never` takes a key back. A default reaches only the kinds that have the key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from botkit.flow.fields import Fields
from botkit.flow.kind import STEP_KEYS, Kind
from botkit.flow.language import is_by_language
from botkit.flow.reader import Reading
from botkit.flow.source import Entry, Map, Node, Seq, Text

#: A key whose short forms stand for one key of its mapping: `invalid: texto` is `invalid: {say: texto}`.
SHORT = {"invalid": "say"}
#: Takes a default back.
NEVER = "never"
#: Keys that make no sense for many steps at once.
_OWN = ("save",)


def check_defaults(reading: Reading, node: Map, kinds: Mapping[str, Kind], later: Collection[str]) -> None:
    """Report every key of `defaults` that no kind has, or that the kind it is written for lacks."""
    every = {key for kind in kinds.values() for key in default_keys(kind)}
    known = [*sorted(every), *kinds]
    fields = Fields(reading, node, "defaults", "defaults")
    fields.finish(known, dict.fromkeys(later, ""))
    for name, kind in kinds.items():
        inner = node.get(name)
        if isinstance(inner, Map):
            where = f"defaults.{name}"
            Fields(reading, inner, where, where).finish(default_keys(kind), dict.fromkeys(later, ""))
        elif inner is not None:
            reading.wrong_type(inner, name, "un grupo de claves", "a group of keys")


def with_defaults(node: Map, kind: Kind, layers: Iterable[Map]) -> Map:
    """Return a step's mapping with what `layers` (the nearest first) give it."""
    keys, entries = default_keys(kind), dict(node.entries)
    for given in _layers(kind, layers):
        for key, entry in given.items():
            if key in keys:
                entries[key] = _merged(key, entries[key], entry) if key in entries else entry
    kept = {key: entry for key, entry in entries.items() if not (_is_never(entry.value) and key in keys)}
    return Map(kept, node.place, node.in_flow)


def _layers(kind: Kind, layers: Iterable[Map]) -> Iterator[dict[str, Entry]]:
    for layer in layers:
        own = layer.get(kind.name)
        if isinstance(own, Map):
            yield own.entries
        yield layer.entries


def default_keys(kind: Kind) -> list[str]:
    """Return the keys of a kind that `defaults` may give, and that `never` takes back."""
    return [key for key in kind.all_keys() if key not in (kind.name, *STEP_KEYS, *_OWN)]


def _merged(key: str, own: Entry, given: Entry) -> Entry:
    """Return the step's own entry with the keys that only the default has; what is no mapping stands alone."""
    ours, theirs = _as_map(key, own), _as_map(key, given)
    if ours is None or theirs is None:
        return own
    return Entry(own.key, Map({**theirs.entries, **ours.entries}, ours.place, ours.in_flow))


def _as_map(key: str, entry: Entry) -> Map | None:
    node: Node = entry.value
    short = SHORT.get(key)
    if isinstance(node, Text) and node.value in ("ignore", NEVER):
        return None
    if short and (isinstance(node, (Text, Seq)) or is_by_language(node)):
        return Map({short: Entry(Text(short, node.place), node)}, node.place)
    return node if isinstance(node, Map) else None


def _is_never(node: Node) -> bool:
    return isinstance(node, Text) and node.plain and node.value == NEVER
