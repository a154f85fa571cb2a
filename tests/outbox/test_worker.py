"""The worker by virtual time: nothing here waits, every second is a step of the test's own clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from botkit.errors import StoreUnavailable
from botkit.outbox.key import load_key
from botkit.outbox.merge import BETWEEN
from botkit.ports import Flight, OutboxRow, Verdict
from botkit.turn.effect import CLASSES
from tests.outbox.conftest import Bench

BULK = CLASSES["bulk"]


async def test_a_row_is_sent_when_it_is_queued(bench: Bench) -> None:
    """A wake is enough; nobody polls."""
    row = bench.put("591")
    await bench.run(0.3)
    assert (bench.texts, bench.store.status(row)) == (["hola"], "sent")
    assert bench.gateway.sent[0][0] == pytest.approx(bench.clock.now() - 0.3)


async def test_an_idle_worker_leaves_the_store_alone(bench: Bench) -> None:
    """Ten quiet minutes cost a handful of reads."""
    await bench.run(600)
    assert bench.store.reads <= 42


async def test_one_contact_one_request_at_a_time(bench: Bench) -> None:
    """The second message waits for the first one's answer, and keeps its place."""
    for text in ("uno", "dos", "tres"):
        bench.put("591", text)
    await bench.run(0.1)
    assert bench.texts == ["uno"]
    await bench.run(1)
    assert bench.texts == ["uno", "dos", "tres"]
    assert bench.gateway.most_flying == 1


async def test_many_contacts_at_once(make_bench: Callable[..., Bench]) -> None:
    """A slow answer holds back only its own contact."""
    bench = make_bench(limit=60_000)
    bench.gateway.latency_s = 5
    for number in range(200):
        bench.put(str(number))
    await bench.worker.start()
    await bench.run(1)
    assert bench.gateway.most_flying == 64
    await bench.run(30)
    assert len(bench.gateway.sent) == 200


async def test_the_limit_is_kept(bench: Bench) -> None:
    """Never more than thirty within a minute of the first, and everything arrives."""
    for number in range(90):
        bench.put(str(number))
    await bench.run(60)
    assert len(bench.gateway.sent) == 30
    await bench.run(180)
    times = [at for at, _, _ in bench.gateway.sent]
    assert len(times) == 90
    assert all(later - first >= 60 for first, later in zip(times, times[30:], strict=False))


async def test_bulk_is_paced_and_overtaken(bench: Bench) -> None:
    """A reply does not wait behind a broadcast."""
    for number in range(20):
        bench.put(f"b{number}", f"b{number}", BULK)
    await bench.run(5)
    sent = len(bench.gateway.sent)
    assert sent <= 5
    bench.put("591", "respuesta")
    await bench.run(0.5)
    assert bench.texts[sent] == "respuesta"


@pytest.mark.parametrize(
    ("verdict", "row", "again_s"),
    [
        ("refused", "failed", None),
        ("throttled", "pending", 60.05),
        ("unavailable", "pending", 15),
        ("unreachable", "pending", 1),
        ("unauthorized", "pending", 300),
        ("redirect", "pending", None),
        ("silent", "uncertain", 20),
        ("server_error", "uncertain", 20),
    ],
)
async def test_what_becomes_of_a_message(bench: Bench, verdict: Verdict, row: str, again_s: float | None) -> None:
    """Each verdict leaves the row as the answers table says, and sends again when it says, not sooner."""
    bench.script(verdict)
    queued = bench.put("591")
    await bench.run(0.3)
    assert bench.store.status(queued) == row
    wait_s = 400.0 if again_s is None else again_s
    await bench.run(wait_s - 0.2)
    assert len(bench.texts) == 1
    await bench.run(0.4)
    assert len(bench.texts) == (1 if again_s is None else 2)
    assert bench.store.status(queued) == (row if again_s is None else "sent")


async def test_a_held_key_holds_everybody(bench: Bench) -> None:
    """And opens with one probe, then for one more, then for all."""
    bench.script("unavailable", "unavailable")
    for contact in ("1", "2", "3"):
        bench.put(contact)
        await bench.run(0.3)
    assert len(bench.texts) == 1
    await bench.run(14.4)
    assert len(bench.texts) == 2
    await bench.run(30.2)
    assert len(bench.texts) == 3
    await bench.run(0.6)
    assert [bench.store.status(row) for row in (1, 2, 3)] == ["sent", "sent", "sent"]


async def test_still_uncertain_after_the_second_try(bench: Bench) -> None:
    """It is sent twice, never three times, and ends as unconfirmed; the contact's next message goes on."""
    bench.script("silent", "silent")
    first = bench.put("591", "uno")
    second = bench.put("591", "dos")
    await bench.run(35)
    assert bench.texts == ["uno", "uno"]
    await bench.run(10)
    assert bench.store.status(first) == "unconfirmed"
    assert (bench.texts, bench.store.status(second)) == (["uno", "uno", "dos"], "sent")


async def test_an_unreadable_yes_is_not_sent_again(bench: Bench) -> None:
    """It waits as uncertain, then counts as sent; over a restart too."""
    bench.script("unreadable")
    row = bench.put("591")
    await bench.run(5)
    assert bench.store.status(row) == "uncertain"
    await bench.restart()
    await bench.run(20)
    assert (bench.texts, bench.store.status(row)) == (["hola"], "sent")
    assert load_key(bench.store.state).taken == ()


async def test_a_resend_repeats_the_bytes(bench: Bench) -> None:
    """The stored request goes again, as it was."""
    bench.script("silent")
    bench.put("591")
    await bench.run(25)
    assert bench.gateway.sent[0][1:] == bench.gateway.sent[1][1:]


async def test_resends_take_a_fifth_at_most(bench: Bench) -> None:
    """Of what leaves within ten minutes, however many answers are lost; what waits for it waits as uncertain."""
    bench.gateway.script = ["silent", "silent", "silent", "sent"] * 100
    for number in range(100):
        bench.put(str(number), str(number))
    await bench.run(590)
    again = len(bench.texts) - len(set(bench.texts))
    assert 0.15 * len(bench.texts) < again <= 0.2 * len(bench.texts)
    waiting = [row for row in range(1, 101) if bench.store.status(row) == "uncertain"]
    assert len(waiting) > 30


async def test_few_resends_are_always_allowed(bench: Bench) -> None:
    """On a quiet key one lost answer is half of what was sent."""
    bench.script("silent", "silent", "sent", "sent")
    rows = [bench.put("591"), bench.put("592")]
    await bench.run(60)
    assert [bench.store.status(row) for row in rows] == ["sent", "sent"]


async def test_an_unlinked_session_pauses_and_a_linked_one_resumes(bench: Bench) -> None:
    """Over a restart, too: no message is burnt on a phone that is not there, and a person is told once."""
    await bench.worker.link(is_linked=False)
    await bench.worker.link(is_linked=False)
    row = bench.put("591")
    await bench.restart()
    await bench.run(7200)
    assert (bench.texts, bench.alerts) == ([], ["unlinked"])
    await bench.worker.link(is_linked=True)
    await bench.run(1)
    assert bench.store.status(row) == "sent"


async def test_late_news_of_a_session_change_nothing(bench: Bench) -> None:
    """That it was lost, told after it was linked again, stops nothing; over a restart and messages in between."""
    await bench.worker.link(is_linked=True, at=20.0)
    bench.put("591")
    await bench.run(1)
    await bench.restart()
    await bench.run(1)
    await bench.worker.link(is_linked=False, at=10.0)
    row = bench.put("592")
    await bench.run(60)
    assert (bench.store.status(row), bench.alerts) == ("sent", [])
    await bench.worker.link(is_linked=False, at=30.0)
    assert bench.alerts == ["unlinked"]


async def test_a_reload_tries_a_session_that_nobody_said_was_linked(bench: Bench) -> None:
    """A gateway may tell of the one and not of the other."""
    await bench.worker.link(is_linked=False)
    row = bench.put("591")
    bench.worker.reload()
    await bench.run(1)
    assert bench.store.status(row) == "sent"


async def test_a_message_that_cannot_be_written_fails_alone(bench: Bench) -> None:
    """Poison ends as failed, the log says why, and its contact's next message leaves."""
    poison, next_one = bench.put("591", "poison"), bench.put("591", "dos")
    with capture_logs() as lines:
        await bench.run(1)
    assert [line["why"] for line in lines if line["event"] == "message_unwritable"] == ["no"]
    assert (bench.store.status(poison), bench.store.status(next_one)) == ("failed", "sent")
    assert bench.texts == ["dos"]
    assert bench.store.settled[0].detail == "cannot be written for this gateway: no"


async def test_a_kill_in_flight_makes_it_uncertain(bench: Bench) -> None:
    """The intent was committed, so the next start knows; after twenty seconds it is sent once more."""
    bench.gateway.latency_s = 5
    row = bench.put("591")
    await bench.run(1)
    await bench.restart()
    assert bench.store.status(row) == "uncertain"
    await bench.run(19.5)
    assert len(bench.texts) == 1
    await bench.run(10)
    assert (len(bench.texts), bench.store.status(row)) == (2, "sent")


async def test_a_restart_forgets_no_slot(bench: Bench) -> None:
    """The limit holds over a kill in the middle of a minute."""
    for number in range(60):
        bench.put(str(number))
    await bench.run(30)
    await bench.restart()
    await bench.run(120)
    times = [at for at, _, _ in bench.gateway.sent]
    assert all(later - first >= 60 for first, later in zip(times, times[30:], strict=False))


async def test_a_restart_forgets_no_hold(bench: Bench) -> None:
    """A key that was throttled stays held."""
    bench.script("throttled")
    bench.put("591")
    await bench.run(1)
    await bench.restart()
    await bench.run(50)
    assert len(bench.texts) == 1
    await bench.run(10)
    assert len(bench.texts) == 2


async def test_a_reload_probes_a_refused_key(bench: Bench) -> None:
    """Nobody waits five minutes for a key that was just replaced."""
    bench.script("unauthorized")
    bench.put("591")
    await bench.run(1)
    assert bench.worker.key_state.why == "unauthorized"
    bench.worker.reload()
    await bench.run(1)
    assert len(bench.texts) == 2


async def test_what_a_worker_leaves_in_the_air_is_its_own(bench: Bench) -> None:
    """Workers of other keys share the process's name, and must not ground each other's flights."""
    bench.put("591")
    await bench.run(1)
    assert bench.store.entries[0].owner == "one/wa"


async def test_an_unanswered_request_counts_until_it_cannot_be_counted(bench: Bench) -> None:
    """The ledger says timeout and ten seconds, for a server that counts late."""
    bench.script("silent")
    bench.put("591")
    await bench.run(1)
    entry = bench.store.entries[0]
    assert entry.answered_at == pytest.approx(entry.sent_at + 20)


async def test_a_jump_of_the_wall_clock_frees_no_slot(make_bench: Callable[..., Bench]) -> None:
    """An hour forward is not an hour passed."""
    bench = make_bench(limit=2)
    await bench.worker.start()
    for number in range(4):
        bench.put(str(number))
    await bench.run(40)
    bench.clock.jump(3600)
    bench.worker.wake()
    await bench.run(10)
    assert len(bench.texts) == 2


async def test_a_store_that_is_down_is_waited_for(bench: Bench) -> None:
    """Nothing is sent that could not be written down, and an answer that came meanwhile is kept."""
    row = bench.put("591", "uno")
    await bench.run(0.1)
    bench.store.is_down = True
    other = bench.put("592", "dos")
    await bench.run(60)
    assert (bench.texts, bench.store.status(row)) == (["uno"], "flying")
    bench.store.is_down = False
    await bench.run(6)
    assert (bench.store.status(row), bench.store.status(other)) == ("sent", "sent")
    assert bench.texts == ["uno", "dos"]


async def test_an_intent_that_was_stored_and_refused_is_taken_back(bench: Bench) -> None:
    """A commit may be on the disk although it failed: what it began leaves once, and what is out flies on."""
    bench.gateway.latency_s = 8
    first = bench.put("590", "uno")
    await bench.run(0.1)
    bench.store.is_unsure = True
    second = bench.put("591", "dos")
    await bench.run(0.05)
    assert (bench.store.status(first), bench.store.status(second)) == ("flying", "flying")
    bench.store.is_unsure = False
    await bench.run(20)
    assert bench.texts == ["uno", "dos"]
    assert (bench.store.status(first), bench.store.status(second)) == ("sent", "sent")


async def test_a_look_that_fails_ends_no_intent_under_way(bench: Bench) -> None:
    """The next row is looked for behind an intent: when only that fails, what was begun is waited for, and flies."""
    bench.gateway.latency_s = 8
    row = bench.put("590", "uno")
    begin, head = bench.store.begin, bench.store.head

    async def begin_slowly(*arguments: Any) -> Flight | None:
        flight = await begin(*arguments)
        await bench.clock.sleep(1)
        return flight

    async def head_once(*arguments: Any) -> OutboxRow | None:
        bench.store.head = head  # type: ignore[method-assign]
        if bench.store.status(row) == "flying":
            raise StoreUnavailable("down")
        bench.store.head = head_once  # type: ignore[method-assign,assignment]
        return await head(*arguments)

    bench.store.begin = begin_slowly  # type: ignore[method-assign,assignment]
    bench.store.head = head_once  # type: ignore[method-assign,assignment]
    await bench.run(20)
    assert bench.texts == ["uno"]
    assert bench.store.status(row) == "sent"


async def test_a_doubt_outlives_a_store_that_is_down(bench: Bench) -> None:
    """A request whose doubt could be stored only after its wait was over is sent again all the same."""
    bench.script("silent")
    row = bench.put("591", "uno")
    await bench.run(0.1)
    bench.store.is_down = True
    await bench.run(60)
    bench.store.is_down = False
    await bench.run(60)
    assert bench.texts == ["uno", "uno"]
    assert bench.store.status(row) == "sent"


@pytest.mark.parametrize("jump_s", [-7200, 7200])
async def test_a_doubt_waits_by_the_steady_clock(bench: Bench, jump_s: float) -> None:
    """A wall clock that is set while a request is in doubt makes its contact wait no longer."""
    bench.script("silent")
    bench.put("591", "uno")
    await bench.run(1)
    bench.clock.jump(jump_s)
    await bench.run(60)
    assert bench.texts == ["uno", "uno"]


async def test_a_clock_set_before_a_restart_frees_no_slot(make_bench: Callable[..., Bench]) -> None:
    """A process that starts knows by how much the clock was set since the one before; and so does one after it."""
    bench = make_bench(limit=4)
    await bench.worker.start()
    for person in range(4):
        bench.put(str(person))
    await bench.run(50)
    assert len(bench.texts) == 4
    bench.clock.jump(3600)
    for late in range(2):
        await bench.restart()
        bench.put(f"late {late}")
        await bench.run(4)
        assert len(bench.texts) == 4
    await bench.run(60)
    assert len(bench.texts) == 6


@pytest.mark.parametrize(
    "jumps_s",
    [
        *((60, 60, 7200), (-7200, 60, 3)),
        *((-7200, 0, 7200), (-7200, 3, 7197), (7200, 0, -7200), (-60, -60, 7200), (7200, -7260, 61)),
    ],
)
async def test_a_clock_set_often_before_a_restart_frees_no_slot(
    make_bench: Callable[..., Bench], jumps_s: tuple[float, ...]
) -> None:
    """What left between two times at which the clock was set was moved by some of them only."""
    bench = make_bench(limit=3)
    await bench.worker.start()
    for number, jump_s in enumerate(jumps_s):
        bench.put(f"early {number}")
        await bench.run(3)
        bench.clock.jump(jump_s)
    await bench.restart()
    bench.put("late")
    await bench.run(40)
    assert len(bench.texts) == 3


@pytest.mark.parametrize("jump_s", [7200, 3, -7200])
async def test_a_clock_set_frees_no_slot_of_what_got_no_answer(make_bench: Callable[..., Bench], jump_s: float) -> None:
    """What was in the air as a process died may be counted late: the process after the next one knows that, too."""
    bench = make_bench(limit=3)
    await bench.worker.start()
    bench.gateway.latency_s = 1000
    for person in range(3):
        bench.put(str(person))
    await bench.run(40)
    await bench.restart()
    bench.clock.jump(jump_s)
    await bench.restart()
    await bench.run(bench.limits.given_up_s + bench.limits.held_s - 1)
    assert len(bench.texts) == 3


async def test_a_restart_of_a_free_key_tells_of_no_hold(bench: Bench) -> None:
    """A clock that differs by a moment makes no hold out of none."""
    bench.put("early")
    await bench.run(3)
    bench.clock.jump(-0.004)
    await bench.restart()
    with capture_logs() as lines:
        bench.put("late")
        await bench.run(3)
    assert [line["event"] for line in lines] == ["message_sent"]


async def test_a_clock_set_back_before_a_restart_lengthens_no_hold(bench: Bench) -> None:
    """What held the key for a minute holds it no longer for a clock that was set back by two hours."""
    bench.script("throttled")
    bench.put("1")
    await bench.run(1)
    bench.clock.jump(-7200)
    await bench.restart()
    await bench.run(150)
    assert len(bench.texts) == 2


async def test_a_clock_that_ran_ahead_before_a_restart(bench: Bench) -> None:
    """What it noted is no later than it can be: whoever asks when a message leaves reads the same as the gate."""
    bench.clock.jump(86_400)
    await bench.restart()
    bench.put("1")
    await bench.run(1)
    bench.clock.jump(-86_400)
    await bench.restart()
    [entry] = bench.store.entries
    assert entry.answered_at is not None
    assert entry.answered_at <= bench.clock.now() + 60


async def test_a_look_that_comes_too_early_forgets_no_doubt(bench: Bench) -> None:
    """A clock that was set to and fro lets a doubt be looked at before its time: it is looked at again."""
    bench.script("silent")
    bench.put("591", "uno")
    await bench.run(1)
    bench.worker._doubts._due.clear()
    bench.worker._doubts.add(bench.clock.now())
    bench.worker.wake()
    await bench.run(60)
    assert bench.texts == ["uno", "uno"]


async def test_a_store_that_is_down_at_the_start_is_waited_for(make_bench: Callable[..., Bench]) -> None:
    """Recovery comes before the first send, whenever that is."""
    bench = make_bench()
    bench.store.is_down = True
    bench.put("591")
    await bench.worker.start()
    await bench.run(30)
    assert bench.texts == []
    bench.store.is_down = False
    await bench.run(6)
    assert bench.texts == ["hola"]


async def test_a_pause_lets_nothing_new_leave(bench: Bench) -> None:
    """Until an operator ends it."""
    bench.worker.paused = True
    bench.put("591")
    await bench.run(60)
    assert bench.texts == []
    bench.worker.paused = False
    await bench.run(1)
    assert bench.texts == ["hola"]


async def test_a_stop_lets_flights_land(bench: Bench) -> None:
    """What is out is written down; what waits stays where it is."""
    bench.gateway.latency_s = 2
    row, waiting = bench.put("591"), bench.put("591", "dos")
    await bench.run(1)
    task = asyncio.create_task(bench.worker.stop(10))
    await bench.run(2)
    assert task.done()
    assert (bench.store.status(row), bench.store.status(waiting)) == ("sent", "pending")


async def test_a_stop_ends_at_its_deadline(bench: Bench) -> None:
    """A gateway that hangs cannot keep the process."""
    bench.gateway.latency_s = 1_000
    row = bench.put("591")
    await bench.run(1)
    task = asyncio.create_task(bench.worker.stop(10))
    await bench.run(9)
    assert not task.done()
    await bench.run(2)
    assert task.done()
    assert bench.store.status(row) == "flying"


async def test_a_gateway_with_a_bug_loses_no_slot(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it raises counts as silence."""

    async def explode(_: object) -> None:
        raise RuntimeError("bug")

    monkeypatch.setattr(bench.gateway, "send", explode)
    row = bench.put("591")
    await bench.run(1)
    assert bench.store.status(row) == "uncertain"
    assert bench.worker.flying == 0


async def test_the_log_names_ids_and_never_people(bench: Bench) -> None:
    """One line for each answer, without text or number."""
    with capture_logs() as lines:
        bench.script("throttled")
        bench.put("59170012345", "un secreto")
        await bench.run(62)
    assert [line["event"] for line in lines] == ["send_returned", "key_held", "message_sent", "key_opened"]
    sent = lines[2]
    assert (sent["request"], sent["rank"], sent["verdict"]) == (2, 1, "sent")
    assert sent["wait_s"] == pytest.approx(60.25, abs=0.1)
    assert "un secreto" not in str(lines)
    assert "to': '59170012345" not in str(lines)


async def test_bulk_keeps_its_tenth(make_bench: Callable[..., Bench]) -> None:
    """However many people talk, one request in ten is bulk's."""
    bench = make_bench(limit=30)
    for number in range(20):
        bench.put(f"talk-{number}", "talk")
    for number in range(5):
        bench.put(f"bulk-{number}", "bulk", rank=CLASSES["bulk"])
    await bench.worker.start()
    await bench.run(59)
    assert [number for number, text in enumerate(bench.texts) if text == "bulk"] == [9, 19, 22, 23, 24]


async def test_black_stops_bulk(make_bench: Callable[..., Bench]) -> None:
    """Where a new reply would wait a minute bulk stops, a person is told, and it goes on when it would not."""
    bench = make_bench(limit=30)
    for number in range(70):
        bench.put(f"talk-{number}", "talk")
    bench.put("bulk", "bulk", rank=CLASSES["bulk"])
    with capture_logs() as logs:
        await bench.worker.start()
        await bench.run(50)
        assert (bench.worker.load, "bulk" in bench.texts) == ("black", False)
        await bench.run(200)
    assert (bench.worker.load, bench.texts.count("talk"), bench.texts.count("bulk")) == ("green", 70, 1)
    told = [(log["load"], log["log_level"]) for log in logs if log["event"] == "outbox_load"]
    assert told[0] == ("black", "warning")
    assert bench.alerts == ["overloaded"]


async def test_a_held_key_is_black_and_no_overload(bench: Bench) -> None:
    """The level is known while nothing leaves, too; what holds the key has an alert of its own."""
    bench.script("unauthorized")
    bench.put("591")
    await bench.run(31)
    assert (bench.worker.load, bench.alerts) == ("black", ["unauthorized"])


async def test_load_is_that_of_now(make_bench: Callable[..., Bench]) -> None:
    """The level counts on with the gate, and with what is queued while nothing may leave: nobody has to send for it."""
    bench = make_bench(limit=5)
    await bench.worker.start()
    for number in range(5):
        bench.put(str(number))
    await bench.run(2)
    assert (len(bench.texts), bench.worker.load) == (5, "yellow")
    for number in range(5, 9):
        bench.put(str(number))
    await bench.run(2)
    assert (len(bench.texts), bench.worker.load) == (5, "black")
    await bench.run(300)
    assert (len(bench.texts), bench.worker.load) == (9, "green")


async def test_load_after_a_restart(make_bench: Callable[..., Bench]) -> None:
    """Those who wait since before a restart count at once, though nothing may leave yet."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    for number in range(60):
        bench.put(str(number))
    await bench.run(10)
    await bench.restart()
    assert bench.worker.load == "black"


async def test_load_of_a_moment(make_bench: Callable[..., Bench]) -> None:
    """Whoever has been queued since the last look counts, before the worker comes to look again."""
    bench = make_bench(limit=30)
    await bench.worker.start()
    await bench.run(1)
    levels = []
    for number in range(40):
        levels.append(bench.worker.load)
        bench.store.put(str(number), "hola", now=bench.clock.now())
        bench.worker.queued()
    assert (levels[0], levels[10], levels[39]) == ("green", "yellow", "black")
    await bench.run(0.1)
    assert bench.worker.load == "black"


@pytest.mark.parametrize("stops", ["pause", "unlink"])
async def test_load_is_black_where_nothing_leaves(bench: Bench, stops: str) -> None:
    """A reply waits without end while an operator or a lost session stops all sends."""
    if stops == "pause":
        bench.worker.paused = True
    else:
        await bench.worker.link(is_linked=False)
    assert bench.worker.load == "black"


async def test_who_waits_is_counted_once_a_second(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing may leave a hundred wakes ask the store once a second at most."""
    counted, count = [], bench.store.talk_ahead

    async def talk_ahead(key: str, most: int) -> int:
        counted.append(bench.clock.now())
        return await count(key, most)

    bench.script("unavailable")
    bench.put("591")
    await bench.run(1.5)
    monkeypatch.setattr(bench.store, "talk_ahead", talk_ahead)
    for number in range(100):
        bench.put(str(number))
        await bench.run(0.05)
    assert 3 <= len(counted) <= 6


async def test_texts_that_have_waited_merge(bench: Bench) -> None:
    """After a spell nobody new need wait, and yet what piled up goes in few requests; a broadcast stays as it is."""
    bench.script("unauthorized")
    bench.put("first")
    await bench.run(1)
    for part in "abc":
        bench.put("591", part)
        bench.put("592", part, rank=CLASSES["bulk"])
    await bench.run(330)
    assert bench.texts.count(BETWEEN.join("abc")) == 1
    assert [text for text in bench.texts if text in "abc"] == ["a", "b", "c"]


async def test_texts_of_a_contact_merge(make_bench: Callable[..., Bench]) -> None:
    """From yellow on the texts of a contact go as one request, in their order, and end together."""
    bench = make_bench(limit=5)
    rows = [bench.put(str(contact), f"{contact}{part}") for contact in range(20) for part in "abc"]
    bench.script("sent", "sent", "sent", "sent", "sent", "sent", "silent")
    await bench.worker.start()
    await bench.run(600)
    assert "7a\n\n7b\n\n7c" in bench.texts
    assert {bench.store.status(row) for row in rows} == {"sent"}
    again = [text for text in bench.texts if bench.texts.count(text) > 1]
    assert len(again) == 2
    assert "\n\n" in again[0]


async def test_texts_of_a_contact_do_not_merge_without_need(bench: Bench) -> None:
    """While nobody would wait each text is a bubble of its own."""
    for text in "abc":
        bench.put("591", text)
    await bench.run(5)
    assert bench.texts == ["a", "b", "c"]


async def test_what_merged_and_came_back_waits_whole(make_bench: Callable[..., Bench]) -> None:
    """The rows of a merged request that the gateway did not take wait again, each of them."""
    bench = make_bench(limit=1)
    rows = [bench.put("591", text) for text in "abc"]
    bench.put("592", "x")
    bench.put("593", "y")
    bench.script("throttled")
    await bench.worker.start()
    await bench.run(1)
    assert [bench.store.status(row) for row in rows] == ["pending"] * 3
    await bench.run(600)
    assert [bench.store.status(row) for row in rows] == ["sent"] * 3


@pytest.mark.parametrize(("spent_s", "wait_s"), [(20.0, 20), (500.0, 60)])
async def test_a_gateway_that_says_that_nothing_is_left(bench: Bench, spent_s: float, wait_s: float) -> None:
    """Is believed before it says 429, for a period at most; the key is not probed then, and nobody is told."""
    bench.gateway.spent_s = spent_s
    bench.put("591")
    await bench.run(1)
    bench.gateway.spent_s = None
    bench.put("592")
    bench.put("593")
    await bench.run(wait_s - 2)
    assert (len(bench.texts), bench.worker.key_state.why) == (1, "limit")
    await bench.run(2)
    assert (len(bench.texts), bench.worker.key_state.why, bench.alerts) == (3, "", [])


async def test_retry_after_wins_over_what_is_left(bench: Bench) -> None:
    """It is meant for the very request that was refused."""
    bench.gateway.spent_s, bench.gateway.retry_after_s = 50.0, 5.0
    bench.script("throttled")
    bench.put("591")
    await bench.run(1)
    bench.gateway.spent_s = bench.gateway.retry_after_s = None
    await bench.run(5)
    assert len(bench.texts) == 2
