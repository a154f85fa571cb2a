"""The runtime: rows in order, legs committed whole, failures that stay where they happened."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
import structlog

from botkit import legs
from botkit import runtime as runtime_module
from botkit.attempts import RETRY_S
from botkit.errors import StoreUnavailable
from botkit.ports import Arrival, InboxRow, Leg
from botkit.runtime import TOGETHER
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_filed
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Effect
from botkit.turn.event import Due
from botkit.turn.step import turn
from tests.runtime.stage import ANA, CHANNEL, LUZ, Stage, flows_of
from tests.waiting import eventually, forever

NAMES = """
flow: nombres
start: {words: [hola]}
steps:
  - ask: ¿Cómo te llamas?
    save: nombre
  - say: "Hola, {{ nombre }}."
"""
CALLS = """
flow: llamada
start: {words: [llama]}
steps:
  - say: Voy a preguntar.
  - run: obra
    save: cosa
  - say: "Me dijeron {{ cosa }}."
"""
CAREFUL = """
flow: llamada
start: {words: [llama]}
steps:
  - run: obra
    timeout: 0.05s
    on_error: no
  - say: Bien.
asides:
  no:
    - say: "Falló: {{ error }}"
"""
APOLOGY = "Perdona, algo falló de nuestro lado"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A stage on a store in memory."""
    made = await Stage.open()
    yield made
    await made.close()


async def test_answers_in_order(stage: Stage) -> None:
    """Messages that come together are played one after another, in order of arrival."""
    await stage.start(flows_of(NAMES))
    rows = [await stage.arrive("hola"), await stage.arrive("Ana")]
    stage.runtime.notify(rows)
    await stage.runtime.idle()
    assert await stage.said() == ["¿Cómo te llamas?", "Hola, Ana."]


async def test_said_before_a_call_is_sent_before_it(stage: Stage) -> None:
    """A leg ends where a handler is called: what was said before stands in the outbox while it runs."""
    go = asyncio.Event()

    async def work() -> str:
        await go.wait()
        return "sí"

    await stage.start(flows_of(CALLS, {"obra": work}), {"obra": work})
    stage.runtime.notify([await stage.arrive("llama")])
    assert await stage.hear(1) == ["Voy a preguntar."]
    go.set()
    await stage.runtime.idle()
    assert await stage.said() == ["Voy a preguntar.", "Me dijeron sí."]


async def test_others_go_on_meanwhile(stage: Stage) -> None:
    """A handler that hangs holds up its own conversation alone."""
    release = threading.Event()

    def work() -> str:
        release.wait(5)
        return "tarde"

    await stage.start(flows_of(CALLS + "---\n" + NAMES, {"obra": work}), {"obra": work})
    stage.runtime.notify([await stage.arrive("llama", ANA)])
    stage.runtime.notify([await stage.arrive("hola", LUZ)])
    said = await stage.hear(1, LUZ)
    release.set()
    await stage.runtime.idle()
    assert said == ["¿Cómo te llamas?"]


def raises() -> None:
    raise RuntimeError("no hay línea")


def hangs() -> None:
    threading.Event().wait(0.5)


async def hangs_async() -> None:
    await asyncio.Event().wait()


def returns_a_function() -> Any:
    return raises


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (raises, "RuntimeError: no hay línea"),
        (hangs, "no answer within 0.05 s"),
        (hangs_async, "no answer within 0.05 s"),
        (returns_a_function, "something that is not JSON"),
    ],
)
async def test_failures_are_results(stage: Stage, work: Any, told: str) -> None:
    """A handler that raises, hangs or returns what cannot be kept gives an error that the flow can take."""
    await stage.start(flows_of(CAREFUL, {"obra": work}), {"obra": work})
    await stage.write("llama")
    [text] = await stage.said()
    assert told in text


async def test_apology_at_once(stage: Stage) -> None:
    """Without on_error the contact gets the error flow at once; the log has the place and the traceback."""
    await stage.start(flows_of(CALLS, {"obra": raises}), {"obra": raises})
    with structlog.testing.capture_logs() as lines:
        await stage.write("llama")
        said = await stage.said()
    assert said[0] == "Voy a preguntar."
    assert said[1].startswith(APOLOGY)
    events = {line["event"]: line for line in lines}
    failed = events["handler_failed"]
    assert (failed["place"], failed["flow"], failed["step"]) == ("flow.yaml:6:5", "llamada", "cosa")
    assert "no hay línea" in repr(events["handler_raised"]["exc_info"])


class Crashing:
    """Fails in the turn's own code as often as asked, then plays on."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.turn = turn

    def __call__(self, *args: Any) -> Any:
        if self.left:
            self.left -= 1
            raise ZeroDivisionError("a defect")
        return self.turn(*args)


async def test_defect_is_tried_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash of our own code is tried again after 1, 5, 30 and 120 s; the person loses nothing."""
    monkeypatch.setattr(legs, "turn", Crashing(4))
    await stage.start(flows_of(NAMES))
    await stage.write("hola")
    assert stage.clock.slept == [1, 5, 30, 120]
    assert await stage.said() == ["¿Cómo te llamas?"]


async def test_dead_letter(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After five attempts a message is a dead letter, the contact gets the apology once, and talk goes on."""
    monkeypatch.setattr(legs, "turn", Crashing(5))
    await stage.start(flows_of(NAMES))
    await stage.write("hola")
    assert [text[: len(APOLOGY)] for text in await stage.said()] == [APOLOGY]
    assert (await stage.store.counts())["inbox_dead"] == 1
    await stage.write("hola")
    assert (await stage.said())[-1] == "¿Cómo te llamas?"


async def test_dead_clock(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that fails for good is a dead letter, and no apology for what nobody knows of; the question stays."""
    await stage.start(flows_of(NAMES))
    await stage.write("hola")
    monkeypatch.setattr(legs, "turn", Crashing(5))
    due = dump_filed(Due("silence/0", "silence"))
    [receipt] = await stage.store.accept([Arrival(CHANNEL, "timer", "due", ANA, "t", "", b"", due)], stage.clock.now())
    assert receipt.row is not None
    with structlog.testing.capture_logs() as lines:
        stage.runtime.notify([receipt.row])
        await stage.runtime.idle()
    assert {"dead_letter", "clock_lost"} < {line["event"] for line in lines}
    assert (await stage.store.counts())["inbox_dead"] == 1
    await stage.write("Ana")
    assert await stage.said() == ["¿Cómo te llamas?", "Hola, Ana."]


async def test_poison_across_restarts(stage: Stage) -> None:
    """An event whose process died with it five times is not played a sixth time."""
    row = await stage.arrive("hola")
    for number in range(4):
        [row] = await stage.store.claim(stage.clock.now(), 10, frozenset(), suspects=number > 0)
    assert row.attempts == 5
    await stage.start(flows_of(NAMES))
    assert (await stage.hear(1))[0].startswith(APOLOGY)


async def test_takes_up_what_was_left(stage: Stage) -> None:
    """At a start what a former process had stored and not played is played."""
    await stage.arrive("hola")
    await stage.arrive("Ana")
    await stage.start(flows_of(NAMES))
    assert await stage.hear(2) == ["¿Cómo te llamas?", "Hola, Ana."]


async def test_a_backlog_leaves_the_loop_free(stage: Stage) -> None:
    """However many rows are taken up at once, who else is ready comes between every few turns."""
    for number in range(3 * TOGETHER):
        await stage.arrive("hola", f"5917000{number:04}")
    passes, played = [0], Counter[int]()

    async def count_passes() -> None:
        while True:
            passes[0] += 1
            await asyncio.sleep(0)

    def fit(channel: str, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        played[passes[0]] += 1
        return [message]

    others = asyncio.create_task(count_passes())
    await stage.start(flows_of(NAMES), fit=fit)
    await stage.runtime.idle()
    others.cancel()
    assert played.total() == 3 * TOGETHER
    assert max(played.values()) <= TOGETHER


async def test_order_after_a_restart(stage: Stage) -> None:
    """What comes while an older row of the conversation waits in the store is played after it."""
    go = asyncio.Event()

    async def work(ctx: Any) -> str:
        await go.wait()
        return str(ctx.contact["name"])

    for text in ("llama", "hola", "Ana"):
        await stage.arrive(text)
    await stage.start(flows_of(CALLS + "---\n" + NAMES, {"obra": work}), {"obra": work})
    await stage.hear(1)
    stage.runtime.notify([await stage.arrive("llama")])
    go.set()
    said = await stage.hear(6)
    assert said == [
        *("Voy a preguntar.", "Me dijeron None.", "¿Cómo te llamas?", "Hola, Ana."),
        *("Voy a preguntar.", "Me dijeron None."),
    ]


async def test_suspects_one_at_a_time(stage: Stage) -> None:
    """Rows that two processes died with are tried alone, so that the one to blame takes nobody else's along."""
    running: list[int] = []
    most: list[int] = []

    async def work() -> str:
        running.append(1)
        most.append(len(running))
        await stage.runtime.look_now()  # who looks meanwhile takes none
        running.pop()
        return "sí"

    contacts = [f"5917000{number:04}" for number in range(5)]
    for contact in contacts:
        await stage.arrive("llama", contact)
    await stage.store.claim(stage.clock.now(), 10, frozenset())
    await stage.start(flows_of(CALLS, {"obra": work}), {"obra": work})
    for contact in contacts:
        assert (await stage.hear(2, contact))[-1] == "Me dijeron sí."
    assert most == [1] * 5


async def test_suspect_whose_contact_writes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that comes while a suspect of its contact is claimed waits for it, and no task of ours fails."""
    failed: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: failed.append(context))
    for contact in (ANA, LUZ):
        await stage.arrive("hola", contact)
    await stage.store.claim(stage.clock.now(), 10, frozenset())
    claim = stage.store.claim

    async def claim_and_write(*args: Any, **options: Any) -> list[InboxRow]:
        rows = await claim(*args, **options)
        if rows and not found:
            found.extend(rows)
            stage.runtime.notify([await stage.arrive("Eva", rows[0].conversation.contact)])
        return rows

    found: list[InboxRow] = []
    monkeypatch.setattr(stage.store, "claim", claim_and_write)
    await stage.start(flows_of(NAMES))
    assert await stage.hear(1, LUZ) == ["¿Cómo te llamas?"]
    stage.clock.at += max(RETRY_S)
    stage.runtime.look()
    assert await stage.hear(2, ANA) == ["¿Cómo te llamas?", "Hola, Eva."]
    await stage.runtime.idle()
    gc.collect()  # only then a task's exception that nobody asked for is told
    assert failed == []


async def test_row_told_twice_counts_once(stage: Stage) -> None:
    """A row that reaches the runtime twice is applied once."""
    await stage.start(flows_of(NAMES))
    row = await stage.arrive("hola")
    stage.runtime.notify([row])
    await stage.runtime.idle()
    stage.runtime.notify([row])
    await stage.runtime.idle()
    assert await stage.said() == ["¿Cómo te llamas?"]


async def test_pending_call_is_made_again(stage: Stage) -> None:
    """A process that ends between a call and its result leaves it pending; the next one calls under the same key."""
    keys: list[str] = []
    never = asyncio.Event()

    async def first(ctx: Any) -> str:
        keys.append(ctx.idempotency_key)
        await never.wait()
        return "nunca"

    async def second(ctx: Any) -> str:
        keys.append(ctx.idempotency_key)
        return "ya"

    flows = flows_of(CALLS, {"obra": first})
    await stage.start(flows, {"obra": first})
    stage.runtime.notify([await stage.arrive("llama")])
    await eventually(lambda: len(keys) == 1)
    await stage.runtime.stop(0.0)
    await stage.start(flows, {"obra": second})
    await eventually(lambda: len(keys) == 2)
    await stage.runtime.idle()
    assert keys[0] == keys[1]
    assert await stage.said() == ["Voy a preguntar.", "Me dijeron ya."]


async def test_finishes_on_its_own_text(stage: Stage) -> None:
    """A conversation goes on with the definition that it began with, which the store kept."""
    await stage.start(flows_of(NAMES))
    await stage.write("hola")
    await stage.runtime.stop(1.0)
    await stage.start(flows_of(NAMES.replace("Hola, {{", "Buenas, {{")))
    await stage.write("Ana")
    await stage.write("hola")
    await stage.write("Luz")
    assert await stage.said() == ["¿Cómo te llamas?", "Hola, Ana.", "¿Cómo te llamas?", "Buenas, Luz."]


class Refusing:
    """A store that refuses commits for a while."""

    def __init__(self, store: SqliteStore, times: int) -> None:
        self.store, self.left = store, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    async def commit(self, leg: Leg) -> None:
        """Refuse, or pass it on."""
        if self.left:
            self.left -= 1
            raise StoreUnavailable("disk full")
        await self.store.commit(leg)

    async def commit_each(self, legs: Sequence[Leg]) -> list[Exception | None]:
        """Refuse them all, or pass them on."""
        if self.left:
            self.left -= 1
            return [StoreUnavailable("disk full") for _ in legs]
        return await self.store.commit_each(legs)


async def test_full_disk_costs_no_attempt(stage: Stage) -> None:
    """While the store refuses, a row waits and counts no attempt: a full disk makes no dead letters."""
    flows = flows_of(NAMES)
    await stage.start(flows)
    refusing = Refusing(stage.store, 20)
    player = legs.Player(refusing, flows, stage.calls[0], stage.clock)
    runtime = runtime_module.Runtime(refusing, player, stage.clock)
    runtime.notify([await stage.arrive("hola")])
    await runtime.idle()
    assert await stage.said() == ["¿Cómo te llamas?"]


class Counting(Refusing):
    """A store that notes how many legs came at once."""

    def __init__(self, store: SqliteStore) -> None:
        super().__init__(store, 0)
        self.trips: list[int] = []

    async def commit_each(self, legs: Sequence[Leg]) -> list[Exception | None]:
        """Note the trip and make it."""
        self.trips.append(len(legs))
        return await super().commit_each(legs)


@pytest.mark.parametrize(
    ("apart", "together", "trips"),
    [(0, 64, [3]), (1, 64, [3]), (0, 2, [2, 1])],
    ids=["in one pass of the loop", "in passes that follow", "more than may hold the loop"],
)
async def test_commits_together(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, apart: int, together: int, trips: list[int]
) -> None:
    """Rows that come within a few passes of the loop are one trip to the store, up to so many."""
    monkeypatch.setattr(runtime_module, "TOGETHER", together)
    flows = flows_of(NAMES)
    await stage.start(flows)
    store = Counting(stage.store)
    runtime = runtime_module.Runtime(store, legs.Player(store, flows, stage.calls[0], stage.clock), stage.clock)
    for row in [await stage.arrive("hola", contact) for contact in (ANA, LUZ, "59170000003")]:
        runtime.notify([row])
        for _ in range(apart):
            await asyncio.sleep(0)
    await runtime.idle()
    assert store.trips == trips
    assert await stage.said("59170000003") == ["¿Cómo te llamas?"]


async def test_stale_leg_alone(stage: Stage) -> None:
    """A leg that is stale takes none of those committed with it along."""
    await stage.start(flows_of(NAMES))
    applied = await stage.arrive("hola", ANA)
    stage.runtime.notify([applied])
    await stage.runtime.idle()
    stage.runtime.notify([applied, await stage.arrive("hola", LUZ)])
    await stage.runtime.idle()
    assert [await stage.said(ANA), await stage.said(LUZ)] == [["¿Cómo te llamas?"]] * 2


async def test_defect_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in one conversation's turn makes it wait; those played with it are answered at once."""
    held = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await held.wait()

    def turn_but_for_ana(flows: Any, conversation: Conversation, *rest: Any) -> Any:
        if conversation.contact == ANA and not held.is_set():
            raise ZeroDivisionError("a defect")
        return turn(flows, conversation, *rest)

    monkeypatch.setattr(legs, "turn", turn_but_for_ana)
    monkeypatch.setattr(stage.clock, "sleep", sleep)
    await stage.start(flows_of(NAMES))
    stage.runtime.notify([await stage.arrive("hola", ANA), await stage.arrive("hola", LUZ)])
    assert await stage.hear(1, LUZ) == ["¿Cómo te llamas?"]
    assert await stage.said(ANA) == []
    held.set()
    await stage.runtime.idle()
    assert await stage.said(ANA) == ["¿Cómo te llamas?"]


@pytest.mark.parametrize("patience_s", [1.0, 0.0])
async def test_stops_in_the_middle(stage: Stage, patience_s: float) -> None:
    """A stop while legs are being committed together loses none of them and applies none twice."""
    flows = flows_of(NAMES)
    await stage.start(flows)
    stage.runtime.notify([await stage.arrive(text, contact) for text in ("hola", "Eva") for contact in (ANA, LUZ)])
    await asyncio.sleep(0)
    await stage.runtime.stop(patience_s)
    await stage.start(flows)
    for contact in (ANA, LUZ):
        assert await stage.hear(2, contact) == ["¿Cómo te llamas?", "Hola, Eva."]


async def test_stops_in_order(stage: Stage) -> None:
    """What a stop cuts off ends in the order in which it began, so that two runs alike end alike."""
    begun: list[str] = []
    ended: list[str] = []

    async def work(ctx: Any) -> None:
        begun.append(ctx.contact["phone"])
        try:
            await forever()
        finally:
            ended.append(ctx.contact["phone"])

    await stage.start(flows_of(CALLS, {"obra": work}), {"obra": work})
    for number in range(20):
        stage.runtime.notify([await stage.arrive("llama", f"5917000{number:04}")])
    await eventually(lambda: len(begun) == 20)
    await stage.runtime.stop(0.0)
    assert ended == begun


async def test_backlog_waits_in_the_store(stage: Stage) -> None:
    """Rows beyond what memory may hold are taken from the store later, each once and in order."""
    await stage.start(flows_of(NAMES))
    stage.runtime._in_hand.most = 4
    contacts = [f"5917000{number:04}" for number in range(20)]
    rows = [await stage.arrive(text, contact) for text in ("hola", "Ana") for contact in contacts]
    for row in rows:
        stage.runtime.notify([row])
    assert {tuple(await stage.hear(2, contact)) for contact in contacts} == {("¿Cómo te llamas?", "Hola, Ana.")}


async def test_one_canonical_line(stage: Stage) -> None:
    """A turn writes one line that says how long, how many legs and messages, from where to where."""

    def work() -> str:
        return "sí"

    await stage.start(flows_of(CALLS, {"obra": work}), {"obra": work})
    with structlog.testing.capture_logs() as lines:
        await stage.write("llama")
    [line] = [line for line in lines if line["event"] == "turn"]
    assert (line["legs"], line["messages"], line["came_from"], line["now_at"]) == (2, 2, None, None)


async def test_every_line_names_its_conversation(stage: Stage) -> None:
    """A line that a handler writes carries conversation, flow, step and event of its turn."""

    def work(ctx: Any) -> str:
        ctx.log.info("working")
        return "sí"

    await stage.start(flows_of(CALLS, {"obra": work}), {"obra": work})
    lines: list[Any] = []

    def keep(logger: Any, level: str, fields: Any) -> Any:
        lines.append(dict(fields))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
    try:
        await stage.write("llama")
    finally:
        structlog.reset_defaults()
    [line] = [line for line in lines if line["event"] == "working"]
    [conversation] = await stage.store.conversation(None, ANA)
    assert line["conversation"] == conversation["id"]
    assert (line["flow"], line["step"], line["event_id"]) == ("llamada", "cosa", 1)


async def test_observer_sees_effects(stage: Stage) -> None:
    """An observer sees the conversation and the effects of every committed leg."""
    seen: list[tuple[Conversation, Sequence[Effect]]] = []
    await stage.start(flows_of(NAMES), observe=lambda *leg: seen.append(leg))
    await stage.write("hola")
    assert [conversation.version for conversation, _ in seen] == [1]
    assert len(seen[0][1]) == 1
