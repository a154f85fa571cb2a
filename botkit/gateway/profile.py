"""What a profile holds: everything that differs between HTTP gateways, as data.

The field descriptions are the reference of the format; `compose.py` builds a profile from config.yaml.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, SecretStr

from botkit.gateway.fields import MEDIA_WAYS, HeaderName, MediaWay, MessageType, Model, PathText, Seconds, UrlPath
from botkit.gateway.ways_in import Poll, WayIn, Webhook
from botkit.outbox.rate import Limits
from botkit.outbox.retry import OnUncertain
from botkit.ports import Capabilities


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
    webhook: Webhook | None = Field(default=None, description="the way in: what the gateway pushes")
    inbound: WayIn = Field(default=WayIn(), description="another way in, for a gateway that does not push")

    @property
    def poll(self) -> Poll | None:
        """What the gateway is asked for."""
        return self.inbound.poll

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
