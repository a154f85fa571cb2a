"""What the bot may send: the closed table of message types of `POST /messages`."""

from collections.abc import Callable
from dataclasses import dataclass

from botkit.gateway.sandbox.body import BadBodyError, Body, Json, load_object

# Characters. WhatsApp's own figures: a text, a caption, an option's title.
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TITLE_LIMIT = 24
URL_LIMIT = 2048
NAME_LIMIT = 256
ADDRESS_LIMIT = 128
OPTIONS_LIMIT = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One well-formed message: to whom, of which type, and the fields of that type."""

    to: str
    type: str
    body: dict[str, Json]


def read_message(raw: bytes) -> Message:
    """Return the message in a request's body; raise BadBodyError."""
    body = Body(load_object(raw))
    to = body.text("to", limit=ADDRESS_LIMIT)
    kind = body.one_of("type", tuple(TYPES))
    fields = TYPES[kind](body)
    body.finish()
    return Message(to, kind, fields)


def _text(body: Body) -> dict[str, Json]:
    return {"text": body.text("text", limit=TEXT_LIMIT)}


def _media(body: Body) -> dict[str, Json]:
    return {"url": body.text("url", limit=URL_LIMIT)} | body.optional_texts(caption=CAPTION_LIMIT, name=NAME_LIMIT)


def _location(body: Body) -> dict[str, Json]:
    return {
        "latitude": body.number("latitude", low=-90, high=90),
        "longitude": body.number("longitude", low=-180, high=180),
    } | body.optional_texts(name=NAME_LIMIT)


def _contact(body: Body) -> dict[str, Json]:
    return {"name": body.text("name", limit=NAME_LIMIT), "phone": body.text("phone", limit=ADDRESS_LIMIT)}


def _choices(body: Body) -> dict[str, Json]:
    text = body.text("text", limit=TEXT_LIMIT)
    options = body.take("options")
    if not isinstance(options, list) or not 1 <= len(options) <= OPTIONS_LIMIT:
        raise BadBodyError(f"'options' must be a list of 1 to {OPTIONS_LIMIT}")
    read = [_option(option) for option in options]
    if len({option["id"] for option in read}) < len(read):
        raise BadBodyError("two options have the same 'id'")
    return {"text": text, "options": read}


def _option(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise BadBodyError("an option must be an object with 'id' and 'title'")
    option = Body(value)
    read = {
        "id": option.text("id", limit=NAME_LIMIT),
        "title": option.text("title", limit=TITLE_LIMIT),
    }
    option.finish()
    return read


def _typing(_: Body) -> dict[str, Json]:
    return {}


TYPES: dict[str, Callable[[Body], dict[str, Json]]] = {
    "text": _text,
    "image": _media,
    "document": _media,
    "audio": _media,
    "video": _media,
    "location": _location,
    "contact": _contact,
    "choices": _choices,
    "typing": _typing,
}
