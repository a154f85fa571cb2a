"""Errands: requests of a key that are no messages. They count, wait, and say what they learn of the key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from botkit.errors import StoreUnavailable
from botkit.ports import Answer, Flight, Verdict
from botkit.turn.effect import CLASSES
from tests.outbox.conftest import Bench


async def hold(bench: Bench, verdict: Verdict = "sent", *, error: Exception | None = None, **told: Any) -> None:
    """Take a slot for a request that is no message, answered at once, or lost by an error."""
    with suppress(ValueError):
        async with bench.worker.slot() as errand:
            if error is not None:
                raise error
            errand.answer = Answer(verdict, bench.clock.now(), **told)


async def test_other_requests_count(make_bench: Callable[..., Bench]) -> None:
    """Three fetches and a limit of four leave one message within the period; the next goes when a slot is back."""
    bench = make_bench(limit=4)
    await bench.worker.start()
    await bench.run(0.1)
    for _ in range(3):
        await hold(bench)
    bench.put("591")
    bench.put("592")
    await bench.run(55)
    assert len(bench.texts) == 1
    await bench.run(6)
    assert len(bench.texts) == 2


async def test_another_request_waits_for_its_slot(make_bench: Callable[..., Bench]) -> None:
    """What messages have spent, a fetch cannot spend again."""
    bench = make_bench(limit=2)
    await bench.worker.start()
    bench.put("591")
    bench.put("592")
    await bench.run(1)
    assert len(bench.texts) == 2
    fetch = asyncio.create_task(hold(bench))
    await bench.run(50)
    assert not fetch.done()
    await bench.run(20)
    assert fetch.done()


async def test_a_lost_request_counts_longer(make_bench: Callable[..., Bench]) -> None:
    """Without an answer nobody knows when the gateway counted it: its slot comes back as late as that can be."""
    bench = make_bench(limit=1)
    await bench.worker.start()
    await bench.run(0.1)
    await hold(bench, error=ValueError())
    bench.put("591")
    await bench.run(75)
    assert bench.texts == []
    await bench.run(10)
    assert len(bench.texts) == 1


async def test_nobody_comes_between_word_and_slot(make_bench: Callable[..., Bench]) -> None:
    """A message that has the gate's word and waits for its commit keeps its slot from a fetch."""
    bench = make_bench(limit=1)
    await bench.worker.start()
    await bench.run(0.1)
    begin, fetches = bench.store.begin, []

    async def slow_begin(*values: Any) -> Flight | None:
        fetches.append(asyncio.create_task(hold(bench)))
        await bench.clock.sleep(1)
        return await begin(*values)

    bench.store.begin = slow_begin  # type: ignore[method-assign,assignment]
    bench.put("591")
    await bench.run(5)
    assert len(bench.texts) == 1
    assert not fetches[0].done()
    fetches[0].cancel()


@pytest.mark.parametrize("error", [None, ValueError()])
async def test_a_restart_forgets_no_errand(make_bench: Callable[..., Bench], error: Exception | None) -> None:
    """What an errand spent before a restart is spent after it."""
    bench = make_bench(limit=1)
    await bench.worker.start()
    await bench.run(0.1)
    await hold(bench, error=error)
    await bench.restart()
    bench.put("591")
    await bench.run(55)
    assert bench.texts == []
    await bench.run(35)
    assert len(bench.texts) == 1


async def test_a_restart_in_the_middle(make_bench: Callable[..., Bench]) -> None:
    """An errand that was out when the process ended counts as lost: its slot comes back, and late."""
    bench = make_bench(limit=1)
    await bench.worker.start()
    await bench.run(0.1)

    async def never() -> None:
        async with bench.worker.slot():
            await asyncio.Event().wait()

    fetch = asyncio.create_task(never())
    await bench.run(1)
    await bench.restart()
    bench.put("591")
    await bench.run(70)
    assert bench.texts == []
    await bench.run(15)
    assert len(bench.texts) == 1
    fetch.cancel()


async def test_nothing_leaves_before_the_store_is_read(make_bench: Callable[..., Bench]) -> None:
    """A fetch of the first second waits until the gate knows what was spent before."""
    bench = make_bench()
    fetch = asyncio.create_task(hold(bench))
    await bench.run(5)
    assert not fetch.done()
    await bench.worker.start()
    await bench.run(1)
    assert fetch.done()


@pytest.mark.parametrize(
    ("verdict", "told", "held_s"),
    [
        ("unauthorized", {"http_status": 401}, 300),
        ("throttled", {"http_status": 429, "retry_after_s": 40.0}, 40),
        ("refused", {"http_status": 404}, 0),
        ("server_error", {"http_status": 500}, 0),
        ("unavailable", {"http_status": 503}, 0),
        ("unreadable", {"http_status": 200}, 0),
    ],
)
async def test_what_it_says_of_the_key(bench: Bench, verdict: Verdict, told: dict[str, Any], held_s: float) -> None:
    """A 401 and a 429 hold messages as a message's own would, over a restart too; a lost picture holds nobody."""
    for _ in range(1 if held_s else 4):
        await hold(bench, verdict, **told)
    await bench.restart()
    bench.put("591")
    await bench.run(max(held_s - 2, 2))
    assert len(bench.texts) == (0 if verdict == "throttled" else 1)  # what a restart may have mended is probed at once
    await bench.run(10)
    assert len(bench.texts) == 1


async def test_a_held_key_holds_messages(bench: Bench) -> None:
    """The gate that errands change is the one that messages ask."""
    await hold(bench, "unauthorized", http_status=401)
    assert bench.worker.key_state.why == "unauthorized"
    bench.put("591")
    await bench.run(299)
    assert bench.texts == []
    await bench.run(5)
    assert len(bench.texts) == 1


async def test_the_store_refuses(bench: Bench) -> None:
    """Without an entry in the store nothing leaves; an end that cannot be written down harms nobody."""
    bench.store.is_down = True
    with pytest.raises(StoreUnavailable):
        await hold(bench)
    bench.store.is_down = False
    async with bench.worker.slot():
        bench.store.is_down = True
    bench.store.is_down = False
    bench.put("591")
    await bench.run(5)
    assert len(bench.texts) == 1


async def poll(bench: Bench, verdict: Verdict = "sent", **told: Any) -> None:
    """Ask once what is new."""
    async with bench.worker.slot(is_poll=True) as errand:
        errand.answer = Answer(verdict, bench.clock.now(), **told)


@pytest.mark.parametrize(
    ("verdict", "told", "held_s"),
    [
        ("unauthorized", {"http_status": 401}, 300),
        ("throttled", {"http_status": 429, "retry_after_s": 40.0}, 40),
        ("unavailable", {"http_status": 503}, 15),
        ("unavailable", {"http_status": 503, "retry_after_s": 90.0}, 90),
        ("unreachable", {}, 1),
        ("refused", {"http_status": 404}, 0),
        ("redirect", {"http_status": 301}, 0),
        ("server_error", {"http_status": 500}, 0),
        ("silent", {}, 0),
        ("unreadable", {"http_status": 200}, 0),
    ],
)
async def test_what_a_poll_says_of_the_key(bench: Bench, verdict: Verdict, told: dict[str, Any], held_s: float) -> None:
    """That the gateway is away holds messages, before one is spent to find out; what the listing's path answers not."""
    await poll(bench, verdict, **told)
    assert bench.worker.key_state.held_until == pytest.approx(bench.clock.now() + held_s if held_s else 0.0)
    bench.put("591")
    await bench.run(max(held_s - 0.5, 0.5))
    assert len(bench.texts) == (0 if held_s else 1)
    await bench.run(1)
    assert len(bench.texts) == 1


@pytest.mark.parametrize("verdict", ["unauthorized", "throttled", "unavailable", "unreachable"])
async def test_a_polls_good_answer_opens_what_one_closed(bench: Bench, verdict: Verdict) -> None:
    """With nobody to send to the key is as before, and the alert is over; the next spell begins anew."""
    for _ in range(2):
        await poll(bench, verdict)
        asked = asyncio.create_task(poll(bench))
        await bench.run(310)
        assert asked.done()
        assert (bench.worker.key_state.why, bench.worker.key_state.told) == ("", ())
    assert bench.alerts == (["unauthorized"] * 2 if verdict == "unauthorized" else [])


async def test_a_poll_ends_no_breaker_of_messages(bench: Bench) -> None:
    """A gateway may list and yet fail to send: errors of messages are counted on, and close it."""
    bench.script("server_error", "server_error", "server_error")
    for number in range(3):
        bench.put(str(number))
        await bench.run(3)
        await asyncio.wait_for(poll(bench), 1) if number < 2 else None
    assert bench.worker.key_state.why == "server_error"
    asked = asyncio.create_task(poll(bench))
    await bench.run(80)
    assert asked.done()
    assert bench.worker.key_state.why in ("server_error", "")
    assert bench.alerts == ["server_errors"]


async def test_a_message_probes_before_a_poll(bench: Bench) -> None:
    """However long the poll has waited, the message is the better question: spells of messages grow as they should."""
    bench.gateway.script = ["unavailable"] * 9
    await poll(bench, "unavailable")
    asked = asyncio.create_task(poll(bench))
    await bench.run(5)
    row = bench.put("591")
    await bench.run(10 + 30 + 60)
    assert (len(bench.texts), asked.done(), bench.store.status(row)) == (2, False, "pending")
    asked.cancel()


async def test_replies_and_polls_take_turns(make_bench: Callable[..., Bench]) -> None:
    """In a queue that does not end a poll waits for what was queued before it, and goes before what came later."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    for number in range(45):
        bench.put(f"a{number}", "before")
    await bench.run(1)
    gone: list[int] = []

    async def ask() -> None:
        await poll(bench)
        gone.append(len(bench.texts))

    asked = asyncio.create_task(ask())
    await bench.run(1)
    for number in range(200):
        bench.put(f"b{number}", "after")
    await bench.run(150)
    assert asked.done()
    assert gone[0] in (45, 46)


@pytest.mark.parametrize("has_bulk", [False, True])
async def test_a_poll_overtakes_no_reply(make_bench: Callable[..., Bench], *, has_bulk: bool) -> None:
    """Polls that ask without a pause have used up the limit: a reply that is queued leaves behind one of them."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    polls = 0

    async def ask() -> None:
        nonlocal polls
        while True:
            await poll(bench)
            polls += 1

    asking = asyncio.create_task(ask())
    if has_bulk:
        for number in range(90):
            bench.put(f"c{number}", "bulk", rank=CLASSES["bulk"])
    await bench.run(90)
    for number in range(3):
        bench.put(f"a{number}", "reply")
    before = polls
    while bench.texts.count("reply") < 3 and polls < before + 30:
        await bench.run(0.05)
    asking.cancel()
    assert (bench.texts.count("reply"), polls - before <= 2) == (3, True)


async def test_a_poll_waits_for_nobody_who_is_paused(bench: Bench) -> None:
    """What an operator holds back is not waited for: the bot goes on hearing."""
    bench.worker.paused = True
    bench.put("591")
    asked = asyncio.create_task(poll(bench))
    await bench.run(1)
    assert (asked.done(), bench.texts) == (True, [])


async def test_a_poll_goes_before_a_broadcast(make_bench: Callable[..., Bench]) -> None:
    """Somebody may wait for what it finds: bulk leaves it the reserve, and its turn."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    for number in range(300):
        bench.put(f"c{number}", "bulk", rank=CLASSES["bulk"])
    await bench.run(120)
    for _ in range(5):
        asked = asyncio.create_task(poll(bench))
        await bench.run(5)
        assert asked.done()


async def test_polls_are_counted_by_the_gate(make_bench: Callable[..., Bench]) -> None:
    """A 429 to the only request of its window, twice, is the plan's: a bot that only asks is told, too."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    await bench.run(0.1)
    for _ in range(2):
        asked = asyncio.create_task(poll(bench, "throttled"))
        await bench.run(70)
        assert asked.done()
    assert (bench.worker.key_state.why, bench.alerts) == ("quota", ["quota"])
