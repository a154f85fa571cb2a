"""The requests that a message would become, and on which rung of the ladder it stands."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.clock import SystemClock
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.preview import Rung, Shown, preview
from botkit.gateway.profile import Profile

TEXT = {"text": {"path": "/m", "body": {"to": "{{ to }}", "text": "{{ text }}"}}}
POOR: dict[str, Any] = {
    "base_url": "https://api.example.com",
    "api_key": "very-secret",
    "auth": {"header": "Authorization", "value": "Bearer {{ key }}"},
    "id": "id",
    "send": TEXT,
    "webhook": {"path": "/in", "auth": {"kind": "none"}, "rules": [{"kind": "message", "fields": {"contact": "from"}}]},
}


def _shown(channel: dict[str, Any], message: dict[str, Any]) -> Shown:
    profile: Profile = compose(channel)
    return preview(HttpGateway(profile, SystemClock()), "591", message)


def _options(count: int, title: str = "uno") -> dict[str, Any]:
    return {"type": "choices", "text": "¿Cuál?", "options": [{"id": str(n), "title": title} for n in range(count)]}


@pytest.mark.parametrize(
    ("message", "rich", "poor"),
    [
        ({"type": "text", "text": "hola"}, "itself", "itself"),
        ({"type": "text", "text": "hola. " * 1000}, "parts", "parts"),
        (_options(3), "buttons", "numbered"),
        (_options(3, "un título de veintiuna"), "list", "numbered"),
        (_options(4), "list", "numbered"),
        (_options(11), "numbered", "numbered"),
        ({"type": "image", "url": "https://a.example/b.png"}, "itself", "link"),
        ({"type": "location", "latitude": 1.0, "longitude": 2.0}, "itself", "link"),
        ({"type": "contact", "name": "Ana", "phone": "591"}, "itself", "words"),
        ({"type": "typing"}, "nothing", "nothing"),
    ],
)
def test_rung(message: dict[str, Any], rich: Rung, poor: Rung) -> None:
    """Each type on a gateway that can show much, and on one that takes texts only."""
    assert _shown({"base_url": "sandbox"}, message).rung == rich
    assert _shown(POOR, message).rung == poor


def test_requests() -> None:
    """A request is told as it would leave, with its headers, in which the key is hidden."""
    [(wire, headers)] = _shown(POOR, {"type": "text", "text": "hola"}).requests
    assert (wire.method, wire.path, wire.body) == ("POST", "/m", b'{"to":"591","text":"hola"}')
    assert headers["Authorization"] == "Bearer ***"
    assert headers["Content-Type"] == "application/json"
    assert "very-secret" not in str(headers)
