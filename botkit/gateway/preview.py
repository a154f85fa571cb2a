"""The requests that a message would become, without sending them: for whoever writes a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botkit.gateway.client import HttpGateway
from botkit.ports import Capabilities, WireRequest

Message = Mapping[str, Any]

#: How a gateway shows a message: as it was meant, or on a lower rung of the ladder.
Rung = Literal["itself", "buttons", "list", "numbered", "link", "words", "parts", "nothing"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on its rung, and its requests in order, each with its headers, in which no key is."""

    rung: Rung
    requests: tuple[tuple[WireRequest, dict[str, str]], ...]


def preview(gateway: HttpGateway, to: str, message: Message) -> Shown:
    """Return what a message would be sent as; raises EvaluationError."""
    parts = gateway.fit(message)
    wires = [gateway.render(to, part) for part in parts]
    return Shown(rung_of(message, parts), tuple((wire, gateway.masked_headers(wire)) for wire in wires))


def rung_of(message: Message, parts: Sequence[Message]) -> Rung:
    """Return by which rung the ladder came from a message to its parts."""
    if not parts:
        return "nothing"
    if message["type"] == "choices":
        return parts[-1]["shown"] if parts[-1]["type"] == "choices" else "numbered"
    if parts[0]["type"] != message["type"]:
        return "link" if _is_link(message, parts) else "words"
    return "parts" if len(parts) > 1 else "itself"


def _is_link(message: Message, parts: Sequence[Message]) -> bool:
    return message["type"] != "contact" and any("http" in part["text"] or "file" in part for part in parts)


def rooms(capabilities: Capabilities) -> dict[str, tuple[int, int]]:
    """Return how many options, of how many characters, fit on each rung of `choices`."""
    return {
        "buttons": (capabilities.buttons, capabilities.button_title),
        "list": (capabilities.list_rows, capabilities.list_title),
    }
