"""Who may use the sandbox's own pages."""

import pytest

from botkit.gateway.sandbox import Sandbox
from botkit.gateway.sandbox.guard import is_ours
from tests.sandbox.conftest import Client

CASES = [
    ("localhost", None, True),
    ("localhost:8090", None, True),
    ("LOCALHOST:8090", None, True),
    ("127.0.0.1:8090", "http://127.0.0.1:8090", True),
    ("[::1]:8090", "http://[::1]:8090", True),
    ("localhost:8090", "http://localhost:3000", True),
    ("", None, False),
    ("example.com", None, False),
    ("localhost.example.com", None, False),
    ("127.0.0.1.example.com:8090", None, False),
    ("192.168.1.5:8090", None, False),
    ("[::1", None, False),
    ("user@localhost@example.com", None, False),
    ("evil@127.0.0.1", None, False),
    ("evil.com\\@127.0.0.1", None, False),
    ("127.0.0.1#.evil.com", None, False),
    ("127.0.0.1/.evil.com", None, False),
    ("127.0.0.1?.evil.com", None, False),
    ("127.0.0.1:8090\n", None, False),
    ("127.0.0.1:x", None, False),
    ("[::1%eth0]", None, False),
    ("localhost:8090", "http://evil@127.0.0.1", False),
    ("localhost:8090", "http://evil.com\\@127.0.0.1", False),
    ("localhost:8090", "http://127.0.0.1#.evil.com", False),
    ("localhost:8090", "file://localhost", False),
    ("localhost:8090", "https://example.com", False),
    ("localhost:8090", "http://localhost.example.com", False),
    ("localhost:8090", "null", False),
    ("localhost:8090", "", False),
]


@pytest.mark.parametrize(("host", "origin", "ours"), CASES)
def test_is_ours(host: str, origin: str | None, ours: bool) -> None:
    """Only loopback names pass, in Host and, if it is there, in Origin."""
    assert is_ours(host, origin) is ours


@pytest.mark.parametrize("path", ["/", "/phone.js", "/_sandbox/messages", "/_sandbox/events"])
@pytest.mark.parametrize("header", [{"Host": "example.com"}, {"Origin": "https://example.com"}])
async def test_refused(client: Client, path: str, header: dict[str, str]) -> None:
    """Page and API are answered 403 to a stranger."""
    async with client.http.get(path, headers=header) as response:
        assert response.status == 403


@pytest.mark.parametrize("path", ["inbound", "faults", "contacts", "reset"])
async def test_form_post(client: Client, path: str) -> None:
    """A body that a web form could send without asking is refused."""
    async with client.http.post(f"/_sandbox/{path}", data=b"{}", headers={"Content-Type": "text/plain"}) as got:
        assert got.status == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com", "192.168.1.5"])
def test_listens_on_loopback(host: str) -> None:
    """The sandbox cannot be made to listen to others."""
    with pytest.raises(ValueError, match="loopback only"):
        Sandbox("http://127.0.0.1:8080/webhook", host=host)


@pytest.mark.parametrize("url", ["https://example.com/webhook", "ftp://localhost/", "localhost:8080", ""])
def test_webhook_on_loopback(url: str) -> None:
    """Nothing leaves this machine: a webhook elsewhere is refused."""
    with pytest.raises(ValueError, match="nothing leaves this machine"):
        Sandbox(url)


def test_webhook_port() -> None:
    """A webhook on a port that cannot be is refused at once, not tried for a day."""
    with pytest.raises(ValueError, match="Port out of range"):
        Sandbox("http://localhost:99999/webhook")
