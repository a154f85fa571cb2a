"""Telling the bot what people write."""

import hashlib
import hmac

import pytest

from botkit.gateway.sandbox import SECRET, Sandbox
from tests.sandbox.conftest import Client
from tests.sandbox.fakes import FakeBot, FakeClock

# wish, payload without id and timestamp
PAYLOADS = [
    ({"text": "hola"}, {"type": "text", "text": "hola"}),
    (
        {"type": "image", "url": "http://x/y.png", "caption": "Mira"},
        {"type": "image", "url": "http://x/y.png", "caption": "Mira"},
    ),
    (
        {"type": "document", "url": "u", "filename": "a.pdf", "mime": "application/pdf"},
        {"type": "document", "url": "u", "filename": "a.pdf", "mime": "application/pdf"},
    ),
    ({"type": "audio", "url": "u"}, {"type": "audio", "url": "u"}),
    ({"type": "video", "url": "u"}, {"type": "video", "url": "u"}),
    (
        {"type": "location", "latitude": -16.5, "longitude": -68.1, "place": "Plaza"},
        {"type": "location", "latitude": -16.5, "longitude": -68.1, "place": "Plaza"},
    ),
    (
        {"type": "choice", "choice": {"id": "si", "title": "Sí", "message_id": "m1"}},
        {"type": "choice", "choice": {"id": "si", "title": "Sí", "message_id": "m1"}},
    ),
]


@pytest.mark.parametrize(("wish", "payload"), PAYLOADS, ids=lambda value: str(value.get("type")))
async def test_payload(
    client: Client, bot: FakeBot, clock: FakeClock, wish: dict[str, object], payload: dict[str, object]
) -> None:
    """What a person writes reaches the bot with id, sender, name and time."""
    _, answer = await client.post("inbound", {"from": "591", "name": "Ana", **wish})
    who = {"from": "591", "name": "Ana", "timestamp": int(clock.now)}
    assert [(await bot.got())] == [{"id": answer["ids"][0], **who, **payload}]


@pytest.mark.parametrize(
    ("wish", "payload"),
    [
        ({"type": "status", "id": "m1", "state": "read"}, {"id": "m1", "type": "status", "state": "read"}),
        ({"type": "echo", "id": "m2", "text": "yo"}, {"id": "m2", "type": "echo", "text": "yo"}),
    ],
    ids=["status", "echo"],
)
async def test_news(
    client: Client, bot: FakeBot, clock: FakeClock, wish: dict[str, object], payload: dict[str, object]
) -> None:
    """Statuses and echoes tell to whom the message went."""
    await client.post("inbound", {"to": "591", **wish})
    assert await bot.got() == {**payload, "to": "591", "timestamp": int(clock.now)}


async def test_raw(client: Client, bot: FakeBot) -> None:
    """`raw` posts any JSON as it is."""
    await client.post("inbound", {"type": "raw", "from": "591", "payload": [{"odd": None}]})
    assert await bot.got() == [{"odd": None}]


async def test_signature(client: Client, bot: FakeBot) -> None:
    """The raw body is signed with HMAC-SHA256."""
    await client.post("inbound", {"from": "591", "text": "¿hola?"})
    await bot.got()
    expected = hmac.new(SECRET.encode(), bot.raw[0], hashlib.sha256).hexdigest()
    assert bot.headers[0]["X-Signature"] == f"sha256={expected}"


async def test_name_is_remembered(client: Client, bot: FakeBot) -> None:
    """A contact's name goes with each message once it is known."""
    for wish in ({"from": "1", "text": "a"}, {"from": "1", "name": "Luz", "text": "b"}, {"from": "1", "text": "c"}):
        await client.post("inbound", wish)
    assert [(await bot.got())["name"] for _ in range(3)] == ["1", "Luz", "Luz"]


async def test_order_per_contact(client: Client, bot: FakeBot) -> None:
    """One contact's messages arrive in order, copies included."""
    await client.post("inbound", {"copies": 2, "messages": [{"from": "1", "text": str(n)} for n in range(3)]})
    assert [(await bot.got())["text"] for _ in range(6)] == list("001122")


async def test_batch(client: Client, bot: FakeBot) -> None:
    """A batch is one array."""
    wishes = [{"from": "1", "text": "a"}, {"from": "2", "text": "b"}]
    await client.post("inbound", {"batch": True, "messages": wishes})
    batch = await bot.got()
    assert [item["text"] for item in batch] == ["a", "b"]


async def test_shuffle(client: Client, bot: FakeBot) -> None:
    """Shuffled messages all arrive, copies included, and not in the order of writing."""
    wishes = [{"from": "1", "text": f"{n:02}"} for n in range(20)]
    await client.post("inbound", {"shuffle": True, "copies": 2, "messages": wishes})
    texts = [(await bot.got())["text"] for _ in range(40)]
    in_order = sorted(f"{n:02}" for n in range(20) for _ in "12")
    assert sorted(texts) == in_order
    assert texts != in_order


async def test_delay(client: Client, bot: FakeBot, clock: FakeClock) -> None:
    """A delayed message is told when its time has come."""
    await client.post("inbound", {"from": "1", "text": "a", "delay_s": 9})
    assert await clock.next_sleep() == 9
    assert bot.raw == []
    clock.advance(9)
    assert await bot.got()


@pytest.mark.parametrize("status", [500, 503, 301, 408, 429])
async def test_retries(client: Client, bot: FakeBot, clock: FakeClock, status: int) -> None:
    """What the bot does not take is told again after 1, 2, 4, ... 30 s, byte for byte."""
    bot.answers.extend([status] * 6)
    await client.post("inbound", {"from": "1", "text": "a"})
    delays = []
    for _ in range(6):
        delays.append(await clock.next_sleep())
        clock.advance(delays[-1])
    await bot.got()
    assert delays == [1, 2, 4, 8, 16, 30]
    while len(bot.raw) < 7:
        await bot.got()
    assert len(set(bot.raw)) == 1


async def test_head_of_line(client: Client, bot: FakeBot, clock: FakeClock) -> None:
    """A message that must be told again holds up its own contact and nobody else."""
    bot.answers.append(503)
    await client.post("inbound", {"from": "1", "text": "a"})
    await clock.next_sleep()
    await client.post("inbound", {"from": "1", "text": "b"})
    await client.post("inbound", {"from": "2", "text": "c"})
    assert [(await bot.got())["text"] for _ in range(2)] == ["a", "c"]
    clock.advance(1)
    assert [(await bot.got())["text"] for _ in range(2)] == ["a", "b"]


@pytest.mark.parametrize("status", [400, 401, 413])
async def test_refused(client: Client, bot: FakeBot, status: int) -> None:
    """A 4xx is final: the next message follows, and the refusal is on record."""
    bot.answers.append(status)
    await client.post("inbound", {"messages": [{"from": "1", "text": "a"}, {"from": "1", "text": "b"}]})
    assert [(await bot.got())["text"] for _ in range(2)] == ["a", "b"]
    (refused,) = await client.get("inbound?state=refused")
    assert (refused["body"], refused["detail"], refused["attempts"]) == ({"text": "a"}, f"HTTP {status}", 1)


async def test_bot_down(bot: FakeBot, clock: FakeClock, client: Client, sandbox: Sandbox) -> None:
    """A bot that is down at first is told when it is up."""
    up = sandbox.webhook_url
    sandbox.webhook_url = "http://127.0.0.1:1/webhook"
    await client.post("inbound", {"from": "1", "text": "a"})
    delay_s = await clock.next_sleep()
    (entry,) = await client.get("inbound")
    assert (entry["state"], entry["detail"]) == ("retrying", "cannot connect")
    sandbox.webhook_url = up
    clock.advance(delay_s)
    assert await bot.got()


async def test_gives_up(client: Client, bot: FakeBot, clock: FakeClock) -> None:
    """After a day the gateway gives up."""
    bot.answers.extend([503, 503])
    await client.post("inbound", {"messages": [{"from": "1", "text": "a"}, {"from": "1", "text": "b"}]})
    await clock.next_sleep()
    clock.advance(24 * 3600)
    assert [(await bot.got())["text"] for _ in range(3)] == ["a", "a", "b"]
    assert [entry["body"] for entry in await client.get("inbound?state=given_up")] == [{"text": "a"}]


async def test_statuses(client: Client, bot: FakeBot) -> None:
    """When asked for, the bot is told how its messages are getting on."""
    await client.fault("statuses", states=["echo", "sent", "delivered"])
    _, answer = await client.send({"to": "591", "type": "text", "text": "hola"})
    told = [await bot.got() for _ in range(3)]
    assert [(item["type"], item.get("state", item.get("text"))) for item in told] == [
        ("echo", "hola"),
        ("status", "sent"),
        ("status", "delivered"),
    ]
    assert {item["id"] for item in told} == {answer["id"]}


BAD = [
    {},
    {"from": "1"},
    {"from": "", "text": "a"},
    {"from": 1, "text": "a"},
    {"from": "1", "text": "a", "txt": "b"},
    {"from": "1", "type": "sticker"},
    {"from": "1", "type": "choice", "choice": "si"},
    {"from": "1", "type": "choice", "choice": {"id": "si"}},
    {"to": "1", "type": "status", "state": "read"},
    {"to": "1", "type": "status", "id": "m", "state": "eaten"},
    {"from": "1", "text": "a", "copies": 0},
    {"from": "1", "text": "a", "copies": 101},
    {"from": "1", "text": "a", "shuffle": "yes"},
    {"from": "1", "text": "a", "delay_s": -1},
    {"messages": []},
    {"messages": "a"},
    {"messages": ["a"]},
    {"messages": [{"from": "1", "text": "a"}], "from": "1"},
]


@pytest.mark.parametrize("wish", BAD, ids=str)
async def test_bad(client: Client, bot: FakeBot, wish: dict[str, object]) -> None:
    """A wish that makes no sense is answered 400 and tells the bot nothing."""
    status, answer = await client.post("inbound", wish)
    assert (status, list(answer)) == (400, ["error"])
    assert await client.get("inbound") == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"[" * 90_000, b'{"a":' * 300 + b"1" + b"}" * 300])
async def test_malformed(client: Client, raw: bytes) -> None:
    """What is no JSON object at all is answered 400."""
    headers = {"Content-Type": "application/json"}
    async with client.http.post("/_sandbox/inbound", data=raw, headers=headers) as response:
        assert response.status == 400


async def test_deep_raw(client: Client) -> None:
    """A payload that cannot be written again is answered 400."""
    deep: object = 1
    for _ in range(300):
        deep = [deep]
    assert (await client.post("inbound", {"type": "raw", "from": "1", "payload": deep}))[0] == 400
