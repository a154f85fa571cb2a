"""What a captured body becomes, item by item, and why: for whoever writes the rules. Pure.

What the rules make of it is `Reader`'s word; here is only looked up which fields stayed empty, where the item stands in
the body, and what an item has that no rule took.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from botkit.gateway.inbound import Mapped, Mapper, Reader
from botkit.gateway.path import compile_path
from botkit.gateway.syntax import parse_body
from botkit.gateway.ways_in import Poll, Rule, Webhook
from botkit.turn.event import Inbound

#: A key is offered in place of one that is not there from this likeness on (0–100).
NEAR = 60.0
#: A key may be part of another one if it has so many letters: `name` of `pushName`.
PART = 3

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_COMPARED = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\s*==")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that stayed empty: `path` finds `found`, which is None or cannot be read; `near` may be meant."""

    field: str
    path: str
    found: Any
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A rule, counted from 0, that did not take an item: `when` does not hold, or it lacks the contact, which is `gap`.

    `compared` are the names in `when`, with what the item has there.
    """

    rule: int
    when: str
    compared: tuple[tuple[str, Any], ...] = ()
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one item: `where` is its JSON path in the body, None for what `items` made anew.

    `rule` counts from 0; where it is None, `passed` tells of each rule. `unused` are the item's keys that the rule
    does not look at.
    """

    where: str | None
    item: Any
    event: Inbound
    rule: int | None
    gaps: tuple[Gap, ...] = ()
    passed: tuple[Passed, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether it is a message with nothing in it that could be answered."""
        event = self.event
        return event.kind == "message" and not (event.text or event.choice or event.media or event.location)


def try_body(channel: str, way: Webhook | Poll, body: bytes) -> list[Trial]:
    """Return what the rules make of a webhook's body, or of the answer to a poll; raises IntakeError."""
    found, tried = _Places(parse_body(body)), list[Trial]()
    for mapped in _mapped(channel, way, body):
        where = found.of(mapped.item)
        if mapped.rule is None:
            passed = tuple(_passed_by(way.rules, mapped.item))
            tried.append(Trial(where, mapped.item, mapped.event, None, passed=passed))
        else:
            rule = way.rules[mapped.rule]
            gaps, unused = tuple(_gaps(rule, mapped.event, mapped.item)), tuple(_unused(rule, mapped.item))
            tried.append(Trial(where, mapped.item, mapped.event, mapped.rule, gaps, unused=unused))
    return tried


class _Places:
    """The paths of items in a body. Items mostly come in its order, so each is looked for behind the one before."""

    def __init__(self, body: Any) -> None:
        self._body = body
        self._left = _walk(body, "$")

    def of(self, item: Any) -> str | None:
        """Return the path of the next item, None if it is not in the body as it is."""
        for _ in range(2):
            for path, value in self._left:
                if value == item:
                    return path
            self._left = _walk(self._body, "$")
        return None


def _mapped(channel: str, way: Webhook | Poll, body: bytes) -> list[Mapped]:
    """Return the events in the order of the body, which for an answer to a poll may not be theirs."""
    if isinstance(way, Webhook):
        return Reader(channel, way, lambda: 0.0).map(body)
    found = compile_path(way.items)(parse_body(body))
    mapper = Mapper(channel, way.rules)
    return [mapper.map(item) for item in found] if isinstance(found, list) else []


def finds_items(way: Webhook | Poll, body: bytes) -> bool:
    """Tell whether `items` finds something in a webhook's body, or a list, even an empty one, in an answer to a poll.

    Where it does not, a webhook's body is the item; an answer is a failure.
    """
    found = compile_path(way.items)(parse_body(body))
    return (found is not None and found != []) if isinstance(way, Webhook) else isinstance(found, list)


def _gaps(rule: Rule, event: Inbound, item: Any) -> Iterator[Gap]:
    for name, path in rule.fields.items():
        if getattr(event, name) in (None, ""):
            yield _gap(name, path, item)


def _gap(name: str, path: str, item: Any) -> Gap:
    found = compile_path(path)(item) if path else None
    return Gap(name, path, found, _near(path, item) if found is None else None)


def _unused(rule: Rule, item: Any) -> Iterator[str]:
    """Yield the keys of an item that neither `when` nor a field names, nor takes with all the others."""
    paths = (rule.when, *rule.fields.values())
    if isinstance(item, dict) and not any("@" in path or "*" in path for path in paths):
        named = {name for path in paths for name in _PLAIN.findall(path)}
        yield from (key for key in item if key not in named and not any(f'"{key}"' in path for path in paths))


def _passed_by(rules: Sequence[Rule], item: Any) -> Iterator[Passed]:
    """Yield why each rule did not take an item, up to one that fits and lacks the contact: none is asked after it."""
    for number, rule in enumerate(rules):
        if compile_path(rule.when)(item):
            yield Passed(number, rule.when, gap=_gap("contact", rule.fields.get("contact", ""), item))
            return
        names = dict.fromkeys(_COMPARED.findall(rule.when))
        yield Passed(number, rule.when, tuple((name, compile_path(name)(item)) for name in names))


def _near(path: str, item: Any) -> str | None:
    """Return a path in the item that may be meant: the same key elsewhere, one spelt alike, or with the key in it."""
    if not _DOTTED.fullmatch(path):  # an expression, or nothing
        return None
    known = [place.removeprefix("$.") for place, _ in _walk(item, "$") if place != "$"]
    if path in known:  # it is there, and holds null
        return None
    last = path.rpartition(".")[2]
    same = [each for each in known if each.rpartition(".")[2] == last]
    if same:
        return same[0]
    near = process.extractOne(path, known, scorer=fuzz.ratio, score_cutoff=NEAR)
    if near:
        return near[0]
    return next((each for each in known if len(last) >= PART and last.lower() in each.lower()), None)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every object, list and leaf of a value with its path, the outermost first; a body is 32 deep at most."""
    yield path, value
    pairs: Sequence[tuple[str, Any]] = ()
    if isinstance(value, dict):
        pairs = [(f"{path}.{key}" if _PLAIN.fullmatch(key) else f'{path}."{key}"', each) for key, each in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}[{index}]", each) for index, each in enumerate(value)]
    for place, each in pairs:
        yield from _walk(each, place)
