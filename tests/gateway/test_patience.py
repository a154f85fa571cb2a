"""Time limits of a process that sleeps: an answer that came meanwhile is read, none is waited for any longer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine

import pytest

from botkit.gateway.client import HttpGateway
from botkit.gateway.patience import ASLEEP_S, READS_S, within
from botkit.testing.clock import FakeClock
from tests.gateway.captured import sandbox_profile
from tests.simulate.loop import VirtualLoop

LIMIT_S = 10.0
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"id":"m1"}'


def played(work: Coroutine[object, object, str]) -> tuple[str, float]:
    """Return what a virtual loop makes of something, and how long that took."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work), loop.time()
    finally:
        loop.close()


async def asked(asleep_s: float, *, is_answered: bool) -> str:
    """Wait for an answer within the limit; a second after its begin the process sleeps, and the answer comes."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    answer = loop.create_future()

    def sleep() -> None:
        loop.pass_time(asleep_s)
        if is_answered:
            loop.call_soon(answer.set_result, "answered")  # what a selector finds goes before the timers

    loop.call_later(1.0, sleep)
    try:
        async with within(loop.time() + LIMIT_S):
            return str(await answer)
    except TimeoutError:
        return "late"


@pytest.mark.parametrize(
    ("asleep_s", "is_answered", "found", "lasts_s"),
    [
        (0.0, True, "answered", 1.0),
        (0.0, False, "late", LIMIT_S),
        (3600.0, True, "answered", 3601.0),
        (3600.0, False, "late", 3601.0 + READS_S),
        (LIMIT_S - 1 + ASLEEP_S, False, "late", LIMIT_S + ASLEEP_S),
    ],
)
def test_within(asleep_s: float, is_answered: bool, found: str, lasts_s: float) -> None:
    """Who wakes late reads what has come for a moment; who is only busy waits no longer than was said."""
    came, after_s = played(asked(asleep_s, is_answered=is_answered))
    assert (came, round(after_s, 6)) == (found, lasts_s)


async def test_an_answer_that_came_in_sleep_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose answer lies in its socket as the process wakes, its time over, is not in doubt."""
    loop = asyncio.get_running_loop()
    shift_s, read, answered = 0.0, threading.Event(), threading.Event()
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + shift_s)

    def sleep() -> None:
        nonlocal shift_s
        read.set()
        assert answered.wait(5.0)
        shift_s = 3600.0

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            loop.call_soon_threadsafe(sleep)
            assert read.wait(5.0)
            connection.sendall(ANSWER)
            answered.set()
            connection.recv(65536)  # until it is read

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        async with HttpGateway(sandbox_profile(url, timeout=5.0), FakeClock()) as gateway:
            answer = await gateway.send(gateway.render("591", {"type": "text", "text": "Hola"}))
        thread.join(5.0)
    assert (answer.verdict, answer.gateway_id) == ("sent", "m1")
