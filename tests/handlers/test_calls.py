"""Calling handlers: an error or a timeout is a result, and nothing that a handler does harms the loop."""

from __future__ import annotations

import asyncio
import contextvars
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from botkit.calls import Calls
from botkit.handlers import Context, describe
from botkit.received import Received
from botkit.results import MAX_RESULT, MAX_VALUES, ResultError, as_json
from botkit.threads import DaemonThreads, NoThread, TookTooLong
from botkit.turn.conversation import Conversation, Frame, PendingCall
from botkit.turn.event import CallResult
from tests.waiting import eventually, forever

TALK = Conversation("c1", "wa", "591", frames=(Frame("f", "d", "s", {"x": 1}),))


async def call(work: Callable[..., Any], arguments: dict[str, Any] | None = None, timeout_s: float = 5) -> CallResult:
    """Call a function as the handler `h`."""
    calls = Calls({"h": describe("h", work)})
    try:
        return await calls.call(TALK, PendingCall("key", "h", "s", 1, arguments or {}, timeout_s), {"name": "Ana"})
    finally:
        await calls.close()


async def test_sync() -> None:
    """A sync handler runs in a daemon thread of its own."""

    def work(dia: date) -> list[object]:
        return [dia, threading.current_thread() is threading.main_thread(), threading.current_thread().daemon]

    assert await call(work, {"dia": "2026-11-23"}) == CallResult("key", ["2026-11-23", False, True])


async def test_async() -> None:
    """An async handler runs on the loop."""

    async def work(a: int) -> int:
        await asyncio.sleep(0)
        return a + 1

    assert await call(work, {"a": "4"}) == CallResult("key", 5)


async def test_context() -> None:
    """`ctx` holds copies of contact and slots, the key, a log and a shared session."""
    seen: list[Context] = []

    async def work(ctx: Context) -> None:
        seen.append(ctx)
        ctx.slots["x"] = 2  # type: ignore[index]

    assert (await call(work)).error is None
    assert (seen[0].contact, seen[0].idempotency_key) == ({"name": "Ana"}, "key")
    assert TALK.frames[0].slots == {"x": 1}


async def test_media() -> None:
    """A handler fetches from the channel of its conversation; a channel without a gateway has nothing to give."""

    class Shelf:
        async def fetch(self, value: Mapping[str, Any]) -> Received:
            return Received(b"12345", "image/png", value["name"])

    async def work(foto: dict[str, Any], ctx: Context) -> list[object]:
        found = await ctx.media.fetch(foto)
        return [len(found.bytes), found.type, found.name]

    pending = PendingCall("key", "h", "s", 1, {"foto": {"type": "image", "name": "yo.png"}}, 5)
    results = []
    for channel in ("wa", "other"):
        calls = Calls({"h": describe("h", work)}, {channel: Shelf()})
        results.append(await calls.call(TALK, pending, {}))
        await calls.close()
    assert results[0].value == [5, "image/png", "yo.png"]
    assert "no gateway" in str(results[1].error)


async def test_closed_session() -> None:
    """A handler that closes the shared session takes it from no other one."""

    async def work(ctx: Context) -> bool:
        was_closed = ctx.http.closed
        await ctx.http.close()
        return was_closed

    calls = Calls({"h": describe("h", work)})
    pending = PendingCall("key", "h", "s", 1, {}, 5)
    results = [await calls.call(TALK, pending, {}) for _ in range(2)]
    await calls.close()
    assert [result.value for result in results] == [False, False]


async def test_context_variables() -> None:
    """Context variables reach a sync handler's thread."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("v", default="")
    variable.set("here")
    assert (await call(lambda: variable.get())).value == "here"


def raising(error: BaseException) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Return a sync and an async function that raise."""

    def work() -> None:
        raise error

    async def work_async() -> None:
        raise error

    return work, work_async


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("no hay"), "ValueError: no hay"),
        (StopIteration(), "StopIteration"),
        (SystemExit(3), "SystemExit"),
        (TimeoutError("db"), "TimeoutError: db"),
        (KeyError("x"), "KeyError"),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
async def test_errors(error: BaseException, told: str, which: int) -> None:
    """Whatever a handler raises is a result at once, and names the error."""
    result = await asyncio.wait_for(call(raising(error)[which]), 2)
    assert told in str(result.error)
    assert result.value is None


async def test_long_error() -> None:
    """A long error is cut: it is stored in the conversation."""
    result = await call(raising(ValueError("x" * 5000))[0])
    assert result.error == "ValueError: " + "x" * 300


class Mute(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("mal \ud800"), "ValueError: mal ?"),
        (Mute(), "Mute: (its text cannot be read)"),
        (KeyboardInterrupt(), "KeyboardInterrupt: "),
        (GeneratorExit(), "GeneratorExit: "),
        (BaseException("b"), "BaseException: b"),
        (BaseExceptionGroup("g", [KeyboardInterrupt()]), "BaseExceptionGroup: g (1 sub-exception)"),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
async def test_odd_errors(error: BaseException, told: str, which: int) -> None:
    """Whatever is raised is a result whose text can be written, and ends nothing but the handler."""
    result = await asyncio.wait_for(call(raising(error)[which]), 2)
    assert result.error == told
    assert orjson.dumps(result.error)


async def test_error_in_result() -> None:
    """What a result's own code raises while it is read is an error, too."""

    class Model:
        def model_dump(self, mode: str) -> Any:
            raise SystemExit(mode)

    result = await call(lambda: Model())
    assert result.error is not None
    assert result.value is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({}, "TypeError"), ({"a": 1, "b": 2}, "TypeError"), ({"a": "x"}, "argument 'a'")],
)
async def test_arguments(arguments: dict[str, Any], told: str) -> None:
    """Arguments that do not fit are an error, not a crash."""

    def work(a: int) -> int:
        return a

    assert told in str((await call(work, arguments)).error)


async def test_unknown() -> None:
    """A handler that no module registers any more is an error."""
    result = await Calls({}).call(TALK, PendingCall("key", "h", "s", 1), {})
    assert result == CallResult("key", error="no module registers the handler 'h'")


async def test_timeout_async() -> None:
    """An async handler that takes too long is cancelled, and not waited for if it does not care."""
    cancelled, release, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            cancelled.set()
            await release.wait()
            ended.set()

    result = await call(work, timeout_s=0.01)
    assert result == CallResult("key", error="no answer within 0.01 s")
    await asyncio.wait_for(cancelled.wait(), 1)
    release.set()
    await asyncio.wait_for(ended.wait(), 1)


async def test_timeout_sync() -> None:
    """A sync handler that hangs keeps its thread, and is counted until it comes back."""
    release, threads, told = threading.Event(), DaemonThreads(2), list[tuple[int, str]]()
    threads.on_hung = lambda hung, name: told.append((hung, name))
    with pytest.raises(TookTooLong):
        await threads.run(release.wait, 0.01, "slow")
    assert (threads.hung, told) == (1, [(1, "slow")])
    assert await threads.run(lambda: 5, 5) == 5
    release.set()
    await eventually(lambda: not threads.hung)


async def test_late_start() -> None:
    """A call that was still queued when its time was up never runs."""
    release, ran, threads = threading.Event(), threading.Event(), DaemonThreads(1, 1)
    threads.on_hung = lambda hung, name: pytest.fail("nothing hangs")
    first = asyncio.ensure_future(threads.run(release.wait, 5))
    await asyncio.sleep(0)
    with pytest.raises(TookTooLong):
        await threads.run(ran.set, 0.01)
    assert threads.hung == 0  # it was never begun
    release.set()
    await first
    assert await threads.run(lambda: 5, 5) == 5
    assert not ran.is_set()


async def test_substitutes() -> None:
    """A thread that hangs gets a substitute; one that comes back then is one too many and ends."""
    release, threads = threading.Event(), DaemonThreads(2, 5)
    for _ in range(100):  # on a busy machine a call is over before its thread began, and does not hang
        if threads.hung == 4:
            break
        with pytest.raises(TookTooLong):
            await threads.run(release.wait, 0.01)
    assert threads.hung == 4
    assert await threads.run(lambda: 5, 5) == 5
    release.set()
    await eventually(lambda: not threads.hung)
    assert await threads.run(lambda: 6, 5) == 6


async def test_no_thread() -> None:
    """With every thread hanging, a call fails at once, and so does one that waits already; it works again later."""
    release, threads = threading.Event(), DaemonThreads(1, 1)
    with capture_logs() as lines:
        hanging = asyncio.ensure_future(threads.run(release.wait, 0.05))
        waiting = asyncio.ensure_future(threads.run(lambda: 5, 60))
        for task, error in ((hanging, TookTooLong), (waiting, NoThread)):
            with pytest.raises(error):
                await asyncio.wait_for(task, 5)
        with pytest.raises(NoThread):
            await threads.run(lambda: 5, 60)
    assert [line["event"] for line in lines] == ["handler_threads_full", "handlers_hung"]
    assert {line["count"] for line in lines} == {1}
    release.set()
    await eventually(lambda: not threads.hung)
    assert await threads.run(lambda: 5, 5) == 5


async def test_no_thread_result() -> None:
    """A call without a thread is an error that says why."""
    release = threading.Event()
    calls = Calls({"h": describe("h", release.wait)})
    calls.threads = DaemonThreads(1, 1)
    pending = PendingCall("key", "h", "s", 1, {}, 0.01)
    told = [(await calls.call(TALK, pending, {})).error for _ in range(2)]
    release.set()
    assert told == ["no answer within 0.01 s", "no thread is free: too many handlers hang"]


async def test_threads_are_reused() -> None:
    """Threads are started as they are needed and used again."""
    threads = DaemonThreads(4)
    names = {await threads.run(lambda: threading.current_thread().name, 5) for _ in range(20)}
    assert len(names) <= 2
    barrier = threading.Barrier(4)
    await asyncio.gather(*(threads.run(lambda: barrier.wait(5), 5) for _ in range(4)))


async def test_cancelled_caller() -> None:
    """When the caller is cancelled, its async handler is too."""
    began, cancelled = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        began.set()
        try:
            await forever()
        finally:
            cancelled.set()

    task = asyncio.ensure_future(call(work))
    await asyncio.wait_for(began.wait(), 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(cancelled.wait(), 1)


@dataclass
class Row:
    """A result as people write it."""

    day: date


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (Row(date(2026, 11, 23)), {"day": "2026-11-23"}),
        ({1: (2, 3)}, {"1": [2, 3]}),
        ({"b", "a"}, ["a", "b"]),
        (math.nan, None),
        ([], []),
        ([Decimal("12.50"), Decimal(8)], [12.5, 8]),
    ],
)
def test_json(value: object, kept: object) -> None:
    """A result is kept as JSON types; dates become ISO texts."""
    assert as_json(value) == kept


@pytest.mark.parametrize(
    "value", [object(), 2**70, "\ud800", {1, "a"}, b"x", "x" * MAX_RESULT, Row, Decimal("1e999999"), Decimal("nan")]
)
def test_no_json(value: object) -> None:
    """What cannot be kept is an error that says so."""
    with pytest.raises(ResultError):
        as_json(value)


def endless() -> list[Any]:
    """Return a list that holds itself."""
    value: list[Any] = []
    value.append(value)
    return value


class Huge:
    """A model whose dump is too large."""

    def model_dump(self, mode: str) -> list[int]:
        """Return too many items."""
        return [0] * 10_000_000


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: "x" * 100_000_000, "characters"),
        (lambda: ["x" * MAX_RESULT, "x"], "characters"),
        (lambda: [0] * 10_000_000, "values"),
        (lambda: {n: [n] for n in range(MAX_VALUES)}, "values"),
        (lambda: {"row": Odd([0] * 10_000_000)}, "values"),
        (Huge, "values"),
        (endless, "values"),
    ],
)
def test_huge(make: Callable[[], Any], told: str) -> None:
    """A huge result is refused before it is written."""
    value = make()
    began = time.process_time()
    with pytest.raises(ResultError, match=told):
        as_json(value)
    assert time.process_time() - began < 2.0


@dataclass
class Odd:
    """A row that holds anything."""

    any: Any
