"""Samples: messages as they are sent with nothing but what their author wrote; a value in a text counts as nothing.

A bubble has a cheap and a dear sample: of its variants and languages the ones that take the fewest and the most
requests. One that may not be sent at all (it has a guard, or may be empty) counts only towards the most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from jinja2 import nodes

from botkit.budget.request import Sent
from botkit.flow.message import Bubble, Card, Medium, Message, OneOf, Spot, Words
from botkit.flow.text import Data, Template, Wording

Outgoing = Mapping[str, Any]
#: The gateway's ladder: a message -> the messages that show it.
Fit = Callable[[Outgoing], Sequence[Outgoing]]


class Sample(NamedTuple):
    """A bubble: its cheapest and its dearest form; `maybe` says that it may not be sent."""

    least: Outgoing
    most: Outgoing
    maybe: bool


def requests(messages: Sequence[Outgoing], fit: Fit) -> tuple[Sent, ...]:
    """Return what a gateway is sent for messages."""
    fitted = [part for message in messages for part in fit(message)]
    return tuple(Sent(part["type"] == "text", len(part.get("text") or "")) for part in fitted)


def samples(message: Message, fit: Fit) -> list[Sample]:
    """Return the samples of a message's bubbles, in order."""
    return [_sample(bubble, fit) for bubble in message]


def _sample(bubble: Bubble, fit: Fit) -> Sample:
    forms = list(_forms(bubble))
    ranked = sorted((form for form, _ in forms), key=lambda form: _rank(form, fit)) if len(forms) > 1 else [forms[0][0]]
    return Sample(ranked[0], ranked[-1], bubble.guard is not None or any(maybe for _, maybe in forms))


def _rank(form: Outgoing, fit: Fit) -> tuple[int, bool, int]:
    sent = requests([form], fit)
    return len(sent), not all(each.joins for each in sent), sum(each.length for each in sent)


def _forms(bubble: Bubble) -> Iterator[tuple[Outgoing, bool]]:
    """Yield every form of a bubble, and whether it may be empty."""
    content = bubble.content
    if isinstance(content, OneOf):
        if all(each.guard is not None for each in content.variants):
            yield {"type": "text", "text": ""}, True
        for variant in content.variants:
            yield from _forms(variant)
    elif isinstance(content, Words):
        for text, maybe in texts(content.wording):
            yield {"type": "text", "text": text}, maybe
    elif isinstance(content, Medium):
        yield from _media(content)
    elif isinstance(content, Spot):
        yield from _spots(content)
    else:
        yield from _cards(content)


def _media(medium: Medium) -> Iterator[tuple[Outgoing, bool]]:
    source = medium.source
    where: dict[str, Any] = {"url": source.text} if "://" in source.text else {"file": source.text.strip()}
    if source.parsed is not None:  # a slot may hold any of these, or nothing
        where = {"media": {"id": "x", "url": "https://x.example"}}
    for caption, _ in texts(medium.caption):
        named = {"caption": caption} if caption else {}
        yield {"type": medium.type, **where, **named}, source.parsed is not None


def _spots(spot: Spot) -> Iterator[tuple[Outgoing, bool]]:
    for name, _ in texts(spot.caption):
        yield {"type": "location", "latitude": 0.0, "longitude": 0.0, "name": name}, _may_be_none(spot.data)


def _may_be_none(data: Data) -> bool:
    return isinstance(data.shape, Template) and data.shape.parsed is not None


def _cards(card: Card) -> Iterator[tuple[Outgoing, bool]]:
    for name, _ in texts(card.name):
        yield {"type": "contact", "name": name, "phone": card.phone.text}, card.phone.parsed is not None


# ── texts ──


def texts(wording: Wording | None) -> Iterator[tuple[str, bool]]:
    """Yield what a text surely says and what it may say in each language, and whether it may be empty."""
    for template in wording.texts.values() if wording else ():
        sure, possible = literal(template)
        yield possible, not sure
        if sure and sure != possible:
            yield sure, False
    if wording is None:
        yield "", True


def literal(template: Template) -> tuple[str, str]:
    """Return what of a template is text in any case, and all that may be: without tags and without values."""
    if template.parsed is None:
        return template.text.strip(), template.text.strip()
    tree = template.parsed.tree
    sure = "".join(data.data for output in _outputs(tree) for data in _data(output))
    possible = "".join(data.data for data in tree.find_all(nodes.TemplateData))
    return sure.strip(), possible.strip()


def _outputs(tree: nodes.Node) -> list[nodes.Node]:
    return [node for node in getattr(tree, "body", []) if isinstance(node, nodes.Output)]


def _data(output: nodes.Node) -> Iterator[nodes.TemplateData]:
    yield from (node for node in output.iter_child_nodes() if isinstance(node, nodes.TemplateData))
