"""Finding mutants: each is a bot's flow with one scalar changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from botkit.flow.flow_reader import FlowReader
from botkit.flow.flowset import FlowSet
from botkit.flow.kind import Draft
from botkit.flow.load import Loading
from botkit.flow.locate import locate
from botkit.flow.problem import Place
from botkit.flow.reader import START, Part
from botkit.flow.source import Entry, Map, Node, Seq, Text
from botkit.testing.mutants.changes import Change, changes

#: Where a scalar of no step stands: in the flow's title, in its `start`, elsewhere.
TITLE, BEGIN, WHOLE = "title", "start", "flow"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: at `place` `was` becomes `becomes`, in the scalar at `scalar`, which then has the value `value`.

    `steps` are the ids of the steps that read the scalar; where there are none, `where` is TITLE, BEGIN or WHOLE.
    """

    flow: str
    role: str
    place: Place
    was: str
    becomes: str
    scalar: Place
    value: str
    steps: frozenset[str] = frozenset()
    where: str = ""


def mutants_of(loading: Loading, name: str) -> Iterator[Mutant]:
    """Yield every change of an own flow, in the order written; some of them `botkit check` would find."""
    reader = loading.by_name[name]
    nodes = {id(node): node for node in _scalars(reader.document.root)}
    titles = {id(node) for node in _scalars(_below(reader.document.root, "title"))}
    parts: dict[tuple[str, int], list[Part]] = {}
    for part in _parts(reader):
        if id(part.text) in nodes:  # what stands in `defaults` of config.yaml is no flow's
            parts.setdefault((part.role, id(part.text)), []).append(part)
    for (role, _), same in sorted(parts.items(), key=lambda item: item[1][0].text.place):
        text = same[0].text
        steps = frozenset(part.step.id for part in same if isinstance(part.step, Draft))
        where = "" if steps else TITLE if id(text) in titles else BEGIN if same[0].step == START else WHOLE
        for change in changes(role, text.value):
            yield _mutant(name, role, text, change, reader.document.lines, steps, where)


def _mutant(
    flow: str, role: str, text: Text, change: Change, lines: list[str], steps: frozenset[str], where: str
) -> Mutant:
    is_whole = change.length == len(text.value)
    place = text.place if is_whole else locate(text, lines, change.start, change.length)
    was = text.value[change.start : change.start + change.length]
    return Mutant(flow, role, place, was, change.becomes, text.place, change.value, steps, where)


def mutated(loading: Loading, mutant: Mutant) -> FlowSet | None:
    """Return the set with a mutant in it; None when `botkit check` would find an error."""
    document = loading.by_name[mutant.flow].document
    found = next((node for node in _scalars(document.root) if node.place == mutant.scalar), None)
    if found is None:
        return None
    changed = replace(found, value=mutant.value)
    return loading.with_text(mutant.flow, replace(document, root=_swapped(document.root, found, changed)))


def _parts(reader: FlowReader) -> Iterator[Part]:
    """Yield what may be changed: what the reader noted, and targets."""
    yield from reader.reading.parts
    for draft in reader.drafts:
        yield from (Part("target", way.target, draft) for way in draft.exits if isinstance(way.target, Text))
    whole = [*reader.anywhere.values(), reader.silence_then]
    yield from (Part("target", target, None) for target in whole if isinstance(target, Text))


def _below(node: Node, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Map) else None


def _scalars(node: Node | None) -> Iterator[Text]:
    """Yield the scalars below a node, keys left out."""
    if isinstance(node, Text):
        yield node
    elif node is not None:
        for inner in node.items if isinstance(node, Seq) else (entry.value for entry in node.entries.values()):
            yield from _scalars(inner)


def _swapped(node: Node, old: Text, new: Text) -> Node:
    """Return a tree in which one scalar is another, wherever an alias repeats it; what is the same is shared."""
    if isinstance(node, Text):
        return new if node is old else node
    if isinstance(node, Seq):
        return replace(node, items=[_swapped(item, old, new) for item in node.items])
    entries = {key: Entry(entry.key, _swapped(entry.value, old, new)) for key, entry in node.entries.items()}
    return replace(node, entries=entries)
