"""Which addresses may be dialled, and that names are judged by where they lead."""

from __future__ import annotations

import pytest

from botkit.addresses import Reach, Refused, VettedResolver
from tests.http.services import FixedResolver

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
OWN = [
    *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.10", "100.64.0.1"),
    *("::1", "[::1]", "fd00::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:192.168.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:1::1"),
]
NEVER = [
    *("0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.250", "255.255.255.255"),
    *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1", "172.32.0.0.1"),
    *("::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "::127.0.0.1", "100::1", "2001:db8::1", "64:ff9b:1::1"),
    *("::ffff:169.254.169.254", "::ffff:0.0.0.0", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "2001::1"),
    *("192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:168.63.129.16"),
    *("", "127.1", "2130706433", "0177.0.0.1", "1:2"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    """An address of the internet is for everybody but what goes unencrypted."""
    assert [reach.permits(address) for reach in Reach] == [True, True, False]


@pytest.mark.parametrize("address", OWN)
def test_own(address: str) -> None:
    """An address of the own machine or network, however it is dressed, is only for hosts that config.yaml names."""
    assert [reach.permits(address) for reach in Reach] == [False, True, True]


@pytest.mark.parametrize("address", NEVER)
def test_never(address: str) -> None:
    """Link-local (metadata of clouds), multicast, documentation, reserved and unreadable addresses are for nobody."""
    assert [reach.permits(address) for reach in Reach] == [False, False, False]


@pytest.mark.parametrize("host", ["example.com", "localhost", "0x7f000001", "0x7f.1", "añejo.example"])
def test_name(host: str) -> None:
    """A name is judged by its addresses."""
    assert [reach.permits(host) for reach in Reach] == [None, None, None]


async def test_the_systems_resolver() -> None:
    """Without another one the system's is asked."""
    with pytest.raises(Refused):
        await VettedResolver(Reach.PUBLIC).resolve("localhost", 443)


async def test_one_is_enough() -> None:
    """A name with one address that is not permitted is refused, whatever the others are."""
    mixed = VettedResolver(Reach.PUBLIC, FixedResolver(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(Refused):
        await mixed.resolve("a.example", 443)
    fine = VettedResolver(Reach.PUBLIC, FixedResolver(["8.8.8.8", "2606:4700::1111"]))
    assert [each["host"] for each in await fine.resolve("a.example", 443)] == ["8.8.8.8", "2606:4700::1111"]
