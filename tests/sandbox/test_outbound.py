"""The dialect of `POST /messages`."""

import orjson
import pytest

from botkit.gateway.sandbox.body import BadBodyError
from botkit.gateway.sandbox.outbound import read_message

TO = {"to": "591"}
OPTION = {"id": "1", "title": "Sí"}
IMAGE = TO | {"type": "image"}
INLINE = IMAGE | {"data": "iVBORw0=", "mime": "image/png"}

GOOD = [
    {"type": "text", "text": "hola"},
    {"type": "text", "text": "x" * 4096},
    {"type": "image", "url": "https://x/y.png"},
    {"type": "document", "url": "https://x/y.pdf", "caption": "Tu receta", "name": "receta.pdf"},
    {"type": "image", "media_id": "media-1", "caption": "Mira"},
    {"type": "audio", "url": "https://x/y.ogg", "name": "y.ogg"},
    {"type": "video", "url": "https://x/y.mp4"},
    {"type": "location", "latitude": -16.5, "longitude": -68, "name": "Plaza"},
    {"type": "contact", "name": "Ana", "phone": "+591"},
    {"type": "choices", "text": "¿Sí?", "options": [OPTION]},
    {"type": "choices", "text": "¿Sí?", "options": [OPTION], "header": "Cita", "footer": "Clínica Sol"},
    {"type": "typing"},
]

BAD = [
    (b"", "not JSON"),
    (b"[" * 100_000, "not JSON"),
    (b'{"to": "\xff"}', "not JSON"),
    (b'{"to": "\\ud800", "type": "text", "text": "x"}', "not JSON"),
    (b"[]", "must be a JSON object"),
    (b"{}", "'to' must be a non-empty string"),
    ({"to": 591, "type": "text", "text": "x"}, "'to' must be a non-empty string"),
    (TO | {"type": "sticker"}, "'type' must be one of: text, image"),
    (TO | {"type": ["text"]}, "'type' must be one of: text, image"),
    (TO | {"type": "text"}, "'text' must be a non-empty string"),
    (TO | {"type": "text", "text": "x" * 4097}, "'text' has 4097 characters; the limit is 4096"),
    (TO | {"type": "text", "text": "x", "txt": "y"}, "unknown fields: txt"),
    (IMAGE | {"url": ""}, "'url' must be a non-empty string"),
    (IMAGE | {"url": "menu.png"}, "'url' must be an http(s) address"),
    (IMAGE | {"url": "https://"}, "'url' must be an http(s) address"),
    (IMAGE, "one of 'url', 'media_id' and 'data'"),
    (INLINE | {"url": "https://x/y"}, "one of 'url', 'media_id' and 'data'"),
    (INLINE | {"data": "no base64!"}, "'data' must be base64"),
    (INLINE | {"data": ""}, "'data' must be a non-empty string"),
    (INLINE | {"mime": "application/pdf"}, "begins with 'image/'"),
    (IMAGE | {"data": "iVBORw0="}, "'mime' must be a non-empty string"),
    (IMAGE | {"url": "https://x/y", "mime": "image/png"}, "unknown fields: mime"),
    (IMAGE | {"url": "https://x/y", "caption": "x" * 1025}, "'caption' has 1025 characters"),
    (TO | {"type": "audio", "url": "https://x/y", "caption": "x"}, "unknown fields: caption"),
    (TO | {"type": "location", "latitude": "1", "longitude": 1}, "'latitude' must be a number"),
    (TO | {"type": "location", "latitude": True, "longitude": 1}, "'latitude' must be a number"),
    (TO | {"type": "location", "latitude": 91, "longitude": 1}, "between -90 and 90"),
    (TO | {"type": "choices", "text": "x", "options": []}, "'options' must be a list of 1 to 10"),
    (TO | {"type": "choices", "text": "x", "options": [1]}, "an option must be an object"),
    (TO | {"type": "choices", "text": "x", "options": [OPTION, OPTION]}, "two options have the same 'id'"),
    (TO | {"type": "choices", "text": "x", "options": [{"id": "1", "title": "x" * 25}]}, "the limit is 24"),
]


@pytest.mark.parametrize("body", GOOD, ids=lambda body: str(body["type"]))
def test_good(body: dict[str, object]) -> None:
    """A message of each type comes back as it was sent."""
    message = read_message(orjson.dumps(TO | body))
    assert TO | {"type": message.type} | message.body == TO | body
    assert message.to == "591"


@pytest.mark.parametrize(("body", "error"), BAD)
def test_bad(body: object, error: str) -> None:
    """What the dialect does not allow is an error that names the field."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    with pytest.raises(BadBodyError) as caught:
        read_message(raw)
    assert error in str(caught.value)


def test_null_is_absent() -> None:
    """An optional field that is null is as good as one that is not there."""
    message = read_message(b'{"to": "591", "type": "image", "url": "https://x/y", "caption": null}')
    assert message.body == {"url": "https://x/y"}


def test_inline_bytes_are_decoded() -> None:
    """What is sent as base64 is kept as the bytes that it stands for."""
    assert read_message(orjson.dumps(INLINE)).body == {"data": b"\x89PNG\r", "mime": "image/png"}
