"""What the gateway tells the bot: the closed table of webhook items, built from a wish.

A wish is what the phone page or a test asks for (`POST /_sandbox/inbound`); an item is the JSON object
that the bot's webhook then gets. `raw` posts any JSON at all, for tests of what no rule maps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from botkit.gateway.sandbox.body import BadBodyError, Body, Json
from botkit.gateway.sandbox.dials import STATUSES
from botkit.gateway.sandbox.outbound import ADDRESS_LIMIT, CAPTION_LIMIT, NAME_LIMIT, URL_LIMIT

# Characters. More than WhatsApp lets a person type: hostile gateways are worth testing too.
TEXT_LIMIT = 65_536
RAW_SHOWN = 1_000

# Wide enough for milliseconds, which some gateways send.
TIMESTAMP_LIMIT = 1e14


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell: about which contact, under which id, and the payload as posted."""

    contact: str
    name: str
    type: str
    id: str
    body: dict[str, Json]
    payload: Json


def read_item(wish: Json, *, new_id: Callable[[], str], name_of: Callable[[str], str], now: float) -> Item:
    """Return the item that `wish` asks for; raise BadBodyError."""
    if not isinstance(wish, dict):
        raise BadBodyError("a message must be an object")
    body = Body(wish)
    kind = body.one_of("type", tuple(TYPES), default="text")
    contact = body.text("to" if kind in BY_THE_BOT else "from", limit=ADDRESS_LIMIT)
    name = body.text("name", limit=NAME_LIMIT, default=name_of(contact))
    item_id = body.text("id", limit=NAME_LIMIT, default=None if kind == "status" else new_id())
    timestamp = body.number("timestamp", low=0, high=TIMESTAMP_LIMIT, default=int(now))
    payload = _payload(body) if kind == "raw" else None
    fields = TYPES[kind](body)
    body.finish()
    if kind == "raw":
        shown = {"text": orjson.dumps(payload).decode()[:RAW_SHOWN]}
        return Item(contact, name, kind, item_id, shown, payload)
    who = {"to": contact} if kind in BY_THE_BOT else {"from": contact, "name": name}
    payload = {"id": item_id, "type": kind, **who, **fields, "timestamp": timestamp}
    return Item(contact, name, kind, item_id, fields, payload)


def status_item(to: str, message_id: str, state: str, now: float) -> Item:
    """Return the news that a message which the bot sent has reached `state`."""
    payload = {"id": message_id, "type": "status", "to": to, "state": state, "timestamp": int(now)}
    return Item(to, to, "status", message_id, {"state": state}, payload)


def echo_item(to: str, message_id: str, fields: dict[str, Json], now: float) -> Item:
    """Return the copy that gateways send of what left the business's own account."""
    payload = {"id": message_id, "type": "echo", "to": to, **fields, "timestamp": int(now)}
    return Item(to, to, "echo", message_id, fields, payload)


def _text(body: Body) -> dict[str, Json]:
    return {"text": body.text("text", limit=TEXT_LIMIT)}


def _media(body: Body) -> dict[str, Json]:
    return {"url": body.text("url", limit=URL_LIMIT)} | body.optional_texts(
        caption=CAPTION_LIMIT, filename=NAME_LIMIT, mime=NAME_LIMIT, media_id=NAME_LIMIT
    )


def _location(body: Body) -> dict[str, Json]:
    return {
        "latitude": body.number("latitude", low=-90, high=90),
        "longitude": body.number("longitude", low=-180, high=180),
    } | body.optional_texts(place=NAME_LIMIT)


def _choice(body: Body) -> dict[str, Json]:
    value = body.take("choice")
    if not isinstance(value, dict):
        raise BadBodyError("'choice' must be an object with 'id', 'title' and 'message_id'")
    choice = Body(value)
    read = {"id": choice.text("id", limit=NAME_LIMIT), "title": choice.text("title", limit=NAME_LIMIT)}
    read |= choice.optional_texts(message_id=NAME_LIMIT)
    choice.finish()
    return {"choice": read}


def _status(body: Body) -> dict[str, Json]:
    return {"state": body.one_of("state", STATUSES[1:])}


def _raw(_: Body) -> dict[str, Json]:
    return {}


def _payload(body: Body) -> Json:
    payload = body.take("payload")
    try:
        orjson.dumps([payload])
    except TypeError:
        raise BadBodyError("'payload' is nested too deeply") from None
    return payload


BY_THE_BOT = ("status", "echo")

TYPES: dict[str, Callable[[Body], dict[str, Json]]] = {
    "text": _text,
    "image": _media,
    "document": _media,
    "audio": _media,
    "video": _media,
    "location": _location,
    "choice": _choice,
    "status": _status,
    "echo": _text,
    "raw": _raw,
}
