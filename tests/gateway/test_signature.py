from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest
from multidict import CIMultiDict
from pydantic import ValidationError

from botkit.errors import IntakeError
from botkit.gateway.inbound import Reader
from botkit.gateway.signature import Verifier, sign, sign_standard
from botkit.gateway.ways_in import STANDARD_ID, STANDARD_SIGNATURE, STANDARD_TIME, Webhook, WebhookAuth

BODY = b'{"a": 1}'
NOW = 1_614_265_330.0


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
    Verifier(auth).verify(CIMultiDict({"x-signature": header}), BODY, NOW)


@pytest.mark.parametrize("kind", ["hmac", "header"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("secret", ["s", "s" * 64, "s" * 200, "clave-ñandú"])
def test_what_we_sign_is_trusted(kind: str, encoding: str, algorithm: str, secret: str) -> None:
    """Whatever `sign` gives is taken, of one body after another, and not of another."""
    auth = _auth(kind=kind, encoding=encoding, algorithm=algorithm, secret=secret)
    verifier = Verifier(auth)
    for body in (BODY, b"", b"x" * 1000):
        verifier.verify(CIMultiDict({"x-signature": sign(auth, secret, body)}), body, NOW)
    if kind == "hmac":
        with pytest.raises(IntakeError):
            verifier.verify(CIMultiDict({"x-signature": sign(auth, secret, BODY)}), b"", NOW)


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
        Verifier(_auth()).verify(CIMultiDict(headers), BODY, NOW)
    assert refused.value.status == 401


def test_no_auth_takes_everything() -> None:
    """`kind: none` is a decision, and it holds."""
    Verifier(WebhookAuth(kind="none")).verify(CIMultiDict(), BODY, NOW)


# ── Standard Webhooks ───────────────────────────────────────────────────────────────────────────────────────────────

#: A key, and the example of it that its makers' libraries test themselves with.
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SENT = b'{"test": 2432232314}'
SIGNED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
OTHER = "whsec_b3RoZXI="


def _standard(**own: Any) -> WebhookAuth:
    return WebhookAuth.model_validate({"kind": "standard", "secret": KEY} | own)


@pytest.mark.parametrize(
    ("auth", "more"),
    [
        (_standard(), {}),
        (_standard(secret=KEY.removeprefix("whsec_")), {}),
        (_standard(secret=None, secrets=[OTHER, KEY]), {}),
        (_standard(), {"webhook-signature": "v1,AAAA v2,x " + SIGNED["webhook-signature"]}),
    ],
)
def test_standard_webhooks(auth: WebhookAuth, more: dict[str, str]) -> None:
    """The signature over id, time and body opens the door, whichever of several it is, five minutes about its time."""
    for now in (NOW, NOW - 300, NOW + 300, None):
        Verifier(auth).verify(CIMultiDict(SIGNED | more), SENT, now)


@pytest.mark.parametrize(
    ("auth", "more", "now"),
    [
        (_standard(secret=OTHER), {}, NOW),
        (_standard(), {"webhook-id": "msg_other"}, NOW),
        (_standard(), {"webhook-timestamp": "1614265331"}, NOW),
        (_standard(), {"webhook-signature": "v1,"}, NOW),
        (_standard(), {"webhook-signature": SIGNED["webhook-signature"].replace("v1", "v2")}, NOW),
        (_standard(), {"webhook-signature": "é"}, NOW),
        (_standard(), {"webhook-id": ""}, NOW),
        (_standard(), {"webhook-timestamp": ""}, NOW),
        (_standard(), {}, NOW + 301),
        (_standard(), {}, NOW - 301),
    ],
)
def test_what_standard_webhooks_refuse(auth: WebhookAuth, more: dict[str, str], now: float) -> None:
    """Another key, id, time, version, or one that is too far from now: 401."""
    with pytest.raises(IntakeError) as refused:
        Verifier(auth).verify(CIMultiDict(SIGNED | more), SENT, now)
    assert refused.value.status == 401


def test_a_time_that_is_none() -> None:
    """A time that is signed and is none is refused, and what was said of it is not repeated."""
    headers = SIGNED | {"webhook-timestamp": "9" * 400}
    key = base64.b64decode(KEY.removeprefix("whsec_"))
    headers["webhook-signature"] = sign_standard(key, headers["webhook-id"], headers["webhook-timestamp"], SENT)
    with pytest.raises(IntakeError, match="signed at no time"):
        Verifier(_standard()).verify(CIMultiDict(headers), SENT, NOW)


@pytest.mark.parametrize(
    "own", [{"header": "X-Signature"}, {"secret": "no base64!"}, {"secret": "whsec_"}, {"secret": ""}]
)
def test_what_a_standard_auth_is_not(own: dict[str, str]) -> None:
    """It has headers of its own, and a key of base64."""
    with pytest.raises(ValidationError):
        _standard(**own)


def test_a_webhook_is_held_to_the_clock() -> None:
    """What came in time is read, and the same bytes are nothing later on."""
    rule = {"kind": "message", "fields": {"id": "id", "contact": "from", "text": "text"}}
    auth = {"kind": "standard", "secret": KEY}
    now = [NOW]
    reader = Reader("wa", Webhook.model_validate({"path": "/x", "auth": auth, "rules": [rule]}), lambda: now[0])
    body = b'{"id": "m1", "from": "59170000001", "text": "hola"}'
    signature = sign_standard(base64.b64decode(KEY.removeprefix("whsec_")), "m1", str(int(NOW)), body)
    headers = CIMultiDict({STANDARD_ID: "m1", STANDARD_TIME: str(int(NOW)), STANDARD_SIGNATURE: signature})
    assert [arrival.gateway_id for arrival in reader.read(headers, body)] == ["m1"]
    now[0] += 301
    with pytest.raises(IntakeError, match=r"signed \+301 s by this machine's clock"):
        reader.read(headers, body)
