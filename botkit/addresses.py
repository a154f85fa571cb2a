"""Which addresses a request may go to, and the resolver that lets no other be dialled.

What a person, a gateway or a flow names must not lead into the network that the bot runs in. A name is resolved once,
for the connection itself: the address that was looked at is the one that is dialled, so a name that changes its mind in
between (DNS rebinding) gains nothing. One forbidden address among several refuses the name. An address inside an
address (IPv4 in IPv6, NAT64, 6to4) counts as the inner one.
"""

from __future__ import annotations

import socket
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Address = IPv4Address | IPv6Address

#: Networks of a machine or a house: loopback, RFC 1918, CGNAT (RFC 6598, private overlay networks), RFC 4193.
OWN = tuple(
    map(ip_network, "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 ::1/128 fc00::/7".split())
)
#: All that is assigned to the public IPv6 internet (RFC 4291).
_GLOBAL_V6 = ip_network("2000::/3")
#: Prefixes that carry an IPv4 address in their last 32 bits: mapped, translated (RFC 7915), NAT64 (RFC 6052).
_CARRIERS = tuple(map(ip_network, "::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96".split()))
_6TO4 = ip_network("2002::/16")
#: What Python takes for public, in some versions or all, and is not: protocol assignments (RFC 6890; a cloud answers
#: for its machines' keys there), relays of 6to4 (RFC 7526), and the address at which Azure speaks to its machines.
_NOT_PUBLIC = tuple(map(ip_network, "192.0.0.0/24 192.88.99.0/24 168.63.129.16/32".split()))


class Reach(Enum):
    """How far a request may go."""

    PUBLIC = "the public internet: an address that a flow writes out"
    NAMED = "the public internet and the own network: a host that config.yaml names"
    OWN = "the own network alone: a host that config.yaml names, without encryption"

    def permits(self, host: str) -> bool | None:
        """Tell whether an address may be dialled; None for a name, which has to be resolved first.

        What is only digits and dots is no name, since aiohttp connects to it without a resolver: 2130706433 is
        127.0.0.1.
        """
        try:
            address = _inner(ip_address(host.strip("[]").partition("%")[0]))
        except ValueError:
            return False if not host or ":" in host or host.replace(".", "").isdigit() else None
        is_own = any(address in network for network in OWN)
        is_public = self is not Reach.OWN and _is_public(address)
        return is_public or (is_own and self is not Reach.PUBLIC)


def _inner(address: Address) -> Address:
    if isinstance(address, IPv6Address):
        if any(address in network for network in _CARRIERS):
            return IPv4Address(int(address) & 0xFFFFFFFF)
        if address in _6TO4:
            return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_V6:
        return False
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class Refused(OSError):
    """A host leads to an address that the request may not go to."""

    def __str__(self) -> str:
        return "it leads to an address that may not be called"


class VettedResolver(AbstractResolver):
    """Resolves by `inner` (None: the system's resolver), and refuses what `reach` does not permit."""

    def __init__(self, reach: Reach, inner: AbstractResolver | None = None) -> None:
        self._reach = reach
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host; raises OSError when there are none, Refused for others."""
        found = await self._inner.resolve(host, port, family)
        if not all(self._reach.permits(each["host"]) for each in found):
            raise Refused
        return found

    async def close(self) -> None:
        """Let go of the inner resolver."""
        await self._inner.close()
