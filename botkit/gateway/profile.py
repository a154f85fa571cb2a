"""What a profile holds: everything that differs between HTTP gateways, as data.

The field descriptions are the reference of the format; `compose.py` builds a profile from config.yaml.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    model_validator,
)

from botkit.flow.duration import parse_duration
from botkit.flow.shape import FIXED_DURATION, any_of, chosen, matching
from botkit.gateway.path import compile_path
from botkit.outbox.rate import Limits
from botkit.outbox.retry import OnUncertain
from botkit.ports import Capabilities
from botkit.turn.effect import MESSAGE_TYPES
from botkit.turn.event import EVENT_KINDS

#: What a rule may fill; `kind` is the rule's own.
EVENT_FIELDS = (
    "id", "contact", "sender", "is_group", "from_me", "name", "at", "text",
    "choice", "media", "location", "reply_to", "state",
)  # fmt: skip

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


class Auth(Model):
    """How a request shows the key."""

    header: HeaderName = Field(default="X-Api-Key", description="the header that carries the key")
    value: str = Field(default="{{ key }}", description="its value; `{{ key }}` stands for the key")


#: Most requests of a period, and its most seconds, a day: beyond these stand slips, and what is kept of each grows.
RATE_MOST, PERIOD_MOST_S = 1_000_000, 86_400


#: Least limit of a key at which a request is kept in reserve by itself.
AUTO_RESERVE_FROM = 10


class Rate(Model):
    """How much a key may send."""

    limit: int = Field(default=30, ge=1, le=RATE_MOST, description="requests per period, all verbs of the key together")
    period_s: Seconds = Field(
        default=60.0,
        ge=1,
        le=PERIOD_MOST_S,
        validation_alias=AliasChoices("per", "period_s"),
        description="the period: `60s`, `1m` or seconds",
    )
    burst: int = Field(
        default=5,
        ge=1,
        le=RATE_MOST,
        description="how many interactive messages may leave at once, until more is learned",
    )
    reserve: Literal["auto"] | Annotated[int, Field(ge=0, le=RATE_MOST)] = Field(
        default="auto",
        description="requests that broadcasts leave to people who wait for an answer; auto: 1 while people are talking",
    )


class Shows(Model):
    """What the gateway can show; anything else takes a simpler form, never a cut one."""

    text: int = Field(default=4096, ge=20, description="characters of a text; a longer one is split")
    buttons: int = Field(default=0, ge=0, description="how many options can be buttons")
    button_title: int = Field(default=20, ge=1, description="characters of a button")
    list_rows: int = Field(default=0, ge=0, description="how many options a list can have")
    list_title: int = Field(default=24, ge=1, description="characters of a list's row")
    header: int = Field(default=0, ge=0, description="characters of a header of its own over `choices`; 0: none")
    footer: int = Field(default=0, ge=0, description="characters of a footer of its own under `choices`; 0: none")
    media: frozenset[MessageType] | None = Field(default=None, description="types it takes; left out: all in `send`")
    media_from: tuple[MediaWay, ...] = Field(
        default=("url",), min_length=1, description="how it takes a medium, the best first: " + ", ".join(MEDIA_WAYS)
    )
    inline_limit: int = Field(
        default=2_000_000, ge=1, description="bytes of a file that is sent `inline`, before it becomes base64"
    )


class SendSpec(Model):
    """The request that shows one type of message."""

    method: Literal["POST", "PUT", "PATCH"] = Field(default="POST", description="HTTP method")
    path: UrlPath = Field(description="path below base_url")
    encoding: Literal["json", "form"] = Field(
        default="json", validation_alias="as", description="how to write the body"
    )
    body: dict[str, Any] = Field(description="tree whose text leaves are Jinja over `to` and the message's fields")


class Success(Model):
    """Which 2xx answers mean that the gateway took the message."""

    statuses: frozenset[Annotated[int, Field(ge=200, le=299)]] | None = Field(
        default=None, description="left out: every 2xx"
    )
    when: PathText | None = Field(default=None, description="JMESPath over the answer; a false value means refused")


class Errors(Model):
    """Statuses that mean something else at this gateway than HTTP says."""

    retry: frozenset[int] = Field(default=frozenset(), description="not taken, worth another try, as 503 is")
    never: frozenset[int] = Field(default=frozenset(), description="refused for good, as 400 is")


class Fetch(Model):
    """The request for the bytes of a medium that a person sent."""

    path: str = Field(
        pattern=r"^/[!-z|~]*\{\{ media_id \}\}[!-z|~]*$",
        description="path below base_url; `{{ media_id }}` stands for the medium's id",
    )


class Media(Model):
    """What people send: where its bytes are. Left out: at the address that the event names."""

    fetch: Fetch | None = Field(default=None, description="request by the medium's id, with the key")


class WebhookAuth(Model):
    """How the gateway vouches for what it pushes."""

    kind: Literal["hmac", "header", "none"] = Field(description="signature over the raw body, shared header, nothing")
    header: HeaderName | None = Field(default=None, description="where the signature or secret stands")
    algorithm: Algorithm = Field(default="sha256", description="hash of the signature")
    encoding: Literal["hex", "base64"] = Field(default="hex", description="how the signature is written")
    prefix: str = Field(default="", description="what stands before it")
    secret: SecretStr | None = Field(default=None, description="the secret")
    secrets: tuple[SecretStr, ...] = Field(default=(), max_length=2, description="or two, to replace one by the other")

    @model_validator(mode="after")
    def _complete(self) -> WebhookAuth:
        if self.kind != "none" and not self.header:
            raise ValueError(f"kind {self.kind} needs 'header'")
        if self.kind != "none" and not self.active_secrets:
            raise ValueError(f"kind {self.kind} needs 'secret', or two 'secrets'")
        if not all(secret.get_secret_value() for secret in self.active_secrets):
            raise ValueError("a secret must not be empty")
        return self

    @property
    def active_secrets(self) -> tuple[SecretStr, ...]:
        """Every secret that is accepted now."""
        return (*self.secrets, self.secret) if self.secret is not None else self.secrets


class Rule(Model):
    """Which items are which event, and where its fields stand; the first rule that fits wins."""

    kind: EventKind = Field(description="kind of event: " + ", ".join(EVENT_KINDS))
    when: PathText = Field(default="`true`", description="JMESPath over the item; true or anything not empty fits")
    fields: dict[EventField, PathText] = Field(description="neutral field -> JMESPath over the item")


class Webhook(Model):
    """What the gateway pushes."""

    path: WebhookPath = Field(description="path at which the server takes it")
    auth: WebhookAuth | None = Field(default=None, description="how it is vouched for")
    items: PathText = Field(default="[@]", description="JMESPath from the body to its items")
    rules: tuple[Rule, ...] = Field(min_length=1, description="from an item to an event")


class Profile(Model):
    """One gateway as one channel uses it."""

    name: str = Field(description="name of the profile it began with")
    sandbox: bool = Field(default=False, description="nothing leaves this machine")
    base_url: str = Field(description="where the gateway stands")
    api_key: SecretStr = Field(description="the key; shown nowhere")
    auth: Auth = Field(default=Auth(), description="how a request shows the key")
    rate: Rate = Field(default=Rate(), description="how much the key may send")
    timeout_s: Seconds = Field(
        default=10.0,
        gt=0,
        le=60,
        validation_alias=AliasChoices("timeout", "timeout_s"),
        description="for a whole request",
    )
    capabilities: Shows = Field(default=Shows(), description="what the gateway can show")
    send: dict[MessageType, SendSpec] = Field(default={}, description="message type -> request")
    success: Success = Field(default=Success(), description="which answers mean taken")
    id: PathText | None = Field(default=None, description="JMESPath over a send's answer to the message's id")
    errors: Errors = Field(default=Errors(), description="statuses with a meaning of their own")
    on_uncertain: OnUncertain = Field(
        default="resend_once",
        description="what to do with a message whose answer was lost, if nothing is heard of it for 20 s: "
        "`resend_once`, `hold` (it and what follows to that contact wait) or `drop`",
    )
    media: Media = Field(default=Media(), description="how the bytes of received media are had")
    webhook: Webhook | None = Field(default=None, description="the way in")

    @property
    def limits(self) -> Limits:
        """What the rate gate needs to know."""
        rate = self.rate
        is_auto = rate.reserve == "auto"
        # A key of few requests could not spare one for long.
        reserve = int(rate.limit >= AUTO_RESERVE_FROM) if is_auto else int(rate.reserve)
        return Limits(rate.limit, rate.period_s, self.timeout_s, rate.burst, reserve, reserves_always=not is_auto)

    @property
    def shown(self) -> Capabilities:
        """What can be shown with the requests that `send` maps."""
        shows, can_choose = self.capabilities, "choices" in self.send
        mapped = frozenset(self.send) - {"text", "choices", "typing"}
        return Capabilities(
            text=shows.text,
            buttons=shows.buttons if can_choose else 0,
            button_title=shows.button_title,
            list_rows=shows.list_rows if can_choose else 0,
            list_title=shows.list_title,
            media_from=shows.media_from,
            header=shows.header,
            footer=shows.footer,
            media=mapped if shows.media is None else mapped & shows.media,
        )
