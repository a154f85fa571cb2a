"""What the bot may send: the closed table of message types of `POST /messages`."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from botkit.gateway.sandbox.body import BadBodyError, Body, Json, load_object

# Characters. WhatsApp's own figures: a text, a caption, an option's title.
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TITLE_LIMIT = 24
URL_LIMIT = 2048
NAME_LIMIT = 256
ADDRESS_LIMIT = 128
OPTIONS_LIMIT = 10
FRAME_LIMIT = 60
# Base64 characters of what is sent inline: ten million bytes.
DATA_LIMIT = 13_333_336

_URL = re.compile(r"https?://[^\s/]+\S*")
_MIME = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")
# How a medium's content type must begin.
_FAMILY = {"image": "image/", "audio": "audio/", "video": "video/", "document": ""}


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


def _media(kind: str, body: Body) -> dict[str, Json]:
    """Return a medium: one of `url`, `media_id` and `data` with `mime`."""
    given = [name for name in ("url", "media_id", "data") if body.has(name)]
    if len(given) != 1:
        raise BadBodyError("a medium needs one of 'url', 'media_id' and 'data'")
    read: dict[str, Json] = {}
    if given == ["url"]:
        read["url"] = body.text("url", limit=URL_LIMIT)
        if not _URL.fullmatch(read["url"]):
            raise BadBodyError("'url' must be an http(s) address")
    elif given == ["media_id"]:
        read["media_id"] = body.text("media_id", limit=NAME_LIMIT)
    else:
        read |= {"data": _data(body), "mime": _mime(kind, body)}
    limits = {"name": NAME_LIMIT} if kind == "audio" else {"name": NAME_LIMIT, "caption": CAPTION_LIMIT}
    return read | body.optional_texts(**limits)


def _data(body: Body) -> bytes:
    try:
        data = b64decode(body.text("data", limit=DATA_LIMIT), validate=True)
    except (Base64Error, ValueError) as error:
        raise error if isinstance(error, BadBodyError) else BadBodyError("'data' must be base64") from None
    if not data:
        raise BadBodyError("'data' must hold something")
    return data


def _mime(kind: str, body: Body) -> str:
    mime = body.text("mime", limit=NAME_LIMIT)
    if not _MIME.fullmatch(mime) or not mime.startswith(_FAMILY[kind]):
        raise BadBodyError(f"'mime' must be a content type that begins with '{_FAMILY[kind]}'")
    return mime


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
    return {"text": text, "options": read} | body.optional_texts(header=FRAME_LIMIT, footer=FRAME_LIMIT)


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
    "image": partial(_media, "image"),
    "document": partial(_media, "document"),
    "audio": partial(_media, "audio"),
    "video": partial(_media, "video"),
    "location": _location,
    "contact": _contact,
    "choices": _choices,
    "typing": _typing,
}
