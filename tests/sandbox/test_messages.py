"""`POST /messages`, as a bot sees it."""

from io import BytesIO

import pytest

from tests.sandbox.conftest import Client
from tests.sandbox.fakes import FakeClock


async def test_accepted(client: Client) -> None:
    """A good message is answered 200 with an id of its own."""
    answers = [await client.send({"to": "591", "type": "text", "text": "hola"}) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    assert len({str(answer["id"]) for _, answer in answers}) == 2


@pytest.mark.parametrize("key", ["", "wrong", "sandbox-key2", "Sandbox-Key", "clé"])
async def test_wrong_key(client: Client, key: str) -> None:
    """A wrong key is answered 401 and spends nothing of the limit."""
    for _ in range(4):
        assert (await client.send({"to": "591", "type": "text", "text": "x"}, key=key))[0] == 401
    assert await client.text() == 200


async def test_over_the_rate(client: Client, clock: FakeClock) -> None:
    """The request over the limit is answered 429, and passes when the window has moved on."""
    assert [await client.text() for _ in range(4)] == [200, 200, 200, 429]
    clock.advance(60)
    assert await client.text() == 200


async def test_bad_body_spends_a_slot(client: Client) -> None:
    """A bad body is answered 400 with a JSON error, and counts."""
    status, answer = await client.send({"to": "591"})
    assert (status, answer["error"]) == (400, "'type' must be one of: " + ", ".join(TYPES))
    assert [await client.text() for _ in range(3)] == [200, 200, 429]


async def test_content_type(client: Client) -> None:
    """Only JSON is taken."""
    headers = {"X-Api-Key": "sandbox-key", "Content-Type": "text/plain"}
    async with client.http.post("/messages", data=b"{}", headers=headers) as response:
        assert response.status == 400


async def test_large_body(client: Client) -> None:
    """A body over 24 MB is refused."""
    headers = {"X-Api-Key": "sandbox-key", "Content-Type": "application/json"}
    async with client.http.post("/messages", data=BytesIO(b"x" * 24_000_001), headers=headers) as response:
        assert response.status == 413


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("POST", "/v1/messages")])
async def test_unknown_path(client: Client, method: str, path: str) -> None:
    """A path that is not there is answered 404."""
    async with client.http.request(method, path) as response:
        assert response.status == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_plain_http(client: Client, method: str) -> None:
    """Under /_http/ every path answers 301 to the same one under https."""
    async with client.http.request(method, "/_http/messages?a=b", allow_redirects=False) as response:
        host = response.request_info.url.authority
        assert response.status == 301
        assert response.headers["Location"] == f"https://{host}/messages?a=b"


async def test_listing(client: Client) -> None:
    """What was accepted is listed in order, from a number on and per recipient."""
    for text, to in (("a", "1"), ("b", "2"), ("c", "1")):
        await client.text(text, to)
    found = await client.get("messages")
    assert [(m["n"], m["to"], m["type"], m["body"]) for m in found] == [
        (1, "1", "text", {"text": "a"}),
        (2, "2", "text", {"text": "b"}),
        (3, "1", "text", {"text": "c"}),
    ]
    assert [m["n"] for m in await client.get("messages?to=1&after=1")] == [3]


async def test_requests(client: Client, clock: FakeClock) -> None:
    """Every request is listed with its times, status and digest, also those refused."""
    await client.text(to="1")
    await client.send({"to": "2"}, key="wrong")
    first, second = await client.get("requests")
    assert (first["to"], first["status"], first["in_at"], first["out_at"]) == ("1", 200, clock.now, clock.now)
    assert (second["to"], second["status"], second["id"]) == ("2", 401, None)
    assert first["digest"] != second["digest"]


TYPES = ("text", "image", "document", "audio", "video", "location", "contact", "choices", "typing")


@pytest.mark.parametrize(
    ("headers", "raw"),
    [
        ({"Content-Encoding": "gzip"}, b"not gzip"),
        ({"Content-Encoding": "nonsense"}, b"{}"),
        ({"Content-Type": ";;;"}, b"{}"),
        ({"X-Api-Key": "\xff"}, b"{}"),
    ],
)
async def test_malformed(client: Client, headers: dict[str, str], raw: bytes) -> None:
    """Malformed input is the client's fault."""
    headers = {"X-Api-Key": "sandbox-key", "Content-Type": "application/json"} | headers
    async with client.http.post("/messages", data=raw, headers=headers) as response:
        assert 400 <= response.status < 500
