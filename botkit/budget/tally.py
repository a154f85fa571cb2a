"""What one flow costs: its figures, unmerged and merged, and the step that costs most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from botkit.budget.count import Counter, Dear, order_ways
from botkit.budget.nodes import Node, Unfolded
from botkit.budget.reach import callees_first
from botkit.budget.request import Span
from botkit.budget.sample import Fit
from botkit.budget.unfold import Unfolder
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Flow, Step


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests of a turn and of a conversation; `round` are those that each further round of a loop adds."""

    turn: Span
    conversation: Span
    round: int


@dataclass(frozen=True, slots=True)
class Dearest:
    """A step, and the most requests that it makes in one turn by itself."""

    step: Step
    requests: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What a flow costs with each message a request, and with `merged` ones.

    The steps that cost most: of the flow with all that it comes to (of several the one in its dearest turn), of its
    dearest turn, of its dearest conversation; None where no step of the bot's own sends anything. `cut` says that the
    flow is too large to be followed to its end; its most is then no less than that of each flow that it comes to.
    """

    flow: str
    cost: Cost
    merged: Cost
    dearest: Dearest | None
    in_turn: Dearest | None
    in_conversation: Dearest | None
    cut: bool = False


def tally(flows: FlowSet, fit: Fit) -> list[Tally]:
    """Return what each of a bot's own flows costs, in the order written; `fit` is the gateway's ladder."""
    unfolder = Unfolder(flows, fit)
    own = {flow.name: flow for flow in flows.flows.values() if not flow.builtin}
    found: dict[str, Tally] = {}
    for flow in callees_first(flows, own.values()):
        if own.get(flow.name) is flow:
            found[flow.name] = _tally(unfolder, flow, found)
    return [found[name] for name in own]


def _tally(unfolder: Unfolder, flow: Flow, known: Mapping[str, Tally]) -> Tally:
    unfolded = unfolder.unfold(flow)
    orders = order_ways(unfolded)
    counter = Counter(unfolded, orders, merged=False)
    turn, conversation, cost = counter.dearest_turn(), counter.dearest(), _cost(counter)
    in_turn, in_conversation = _own(unfolder, unfolded, turn), _own(unfolder, unfolded, conversation)
    shares = cost.turn.most > 1  # else there is nothing that could share a request
    found = Tally(
        flow.name,
        cost,
        _cost(Counter(unfolded, orders, merged=True)) if shares else cost,
        _dearest([*in_turn, *_as_written(unfolded.nodes, flow.place.file)]),
        _dearest(in_turn),
        _dearest(in_conversation),
        unfolded.cut,
    )
    for beyond in unfolded.beyond:
        found = _at_least(found, known[beyond.name])
    return found


def _at_least(found: Tally, beyond: Tally) -> Tally:
    """Return a tally whose most is that of a flow which was left out of it, where that is more."""
    dearest = [each for each in (found.dearest, beyond.dearest) if each]
    turn = beyond if beyond.cost.turn.most > found.cost.turn.most else found
    conversation = beyond if beyond.cost.conversation.most > found.cost.conversation.most else found
    return replace(
        found,
        cost=_higher(found.cost, beyond.cost),
        merged=_higher(found.merged, beyond.merged),
        dearest=max(dearest, key=lambda each: each.requests, default=None),
        in_turn=turn.in_turn,
        in_conversation=conversation.in_conversation,
    )


def _higher(cost: Cost, other: Cost) -> Cost:
    return Cost(
        Span(cost.turn.least, max(cost.turn.most, other.turn.most)),
        Span(cost.conversation.least, max(cost.conversation.most, other.conversation.most)),
        max(cost.round, other.round),
    )


def _cost(counter: Counter) -> Cost:
    return Cost(
        Span(counter.cheapest_turn(), counter.dearest_turn().requests),
        Span(counter.cheapest(), counter.dearest().requests),
        counter.rounds().requests,
    )


def _own(unfolder: Unfolder, unfolded: Unfolded, dear: Dear) -> list[Node]:
    """Return the nodes of a way in its order, those of the bot's own flows: what costs there can be changed."""
    shipped = {flow.place.file for flow in unfolder.flows.flows.values() if flow.builtin}
    nodes = [unfolded.nodes[number] for number in reversed(dear.nodes)]
    return [node for node in nodes if node.step and node.step.place.file not in shipped]


def _as_written(nodes: Sequence[Node], file: str) -> list[Node]:
    """Return the nodes of steps in the order of their places, those of one file first."""
    placed = [(node.step.place.file != file, node.step.place, number) for number, node in enumerate(nodes) if node.step]
    return [nodes[number] for *_, number in sorted(placed)]


def _dearest(nodes: Iterable[Node]) -> Dearest | None:
    """Return the step that costs most, the first of several; None where nothing is sent."""
    found = [Dearest(node.step, node.saying.dearest) for node in nodes if node.step is not None]
    dearest = max(found, key=lambda each: each.requests, default=None)
    return dearest if dearest is not None and dearest.requests else None
