"""Links to files of the flows folder: signed, and good for a while.

A link names its file in the open, `/media/TOKEN/menu.png`: gateways look at the extension, people at the name. The
token is the time until which it is good and an HMAC over that time and the path, so nobody makes one for another file
or for longer.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote

#: Where the server answers links, below its public address.
PREFIX = "/media/"
#: How long a gateway may take to fetch what it is to show: resends and its own queues are over by then.
GATEWAY_S = 24 * 3600.0
#: How long a link that a person got as text works.
PERSON_S = 30 * 24 * 3600.0

#: A time in seconds has so many digits at most; more are no token of ours.
_DIGITS_LIMIT = 12


class Links:
    """Makes and checks links under `base_url`; `secret` is the store's own, `now` gives UTC seconds."""

    def __init__(self, secret: bytes, base_url: str, now: Callable[[], float]) -> None:
        self._secret = secret
        self._base_url = base_url.rstrip("/")
        self._now = now

    def make(self, path: str, lasts_s: float) -> str:
        """Return a link to the file at `path` below the flows folder that is good for `lasts_s`."""
        until = str(int(self._now() + lasts_s))
        return f"{self._base_url}{PREFIX}{until}.{self._sign(until, path)}/{quote(path)}"

    def opens(self, token: str, path: str) -> bool:
        """Tell whether `token` was made for `path` and is still good."""
        until, _, signature = token.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) <= _DIGITS_LIMIT):
            return False
        signed = hmac.compare_digest(signature.encode(), self._sign(until, path).encode())
        return signed and self._now() < int(until)

    def _sign(self, until: str, path: str) -> str:
        digest = hmac.digest(self._secret, f"media\n{until}\n{path}".encode(errors="surrogatepass"), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
