"""Media: attached by people, fetched by the bot with its key, sent by the bot inline or by an id."""

from base64 import b64encode
from io import BytesIO

from botkit.gateway.sandbox import KEY
from botkit.gateway.sandbox.shelf import MEDIUM_LIMIT, Shelf
from tests.sandbox.conftest import Client
from tests.sandbox.fakes import FakeBot

PNG = b"\x89PNG\r\n\x1a\n"


async def attach(client: Client, content: bytes = PNG, mime: str = "image/png") -> dict[str, str]:
    """Attach a file as the phone page does and return what the sandbox says of it."""
    path, headers = "/_sandbox/media?name=men%C3%BA.png", {"Content-Type": mime}
    async with client.http.post(path, data=content, headers=headers) as response:
        assert response.status == 200, await response.text()
        answer: dict[str, str] = await response.json()
        return answer


async def fetch(client: Client, path: str, **headers: str) -> tuple[int, bytes, str]:
    """Return status, body and content type."""
    async with client.http.get(path, headers=headers) as response:
        return response.status, await response.read(), response.content_type


async def test_a_person_attaches_and_the_bot_fetches(client: Client, bot: FakeBot) -> None:
    """The webhook names the address; the bytes are had there, with the key."""
    attached = await attach(client)
    assert attached["filename"] == "menú.png"
    await client.post("inbound", {"from": "591", "type": "image", **attached})
    item = await bot.got()
    assert (item["media_id"], item["mime"]) == (attached["media_id"], "image/png")
    path = item["url"].partition(str(client.http.port))[2]
    assert await fetch(client, path, **{"X-Api-Key": KEY}) == (200, PNG, "image/png")


async def test_no_key_no_bytes(client: Client) -> None:
    """What people send is nobody else's to see."""
    medium_id = (await attach(client))["media_id"]
    assert (await fetch(client, f"/media/{medium_id}"))[0] == 401
    assert (await fetch(client, "/media/none", **{"X-Api-Key": KEY}))[0] == 404


async def test_a_fetch_counts_as_a_request(client: Client) -> None:
    """One limit for every verb of the key: three requests here."""
    medium_id = (await attach(client))["media_id"]
    found = [(await fetch(client, f"/media/{medium_id}", **{"X-Api-Key": KEY}))[0] for _ in range(3)]
    assert found == [200, 200, 200]
    assert await client.text() == 429


async def test_the_page_sees_a_medium_without_the_key(client: Client) -> None:
    """By an address that answers this machine only, and never as a page of its own."""
    path = f"/_sandbox/media/{(await attach(client, b'<script>', 'text/html'))['media_id']}"
    async with client.http.get(path) as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert (await fetch(client, path, Host="evil.example"))[0] == 403
    assert (await fetch(client, "/_sandbox/media/none"))[0] == 404


async def test_inline_bytes_are_listed_by_their_id(client: Client) -> None:
    """The list of messages stays readable; the bytes are one request away."""
    data = b64encode(PNG).decode()
    message = {"to": "591", "type": "image", "data": data, "mime": "image/png", "caption": "Mira"}
    assert (await client.send(message))[0] == 200
    [sent] = await client.get("messages")
    medium_id = sent["body"].pop("media_id")
    assert sent["body"] == {"mime": "image/png", "caption": "Mira"}
    assert (await fetch(client, f"/_sandbox/media/{medium_id}"))[1] == PNG


async def test_what_a_person_sent_can_be_sent_on(client: Client) -> None:
    """By the id that the webhook gave, and by no other."""
    medium_id = (await attach(client))["media_id"]
    assert (await client.send({"to": "592", "type": "image", "media_id": medium_id}))[0] == 200
    status, answer = await client.send({"to": "592", "type": "image", "media_id": "media-0"})
    assert (status, answer["error"]) == (400, "there is no medium with this 'media_id'")
    assert len(await client.get("messages")) == 1


async def test_a_medium_is_bounded(client: Client) -> None:
    """Neither nothing nor a film is attached."""
    for content in (b"", b"x" * (MEDIUM_LIMIT + 1)):
        async with client.http.post("/_sandbox/media", data=BytesIO(content)) as response:
            assert response.status == 400


def test_old_media_make_room() -> None:
    """The sandbox lives in memory."""
    shelf = Shelf("run", limit=10)
    first, second = shelf.put(b"12345", "a/b"), shelf.put(b"12345", "a/b")
    third = shelf.put(b"1", "a/b")
    assert [shelf.get(each.id) is not None for each in (first, second, third)] == [False, True, True]
