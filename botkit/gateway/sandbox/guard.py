"""Who may talk to the sandbox's own pages: only this machine, and only pages of this machine.

A page anywhere on the web can make a browser send requests to loopback, and a name that resolves to
127.0.0.1 makes them same-origin. So both names are checked: the Host that was asked for and the Origin
that asks.
"""

import re
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from aiohttp import web

#: A host and maybe a port, and nothing else: neither user nor path, whatever a lenient parser makes of them.
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::[0-9]{1,5})?")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)

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


def _host_of(header: str) -> str | None:
    """Return the name in `name`, `name:port` or `[address]:port`; None for anything that is written otherwise."""
    match = _HOST.fullmatch(header)
    return match and (match[1] or match[2])


def is_ours(host: str, origin: str | None) -> bool:
    """Tell whether a request with these headers comes from this machine."""
    if not is_loopback(_host_of(host)):
        return False
    if origin is None:
        return True
    scheme = _SCHEME.match(origin)
    return scheme is not None and is_loopback(_host_of(origin[scheme.end() :]))


def guarded(handler: Handler) -> Handler:
    """Return `handler` behind the check of Host and Origin."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not is_ours(request.headers.get("Host", ""), request.headers.get("Origin")):
            return web.json_response({"error": "only this machine may ask"}, status=403)
        return await handler(request)

    return checked
