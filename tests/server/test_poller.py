"""The loop that asks: when it asks again, what it does about failures, and that the mark moves last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from threading import get_ident
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from botkit.errors import StoreUnavailable
from botkit.gateway.listing import Listed, Listing, Mark
from botkit.gateway.ways_in import Poll
from botkit.ports import Answer, Arrival, Errand, Verdict
from botkit.server.poller import Polled, Poller
from botkit.testing.clock import FakeClock

RULE = {"kind": "message", "fields": {"id": "id", "contact": "from", "at": "at"}}
POLL = Poll.model_validate({"request": {"path": "/x"}, "items": "m", "more": "more", "cursor": "c", "rules": [RULE]})


class Noted(Listing):
    """A listing that notes on which thread it was read."""

    thread = 0

    def read(self, body: bytes, mark: Mark, now: float) -> Listed:
        """Read, and note."""
        self.thread = get_ident()
        return super().read(body, mark, now)


Answered = tuple[Verdict, dict[str, Any]]


class World:
    """A gateway that answers by script, and then with an empty list; what was filed, and what the store refuses."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.facts: dict[str, str] = {}
        self.listing = Noted("wa", POLL)
        self.news = asyncio.Event()
        self.script: list[Answered] = []
        self.asked: list[tuple[float, Mark]] = []
        self.filed: list[str] = []
        self.together: list[int] = []
        self.deaf = 0
        self.refuses = self.is_busy = self.is_broken = False
        polled = Polled(
            *("wa", 10.0, 2.0, self, self.listing),
            *(self.slot, lambda: self.is_busy, self.file, self.be_deaf),
        )
        self.new: Callable[[], Poller] = lambda: Poller(polled, self, self.clock)
        self.poller = self.new()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Errand]:
        """Hold a slot: there is always one."""
        yield Errand()

    async def ask(self, mark: Mark, now: float) -> tuple[Answer, bytes]:
        """Answer by script."""
        self.asked.append((now, mark))
        if self.is_broken:
            raise TypeError
        verdict, told = self.script.pop(0) if self.script else ("sent", {"m": []})
        pause_s = told.pop("retry_after_s", None)
        return Answer(
            verdict, now, 404 if verdict == "refused" else None, None, told.pop("detail", ""), pause_s
        ), orjson.dumps(told)

    async def file(self, arrivals: Sequence[Arrival]) -> None:
        """Take arrivals, or refuse."""
        if self.refuses:
            raise StoreUnavailable("no")
        self.filed += [each.gateway_id for each in arrivals]
        self.together.append(len(arrivals))
        self.news.set()

    async def get_meta(self, name: str) -> str | None:
        """Return a fact."""
        return self.facts.get(name)

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact."""
        self.facts[name] = value

    def be_deaf(self) -> None:
        """Note that a person was told."""
        self.deaf += 1

    def item(self, name: str) -> dict[str, Any]:
        """Return an item of now."""
        return {"id": name, "from": "591", "at": self.clock.now()}

    @property
    def gaps(self) -> list[float]:
        """Seconds between questions."""
        times = [at for at, _ in self.asked]
        return [round(after - before, 3) for before, after in pairwise(times)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A poller that asks every ten seconds, at a limit of one request in two."""
    made = World()
    yield made
    await made.poller.stop()


async def test_it_asks_again(world: World) -> None:
    """Every ten seconds; while replies wait a tenth of the limit at most."""
    await world.poller.start()
    await world.clock.advance(15)
    world.is_busy = True
    await world.clock.advance(60)
    assert world.gaps[0] == pytest.approx(10)
    assert world.gaps[-1] == pytest.approx(20)


async def test_more_is_asked_for_at_once(world: World) -> None:
    """Page by page, with the gateway's mark; a gateway that says so without end is not heeded."""
    world.script = [("sent", {"m": [world.item(str(n))], "more": True, "c": f"p{n}"}) for n in range(3)]
    world.script += [("sent", {"m": [], "more": True, "c": "p2"})] * 5
    await world.poller.start()
    await world.clock.advance(1)
    assert world.filed == ["0", "1", "2"]
    assert [mark.cursor for _, mark in world.asked] == [None, "p0", "p1", "p2"]


@pytest.mark.parametrize(("is_empty", "gap"), [(True, 10), (False, 4)])
async def test_more_without_end(world: World, *, is_empty: bool, gap: float) -> None:
    """Behind 20 pages it asks as ever where nothing is listed, else at half of the limit; and it is said once."""
    world.script = [
        ("sent", {"m": [] if is_empty else [world.item(str(n))], "more": True, "c": f"p{n}"}) for n in range(60)
    ]
    with capture_logs() as lines:
        await world.poller.start()
        await world.clock.advance(100)
    assert world.gaps[:19] == [0] * 19
    assert world.gaps[19:25] == pytest.approx([gap] * 6)
    assert [line["event"] for line in lines].count("poll_more_without_end") == 1


async def test_replies_go_before_the_rest(world: World) -> None:
    """While replies wait, pages too take a tenth of the limit at most."""
    world.script = [("sent", {"m": [world.item(str(n))], "more": True, "c": f"p{n}"}) for n in range(5)]
    world.is_busy = True
    await world.poller.start()
    await world.clock.advance(65)
    assert world.gaps == pytest.approx([20] * 3)


async def test_a_large_answer_is_a_batch(world: World) -> None:
    """A thousand items are committed by the hundred: nobody else waits for the store longer."""
    world.script = [("sent", {"m": [world.item(str(n)) for n in range(1000)]})]
    await world.poller.start()
    await world.clock.advance(1)
    assert (len(world.filed), max(world.together)) == (1000, 100)


@pytest.mark.parametrize(("items", "is_here"), [(10, True), (2_000, False)])
async def test_a_very_large_answer_is_read_on_a_thread(world: World, items: int, *, is_here: bool) -> None:
    """Others go on meanwhile; what is small is not worth the trip."""
    world.script = [("sent", {"m": [world.item(str(n)) for n in range(items)]})]
    await world.poller.start()
    await world.clock.advance(0.1)
    while len(world.filed) < items:
        world.news.clear()
        await world.news.wait()
    assert (world.listing.thread == get_ident()) == is_here


async def test_refused_items_are_told_once(world: World) -> None:
    """Items that were left out are logged once, however often they are listed, and asking goes on as ever."""
    world.script = [("sent", {"m": [{}] * 1_001}) for _ in range(3)]
    with capture_logs() as lines:
        await world.poller.start()
        await world.clock.advance(25)
    told = [line for line in lines if line["event"] == "poll_items_refused"]
    assert ([line["count"] for line in told], world.gaps) == ([1], [10, 10])


async def test_the_mark_moves_last(world: World) -> None:
    """What the store refuses is asked for again; a new process goes on from there."""
    answer = {"m": [world.item("a")], "c": "next"}
    world.script = [("sent", dict(answer)), ("sent", dict(answer))]
    world.refuses = True
    await world.poller.start()
    await world.clock.advance(1)
    assert (world.filed, world.asked[-1][1].cursor) == ([], None)
    world.refuses = False
    await world.clock.advance(6)
    assert (world.filed, len(world.asked)) == (["a"], 2)
    await world.poller.stop()
    world.poller = world.new()
    await world.poller.start()
    await world.clock.advance(1)
    assert (world.asked[-1][1].cursor, world.asked[-1][1].id) == ("next", "a")


@pytest.mark.parametrize(
    ("answer", "gaps"),
    [
        (("server_error", {}), [10, 20, 40, 60, 60]),
        (("refused", {}), [10, 20, 40, 60, 60]),
        (("sent", {"error": "no such key"}), [10, 20, 40, 60, 60]),
        (("silent", {}), [10, 20, 40, 60, 60]),
        (("server_error", {"retry_after_s": 30.0}), [30, 30, 40, 60, 60]),
        (("unavailable", {}), [1, 1, 1, 1, 1]),  # the key's gate holds the next one
    ],
)
async def test_a_listing_that_fails(world: World, answer: Answered, gaps: list[int]) -> None:
    """Is asked for later and later; an answer that holds the key is waited for in its gate."""
    world.script = [(answer[0], dict(answer[1])) for _ in range(6)]
    await world.poller.start()
    await world.clock.advance(sum(gaps) + 10)
    assert world.gaps[:5] == pytest.approx(gaps)


async def test_a_person_is_told_once_that_nobody_is_heard(world: World) -> None:
    """After five minutes; and again in the next spell."""
    world.script = [("refused", {}) for _ in range(9)]
    await world.poller.start()
    await world.clock.advance(290)
    assert world.deaf == 0
    await world.clock.advance(200)
    assert world.deaf == 1
    await world.clock.advance(70)
    world.script = [("refused", {}) for _ in range(9)]
    await world.clock.advance(500)
    assert world.deaf == 2


async def test_deafness(world: World) -> None:
    """Since when nothing is heard is told while it lasts, with the status, and whether a person was told."""
    world.script = [("refused", {}) for _ in range(9)]
    assert world.poller.deafness is None
    await world.poller.start()
    await world.clock.advance(0)
    began = world.asked[0][0]
    assert world.poller.deafness == {"since": pytest.approx(began, abs=0.1), "status": 404, "is_long": False}
    await world.clock.advance(400)
    assert world.poller.deafness == {"since": pytest.approx(began, abs=0.1), "status": 404, "is_long": True}
    await world.clock.advance(70)
    assert world.poller.deafness is None


async def test_a_defect_is_a_failure_too(world: World) -> None:
    """Whatever keeps the bot from hearing, a person is told after five minutes."""
    world.is_broken = True
    await world.poller.start()
    await world.clock.advance(290)
    assert world.deaf == 0
    await world.clock.advance(200)
    assert world.deaf == 1


@pytest.mark.parametrize(("verdict", "why"), [("unreadable", "too large"), ("refused", None)])
async def test_why_an_answer_is_refused(world: World, verdict: Verdict, why: str | None) -> None:
    """Why it could not be read is said; what the gateway wrote is not, for it may tell of people."""
    world.script = [(verdict, {"detail": "too large"})]
    with capture_logs() as lines:
        await world.poller.start()
        await world.clock.advance(1)
    assert [line["why"] for line in lines if line["event"] == "poll_refused"] == [why]
