"""Attempts of a pending call: how many, when, and under which key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botkit.calls import Calls
from botkit.handlers import describe
from botkit.http_steps import HttpSteps, Service
from botkit.retries import MAX_WAIT_S, Attempt, repeat
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult
from tests.http.services import KEY, call, serve_bytes

TALK = Conversation("c1", "wa", "591")
GOOD, BAD = Attempt(CallResult(KEY, 1)), Attempt(CallResult(KEY, error="down"), again=True)


async def tried(retries: int, *attempts: Attempt) -> tuple[CallResult, int, list[float]]:
    """Return the result of these attempts, how many were made, and the waits between them."""
    slept: list[float] = []
    left = list(attempts)

    async def once() -> Attempt:
        return left.pop(0)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    result = await repeat(PendingCall(KEY, "h", "s", 1, retries=retries), once, sleep)
    return result, len(attempts) - len(left), slept


@pytest.mark.parametrize(
    ("retries", "attempts", "made", "slept"),
    [
        (0, [BAD, GOOD], 1, []),
        (2, [GOOD, GOOD], 1, []),
        (2, [BAD, GOOD, GOOD], 2, [0.5]),
        (2, [BAD, BAD, BAD, GOOD], 3, [0.5, 2.0]),
        (5, [BAD] * 7, 6, [0.5, 2.0, 2.0, 2.0, 2.0]),
        (2, [BAD._replace(again=False), GOOD], 1, []),
        (2, [BAD._replace(wait_s=7.0), BAD._replace(wait_s=0.0), GOOD], 3, [7.0, 2.0]),
        (2, [BAD._replace(wait_s=3600.0), GOOD], 2, [MAX_WAIT_S]),
    ],
)
async def test_attempts(retries: int, attempts: list[Attempt], made: int, slept: list[float]) -> None:
    """`retries: 2` makes three attempts at most, with short waits; a service may ask for longer ones, to a limit."""
    assert await tried(retries, *attempts) == (attempts[made - 1].result, made, slept)


async def test_same_request() -> None:
    """Every attempt sends the same bytes under the same key."""

    async def sleep(seconds: float) -> None:
        """Be there at once."""

    busy, good = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 201 Yes\r\nContent-Length: 1\r\n\r\n7"
    async with serve_bytes(busy, b"", good) as (port, came):
        calls = Calls({}, http=HttpSteps({"agenda": Service(f"http://127.0.0.1:{port}")}), sleep=sleep)
        result = await calls.call(TALK, replace(call(method="POST", json={"a": 1}), retries=2), {})
        await calls.close()
    assert (result.value["status"], result.value["text"]) == (201, "7")
    assert len(came) == 3
    assert len(set(came)) == 1
    assert f"Idempotency-Key: {KEY}\r\n".encode() in came[0]


@pytest.mark.parametrize(
    ("arguments", "made"), [({"fail": 1}, 2), ({"fail": 9}, 3), ({"fail": "x"}, 0), ({"fail": 0}, 1)]
)
async def test_handler(arguments: dict[str, object], made: int) -> None:
    """A handler that raises is called again; one that is given what it cannot take is not."""
    keys: list[str] = []

    def work(fail: int, ctx: object) -> int:
        keys.append(ctx.idempotency_key)  # type: ignore[attr-defined]
        if len(keys) <= fail:
            raise ValueError("down")
        return 7

    async def sleep(seconds: float) -> None:
        """Be there at once."""

    calls = Calls({"h": describe("h", work)}, sleep=sleep)
    result = await calls.call(TALK, PendingCall(KEY, "h", "s", 1, arguments, retries=2), {})
    await calls.close()
    assert keys == [KEY] * made
    assert (result.value == 7) == (0 < made < 3)
