"""The settings that this version reads: key, type, default and one sentence for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, InstanceOf

from botkit.flow.hours import Hours, QuietHours
from botkit.flow.source import Map
from botkit.settings.value import (
    DAY_S,
    SEEN_DAYS,
    Age,
    Duration,
    FilePath,
    Flag,
    HeaderValue,
    HookUrl,
    Host,
    PublicUrl,
    SeenAge,
    ServiceUrl,
    StoreUrl,
    Timezone,
    Token,
)

Builtin = Literal[
    "hello",
    "unknown",
    "help",
    "cancel",
    "back",
    "start_over",
    "stuck",
    "resumed",
    "welcome_back",
    "error",
    "handed_off",
    "opt_out",
    "opt_in",
]
#: Built-in flows that exist; each can be switched off.
BUILTIN: tuple[Builtin, ...] = get_args(Builtin)

Port = Annotated[int, Field(ge=0, le=65535)]


def _all_on() -> dict[Builtin, bool]:
    return dict.fromkeys(BUILTIN, True)


class Section(BaseModel):
    """A group of keys; an unknown one is an error, and values never show in one."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Bot(Section):
    """Who the bot is and where it lives."""

    language: Literal["es", "en"] = Field(default="es", description="Language of built-in texts, dates and numbers.")
    timezone: Timezone = Field(default="America/La_Paz", description="Time zone of the business, an IANA name.")
    country: str = Field(
        default="BO",
        pattern="^[A-Z]{2}$",
        description="Country of the business; commands take a number without prefix as one of it.",
    )
    currency: str = Field(default="BOB", pattern="^[A-Z]{3}$", description="Currency that `money` prints.")
    constants: dict[str, Any] = Field(
        default_factory=dict, description="Constants of your own, any other key of `bot`: `bot.name` in a flow."
    )


class Server(Section):
    """Where webhooks come in."""

    host: Host = Field(
        default="127.0.0.1", description="Address to listen on; 0.0.0.0 takes calls from other machines."
    )
    port: Port = Field(default=8080, description="Port to listen on; 0 takes any free one.")
    public_url: PublicUrl = Field(default=None, description="Address under which the gateway reaches this server.")


class Admin(Section):
    """The control API on TCP."""

    host: str = Field(default="127.0.0.1", description="Address to listen on; other machines need a tunnel to it.")
    port: Port = Field(description="Port to listen on; 0 takes any free one.")
    token: Token = Field(description="Secret that callers show as `Authorization: Bearer …`, at least 32 bytes.")


class Handoff(Section):
    """How a conversation comes back from people."""

    lasts: Duration = Field(
        default=12 * 3600.0,
        alias="for",
        description="People have it for so long, from the last that they wrote, unless the step says otherwise.",
    )
    word: str = Field(
        default="listo",
        min_length=1,
        max_length=60,
        description="Typed alone on the business's phone, it gives the conversation back at once.",
    )


class Sandbox(Section):
    """The pretended gateway on this machine."""

    port: Port = Field(default=8090, description="Port of the sandbox and its phone page.")
    embedded: Flag = Field(
        default=True, description="Start it inside `botkit run`; false uses the one already running."
    )


class Log(Section):
    """What is logged, and where."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is written."
    )
    format: Literal["auto", "text", "json"] = Field(
        default="auto", description="Form on the console: auto is text on a terminal and JSON elsewhere."
    )
    file: FilePath = Field(
        default=Path("botkit.log"), description="File that also gets every line, always JSON, kept as 50 MB times 5."
    )
    personal: Flag = Field(default=False, description="Write phone numbers, names and texts into the log.")


class Service(Section):
    """A web service that `http` steps call by its name. Its address and headers may hold secrets."""

    url: ServiceUrl = Field(repr=False, description="Address that the path of a step is put behind.")
    headers: dict[str, HeaderValue] = Field(
        default_factory=dict, description="Headers of every request; their secrets come from variables or files."
    )
    timeout: Duration = Field(default=10.0, description="Longest wait for an answer, unless the step says otherwise.")
    retries: int = Field(
        default=0, ge=0, le=5, description="Further attempts after no answer, a 429 or a 5xx, likewise."
    )


class Http(Section):
    """What `http` steps may reach besides services and the public internet."""

    allow: tuple[Host, ...] = Field(
        default=(), description="Hosts outside `services` that flows may call although they are of the own network."
    )


class Alerts(Section):
    """How a person hears of what needs one."""

    webhook: HookUrl = Field(
        default=None, repr=False, description="Address that gets each alert as JSON: `{alert, text, at, …}`."
    )


class Budget(Section):
    """How many requests to the gateway a flow may take; `botkit check` holds flows to it."""

    turn: int | None = Field(default=None, ge=1, description="Most requests of one turn: what one message sets off.")
    conversation: int | None = Field(
        default=None, ge=1, description="Most requests of one conversation, rounds of loops left out."
    )


class Retention(Section):
    """How long what is kept; what is older is erased while the bot runs."""

    journal: Age = Field(default=None, description="What people wrote and what came of it, once it is done with.")
    messages: Age = Field(default=None, description="What the bot said, once it is sent or given up.")
    results: Age = Field(default=None, description="What `record` steps noted.")
    dead: Age = Field(default=None, description="Dead letters: events that could not be handled.")
    seen: SeenAge = Field(
        default=SEEN_DAYS * DAY_S, description="That an event was seen, so that it counts once; at least 14d."
    )


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as config.yaml describes it; `node` has its variables filled in, so it holds secrets."""

    name: str
    sandbox: bool
    node: Map = field(repr=False)


class Settings(Section):
    """Everything that config.yaml says."""

    bot: Bot = Field(default_factory=Bot, description="Who the bot is and where it lives.")
    flows: FilePath = Field(
        default=Path("flows"), description="Folder of the flows, read from the folder of config.yaml."
    )
    handlers: tuple[str, ...] = Field(
        default=(), description="Modules with handlers: paths beside config.yaml or dotted names."
    )
    store: StoreUrl = Field(default="sqlite:///botkit.db", description="Where conversations are kept: sqlite:///file.")
    server: Server = Field(default_factory=Server, description="Where webhooks come in.")
    admin: Admin | None = Field(default=None, description="The control API on TCP; off when it is not written.")
    sandbox: Sandbox = Field(default_factory=Sandbox, description="The pretended gateway on this machine.")
    channels: dict[str, InstanceOf[Channel]] = Field(description="The ways to people: a name and its gateway.")
    builtin: dict[Builtin, Flag] = Field(
        default_factory=_all_on,
        description="Built-in flows that are on; `off` alone switches all of them off.",
    )
    defaults: InstanceOf[Map] | None = Field(
        default=None,
        description="Keys that steps of all own flows take where they say nothing: `invalid`, `choose: {…}`.",
    )
    services: dict[str, Service] = Field(
        default_factory=dict, description="Web services that `http` steps call: a name, its address and headers."
    )
    hours: InstanceOf[Hours] | None = Field(
        default=None,
        description="When the business is open, which `bot.open` tells: days, dates, `holidays`, `closed`.",
    )
    quiet_hours: InstanceOf[QuietHours] | None = Field(
        default=None, description="When nobody is reminded of anything: `{from: '21:00', to: '08:00'}`."
    )
    handoff: Handoff = Field(default_factory=Handoff, description="How a conversation comes back from people.")
    http: Http = Field(default_factory=Http, description="What `http` steps may reach besides.")
    retention: Retention = Field(
        default_factory=Retention, description="How long what is kept: `90d`, or `keep`, which is for good."
    )
    log: Log = Field(default_factory=Log, description="What is logged, and where.")
    alerts: Alerts = Field(default_factory=Alerts, description="How a person hears of what needs one, besides the log.")
    budget: Budget = Field(
        default_factory=Budget, description="Limits that `botkit check` holds flows to; without one nothing is limited."
    )

    def store_path(self, folder: Path) -> Path:
        """Return the file of the store; a relative one stands in `folder`, the folder of config.yaml."""
        return folder / self.store.removeprefix("sqlite:///")

    def log_path(self, folder: Path) -> Path:
        """Return the log file; a relative one stands in `folder`, the folder of config.yaml."""
        return folder / self.log.file


#: Keys people look for in the wrong place -> where they belong; those of sections are found by themselves.
HOMES = MappingProxyType(
    {
        **dict.fromkeys(
            ("api_key", "base_url", "profile", "rate", "send", "webhook", "inbound", "auth", "timeout", "capabilities"),
            "channels.<name>",
        ),
        "token": "admin",
        "invalid": "defaults",
        "silence": "defaults",
        "url": "services.<name>",
    }
)
