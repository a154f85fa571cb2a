"""What gateways send, and the channels that the tests read it with."""

from __future__ import annotations

from typing import Any

import orjson
from multidict import CIMultiDict

from botkit.gateway.compose import compose
from botkit.gateway.inbound import Reader
from botkit.gateway.profile import Profile
from botkit.gateway.signature import sign
from botkit.gateway.ways_in import Webhook
from botkit.ports import Arrival

TEXT: dict[str, Any] = {
    "id": "wamid.1",
    "from": "59170012345",
    "name": "Ana",
    "type": "text",
    "text": "Hola",
    "timestamp": 1_700_000_000,
}

#: A whole channel of a real gateway, as an operator writes it.
REAL: dict[str, Any] = {
    "profile": "waconecta",
    "base_url": "https://api.example.com/v1",
    "api_key": "k-123",
    "send": {"text": {"path": "/messages", "body": {"to": "{{ to }}", "text": "{{ text }}"}}},
    "id": "data.id",
    "webhook": {
        "path": "/webhooks/whatsapp",
        "auth": {"kind": "header", "header": "X-Secret", "secret": "s-123"},
        "rules": [{"kind": "message", "when": "type == 'text'", "fields": {"id": "id", "contact": "from"}}],
    },
}

#: Every field of a neutral event under its own name, every kind under `kind`.
PLAIN_FIELDS = {
    "id": "id", "contact": "contact", "sender": "sender", "is_group": "is_group", "from_me": "from_me", "name": "name",
    "at": "at", "text": "text", "choice": "choice", "media": "media", "location": "location", "reply_to": "reply_to",
    "state": "state",
}  # fmt: skip


def sandbox_profile(url: str = "http://127.0.0.1:8090", **own: Any) -> Profile:
    """Return the profile of a channel on the sandbox."""
    return compose({"profile": "waconecta", "base_url": "sandbox", **own}, sandbox_url=url)


def sandbox_reader() -> Reader:
    """Return the way in of a channel on the sandbox."""
    webhook = sandbox_profile().webhook
    assert webhook is not None
    return Reader("whatsapp", webhook, lambda: 0.0)


def plain_reader(items: str = "[@]") -> Reader:
    """Return a way in that takes neutral events as they are, unsigned."""
    kinds = ("message", "echo", "status", "reaction", "edit", "revoke")
    rules = [{"kind": kind, "when": f"kind == '{kind}'", "fields": PLAIN_FIELDS} for kind in kinds]
    webhook = {"path": "/w", "auth": {"kind": "none"}, "items": items, "rules": rules}
    return Reader("wa", Webhook.model_validate(webhook), lambda: 0.0)


def read_one(item: Any) -> Arrival:
    """Return the only arrival of a plain item."""
    [arrival] = plain_reader().read({}, item if isinstance(item, bytes) else orjson.dumps(item))
    return arrival


def signed(body: bytes) -> CIMultiDict[str]:
    """Return the headers with which the sandbox vouches for a body."""
    webhook = sandbox_profile().webhook
    assert webhook is not None
    assert webhook.auth is not None
    return CIMultiDict({"x-signature": sign(webhook.auth, "sandbox-secret", body)})
