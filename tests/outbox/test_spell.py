"""A gateway that is away for five minutes, as its page says happens, with fifty replies queued."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from botkit.clock import SystemClock
from botkit.gateway.client import HttpGateway
from botkit.outbox.merge import BETWEEN
from botkit.outbox.worker import OutboxWorker
from botkit.store.sqlite import SqliteStore
from tests.outbox.conftest import Bench
from tests.outbox.http import Remote, profile_of, queue, sandbox

SPELL_S = 300.0
#: How long after the end of a spell the first message has arrived, in seconds.
BACK_S = 75.0
PEOPLE, TEXTS = 10, 5


async def test_nothing_is_lost_in_a_503_spell(bench: Bench) -> None:
    """By virtual time: all arrive, each contact's in order, the first within 75 s of the end; a person is told once."""
    bench.gateway.script = ["unavailable"] * 1_000
    began = bench.clock.now()
    rows = [bench.put(f"c{n % PEOPLE}", str(n)) for n in range(PEOPLE * TEXTS)]
    await bench.run(SPELL_S)
    bench.gateway.script = []
    tried = len(bench.gateway.sent)
    assert tried <= 5 + 6  # a burst, then the probes
    await bench.run(BACK_S + 150)
    arrived = bench.gateway.sent[tried:]
    assert arrived[0][0] - began <= SPELL_S + BACK_S
    assert [bench.store.status(row) for row in rows] == ["sent"] * len(rows)
    for person in range(PEOPLE):
        texts = [int(each) for _, to, text in arrived if to == f"c{person}" for each in text.split(BETWEEN)]
        assert texts == sorted(texts)
    assert sorted(int(each) for _, _, text in arrived for each in text.split(BETWEEN)) == list(range(PEOPLE * TEXTS))
    assert bench.alerts == ["unavailable_long"]


async def test_five_minutes_are_told_by_the_clock(bench: Bench) -> None:
    """Not by the next probe, which is up to a minute later, or when the gateway said."""
    bench.gateway.script = ["unavailable"] * 1_000
    bench.put("591")
    await bench.run(SPELL_S)
    assert bench.alerts == []
    await bench.run(1)
    assert bench.alerts == ["unavailable_long"]
    await bench.run(3 * SPELL_S)
    assert bench.alerts == ["unavailable_long"]


def _parts(message: Mapping[str, Any]) -> list[str]:
    """Return the texts of a message that may have been merged."""
    text: str = message["body"]["text"]
    return text.split(BETWEEN)


@pytest.mark.soak
async def test_nothing_is_lost_in_a_503_spell_of_the_sandbox() -> None:
    """The same in real time, over HTTP, under the real limit of thirty a minute."""
    clock = SystemClock()
    with sandbox() as url:
        profile = profile_of(url, rate={"limit": 30, "per": "60s"}, timeout=10)
        store = await SqliteStore.open(":memory:")
        async with aiohttp.ClientSession() as session, HttpGateway(profile, clock) as gateway:
            remote = Remote(url, session)
            await remote.arm("unavailable", for_s=SPELL_S)
            ends = time.time() + SPELL_S
            worker = OutboxWorker(store, gateway, clock, key="wa", owner="wa", limits=profile.limits)
            await worker.start()
            for person in range(PEOPLE):
                await queue(store, f"5917{person}", [f"{person} {n}" for n in range(TEXTS)], time.time())
            worker.wake()
            async with asyncio.timeout(SPELL_S + BACK_S + 150):
                while len([each for said in await remote.get("messages") for each in _parts(said)]) < PEOPLE * TEXTS:
                    await clock.sleep(1)
            await worker.stop()
            messages = await remote.get("messages")
        await store.close()
    assert messages[0]["at"] - ends <= BACK_S
    for person in range(PEOPLE):
        said = [each for message in messages if message["to"] == f"5917{person}" for each in _parts(message)]
        assert said == [f"{person} {n}" for n in range(TEXTS)]
