"""Who may talk to the sandbox's own pages: only this machine, and only pages of this machine.

A page anywhere on the web can make a browser send requests to loopback, and a name that resolves to
127.0.0.1 makes them same-origin. So both names are checked: the Host that was asked for and the Origin
that asks.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str | None) -> bool:
    """Tell whether a host name, without port or brackets, can only be this machine."""
    if host is None:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def is_ours(host: str, origin: str | None) -> bool:
    """Tell whether a request with these headers comes from this machine."""
    if not is_loopback(_host_of(f"//{host}")):
        return False
    return origin is None or is_loopback(_host_of(origin))


def guarded(handler: Handler) -> Handler:
    """Return `handler` behind the check of Host and Origin."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not is_ours(request.headers.get("Host", ""), request.headers.get("Origin")):
            return web.json_response({"error": "only this machine may ask"}, status=403)
        return await handler(request)

    return checked
