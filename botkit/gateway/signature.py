"""Whether a webhook came from the gateway: a signature over the raw body, or a shared header.

Every comparison takes the same time whatever it compares, and every active secret is tried.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping

from botkit.errors import IntakeError
from botkit.gateway.ways_in import WebhookAuth


def verify(auth: WebhookAuth, headers: Mapping[str, str], body: bytes) -> None:
    """Return if `body` may be trusted; raises IntakeError(401). `headers` must ignore case, as aiohttp's do."""
    if auth.kind == "none":
        return
    given = headers.get(auth.header or "")
    if given is None or not _matches(auth, given.strip(), body):
        raise IntakeError(401, "the signature does not fit the body" if auth.kind == "hmac" else "wrong secret")


def sign(auth: WebhookAuth, secret: str, body: bytes) -> str:
    """Return the header's value that vouches for `body` under `secret`."""
    if auth.kind != "hmac":
        return auth.prefix + secret
    digest = hmac.digest(secret.encode(), body, auth.algorithm)
    return auth.prefix + (digest.hex() if auth.encoding == "hex" else base64.b64encode(digest).decode())


def _matches(auth: WebhookAuth, given: str, body: bytes) -> bool:
    if auth.kind == "hmac" and auth.encoding == "hex":
        given = given[: len(auth.prefix)] + given[len(auth.prefix) :].lower()
    found = given.encode("utf-8", "surrogateescape")
    fits = False
    for secret in auth.active_secrets:
        fits |= hmac.compare_digest(sign(auth, secret.get_secret_value(), body).encode(), found)
    return fits
