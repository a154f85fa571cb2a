"""The ways in that a profile describes: what the gateway pushes, and what it is asked for.

The field descriptions are the reference of the format.
"""

from __future__ import annotations

import base64
from typing import Any, Literal

from pydantic import Field, SecretStr, model_validator

from botkit.gateway.fields import (
    Algorithm,
    EventField,
    EventKind,
    HeaderName,
    Model,
    PathText,
    Seconds,
    UrlPath,
    WebhookPath,
)
from botkit.turn.event import EVENT_KINDS

#: Headers of Standard Webhooks: what is signed besides the body, and the signatures.
STANDARD_ID, STANDARD_TIME, STANDARD_SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_STANDARD_PREFIX = "whsec_"


def standard_key(secret: SecretStr) -> bytes | None:
    """Return the key that a secret of Standard Webhooks spells; None for what spells none."""
    try:
        return base64.b64decode(secret.get_secret_value().removeprefix(_STANDARD_PREFIX), validate=True) or None
    except ValueError:
        return None


class WebhookAuth(Model):
    """How the gateway vouches for what it pushes."""

    kind: Literal["hmac", "standard", "header", "none"] = Field(
        description="signature over the raw body, that of Standard Webhooks, shared header, nothing"
    )
    header: HeaderName | None = Field(default=None, description="where the signature or secret stands")
    algorithm: Algorithm = Field(default="sha256", description="hash of the signature")
    encoding: Literal["hex", "base64"] = Field(default="hex", description="how the signature is written")
    prefix: str = Field(default="", description="what stands before it")
    secret: SecretStr | None = Field(default=None, description="the secret")
    secrets: tuple[SecretStr, ...] = Field(default=(), max_length=2, description="or two, to replace one by the other")

    @model_validator(mode="after")
    def _complete(self) -> WebhookAuth:
        if self.kind == "standard" and self.model_fields_set & {"header", "algorithm", "encoding", "prefix"}:
            raise ValueError("kind standard takes a secret and nothing else")
        if self.kind not in ("none", "standard") and not self.header:
            raise ValueError(f"kind {self.kind} needs 'header'")
        if self.kind != "none" and not self.active_secrets:
            raise ValueError(f"kind {self.kind} needs 'secret', or two 'secrets'")
        if not all(secret.get_secret_value() for secret in self.active_secrets):
            raise ValueError("a secret must not be empty")
        if self.kind == "standard" and not all(standard_key(secret) for secret in self.active_secrets):
            raise ValueError("kind standard takes a secret of base64, such as whsec_…")
        return self

    @property
    def carried_in(self) -> str:
        """The header with the signature or secret; empty where there is none."""
        return STANDARD_SIGNATURE if self.kind == "standard" else self.header or ""

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


class PollRequest(Model):
    """The request that asks what is new."""

    method: Literal["GET", "POST"] = Field(default="GET", description="HTTP method")
    path: UrlPath = Field(description="path below base_url")
    query: dict[str, Any] = Field(
        default={},
        description="what stands behind the `?`; its texts are Jinja over `last`, `cursor` and `now`, and what has no "
        "value yet is left out",
    )
    body: dict[str, Any] | None = Field(default=None, description="JSON body, with the same templates")


class Poll(Model):
    """What the gateway is asked for, because it does not push it."""

    request: PollRequest = Field(description="the request that asks what is new")
    every: Seconds = Field(
        default=10.0,
        ge=1,
        le=86_400,
        description="how long after an answer it is asked again; each time costs a request of `rate`",
    )
    items: PathText = Field(
        default="@", description="JMESPath from the answer to the list of its items; to find no list is a failure"
    )
    rules: tuple[Rule, ...] = Field(
        min_length=1, description="from an item to an event; each names `id`, by which what is listed again is known"
    )
    cursor: PathText | None = Field(
        default=None, description="JMESPath over the answer to the mark that the next request shows as `{{ cursor }}`"
    )
    more: PathText | None = Field(
        default=None, description="JMESPath over the answer; true or anything not empty: ask for the rest at once"
    )


class WayIn(Model):
    """A way in besides the webhook, or in its place."""

    poll: Poll | None = Field(default=None, description="what the gateway is asked for")
