"""Alerts to a webhook, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from botkit.alerts import AGAIN_S, WAITING_MOST, WAITS_S, AlertHook, log_alert, secrets_of
from botkit.outbox.alert import ALERT_FIELDS, ALERTS, Alert
from tests.waiting import eventually


class Pager:
    """Takes alerts, after the answers of its script."""

    def __init__(self) -> None:
        self.script: list[int] = []
        self.got: list[dict[str, Any]] = []
        self.now = 1_790_000_000.0
        self.set_by = 0.0
        self.slept: list[float] = []
        app = web.Application()
        app.router.add_post("/hook", self.take)
        self.server = TestServer(app)

    async def take(self, request: web.Request) -> web.Response:
        """Note an alert and answer."""
        self.got.append(await request.json())
        return web.Response(status=self.script.pop(0) if self.script else 204)

    async def sleep(self, seconds: float) -> None:
        """Take no time."""
        self.slept.append(seconds)


@pytest.fixture
async def pager() -> AsyncIterator[Pager]:
    """A pager that listens."""
    pager = Pager()
    await pager.server.start_server()
    yield pager
    await pager.server.close()


def hook_to(pager: Pager, language: str = "es", path: str = "/hook") -> AlertHook:
    """Return a hook that sends to the pager."""
    url = str(pager.server.make_url(path))
    return AlertHook(url, language, lambda: pager.now + pager.set_by, lambda: pager.now, pager.sleep)


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("https://hooks.example.com/services/T0001234/abcdEFGHijklMNOPqrst", ["T0001234", "abcdEFGHijklMNOPqrst"]),
        ("https://ana:pass1word@h.example/v1/integration-webhooks?token=k3yk3yk3y&x=1", ["pass1word", "k3yk3yk3y"]),
        ("http://127.0.0.1:9/alerts", []),
    ],
)
def test_keys_of_an_address(url: str, keys: list[str]) -> None:
    """What looks like a key in an address is a secret by itself; words and hosts are none."""
    assert secrets_of(url)[0] == url
    assert sorted(secrets_of(url)[1:]) == sorted(keys)


def test_fields() -> None:
    """Each alert has its fields in the table, and is logged with them and its name, whatever it is about."""
    assert set(ALERT_FIELDS) == set(ALERTS)
    with capture_logs() as lines:
        log_alert("loop", {"channel": "wa", "conversation": "c1"})
    [line] = lines
    assert {"event": "alert", "alert": "loop", "channel": "wa", "conversation": "c1"}.items() <= line.items()


@pytest.mark.parametrize("language", ["es", "en"])
async def test_one_post_per_alert(pager: Pager, language: str) -> None:
    """What, of which channel, a sentence in the bot's language, when, and which requests."""
    hook = hook_to(pager, language)
    hook.start()
    hook.tell("server_errors", {"channel": "whatsapp", "requests": [1, 2, 3]})
    await hook.stop()
    text = ALERTS["server_errors"][("es", "en").index(language)]
    when = "2026-09-21T14:13:20+00:00"
    told = {"alert": "server_errors", "channel": "whatsapp", "requests": [1, 2, 3], "text": text, "at": when}
    assert pager.got == [told]


@pytest.mark.parametrize("set_by", [0.0, -7200.0, 7200.0])
async def test_an_alert_that_comes_and_goes(pager: Pager, set_by: float) -> None:
    """Is told at most once in a while, of each channel, whatever the clock is set to meanwhile."""
    hook = hook_to(pager)
    hook.start()
    for channel in ("a", "a", "b"):
        hook.tell("quota", {"channel": channel})
        pager.set_by = set_by
    pager.now += AGAIN_S
    hook.tell("quota", {"channel": "a"})
    await hook.stop()
    assert [told["channel"] for told in pager.got] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("alert", "raised", "expected"),
    [
        ("doubt_held", [{"messages": [1]}, {"messages": [2]}], [(None, [1]), (None, [2])]),
        ("doubt_held", [{"messages": [1]}, {"messages": [2, 3]}, {"messages": [4]}], [(None, [1]), (2, [2, 3, 4])]),
        ("dead_letter", [{"letter": 1}, {"letter": 2}, {"letter": 3}], [(None, None), (2, None)]),
        ("quota", [{}, {}, {}], [(None, None)]),
    ],
)
async def test_several_of_one_alert(
    pager: Pager, alert: Alert, raised: list[dict[str, Any]], expected: list[tuple[int | None, list[int] | None]]
) -> None:
    """Each is another thing to look at: those that came too soon are told in one once their time has come."""
    hook = hook_to(pager)
    hook.start()
    for fields in raised:
        hook.tell(alert, {"channel": "a", **fields})
    await eventually(lambda: len(pager.got) >= len(expected))
    assert [(told.get("count"), told.get("messages")) for told in pager.got] == expected
    assert [seconds for seconds in pager.slept if seconds] == [AGAIN_S] * (len(expected) - 1)
    assert ("Desde la última alerta son 2." in pager.got[-1]["text"]) is (expected[-1][0] == 2)
    await hook.stop()


async def test_a_stop_tells_what_was_held_back(pager: Pager) -> None:
    """A bot that ends does not keep to itself what a person must look at."""
    hook = hook_to(pager)
    hook.start()
    for number in (1, 2):
        hook.tell("doubt_held", {"channel": "a", "messages": [number]})
    await hook.stop()
    assert [told["messages"] for told in pager.got] == [[1], [2]]


async def test_a_hook_that_stumbles(pager: Pager) -> None:
    """Is asked again, later and later."""
    pager.script = [500, 302]
    hook = hook_to(pager)
    hook.start()
    hook.tell("quota", {"channel": "a"})
    await hook.stop()
    assert (len(pager.got), pager.slept) == (3, list(WAITS_S))


async def test_a_hook_that_fails_is_logged_without_its_address(pager: Pager) -> None:
    """Its address may be a secret."""
    hook = hook_to(pager, path="/token-123")
    with capture_logs() as lines:
        hook.start()
        hook.tell("quota", {"channel": "a"})
        await hook.stop()
    assert [(line["event"], line["why"]) for line in lines] == [("alert_lost", "404")]
    assert "token-123" not in str(lines)


async def test_nobody_waits_for_a_hook(pager: Pager) -> None:
    """One that hangs holds nothing up: what is too much is lost, and said to be."""
    hook = hook_to(pager)
    with capture_logs() as lines:
        for number in range(WAITING_MOST + 1):
            hook.tell("quota", {"channel": number})
    assert [line["event"] for line in lines] == ["alert_lost"]
    await asyncio.wait_for(hook.stop(), 1)
