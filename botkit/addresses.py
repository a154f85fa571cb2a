"""Which addresses are public: what a person or a gateway names must not lead into the network that the bot runs in.

A name is judged by what it resolves to, at the moment of connecting: a name that was public when it was looked at may
lead home a second later. An address written as such never meets a resolver, so it is judged by itself (`is_public`).
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

#: IPv6 networks that stand for IPv4 addresses, which some router may follow: NAT64 and 6to4.
_STAND_INS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"))


def is_public(host: str) -> bool | None:
    """Tell whether an address is one of the public network; None for a name, which has to be resolved first.

    What is only digits and dots is no name, since aiohttp connects to it without a resolver: 2130706433 is 127.0.0.1.
    """
    try:
        address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False if ":" in host or host.replace(".", "").isdigit() else None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast and not _stands_in(address)


def _stands_in(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _STAND_INS)


class PublicResolver(AbstractResolver):
    """Resolves names to public addresses only; a name that has any other raises OSError."""

    def __init__(self, below: AbstractResolver | None = None) -> None:
        self._below = below or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name."""
        found = await self._below.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise OSError("the name leads to an address that is not public")
        return found

    async def close(self) -> None:
        """Close the resolver below."""
        await self._below.close()
