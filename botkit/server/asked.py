"""Everything that can be asked of a bot: one table, which the control API and the command line share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from botkit.server.contacts import Arguments
from botkit.server.ingress import Ingress
from botkit.server.operations import OPERATIONS, Operation
from botkit.server.queues import INQUIRIES, Inquiry
from botkit.server.why import why

ASKED: Mapping[str, Operation | Inquiry] = MappingProxyType(
    {
        **OPERATIONS,
        **INQUIRIES,
        "why": Inquiry("/api/why/{contact}", why, "where the conversation stands, why, and what it waits for"),
    }
)


async def answer(asked: Operation | Inquiry, ingress: Ingress, arguments: Arguments) -> Any:
    """Return what was asked for; raises Refused."""
    if isinstance(asked, Operation):
        return await asked.run(ingress.store, arguments)
    return await asked.run(ingress, arguments)
