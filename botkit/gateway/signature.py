"""Whether a webhook came from the gateway: a signature over the raw body, or a shared header.

Every comparison takes the same time whatever it compares, and every active secret is tried. A signature over the body
alone is as good in a year: a copy is known for as long as events are remembered (`retention: seen`). That of Standard
Webhooks (standardwebhooks.com) covers an id and the time as well, and holds for five minutes.
"""

from __future__ import annotations

import base64
import hmac
from binascii import hexlify
from collections.abc import Callable, Mapping

from botkit.errors import IntakeError
from botkit.gateway.ways_in import STANDARD_ID, STANDARD_TIME, WebhookAuth, standard_key

#: How far the time that is signed may be from ours, in seconds: as the specification proposes.
TOLERANCE_S = 300.0
#: Signatures of one webhook that are looked at: of the key, and of the next one.
SIGNATURES = 8
#: Digits of a time in seconds.
TIME_DIGITS = 12


class Verifier:
    """One `auth`, its secrets made ready: to do that for every body doubles what looking at it costs."""

    def __init__(self, auth: WebhookAuth) -> None:
        self._auth, self._carried_in = auth, auth.carried_in
        secrets = () if auth.kind == "standard" else auth.active_secrets
        self._vouchers = tuple(_voucher(auth, secret.get_secret_value()) for secret in secrets)
        #: Where the hex digits of a signature begin; None where none are.
        self._hex_from = len(auth.prefix) if auth.kind == "hmac" and auth.encoding == "hex" else None

    def verify(self, headers: Mapping[str, str], body: bytes, now: float | None) -> None:
        """Return if `body` may be trusted at `now` (None: whenever it came); raises IntakeError(401).

        `headers` must ignore case, as aiohttp's do.
        """
        auth = self._auth
        if auth.kind == "none":
            return
        given = headers.get(self._carried_in)
        if given is None or not self._fits(given, headers, body):
            raise IntakeError(401, "wrong secret" if auth.kind == "header" else "the signature does not fit the body")
        if auth.kind == "standard" and now is not None:
            _check_time(headers[STANDARD_TIME], now)

    def _fits(self, given: str, headers: Mapping[str, str], body: bytes) -> bool:
        if self._auth.kind == "standard":
            return _fits_standard(self._auth, given, headers, body)
        given, start = given.strip(), self._hex_from
        if start is not None:
            given = given[:start] + given[start:].lower()
        found = given.encode("utf-8", "surrogateescape")
        fits = False
        for vouch in self._vouchers:
            fits |= hmac.compare_digest(vouch(body), found)
        return fits


def sign(auth: WebhookAuth, secret: str, body: bytes) -> str:
    """Return the header's value that vouches for `body` under `secret`; not for `kind: standard`."""
    if auth.kind != "hmac":
        return auth.prefix + secret
    digest = hmac.digest(secret.encode(), body, auth.algorithm)
    return auth.prefix + (digest.hex() if auth.encoding == "hex" else base64.b64encode(digest).decode())


def sign_standard(key: bytes, message_id: str, time: str, body: bytes) -> str:
    """Return the signature of Standard Webhooks: version, comma, base64."""
    signed = f"{message_id}.{time}.".encode("utf-8", "surrogateescape") + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _voucher(auth: WebhookAuth, secret: str) -> Callable[[bytes], bytes]:
    """Return what `sign` does under one secret, as a function of the body whose key is put into the hash once."""
    if auth.kind != "hmac":
        shared = sign(auth, secret, b"").encode()
        return lambda body: shared
    keyed = hmac.new(secret.encode(), digestmod=auth.algorithm)
    prefix, write = auth.prefix.encode(), hexlify if auth.encoding == "hex" else base64.b64encode

    def vouch(body: bytes) -> bytes:
        signed = keyed.copy()
        signed.update(body)
        return prefix + write(signed.digest())

    return vouch


def _fits_standard(auth: WebhookAuth, given: str, headers: Mapping[str, str], body: bytes) -> bool:
    message_id, time = headers.get(STANDARD_ID), headers.get(STANDARD_TIME)
    if not message_id or not time:
        return False
    fits = False
    for secret in auth.active_secrets:
        wanted = sign_standard(standard_key(secret) or b"", message_id, time, body).encode()
        for each in given.split()[:SIGNATURES]:
            fits |= hmac.compare_digest(wanted, each.encode("utf-8", "surrogateescape"))
    return fits


def _check_time(time: str, now: float) -> None:
    is_time = time.isascii() and time.isdecimal() and len(time) <= TIME_DIGITS
    if not is_time or abs(now - int(time)) > TOLERANCE_S:
        told = f"{now - int(time):+.0f} s by this machine's clock" if is_time else "at no time"
        raise IntakeError(401, f"signed {told}: {TOLERANCE_S:.0f} s at most are taken")
