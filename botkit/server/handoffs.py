"""What people who have a conversation ask: which there are, what was written in one, a reply, and giving it back."""

from __future__ import annotations

from typing import Any

from botkit.flow.message import MAX_MESSAGE
from botkit.ports import DeskStore
from botkit.server.addressee import answered, put_for, the_conversation, those_of
from botkit.server.contacts import Arguments, Refused, conversations
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row
from botkit.turn.event import OperatorSaid, Release

#: Messages that are shown of what each side wrote, the last ones.
SHOWN = 200
_NOT_HANDED = ("nobody has this conversation", "nadie tiene esta conversación")


async def listed(store: DeskStore, arguments: Arguments) -> list[Row]:
    """Return the conversations that people have, the one whose time is over first."""
    return [_standing(row) for row in await store.handoffs()]


async def shown(store: DeskStore, arguments: Arguments) -> Row:
    """Return what was written in a contact's conversation since people have it; raises Refused if nobody has it."""
    handed = [row for row in await conversations(store, arguments) if row["state"].get("handoff")]
    if not handed:
        see = "`botkit handoff list` lists them", "`botkit handoff list` las lista"
        (en, es), (hint, pista) = _NOT_HANDED, see
        raise Refused(arguments, (en, hint), (es, pista), status=404)
    row = handed[0]
    heard, said = await store.exchanged(row["id"], row["state"]["handoff"]["begun"], SHOWN)
    lines = [(each["inbox_id"], 0, each["id"], _heard(each)) for each in heard]
    lines += [(each["inbox_id"], 1, each["id"], _said(each)) for each in said]
    messages = [line for *_, line in sorted(lines, key=lambda line: line[:3]) if line]
    return {**_standing(row), "messages": messages[-SHOWN:]}


def _standing(row: Row) -> Row:
    """Return how a conversation that people have stands."""
    state, handoff = row["state"], row["state"]["handoff"]
    frames = state.get("frames", [])
    return {
        "contact": row["contact"],
        "channel": row["channel"],
        "conversation": row["id"],
        "name": state.get("last", {}).get("name"),
        **{name: handoff[name] for name in ("to", "since", "until", "unread")},
        "place": f"{frames[-1]['flow']}/{frames[-1]['step']}" if frames else None,
    }


def _heard(row: Row) -> Row | None:
    """Return what a person wrote, or somebody of the business on the phone; None for what we sent ourselves."""
    event: dict[str, Any] = row["event"]
    who = row["kind"] if row["kind"] == "operator" else "person"
    if who == "operator" and not event["phone"]:
        return None
    rest = {name: event[name] for name in ("media", "location") if event.get(name)}
    text = event.get("text") or (event.get("choice") or {}).get("title")
    return {"at": row["at"], "who": who, "text": text, **rest}


def _said(row: Row) -> Row:
    """Return what the bot sent: by itself, or for somebody of the business."""
    message: dict[str, Any] = row["message"]
    who = "bot" if row["flow"] else "operator"
    text = message.get("text") or message.get("caption")
    return {"at": row["at"], "who": who, "text": text, "type": message["type"], "status": row["status"]}


async def reply(ingress: Ingress, given: Given) -> Row:
    """Send `text` from whoever has the conversation; raises Refused if nobody has."""
    return await _put(ingress, given, OperatorSaid(given.text("text", MAX_MESSAGE)), "send")


async def release(ingress: Ingress, given: Given) -> Row:
    """Give the conversation back to the bot; raises Refused if nobody has it."""
    return await _put(ingress, given, Release(), "")


async def _put(ingress: Ingress, given: Given, event: OperatorSaid | Release, instead: str) -> Row:
    contact, channel, key = given.text("contact"), given.optional_text("channel"), given.optional_text("id")
    given.finish()
    those = await those_of(ingress, given, contact, channel)
    if again := await answered(ingress, given, those, "operator", event, key):
        return again
    found = await the_conversation(ingress, given, contact, channel, handed=True)
    if not found["state"].get("handoff"):
        advice = f"`botkit {instead}` writes to anybody", f"`botkit {instead}` le escribe a cualquiera"
        raise given.refusal("$.contact", _NOT_HANDED, advice if instead else ("", ""), status=409)
    return await put_for(ingress, given, found, "operator", event, key)
