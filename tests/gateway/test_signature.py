from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from multidict import CIMultiDict

from botkit.errors import IntakeError
from botkit.gateway.signature import verify
from botkit.gateway.ways_in import WebhookAuth

BODY = b'{"a": 1}'


def _auth(**own: Any) -> WebhookAuth:
    base = {"kind": "hmac", "header": "X-Signature", "prefix": "sha256=", "secret": "s1"}
    return WebhookAuth.model_validate(base | own)


def _hex(secret: str = "s1", body: bytes = BODY, algorithm: str = "sha256") -> str:
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        (_auth(), "sha256=" + _hex()),
        (_auth(), "sha256=" + _hex().upper()),
        (_auth(prefix=""), _hex()),
        (_auth(algorithm="sha512", prefix=""), _hex(algorithm="sha512")),
        (_auth(encoding="base64"), "sha256=" + base64.b64encode(hmac.digest(b"s1", BODY, hashlib.sha256)).decode()),
        (_auth(secret=None, secrets=["s0", "s1"]), "sha256=" + _hex("s0")),
        (_auth(secret=None, secrets=["s0", "s1"]), "sha256=" + _hex("s1")),
        (_auth(kind="header", prefix="Bearer "), "Bearer s1"),
    ],
)
def test_what_is_signed_rightly_is_trusted(auth: WebhookAuth, header: str) -> None:
    """The signature over the raw body, or the shared secret, opens the door; either of two secrets does."""
    verify(auth, CIMultiDict({"x-signature": header}), BODY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Signature": ""},
        {"X-Signature": _hex()},
        {"X-Signature": "sha256=" + _hex("s2")},
        {"X-Signature": "sha256=" + _hex(body=b'{"a":1}')},
        {"X-Signature": "sha1=" + _hex()},
        {"X-Signature": "sha256=ñ\udcff"},
        {"X-Other": "sha256=" + _hex()},
    ],
)
def test_what_is_signed_wrongly_is_refused(headers: dict[str, str]) -> None:
    """A missing or wrong signature answers 401."""
    with pytest.raises(IntakeError) as refused:
        verify(_auth(), CIMultiDict(headers), BODY)
    assert refused.value.status == 401


def test_no_auth_takes_everything() -> None:
    """`kind: none` is a decision, and it holds."""
    verify(WebhookAuth(kind="none"), CIMultiDict(), BODY)
