"""What a captured body becomes, and why, for whoever writes the rules."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from botkit.errors import IntakeError
from botkit.gateway.trial import Gap, Passed, Trial, finds_items, try_body
from botkit.gateway.ways_in import Webhook

TEXT = {"id": "id", "contact": "from", "name": "name", "at": "timestamp", "text": "text"}
ITEM = {"type": "text", "id": "m1", "from": "591@c.us", "name": "Ana", "timestamp": 1_790_000_000, "text": "hola"}


def _tried(body: Any, *rules: dict[str, Any], items: str = "[@]") -> list[Trial]:
    given = rules or ({"kind": "message", "when": "type == 'text'", "fields": TEXT},)
    webhook = Webhook.model_validate({"path": "/in", "items": items, "rules": given})
    return try_body("wa", webhook, orjson.dumps(body))


def test_taken() -> None:
    """An item that a rule takes is told with its event, its place and the rule; nothing is empty."""
    [trial] = _tried(ITEM)
    assert (trial.where, trial.rule, trial.gaps, trial.passed) == ("$", 0, (), ())
    assert (trial.event.kind, trial.event.contact, trial.event.text) == ("message", "591", "hola")


@pytest.mark.parametrize(
    ("body", "items", "where"),
    [
        ([ITEM], "[@]", ["$[0]"]),
        ([ITEM, ITEM], "[@]", ["$[0]", "$[1]"]),
        ({"entry": [{"messages": [ITEM]}]}, "entry[].messages[]", ["$.entry[0].messages[0]"]),
        ({"b": [ITEM, ITEM | {"id": "m2"}]}, "reverse(b)", ["$.b[1]", "$.b[0]"]),
        ({"a b": ITEM}, '["a b"]', ['$."a b"']),
        ({"message": ITEM}, "[message.{type: type, id: id, from: from}]", [None]),
    ],
)
def test_place(body: Any, items: str, where: list[str | None]) -> None:
    """Each item's JSON path in the body is known, but of what `items` makes anew."""
    assert [trial.where for trial in _tried(body, items=items)] == where


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"name": None}, Gap("name", "name", None)),
        ({"timestamp": "ayer"}, Gap("at", "timestamp", "ayer")),
        ({"text": {"body": "hola"}}, Gap("text", "text", {"body": "hola"})),
        ({"text": ""}, Gap("text", "text", "")),
    ],
)
def test_gap(change: dict[str, Any], gap: Gap) -> None:
    """A field that stays empty is told with its path, and with what is there that cannot be read."""
    assert _tried(ITEM | change)[0].gaps == (gap,)


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("sender.name", "name"),
        ("nme", "name"),
        ("data.from", "from"),
        ("stamp", "timestamp"),
        ("zzz", None),
        ("a || b", None),
    ],
)
def test_near(path: str, near: str | None) -> None:
    """Where a path finds nothing, the same key elsewhere is offered, or one that is spelt alike."""
    rule = {"kind": "message", "fields": {"contact": "from", "name": path}}
    assert _tried(ITEM, rule)[0].gaps == (Gap("name", path, None, near),)


def test_passed() -> None:
    """Of an item that nobody takes each rule is told, with what the item has where the rule compares."""
    rules = [
        {"kind": "message", "when": "type == 'text' && data.kind == 'a'", "fields": TEXT},
        {"kind": "echo", "when": "fromMe", "fields": TEXT},
    ]
    [trial] = _tried(ITEM | {"type": "sticker"}, *rules)
    assert (trial.rule, trial.event.kind) == (None, "unknown")
    assert trial.passed == (
        Passed(0, "type == 'text' && data.kind == 'a'", (("type", "sticker"), ("data.kind", None))),
        Passed(1, "fromMe"),
    )


def test_no_contact() -> None:
    """A rule that fits and finds no contact is told as that; none is asked after it."""
    rules = [{"kind": "message", "fields": {"contact": "author"}}, {"kind": "message", "fields": {"contact": "from"}}]
    assert _tried(ITEM, *rules)[0].passed == (Passed(0, "`true`", gap=Gap("contact", "author", None)),)
    assert _tried(ITEM, {"kind": "message", "fields": {"id": "id"}})[0].passed[0].gap == Gap("contact", "", None)


@pytest.mark.parametrize(("body", "found"), [({"m": [1]}, True), ({"m": []}, False), ({"x": 1}, False)])
def test_finds_items(body: Any, found: bool) -> None:
    """Whether `items` finds anything is known; else the whole body is the item."""
    rule = {"kind": "message", "fields": {"contact": "from"}}
    webhook = Webhook.model_validate({"path": "/in", "items": "m", "rules": [rule]})
    assert finds_items(webhook, orjson.dumps(body)) is found


@pytest.mark.parametrize("body", [b"", b"{", b"a=b", b"[" * 40 + b"]" * 40])
def test_no_body(body: bytes) -> None:
    """What a webhook would refuse is refused here."""
    webhook = Webhook.model_validate({"path": "/in", "rules": [{"kind": "message", "fields": {"contact": "from"}}]})
    with pytest.raises(IntakeError):
        try_body("wa", webhook, body)
