"""What can be asked of a bot that changes something: one table, which the control API and the command line share.

To add one, write a function of (ingress, given) and a row in `ACTIONS`. Each names a contact that has written before,
puts one row into its inbox, and answers with that row; `id`, when given, makes the same request count once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from botkit.flow.values import fits
from botkit.server.given import TEXT_LIMIT, Given
from botkit.server.ingress import Ingress, Row
from botkit.server.operations import Refused, conversations
from botkit.turn.event import Filed, Named, Told


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: where it stands in the API, and what does it."""

    path: str
    run: Callable[[Ingress, Given], Awaitable[Row]]
    help: str


async def happen(ingress: Ingress, given: Given) -> Row:
    """Tell a contact's flows that `name` happened, with `data`; raises Refused."""
    name, data = given.text("name"), given.value("data")
    if not fits(data):
        raise given.refusal("$.data", ("it is too large to keep", "es demasiado grande para guardarlo"))
    return await put(ingress, given, "event", Named(name, data))


async def send(ingress: Ingress, given: Given) -> Row:
    """Send a contact `text`; the flow that waits for an answer waits on. Raises Refused."""
    return await put(ingress, given, "api", Told(given.text("text", TEXT_LIMIT)))


async def put(ingress: Ingress, given: Given, source: str, event: Filed) -> Row:
    """Store an event for the contact that was given; return where it stands now."""
    contact, channel, key = given.text("contact"), given.optional_text("channel"), given.optional_text("id")
    given.finish()
    found = await the_conversation(ingress, given, contact, channel)
    receipt = await ingress.put(found, source, event, key)
    if not receipt.same_body:
        another = "this id was used for another request", "este id ya se usó para otro pedido"
        raise given.refusal("$.id", another, ("give each its own id", "da a cada uno su propio id"), status=409)
    return {"conversation": found["id"], "event_id": receipt.inbox_id, "copy": receipt.copy}


async def the_conversation(ingress: Ingress, given: Given, contact: str, channel: str | None) -> Row:
    """Return the one conversation of a contact; raises Refused if there is none, or one in several channels."""
    asked = {"contact": contact, "country": ingress.country, **given.arguments}
    try:
        found = await conversations(ingress.store, {**asked, "channel": channel} if channel else asked)
    except Refused as error:
        error.path = "$.contact"
        raise
    if len(found) > 1:
        names = ", ".join(row["channel"] for row in found)
        several = f"this contact writes in several: {names}", f"este contacto escribe en varios: {names}"
        raise given.refusal("$.channel", several, ("name one of them", "nombra uno de ellos"))
    return found[0]


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "event": Action("/api/events", happen, "something happened that flows know by a name"),
        "send": Action("/api/send", send, "a text for a contact"),
    }
)
