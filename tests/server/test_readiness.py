"""`/readyz` over HTTP and a store on disk: 503 from the first write that is refused until as much is taken again."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from botkit import store_watch
from botkit.errors import StoreUnavailable
from botkit.outbox.alert import Alert
from botkit.server import health
from botkit.server.app import Listener, public_app
from botkit.server.health import Health
from botkit.store.sqlite import SqliteStore
from botkit.store.writer import Writer
from botkit.store_watch import KEPT_S, LARGE, LOOK_S, SMALL, StoreWatch
from botkit.testing.clock import FakeClock
from tests.server.process import CONFIG, FLOW, running
from tests.waiting import eventually

#: A bot that writes whenever it is asked.
EAGER = "from botkit import cli, store_watch; store_watch.KEPT_S = 0.0; cli.main()"
#: Nothing that a test waits for may take longer, in seconds.
ENDS_S = 10.0


class Bot:
    """A listener over a store that is watched, and what was told."""

    def __init__(self, store: SqliteStore, writer: Writer, file: Path) -> None:
        self.store, self.writer, self.file, self.clock = store, writer, file, FakeClock()
        self.alerts: list[tuple[Alert, Mapping[str, object]]] = []
        self.watch = StoreWatch(store, self.clock, lambda alert, fields: self.alerts.append((alert, fields)))
        self.health = Health(store, "sandbox", self.watch.ask, ready=True)
        self.listener = Listener(public_app({}, self.health), "127.0.0.1", 0)
        self.client: aiohttp.ClientSession

    async def ready(self) -> tuple[int, Any]:
        """Return the status of `/readyz`, and what it says of the store, when nothing is kept of a look before."""
        await self.clock.advance(KEPT_S)
        return await self.kept()

    async def kept(self) -> tuple[int, Any]:
        """Return the same, as a look before may have it."""
        async with self.client.get("/readyz") as response:
            return response.status, (await response.json()).get("store")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    made: list[Writer] = []

    def keep(*args: Any, **kwargs: Any) -> Writer:
        made.append(Writer(*args, **kwargs))
        return made[0]

    store = await SqliteStore.open(tmp_path / "bot.db", busy_timeout_s=0.01, writer=keep)
    bot = Bot(store, made[0], tmp_path / "bot.db")
    await bot.listener.start()
    async with aiohttp.ClientSession(bot.listener.url) as bot.client:
        yield bot
    await bot.listener.stop()
    await bot.watch.stop()
    await store.close()


def _limit(db: sqlite3.Connection, spare: int) -> None:
    (used,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {used + spare}")


def _lock(bot: Bot) -> Callable[[], object]:
    other = sqlite3.connect(bot.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other.close


def _move(bot: Bot) -> Callable[[], object]:
    away = bot.file.with_name("away")
    bot.file.rename(away)
    return lambda: away.rename(bot.file)


@pytest.mark.parametrize(("breaks", "reason"), [(_lock, "locked"), (_move, "moved")])
async def test_nothing_is_written(bot: Bot, breaks: Callable[[Bot], Callable[[], object]], reason: str) -> None:
    """A store that takes nothing is found by asking, told once, and once more when it was well between."""
    assert await bot.ready() == (200, None)
    for time in (1, 2):
        mend = breaks(bot)
        assert await bot.ready() == (503, reason)
        assert await bot.ready() == (503, reason)
        assert bot.alerts == [("store_unavailable", {"reason": reason})] * time
        mend()
        with capture_logs() as lines:
            assert await bot.ready() == (200, None)
        assert [(line["event"], line["reason"], line["seconds"]) for line in lines] == [
            ("store_recovered", reason, 2 * KEPT_S)
        ]


async def test_full(bot: Bot) -> None:
    """From the batch that was refused on nobody is ready, though small ones find room, until as much is written."""
    await bot.writer.run(_limit, 2)
    assert await bot.ready() == (200, None)
    with pytest.raises(StoreUnavailable, match="full"):
        await bot.store.set_meta("large", "x" * LARGE)
    assert bot.alerts == [("store_unavailable", {"reason": "full"})]
    await bot.store.set_meta("small", "x")
    assert await bot.ready() == (503, "full")
    await bot.writer.run(_limit, LARGE // 1000)
    assert await bot.ready() == (200, None)
    assert len(bot.alerts) == 1


async def test_asked_by_many(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks within a second shares one write."""
    sizes: list[int] = []
    prove = bot.store.prove

    async def counted(size: int) -> None:
        sizes.append(size)
        await prove(size)

    monkeypatch.setattr(bot.store, "prove", counted)
    answers = await asyncio.gather(*(bot.kept() for _ in range(20)))
    assert answers == [(200, None)] * 20
    assert await bot.kept() == (200, None)
    assert sizes == [SMALL]
    await bot.ready()
    assert sizes == [SMALL, SMALL]


async def test_looks_while_nothing_is_written(bot: Bot) -> None:
    """A row is written for each quarter of a minute without any; a commit is proof enough."""
    bot.watch.start()
    await bot.clock.settle()
    await bot.store.set_meta("one", "1")
    written = bot.store.written
    await bot.clock.advance(LOOK_S)
    await bot.store.counts()  # in turn: behind a write, if there is one
    assert bot.store.written == written
    await bot.clock.advance(LOOK_S)
    await eventually(lambda: bot.store.written == written + 1)


async def test_found_beside(bot: Bot) -> None:
    """A store that takes nothing is told, and that it does again, though nobody asks."""
    bot.watch.start()
    mend = _lock(bot)
    await bot.clock.advance(LOOK_S)
    await eventually(lambda: bot.alerts == [("store_unavailable", {"reason": "locked"})])
    mend()
    await bot.clock.settle()
    await bot.clock.advance(LOOK_S)
    await eventually(lambda: bot.watch.reason is None)


async def test_hangs(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks a store that hangs has an answer in time; hanging for long is told."""
    monkeypatch.setattr(store_watch, "PATIENCE_S", 0.01)
    monkeypatch.setattr(store_watch, "STUCK_S", 0.01)
    bot.watch.start()
    hangs = threading.Event()
    read = asyncio.create_task(bot.writer.run_aside(lambda db: hangs.wait()))
    assert await bot.ready() == (503, "slow")
    assert bot.alerts == []
    await bot.clock.advance(LOOK_S)
    await eventually(lambda: bot.alerts == [("store_unavailable", {"reason": "slow"})])
    hangs.set()
    await read
    monkeypatch.undo()
    await bot.ready()  # whose answer may still be that of the small row that hung
    assert await bot.ready() == (200, None)


async def test_hangs_behind_a_proof(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that hangs while a proof is kept has its asker answered in time; a bot that stops asks it nothing."""
    assert await bot.ready() == (200, None)
    hangs = threading.Event()
    read = asyncio.create_task(bot.writer.run_aside(lambda db: hangs.wait()))
    try:
        async with asyncio.timeout(ENDS_S):
            monkeypatch.setattr(health, "PATIENCE_S", 0.01)
            assert await bot.kept() == (503, "slow")
            monkeypatch.setattr(health, "PATIENCE_S", 2 * ENDS_S)
            bot.health.ready = False
            assert await bot.kept() == (503, None)
    finally:
        hangs.set()
        await read
    monkeypatch.undo()
    bot.health.ready = True
    assert await bot.kept() == (200, None)


async def test_stops_while_asked(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked just before the bot stops is not told that it takes events."""
    counts = bot.store.counts

    async def stopping() -> Mapping[str, int]:
        bot.health.ready = False
        return await counts()

    monkeypatch.setattr(bot.store, "counts", stopping)
    assert await bot.ready() == (503, None)


async def test_defect(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in the look itself is logged, and nobody is ready by it."""

    async def fail(size: int) -> None:
        raise LookupError("no row")

    monkeypatch.setattr(bot.store, "prove", fail)
    with capture_logs() as lines:
        assert await bot.ready() == (503, "io")
    assert [line["event"] for line in lines] == ["store_proof_failed"]


async def test_process(tmp_path: Path) -> None:
    """A bot that runs on a disk that takes no more says so, tells the alert, and is ready again once there is room."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "saludo.yaml").write_text(FLOW)
    async with running(tmp_path, script=EAGER) as bot:
        await bot.read_ready()
        assert (await bot.get("/readyz"))[0] == 200
        size = (tmp_path / "botkit.db-wal").stat().st_size
        resource.prlimit(bot.child.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        status, told = await bot.get("/readyz")
        assert (status, told["ready"], told["store"]) == (503, False, "io")
        resource.prlimit(bot.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert (await bot.get("/readyz"))[0] == 200
        assert await bot.stop() == 0
    written = (tmp_path / "botkit.log").read_text()
    assert written.count('"alert":"store_unavailable"') == written.count('"event":"store_recovered"') == 1
