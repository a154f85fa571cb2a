"""Steps that no way leads to: one problem for the first of those that only follow one another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from botkit.flow.flow_reader import FlowReader
from botkit.flow.machine import FlowMachine, reachable
from botkit.flow.model import Flow
from botkit.flow.reach import reached
from botkit.flow.source import Text

#: Steps behind the first one that a problem names.
NAMED = 5


def check_reachable(reader: FlowReader, flow: Flow, machine: FlowMachine) -> None:
    """Report steps that no way leads to; those that such a step leads to are told with it."""
    if flow.first.startswith("@"):
        return
    found = reachable(machine, flow.first)
    lost = [name for name in flow.steps if name not in found]
    for first, behind in _chains(lost, _ways(lost, machine)):
        spanish, english = _listed(first, behind, "y {} más detrás"), _listed(first, behind, "and {} more after it")
        reader.reading.report("unreachable", Text("", flow.steps[first].place), known=spanish, known_en=english)


def _ways(lost: Collection[str], machine: FlowMachine) -> Mapping[str, list[str]]:
    """Return step -> the steps that it leads to, of those that are lost."""
    ways: dict[str, list[str]] = {name: [] for name in lost}
    for source, _, target in machine.transitions():
        if source in ways and target in ways and source != target:
            ways[source].append(target)
    return ways


def _chains(lost: list[str], ways: Mapping[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield steps that nothing lost leads to, then the first ones of circles, each with all that is lost with it."""
    led = {target for targets in ways.values() for target in targets}
    order = {name: number for number, name in enumerate(lost)}
    told: set[str] = set()

    def ahead(step: str) -> list[str]:
        return [target for target in ways[step] if target not in told]

    for first in sorted(lost, key=led.__contains__):  # in their order otherwise
        if first not in told:
            chain = reached([first], ahead)
            told |= chain
            yield first, sorted(chain - {first}, key=order.__getitem__)


def _listed(first: str, behind: list[str], more: str) -> str:
    if not behind:
        return f"'{first}'"
    dots = ", …" if len(behind) > NAMED else ""
    return f"'{first}', {more.format(len(behind))}: {', '.join(behind[:NAMED])}{dots}"
