"""Alerts to a webhook: one POST of JSON for each, behind everything else.

What is told: which alert of which channel, a sentence, when, and the requests that a gateway's support asks for; never
a key, a number or a text. Nobody waits for it: it is tried some times and then logged as lost, and so is what comes
while too much waits.

The same alert of a channel is told some time apart at least. One about a state that comes and goes meanwhile is not
told again; one about a single thing (a message, an event, a conversation) is, together with all others of that time.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import structlog

from botkit.outbox.alert import ALERTS, OF_ONE, SEVERAL, Alert

#: An alert of a channel.
_What = tuple[Alert, object]
_Fields = Mapping[str, object]

log = structlog.get_logger("botkit.alerts")

#: Seconds before each attempt at an alert.
WAITS_S = (0.0, 5.0, 30.0)
TIMEOUT_S = 10.0
#: Alerts that wait at most; the same one of a channel is told so many seconds apart at least, however often it is over.
WAITING_MOST, AGAIN_S = 100, 900.0
#: Characters from which a part of an address may be a key: with a digit, and without one.
KEY_FROM, LONG_KEY_FROM = 8, 16
#: How long a stop waits for those that are under way, in seconds.
GRACE_S = 2.0


def secrets_of(url: str) -> list[str]:
    """Return an address and what in it looks like a key, for a log that must not show them.

    A word of an address (`services`, `v1`) is none: it would be hidden wherever it stands.
    """
    told = urlsplit(url)
    parts = re.split("[/&=:;]", "/".join((told.path, told.query, told.fragment, *told.netloc.rpartition("@")[:1])))
    return [url, *(part for part in parts if _is_key(part))]


def _is_key(part: str) -> bool:
    has_digit = any(sign.isdigit() for sign in part)
    return len(part) >= KEY_FROM and (has_digit or (len(part) >= LONG_KEY_FROM and part != part.lower()))


def log_alert(alert: Alert, fields: _Fields) -> None:
    """Log an alert, whatever it is about: the event `alert`, with its name as `alert`."""
    log.error("alert", alert=alert, what=ALERTS[alert][1], **fields)


class AlertHook:
    """Sends alerts to `url`, in `language`. `start` it first, `stop` it last.

    `now` is the wall clock, which an alert tells; `steady` one that is never set, which tells them apart.
    """

    def __init__(
        self,
        url: str,
        language: str,
        now: Callable[[], float],
        steady: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._url, self._language, self._now, self._steady, self._sleep = url, language, now, steady, sleep
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING_MOST)
        self._told_at: dict[_What, float] = {}
        #: Those of single things that came too soon after another, and who tells them once their time has come.
        self._held_back: dict[_What, list[_Fields]] = {}
        self._naps: dict[_What, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None

    def tell(self, alert: Alert, fields: _Fields) -> None:
        """Have an alert sent; returns at once. One that was sent a moment ago is dropped, or comes later (`OF_ONE`)."""
        what = (alert, fields.get("channel"))
        wait_s = AGAIN_S - (self._steady() - self._told_at.get(what, float("-inf")))
        if wait_s <= 0:
            self._put(what, [*self._held_back.pop(what, ()), fields])
        elif alert in OF_ONE:
            self._held_back.setdefault(what, []).append(fields)
            if what not in self._naps:
                self._naps[what] = asyncio.create_task(self._tell_later(what, wait_s), name="alerts held back")

    async def _tell_later(self, what: _What, wait_s: float) -> None:
        await self._sleep(wait_s)
        del self._naps[what]
        if held_back := self._held_back.pop(what, None):
            self._put(what, held_back)

    def _put(self, what: _What, raised: Sequence[_Fields]) -> None:
        """Have one request sent for all that were raised, the oldest first."""
        alert, now = what[0], self._now()
        self._told_at[what] = self._steady()
        at = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        spoken = 0 if self._language == "es" else 1
        told: dict[str, object] = {"alert": alert, "text": ALERTS[alert][spoken], "at": at, **raised[-1]}
        if len(raised) > 1:
            told |= {"text": f"{told['text']} {SEVERAL[spoken].format(n=len(raised))}", "count": len(raised)}
        if "messages" in told:
            told["messages"] = [number for fields in raised for number in cast(Sequence[int], fields["messages"])]
        try:
            self._waiting.put_nowait(told)
        except asyncio.QueueFull:
            log.error("alert_lost", alert=alert, why="too many wait")

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._run(), name="alerts")

    async def stop(self) -> None:
        """Send what waits if that is quick, and nothing more."""
        for nap in self._naps.values():
            nap.cancel()
        for what, held_back in self._held_back.items():
            self._put(what, held_back)
        self._held_back.clear()
        if self._task is None:
            return
        try:
            await asyncio.wait_for(self._waiting.join(), GRACE_S)
        except TimeoutError:
            log.warning("alerts_left", count=self._waiting.qsize() + 1)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
            while True:
                told = await self._waiting.get()
                try:
                    await self._send(session, told)
                finally:
                    self._waiting.task_done()

    async def _send(self, session: aiohttp.ClientSession, told: Mapping[str, Any]) -> None:
        why = ""
        for wait_s in WAITS_S:
            await self._sleep(wait_s)
            try:
                async with session.post(self._url, json=told, allow_redirects=False) as response:
                    if 200 <= response.status <= 299:
                        return
                    why = str(response.status)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                why = type(error).__name__  # its text may hold the address, which may be a secret
        log.error("alert_lost", alert=told["alert"], why=why)
