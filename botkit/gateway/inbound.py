"""From a webhook's body to arrivals: verified, parsed, mapped by the profile's rules. Pure.

What a gateway is asked for (`listing.py`) is mapped by the same rules.

Only three things are refused: a wrong signature (401), what is no JSON (400), too many items (413). Everything else
that is authentic becomes an arrival; what no rule maps is filed as `unknown`, as it came, and its neighbours in the
batch are none the worse. Of a batch, every item has its own identity, so the same item in two batches counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from botkit.errors import IntakeError
from botkit.gateway.neutral import is_crowd, to_contact, to_name, to_number, to_text, to_time, to_truth
from botkit.gateway.path import Path, compile_path
from botkit.gateway.signature import Verifier
from botkit.gateway.syntax import dump_value, parse_body
from botkit.gateway.ways_in import Rule, Webhook
from botkit.ports import UNIQUE_S, Arrival
from botkit.turn.codec import dump_event
from botkit.turn.event import Inbound, Tap

#: Items in one body; more would hold up everybody else.
ITEMS_LIMIT = 1_000
#: Without an id and a time, only copies within this many seconds count as one.
COPIES_S = 5.0
#: Bytes of a digest: enough to tell bodies apart.
DIGEST_SIZE = 16
#: Characters of a gateway's id that is kept as it is; a longer one is hashed.
ID_LIMIT = 200

_SAME_ID_TELLS_TIME = ("edit", "reaction")
#: Kinds that change a message which was said before.
_JOURNALED = ("reaction", "edit", "revoke")
_NEEDS_CONTACT = ("message", "echo", "reaction", "edit", "revoke")


class Mapped(NamedTuple):
    """What became of one item; `rule` counts from 0 and is None when none took it."""

    event: Inbound
    rule: int | None
    item: Any


class Mapper:
    """A channel's rules, compiled once."""

    def __init__(self, channel: str, rules: Iterable[Rule]) -> None:
        self._channel = channel
        self._rules = tuple(_compile_rule(rule) for rule in rules)

    def map(self, item: Any) -> Mapped:
        """Return what the first rule that fits makes of an item."""
        for index, (kind, fits, fields) in enumerate(self._rules):
            if fits(item):
                event = _event(self._channel, kind, item, fields)
                return self.unknown(item) if event is None else Mapped(event, index, item)
        return self.unknown(item)

    def unknown(self, item: Any) -> Mapped:
        """Return an item that no rule takes."""
        return Mapped(Inbound(self._channel, "unknown", ""), None, item)


class Reader:
    """A channel's webhook: its auth and its rules; `now` tells the UTC seconds."""

    def __init__(self, channel: str, webhook: Webhook, now: Callable[[], float]) -> None:
        self._now = now
        self._verifier = Verifier(webhook.auth) if webhook.auth is not None else None
        self._items = compile_path(webhook.items)
        self._mapper = Mapper(channel, webhook.rules)

    def read(self, headers: Mapping[str, str], body: bytes) -> list[Arrival]:
        """Return what a request tells, at least one arrival; raises IntakeError. `headers` ignore case."""
        if self._verifier is not None:
            self._verifier.verify(headers, body, self._now())
        return [arrival_of(each) for each in self.map(body)]

    def map(self, body: bytes) -> list[Mapped]:
        """Return the events in a body and the rules that took them; raises IntakeError."""
        value = parse_body(body)
        found = self._items(value)
        items = _flatten(found) if isinstance(found, list) else [value if found is None else found]
        if len(items) > ITEMS_LIMIT:
            raise IntakeError(413, f"more than {ITEMS_LIMIT} items in one body")
        return [self._mapper.map(item) for item in items] or [self._mapper.unknown(value)]


Fields = tuple[tuple[str, Path, Callable[[Any], Any]], ...]


def _flatten(found: list[Any]) -> list[Any]:
    # A batch where one item was expected: no rule fits a list, so its items are meant.
    return [each for item in found for each in (item if isinstance(item, list) else (item,))]


def _compile_rule(rule: Rule) -> tuple[str, Path, Fields]:
    fields = tuple((name, compile_path(path), _READ[name]) for name, path in rule.fields.items())
    return rule.kind, compile_path(rule.when), fields


def _event(channel: str, kind: str, item: Any, fields: Fields) -> Inbound | None:
    """Return the neutral event, or None when it lacks what its kind cannot be without."""
    values: dict[str, Any] = {}
    for name, path, read in fields:
        if (found := path(item)) is not None and (value := read(found)) is not None:
            values[name] = value
    contact = values.pop("contact", "")
    if not contact and kind in _NEEDS_CONTACT:
        return None
    if kind == "message" and values.get("from_me"):
        kind = "echo"
    if is_crowd(contact):
        values["is_group"] = True
    return Inbound(channel, kind, contact, **values)


def arrival_of(mapped: Mapped, *, is_listed: bool = False) -> Arrival:
    """Return the inbox row for an event: what is no message to us alone is filed, not answered.

    What is listed may be listed again and again: without an id, the same item is the same event however late.
    """
    event = mapped.event
    data = dump_event(event)
    raw = dump_value(mapped.item) if mapped.rule is None else None
    told = dump_value(mapped.item) if is_listed and not event.id else raw or data
    gateway_id, discriminator, unique_for_s = _identity(event, told, is_listed=is_listed)
    return Arrival(
        event.channel,
        "webhook",
        event.kind,
        None if event.is_group else event.contact or None,
        gateway_id,
        discriminator,
        sha256(raw or data).digest()[:DIGEST_SIZE],
        data,
        raw,
        event.kind == "message" and not event.is_group,
        unique_for_s,
        event,
        _journal(event),
    )


def _journal(event: Inbound) -> bytes | None:
    """Return what the journal keeps of an event that is no turn but belongs to a talk: what it was, and for whom.

    What was said stands in the inbox.
    """
    if event.kind not in _JOURNALED and not (event.kind == "message" and event.is_group):
        return None
    entry = {"event": event.kind}
    if event.kind in _JOURNALED and (of := event.reply_to or event.id):
        entry["of"] = of
    if event.is_group:
        entry |= {"group": event.contact} | ({"sender": event.sender} if event.sender else {})
    return orjson.dumps(entry)


def _identity(event: Inbound, told: bytes, *, is_listed: bool) -> tuple[str, str, float]:
    """Return gateway id, discriminator and for how long the two are unique.

    `told` is what tells events without an id apart: contact, content and time; of an unknown one, its own bytes.
    """
    discriminator = ""
    if event.kind == "status":
        discriminator = event.state or ""
    elif event.kind in _SAME_ID_TELLS_TIME:
        discriminator = "" if event.at is None else repr(event.at)
    if event.id and len(event.id) <= ID_LIMIT:
        return event.id, discriminator, UNIQUE_S
    hashed = "sha256:" + sha256(event.id.encode() if event.id else told).hexdigest()
    return hashed, discriminator, UNIQUE_S if event.id or event.at is not None or is_listed else COPIES_S


def _tap(value: Any) -> Tap | None:
    if not isinstance(value, dict):
        title = to_text(value)
        return None if title is None else Tap(title, title)
    tapped = to_text(value.get("id"))
    title = to_text(value.get("title"))
    if tapped is None and title is None:
        return None
    return Tap(tapped if tapped is not None else title or "", title or "", to_text(value.get("message_id")))


def _media(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    names = ("id", "type", "name", "caption", "url")
    return {name: text for name in names if (text := to_text(value.get(name))) is not None} or None


def _location(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude = to_number(value.get("latitude")), to_number(value.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    name = to_text(value.get("name"))
    return {"latitude": latitude, "longitude": longitude} | ({"name": name} if name else {})


def _id(value: Any) -> str | None:
    return to_text(value) or None


_READ: dict[str, Callable[[Any], Any]] = {
    "id": _id,
    "contact": to_contact,
    "sender": to_contact,
    "is_group": to_truth,
    "from_me": to_truth,
    "name": to_name,
    "at": to_time,
    "text": to_text,
    "choice": _tap,
    "media": _media,
    "location": _location,
    "reply_to": _id,
    "state": to_text,
}
