"""To whom an action is addressed, and the row of the inbox that it becomes."""

from __future__ import annotations

from collections.abc import Sequence

from botkit.ports import Receipt
from botkit.server.contacts import Refused, conversations
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row
from botkit.turn.event import Filed
from botkit.turn.people import HELD, can_wait


async def put(ingress: Ingress, given: Given, source: str, event: Filed) -> Row:
    """Store an event for the contact that was given; return where it stands now. Raises Refused."""
    contact, channel, key = given.text("contact"), given.optional_text("channel"), given.optional_text("id")
    given.finish()
    found = await the_conversation(ingress, given, contact, channel)
    return await put_for(ingress, given, found, source, event, key)


async def put_for(ingress: Ingress, given: Given, found: Row, source: str, event: Filed, key: str | None) -> Row:
    """Store an event for a conversation; return where it stands now. Raises Refused for the id of another event.

    `held` says that people have the conversation, and that this waits until they give it back; what would find no room
    there is refused, since it would be dropped.
    """
    if _is_held(found, event) and not can_wait(found["state"].get("held", []), event):
        if again := await answered(ingress, given, [found], source, event, key):
            return again
        full = "people have this conversation, and no more can wait", "lo tiene una persona, y no cabe más en la espera"
        later = "try again when it is given back", "prueba otra vez cuando lo devuelvan"
        raise given.refusal("$.contact", full, later, status=409)
    return _answer(given, found, event, await ingress.put(found, source, event, key))


async def answered(
    ingress: Ingress, given: Given, those: Sequence[Row], source: str, event: Filed, key: str | None
) -> Row | None:
    """Return the answer to what comes again under its id, in one of the conversations; None for what is new.

    So that who asks again is not refused for what the first time has changed. Raises Refused for the id of another.
    """
    for found in those if key is not None else ():
        if receipt := await ingress.copied(found, source, event, key or ""):
            return _answer(given, found, event, receipt)
    return None


def _answer(given: Given, found: Row, event: Filed, receipt: Receipt) -> Row:
    if not receipt.same_body:
        another = "this id was used for another request", "este id ya se usó para otro pedido"
        forgotten = "this id was used for somebody who was forgotten", "este id ya se usó para alguien que fue borrado"
        why = another if receipt.inbox_id else forgotten
        raise given.refusal("$.id", why, ("give each its own id", "da a cada uno su propio id"), status=409)
    held = _is_held(found, event)
    return {"conversation": found["id"], "event_id": receipt.inbox_id, "copy": receipt.copy, "held": held}


def _is_held(found: Row, event: Filed) -> bool:
    return bool(found["state"].get("handoff")) and isinstance(event, HELD)


async def those_of(ingress: Ingress, given: Given, contact: str, channel: str | None) -> list[Row]:
    """Return the conversations of a contact; raises Refused if there is none."""
    asked = {"contact": contact, "country": ingress.country(), **given.arguments}
    try:
        return await conversations(ingress.store, {**asked, "channel": channel} if channel else asked)
    except Refused as error:
        error.path = "$.contact"
        raise


async def the_conversation(
    ingress: Ingress, given: Given, contact: str, channel: str | None, *, handed: bool = False
) -> Row:
    """Return the one conversation of a contact; raises Refused if there is none, or one in several channels.

    With `handed` the one that people have is meant, where there is one.
    """
    found = await those_of(ingress, given, contact, channel)
    if handed:
        found = [row for row in found if row["state"].get("handoff")] or found
    if len(found) > 1:
        names = ", ".join(row["channel"] for row in found)
        several = f"this contact writes in several: {names}", f"este contacto escribe en varios: {names}"
        raise given.refusal("$.channel", several, ("name one of them", "nombra uno de ellos"))
    return found[0]
