"""The gateways: whether their names are known and their doors open. No request is made, so none is spent.

What one that was spent came to is told here, too.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from botkit.doctor.finding import Finding
from botkit.gateway.profile import Profile

#: Seconds for a name, and for a connection with its certificate.
PATIENCE_S = 5.0


async def examine_gateways(profiles: Mapping[str, Profile]) -> list[Finding]:
    """Return whether each channel's gateway can be reached."""
    return list(await asyncio.gather(*(_examine(channel, profile) for channel, profile in profiles.items())))


async def _examine(channel: str, profile: Profile) -> Finding:
    if profile.sandbox:
        return Finding("odd", "gateway-sandbox", {"channel": channel})
    parts = urlsplit(profile.base_url)
    host, encrypted = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if encrypted else 80)
    values = {"channel": channel, "host": f"{host}:{port}"}
    try:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return Finding("bad", "gateway-unknown", values)
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(
                host, port, ssl=ssl.create_default_context() if encrypted else None
            )
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", None) or error.reason or type(error).__name__
        return Finding("bad", "gateway-certificate", {**values, "why": why})
    except (OSError, TimeoutError) as error:
        return Finding("bad", "gateway-closed", {**values, "why": getattr(error, "strerror", None) or "timeout"})
    writer.close()
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    return Finding("well", "gateway", values)


def knocked(
    channel: str, verdict: str, status: int | None, why: str | None = None, until: str | None = None
) -> Finding:
    """Return what one real request says of a gateway: that it knows no such page is an answer as good as any.

    Of a key that is `held` none was made: `why`, and until when.
    """
    values = {"channel": channel, "status": status}
    if verdict == "unauthorized":
        return Finding("bad", "key-refused", values)
    if verdict == "held" and why is not None:
        return Finding("odd", "spend-held", {"channel": channel, "why": why, "until": until})
    if verdict in ("throttled", "held"):
        return Finding("odd", "key-busy", values)
    if status is None or verdict in ("unavailable", "server_error", "redirect"):
        return Finding("bad", "gateway-silent", {"channel": channel, "why": str(status or verdict)})
    return Finding("well", "gateway-answers", values)
