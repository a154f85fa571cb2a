"""What the sweeper takes in hand, and what it leaves where it is; on a store that a test writes by hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest

from botkit import sweep
from botkit.errors import StoreUnavailable
from botkit.ports import InboxRow, InboxStore, Snapshot
from botkit.sweep import Sweeper
from botkit.testing.clock import FakeClock
from botkit.work import InHand
from tests.waiting import eventually


def row_of(contact: str) -> InboxRow:
    """Return a row of a contact, whose name is the conversation's id."""
    return InboxRow(1, "message", "webhook", b"{}", 0.0, 1, 0, Snapshot(contact, "wa", contact, 0, 0, b"{}", 0.0))


class Shelf:
    """A store of rows that are due, in pages of two; `meanwhile` is what happens while it looks."""

    def __init__(self, *contacts: str, suspects: Sequence[str] = ()) -> None:
        self.rows, self.suspects = [row_of(each) for each in contacts], [row_of(each) for each in suspects]
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked = 0

    async def claim(
        self, now: float, limit: int, skip: frozenset[str], *, suspects: bool = False, waits_s: Any = ()
    ) -> list[InboxRow]:
        """Return a page of what is due."""
        self.asked += not suspects
        rows = self.suspects if suspects else self.rows
        claimed = [each for each in rows if each.conversation.id not in skip][:limit]
        rows[:] = [each for each in rows if each not in claimed]
        await asyncio.sleep(0)
        self.meanwhile()
        return claimed


class Bench:
    """A sweeper on a shelf, and the conversations that it began to play."""

    def __init__(self, shelf: Shelf) -> None:
        self.in_hand, self.played = InHand(), list[str]()
        store, play = cast(InboxStore, shelf), self.played.append
        self.sweeper = Sweeper(store, FakeClock(), self.in_hand, lambda work: play(work.conversation_id))

    def begin(self, contact: str) -> None:
        """Take a conversation in hand, as a webhook does, unless it is."""
        if contact not in self.in_hand.works:
            self.in_hand.take(row_of(contact))


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claim two rows at a time."""
    monkeypatch.setattr(sweep, "CLAIM_ROWS", 2)


async def test_all_that_waits() -> None:
    """A look takes page after page, and says that new rows need not stay in the store any more."""
    bench = Bench(Shelf("ana", "bea", "eva"))
    bench.in_hand.is_behind = True
    await bench.sweeper.sweep()
    assert (bench.played, bench.in_hand.is_behind) == (["ana", "bea", "eva"], False)


async def test_no_room() -> None:
    """No page more is taken than fits in memory."""
    bench = Bench(Shelf("ana", "bea", "eva", "luz", "noa"))
    bench.in_hand.most = 3
    await bench.sweeper.sweep()
    assert bench.played == ["ana", "bea", "eva", "luz"]


async def test_taken_meanwhile() -> None:
    """A conversation that somebody took in hand while the store was asked is not taken twice."""
    shelf = Shelf("ana", "bea")
    bench = Bench(shelf)
    shelf.meanwhile = lambda: bench.begin("ana")
    await bench.sweeper.sweep()
    assert bench.played == ["bea"]


async def test_stopped_meanwhile() -> None:
    """A stop ends the look that is under way."""
    shelf = Shelf("ana", "bea", "eva", suspects=["luz"])
    bench = Bench(shelf)
    shelf.meanwhile = bench.sweeper.stop
    await bench.sweeper.sweep()
    assert (bench.played, shelf.asked) == (["ana", "bea"], 1)


async def test_suspect_of_whom_something_is_in_hand() -> None:
    """A suspect whose contact writes meanwhile waits for that, and is looked for behind it."""
    shelf = Shelf(suspects=["ana"])
    bench = Bench(shelf)
    shelf.meanwhile = lambda: bench.begin("ana")
    await bench.sweeper._take_suspect()
    assert (bench.played, bench.in_hand.suspect, bench.in_hand.works["ana"].look_again) == ([], None, True)


async def test_nothing_there() -> None:
    """A look that finds nothing says that nothing is in hand."""
    bench = Bench(Shelf())
    bench.in_hand.idle.clear()
    await bench.sweeper.sweep()
    assert bench.in_hand.idle.is_set()


async def test_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """A store that refuses once is asked again at the next look, until a stop."""
    shelf = Shelf()
    bench = Bench(shelf)
    await bench.sweeper.start()

    def refuse() -> None:
        raise StoreUnavailable("locked", "locked")

    shelf.meanwhile = refuse
    bench.in_hand.look.set()
    await eventually(lambda: shelf.asked == 2)
    shelf.meanwhile = lambda: None
    shelf.rows.append(row_of("ana"))
    bench.in_hand.look.set()
    await eventually(lambda: bench.played == ["ana"])
    assert re.search(r"store_unavailable.*reason\W.*locked", capsys.readouterr().out)
    task = bench.sweeper._task
    assert task is not None
    bench.sweeper.stop()
    await eventually(task.done)
