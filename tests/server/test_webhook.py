"""The webhook, over real HTTP: 200 means stored; all else is a 4xx or a 503."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
import structlog
from yarl import URL

from botkit.errors import StoreUnavailable, UsageError
from botkit.gateway.compose import compose
from botkit.gateway.inbound import Reader
from botkit.gateway.signature import sign
from botkit.ports import Arrival, InboxRow, Receipt
from botkit.server import webhook
from botkit.server.app import Listener, public_app
from botkit.server.health import SANDBOX_NOTICE, Health
from botkit.server.webhook import BODY_MAX, Filing, Intake
from botkit.store.sqlite import SqliteStore

PATH = "/webhooks/whatsapp"
PROFILE = compose({"base_url": "sandbox"})
MESSAGE = {"id": "m1", "from": "59170000001", "name": "Ana", "type": "text", "text": "hola", "timestamp": 1_790_000_000}


def signed(body: bytes) -> dict[str, str]:
    """Return the headers of a true webhook."""
    assert PROFILE.webhook is not None
    assert PROFILE.webhook.auth is not None
    signature = sign(PROFILE.webhook.auth, "sandbox-secret", body)
    return {"Content-Type": "application/json", "X-Signature": signature}


class Bot:
    """A public listener over a store in memory, and what it told the runtime."""

    def __init__(self, store: SqliteStore) -> None:
        assert PROFILE.webhook is not None
        self.store: Any = store
        self.rows: list[InboxRow] = []
        self.calls: list[str] = []
        #: How often news of the session are not kept.
        self.refusals = 0
        filing = Filing(
            *("whatsapp", self.accept, self.notify, lambda: 1_790_000_000.0),
            on_settled=lambda: self.calls.append("settled"),
            on_session=self.session,
        )
        self.filing = filing
        self.intake = Intake(Reader("whatsapp", PROFILE.webhook, lambda: 1_790_000_000.0), filing)
        self.health = Health(store, SANDBOX_NOTICE, ready=True)
        self.listener = Listener(public_app({PATH: self.intake}, self.health), "127.0.0.1", 0)
        self.client: aiohttp.ClientSession

    async def accept(self, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
        """Stand in for the store, so that a test can put another in its place."""
        receipts: list[Receipt] = await self.store.accept(arrivals, now)
        return receipts

    async def session(self, is_linked: bool, at: float | None) -> None:
        """Take what becomes of the session as a worker does."""
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailable("disk full")
        self.calls.append("linked" if is_linked else "unlinked")

    def notify(self, rows: Sequence[InboxRow]) -> None:
        """Take rows as the runtime does."""
        self.rows += rows

    async def post(self, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        """Post a true webhook with other headers; return status and answer."""
        async with self.client.post(PATH, data=body, headers=signed(body) | headers) as response:
            return response.status, await response.json()


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    store = await SqliteStore.open(":memory:")
    made = Bot(store)
    await made.listener.start()
    async with aiohttp.ClientSession(made.listener.url) as made.client:
        yield made
    await made.listener.stop()
    await store.close()


async def test_stored(bot: Bot) -> None:
    """A true message is answered 200, stands in the store, and goes to the runtime, claimed."""
    assert await bot.post(orjson.dumps(MESSAGE)) == (200, {"ok": True})
    assert (await bot.store.counts())["inbox_live"] == 1
    assert [(row.kind, row.attempts, row.conversation.contact) for row in bot.rows] == [("message", 1, "59170000001")]


@pytest.mark.parametrize("path", [PATH + "?from=gateway", PATH.replace("w", "%77", 1)])
async def test_other_spellings_of_the_path(bot: Bot, path: str) -> None:
    """A webhook is found by its path, however that is written."""
    body = orjson.dumps(MESSAGE)
    async with bot.client.post(URL(path, encoded=True), data=body, headers=signed(body)) as response:
        assert (response.status, await response.json()) == (200, {"ok": True})


async def test_asked_first(bot: Bot) -> None:
    """A gateway may ask whether its body is wanted before it sends it, as HTTP has it; for nothing else."""
    body = orjson.dumps(MESSAGE)
    async with bot.client.post(PATH, data=body, headers=signed(body), expect100=True) as response:
        assert response.status == 200
    async with bot.client.post(PATH, data=body, headers=signed(body) | {"Expect": "more"}) as response:
        assert response.status == 417


async def test_copies(bot: Bot) -> None:
    """A copy is answered 200 and changes nothing; one with another body is logged, once: it may be listed for good."""
    await bot.post(orjson.dumps(MESSAGE))
    with structlog.testing.capture_logs() as lines:
        assert (await bot.post(orjson.dumps(MESSAGE)))[0] == 200
        assert lines == []
        for text in ("chau", "chau", "adiós"):
            assert (await bot.post(orjson.dumps(MESSAGE | {"text": text})))[0] == 200
    assert [(line["event"], line["channel"]) for line in lines] == [("event_changed", "whatsapp")]
    assert len(bot.rows) == 1


async def test_batch(bot: Bot) -> None:
    """Items of a batch are stored one by one; what no rule maps is kept, and is no turn."""
    body = orjson.dumps([MESSAGE, {"type": "strange"}, MESSAGE | {"id": "m2"}])
    assert (await bot.post(body))[0] == 200
    assert [row.kind for row in bot.rows] == ["message", "message"]


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/cloudevents+json"]
)
async def test_spellings_of_json(bot: Bot, content_type: str) -> None:
    """JSON is taken under each of its names."""
    assert (await bot.post(orjson.dumps(MESSAGE), **{"Content-Type": content_type}))[0] == 200
    assert [row.kind for row in bot.rows] == ["message"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b"{}", {"X-Signature": "sha256=00"}, 401),
        (b"{}", {"X-Signature": ""}, 401),
        (b" " * (BODY_MAX + 1), {}, 413),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
        (gzip.compress(b"{}", mtime=0), {"Content-Encoding": "gzip"}, 415),
        (b"{}", {"Content-Encoding": "br"}, 415),
    ],
)
async def test_refused(bot: Bot, body: bytes, headers: dict[str, str], status: int) -> None:
    """What cannot be taken gets a 4xx that says why, and leaves nothing behind."""
    answer = await bot.post(body, **headers)
    assert answer[0] == status
    assert answer[1]["error"]
    assert (await bot.store.counts())["inbox_live"] == 0


async def test_endless(bot: Bot) -> None:
    """A body without a length is read to the limit and no further."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(4096):
            sent += 65536
            yield b" " * 65536

    with suppress(aiohttp.ClientError):  # the answer may get lost in the broken connection
        async with bot.client.post(PATH, data=endless(), headers=signed(b"")) as response:
            assert response.status == 413
    assert sent < 64_000_000


async def test_slow(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come is given up."""
    monkeypatch.setattr(webhook, "READ_S", 0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(bot.listener.url).port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{"
    writer.write(head.encode())
    assert b" 408 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_store_unavailable(bot: Bot) -> None:
    """A store that refuses is answered 503 with a time to come back, never 200; the log says why as alerts do."""

    class Refusing:
        async def accept(self, arrivals: Sequence[Arrival], now: float) -> list[Receipt]:
            raise StoreUnavailable("database or disk is full", "full")

    bot.store, store = Refusing(), bot.store
    body = orjson.dumps(MESSAGE)
    with structlog.testing.capture_logs() as lines:
        async with bot.client.post(PATH, data=body, headers=signed(body)) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert [(line["event"], line["reason"]) for line in lines] == [("store_unavailable", "full")]
    bot.store = store
    assert (await bot.post(body))[0] == 200


async def test_defect(bot: Bot) -> None:
    """A defect of ours is logged and asks for another try: never a 500."""
    bot.store = None
    with structlog.testing.capture_logs() as lines:
        assert (await bot.post(orjson.dumps(MESSAGE)))[0] == 503
    assert [line["event"] for line in lines] == ["webhook_failed"]
    assert bot.rows == []


async def test_logs_say_nothing_of_people(bot: Bot) -> None:
    """No line about a refused webhook holds what it brought."""
    with structlog.testing.capture_logs() as lines:
        await bot.post(orjson.dumps(MESSAGE), **{"X-Signature": "sha256=00"})
        await bot.post(b'{"from": "59170000001", ')
    assert len(lines) == 2
    assert "59170000001" not in repr(lines)


async def test_methods(bot: Bot) -> None:
    """The webhook takes POST; unknown paths are no webhooks."""
    assert (await bot.client.get(PATH)).status == 405
    assert (await bot.client.post("/webhooks/other")).status == 404


async def test_health(bot: Bot) -> None:
    """`/readyz` tells the target and the counts; 503 while not ready, or with a store that fails."""
    assert (await bot.client.get("/healthz")).status == 200
    response = await bot.client.get("/readyz")
    told = await response.json()
    assert (response.status, told["ready"], told["target"]) == (200, True, SANDBOX_NOTICE)
    assert told["counts"]["conversations"] == 0
    bot.health.ready = False
    assert (await bot.client.get("/readyz")).status == 503
    bot.health.ready = True
    await bot.store.close()
    response = await bot.client.get("/readyz")
    assert (response.status, (await response.json())["ready"]) == (503, False)
    assert (await bot.client.get("/healthz")).status == 200


async def test_port_taken(bot: Bot) -> None:
    """A port in use is told with what to do."""
    port = urlsplit(bot.listener.url).port
    assert port
    with pytest.raises(UsageError, match="in use by another program"):
        await Listener(public_app({}, bot.health), "127.0.0.1", port).start()


async def test_a_session_is_told_of_once(bot: Bot) -> None:
    """Whoever sends hears that it was linked or unlinked; a copy and a word that nobody knows say nothing."""
    for number, state in enumerate(("unlinked", "unlinked", "linked", "asleep")):
        item = {"id": f"s{max(number, 1)}", "type": "session", "state": state, "timestamp": 1_790_000_000}
        assert (await bot.post(orjson.dumps(item)))[0] == 200
    assert bot.calls == ["unlinked", "linked"]


async def test_a_session_that_nobody_was_told_of_is_told_with_its_copy(bot: Bot) -> None:
    """News that a process stored before it died are passed on by the next one, when the gateway sends them again."""
    item = {"id": "s1", "type": "session", "state": "linked", "timestamp": 1_790_000_000}
    await bot.post(orjson.dumps(item))
    bot.calls.clear()
    bot.filing._session_at = float("-inf")  # as a process that has just started
    await bot.post(orjson.dumps(item))
    assert bot.calls == ["linked"]


async def test_a_session_that_was_not_kept_is_told_again(bot: Bot) -> None:
    """News that the store had no room for are told with the next copy, which the gateway sends for the 503."""
    bot.refusals = 1
    body = orjson.dumps({"id": "s1", "type": "session", "state": "linked", "timestamp": 1_790_000_000})
    assert [(await bot.post(body))[0] for _ in range(2)] == [503, 200]
    assert bot.calls == ["linked"]


async def test_late_news_of_a_session_are_not_passed_on(bot: Bot) -> None:
    """A gateway that tries again may tell of an end after it told of the new beginning: the later one stands."""
    for number, (state, at) in enumerate((("linked", 1_790_000_020), ("unlinked", 1_790_000_000))):
        item = {"id": f"s{number}", "type": "session", "state": state, "timestamp": at}
        assert (await bot.post(orjson.dumps(item)))[0] == 200
    assert bot.calls == ["linked"]


async def test_news_of_messages_are_passed_on(bot: Bot) -> None:
    """An echo may end what was uncertain; a message does not."""
    await bot.post(orjson.dumps(MESSAGE))
    assert bot.calls == []
    item = {"id": "e1", "type": "echo", "to": MESSAGE["from"], "text": "hola", "timestamp": 1_790_000_000}
    await bot.post(orjson.dumps(item))
    assert bot.calls == ["settled"]
