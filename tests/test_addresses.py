"""Which addresses are public, and that names are judged by where they lead."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from botkit.addresses import PublicResolver, is_public


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("[2606:2800:220:1:248:1893:25c8:1946]", True),
        ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2130706433", False),
        ("127.1", False),
        ("1:2", False),
        ("example.com", None),
        ("0x7f.1", None),
        ("localhost", None),
    ],
)
def test_public(host: str, public: bool | None) -> None:
    """Private, local, shared, multicast and stand-in addresses are none; a name is judged by its addresses."""
    assert is_public(host) is public


class Fixed(AbstractResolver):
    """Resolves every name to the same addresses."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses."""
        return [
            ResolveResult(hostname=host, host=each, port=port, family=socket.AF_INET, proto=0, flags=0)
            for each in self.hosts
        ]

    async def close(self) -> None:
        """Do nothing."""


async def test_a_public_name() -> None:
    """A name with public addresses alone has all of them."""
    found = await PublicResolver(Fixed("93.184.216.34", "93.184.216.35")).resolve("example.com", 443)
    assert [each["host"] for each in found] == ["93.184.216.34", "93.184.216.35"]


@pytest.mark.parametrize("hosts", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1")])
async def test_a_name_that_leads_home(hosts: tuple[str, ...]) -> None:
    """One private address is enough to refuse a name."""
    with pytest.raises(OSError, match="not public"):
        await PublicResolver(Fixed(*hosts)).resolve("rebind.example", 443)


async def test_the_systems_resolver() -> None:
    """Without another one the system's is asked."""
    with pytest.raises(OSError, match="not public"):
        await PublicResolver().resolve("localhost", 443)
