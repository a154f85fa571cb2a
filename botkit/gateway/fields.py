"""What values of a profile can be: durations, paths, names, one word of a table; and the manners of its parts."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from botkit.flow.duration import parse_duration
from botkit.flow.shape import FIXED_DURATION, any_of, chosen, matching
from botkit.gateway.path import compile_path
from botkit.gateway.terms import EVENT_FIELDS
from botkit.turn.effect import MESSAGE_TYPES
from botkit.turn.event import EVENT_KINDS

#: Where the server answers itself; no webhook can stand there, nor below the last one.
OWN_PATHS = ("/healthz", "/readyz", "/media")

#: How a gateway can take a medium -> what its body then names.
MEDIA_WAYS: dict[str, str] = {
    "id": "`media_id`: what it gave with an event, by its own id",
    "inline": "`data` (base64) or `data_uri`, with `mime`",
    "url": "`url`: it fetches the medium from there",
}


def _seconds(value: Any) -> Any:
    seconds = parse_duration(value) if isinstance(value, str) else None
    return value if seconds is None else seconds


def _path(value: Any) -> Any:
    if isinstance(value, str):
        compile_path(value)
    return value


def _without_braces(path: str) -> str:
    if "{" in path or "}" in path:
        raise ValueError(f"a path holds no braces: {path}")
    return path


def _free(path: str) -> str:
    if "?" in path or "#" in path:
        raise ValueError(f"a webhook's path holds no '?' and no '#': {path}")
    plain = unquote(path)
    if plain.rstrip("/") in OWN_PATHS or plain.startswith("/media/"):
        raise ValueError(f"'{path}' is a path of botkit's own")
    return path


def _one_of(*allowed: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"'{value}' is none of: {', '.join(allowed)}")
        return value

    return BeforeValidator(check)


Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    WithJsonSchema(dict(any_of(FIXED_DURATION, {"type": "number"}, matching(r"^\s*[-+]?[\d.]")))),
]
PathText = Annotated[str, BeforeValidator(_path)]
EventKind = Annotated[str, _one_of(*EVENT_KINDS), WithJsonSchema(dict(chosen(EVENT_KINDS)))]
EventField = Annotated[str, _one_of(*EVENT_FIELDS)]
MediaWay = Annotated[str, _one_of(*MEDIA_WAYS), WithJsonSchema(dict(chosen(MEDIA_WAYS)))]
MessageType = Annotated[str, _one_of(*MESSAGE_TYPES), WithJsonSchema(dict(chosen(list(MESSAGE_TYPES))))]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
UrlPath = Annotated[str, Field(pattern=r"^/[!-~]*$"), AfterValidator(_without_braces)]
WebhookPath = Annotated[UrlPath, AfterValidator(_free)]
Algorithm = Literal["sha1", "sha256", "sha512"]


class Model(BaseModel):
    """The manners of every part: frozen, no unknown keys, names as config.yaml writes them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
