"""The running bot, as it tells of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

import aiohttp

from botkit.doctor.finding import Finding
from botkit.errors import StoreReason
from botkit.ports import RESTORED

#: Seconds to wait for `/readyz`.
PATIENCE_S = 5.0
#: How far a clock may have been set since the bot's start, or be from a gateway's, in seconds; from `WRONG_S` on people
#: come to the wrong time.
MOVED_S, WRONG_S = 2.0, 300.0
#: Why a key is held that goes on by itself within a minute or so.
PASSING = frozenset(("throttled", "limit", RESTORED))


async def examine_process(url: str, *, runs: bool) -> list[Finding]:
    """Return how the bot is that listens at `url`; `runs`: a process has the store."""
    if not runs:
        return [Finding("odd", "process-none")]
    told = await _readiness(url)
    return [Finding("bad", "process-silent", {"url": url})] if told is None else list(_told(told))


async def misses_store(url: str) -> bool:
    """Return whether a bot listens at `url` whose store is no longer in its place."""
    told = await _readiness(url)
    return isinstance(told, dict) and told.get("store") == "moved"


async def _readiness(url: str) -> Any:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S), trust_env=False) as session,
            session.get(f"{url}/readyz") as response,
        ):
            return await response.json()
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return None


def examine_queue(channels: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what keeps messages from leaving by a person's word, and how many are in doubt; `paused_at` is a text."""
    for row in channels:
        if row["paused_at"] is not None:
            yield Finding("odd", "paused", {"channel": row["channel"], "since": row["paused_at"]})
        if row["uncertain"]:
            yield Finding("odd", "in-doubt", {"channel": row["channel"], "n": row["uncertain"]})


def _told(told: dict[str, Any]) -> Iterator[Finding]:
    counts = told.get("counts", {})
    if told.get("ready") is not True and told.get("store") in get_args(StoreReason):
        yield Finding("bad", "store-takes-nothing", {"reason": told["store"]})
    elif told.get("ready") is not True:
        yield Finding("bad", "process-not-ready")
    else:
        yield Finding("well", "process", {"target": told.get("target"), "pending": counts.get("outbox_pending", 0)})
    for channel, why in told.get("held", {}).items():
        yield Finding("odd" if why in PASSING else "bad", "key-held", {"channel": channel, "why": why})
    for channel, deaf in told.get("deaf", {}).items():
        yield Finding("bad" if deaf["is_long"] else "odd", "deaf", {"channel": channel, **deaf})
    if hung := told.get("handlers_hung", 0):
        yield Finding("odd", "handlers-hung", {"n": hung})
    if dead := counts.get("inbox_dead", 0):
        yield Finding("odd", "dead-letters", {"n": dead})
    if abs(moved := told.get("clock_moved_s", 0.0)) > MOVED_S:
        yield Finding("odd", "clock-moved", {"seconds": moved})
    for channel, off in told.get("clock_off_s", {}).items():
        yield _clock(channel, off)


def _clock(channel: str, off_s: float) -> Finding:
    """Return how the machine's clock stands to a gateway's, as its last answer told the time."""
    values = {"channel": channel, "seconds": abs(off_s)}
    if abs(off_s) <= MOVED_S:
        return Finding("well", "clock", values)
    return Finding("bad" if abs(off_s) >= WRONG_S else "odd", "clock-fast" if off_s > 0 else "clock-slow", values)
