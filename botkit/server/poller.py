"""The other way in: a gateway that does not push is asked what is new, again and again.

Somebody waits for each message that is not yet known, so a poll counts as a request that a person waits for, one at a
time. Each costs a request of the key: while replies wait, polls take a tenth of the limit at most, for what is heard
later than it could be answered is heard in time. Events are committed before the mark moves: a kill between the two
lists them again, and the inbox counts each once.

What the key is told (401, 403, 429, 503, no connection) holds it, and the next poll waits for the end of that in the
gate. Any other failure is the listing's own: it is asked again later and later, and a person is told after five minutes
that the bot hears nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import structlog

from botkit.errors import EvaluationError, IntakeError, StoreUnavailable
from botkit.gateway.listing import Listed, Listing, Mark
from botkit.ports import Answer, Arrival, Clock, Deafness, Errand

log = structlog.get_logger("botkit.poll")

#: Name of the fact that a store keeps: the mark, for each channel.
META = "poll"
#: While replies wait, of so many requests one is a poll.
OF_REQUESTS = 10
#: Bytes from which an answer is read on a thread: 4 MB are 20,000 items and 0.7 s, and others must not wait for it.
LARGE = 64 * 1024
#: Arrivals that are committed together: bounds how long they hold the store.
TOGETHER = 100
#: Pages that are asked for at once, 2,000 items of a hundred a page: `more` may be a slip that is always true.
PAGES_AT_ONCE = 20
#: Behind these, of so many requests one is a poll.
OF_PAGES = 2
#: A listing that fails is asked for again after `every`, twice that … so many seconds; after so many a person is told.
PAUSE_CAP_S, ALERT_S = 60.0, 300.0
#: After an answer that holds the key, which the gate waits for, and after a store that refuses, in seconds.
AT_ONCE_S, STORE_PAUSE_S = 1.0, 5.0
#: Verdicts after which the key says when it may be asked again.
OF_THE_KEY = frozenset(("unauthorized", "throttled", "unavailable", "unreachable"))


class Asker(Protocol):
    """What asks the gateway."""

    async def ask(self, mark: Mark, now: float) -> tuple[Answer, bytes]:
        """Ask once; return what came of it, and the bytes of a 2xx (`sent`). Raises EvaluationError."""
        ...


class Facts(Protocol):
    """What keeps the mark."""

    async def get_meta(self, name: str) -> str | None:
        """Return a fact about the store."""
        ...

    async def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the store."""
        ...


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poller needs of its channel.

    `every_s` is how long after an answer the gateway is asked again, `spacing_s` the time of one request at the limit.
    `slot` holds a request of the key, `is_busy` tells whether replies wait, `file` commits events, `on_deaf` tells a
    person that nothing is heard.
    """

    channel: str
    every_s: float
    spacing_s: float
    asker: Asker
    listing: Listing
    slot: Callable[[], AbstractAsyncContextManager[Errand]]
    is_busy: Callable[[], bool]
    file: Callable[[Sequence[Arrival]], Awaitable[None]]
    on_deaf: Callable[[], None]


class Poller:
    """Asks one channel's gateway what is new, from `start` to `stop`."""

    def __init__(self, polled: Polled, store: Facts, clock: Clock) -> None:
        self._polled, self._store, self._clock = polled, store, clock
        self._name = f"{META}:{polled.channel}"
        self._mark: Mark | None = None
        self._failures = self._pages = 0
        self._failing_since: float | None = None
        self._is_told = self._is_refusal_told = False
        self._status: int | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def channel(self) -> str:
        """The channel that is asked."""
        return self._polled.channel

    @property
    def deafness(self) -> Deafness | None:
        """Since when what people write could not be read; None while it can."""
        if self._failing_since is None:
            return None
        since = self._clock.now() - (self._clock.monotonic() - self._failing_since)
        return {"since": since, "status": self._status, "is_long": self._is_told}

    async def start(self) -> None:
        """Begin to ask."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Ask no more; what is being read is listed again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                pause_s = await self._look()
            except StoreUnavailable as error:
                log.warning("poll_waits_for_store", channel=self._polled.channel, error=str(error))
                pause_s = STORE_PAUSE_S
            except Exception:  # a defect of ours: said loudly, and no reason to hear nobody any more
                log.exception("poll_failed", channel=self._polled.channel)
                self._status = None
                self._count()
                pause_s = PAUSE_CAP_S
            await self._clock.sleep(pause_s)

    async def _look(self) -> float:
        """Ask once and take in what is new; return how long to wait before the next time."""
        mark = self._mark or await self._begin()
        async with self._polled.slot() as errand:
            try:
                answer, body = await self._polled.asker.ask(mark, self._clock.now())
            except EvaluationError as error:
                return self._fail(str(error))
            errand.answer = answer
        if answer.verdict in OF_THE_KEY:
            return AT_ONCE_S
        if answer.verdict != "sent":
            log.debug("poll_answer", channel=self._polled.channel, answer=answer.detail)
            return self._fail(answer.detail if answer.verdict == "unreadable" else "", answer)
        try:
            return await self._take(body, mark)
        except IntakeError as error:
            return self._fail(str(error), answer)

    async def _begin(self) -> Mark:
        """Return the mark that is kept, and keep a new one before the first question: it says when that was."""
        kept = await self._store.get_meta(self._name)
        self._mark = mark = self._polled.listing.mark(kept, self._clock.now())
        if kept is None:
            await self._store.set_meta(self._name, mark.dump())
        return mark

    async def _take(self, body: bytes, mark: Mark) -> float:
        """Commit what an answer lists, and then the mark; raises IntakeError."""
        listed = await self._read(body, mark)
        for first in range(0, len(listed.arrivals), TOGETHER):
            await self._polled.file(listed.arrivals[first : first + TOGETHER])
        moved = listed.mark != mark
        if moved:
            await self._move(listed.mark)
        if listed.old and mark.is_new:
            log.info("poll_skipped", channel=self._polled.channel, older_than_the_bot=listed.old)
        self._tell_of_refused(listed.refused)
        self._hear()
        # A gateway that says "more" and shows the same would be asked without end.
        self._pages = self._pages + 1 if listed.more and moved else 0
        return self._pause_s(is_empty=not (listed.arrivals or listed.old))

    def _tell_of_refused(self, refused: int) -> None:
        """Log that items were left out which no rule takes: once, for a listing repeats them."""
        if refused and not self._is_refusal_told:
            log.warning("poll_items_refused", channel=self._polled.channel, count=refused, why="no rule takes them")
        self._is_refusal_told = bool(refused)

    async def _move(self, mark: Mark) -> None:
        """Keep the mark behind what was committed."""
        await self._store.set_meta(self._name, mark.dump())
        self._mark = mark

    async def _read(self, body: bytes, mark: Mark) -> Listed:
        read, now = self._polled.listing.read, self._clock.now()
        return read(body, mark, now) if len(body) < LARGE else await asyncio.to_thread(read, body, mark, now)

    def _pause_s(self, *, is_empty: bool) -> float:
        """Return how long to wait after an answer; `is_empty`: it listed nothing."""
        spacing_s = self._polled.spacing_s
        busy_s = OF_REQUESTS * spacing_s if self._polled.is_busy() else 0.0
        if self._pages == PAGES_AT_ONCE:
            log.warning("poll_more_without_end", channel=self._polled.channel, pages=self._pages, field="more")
        if not self._pages or (is_empty and self._pages >= PAGES_AT_ONCE):
            return max(self._polled.every_s, busy_s)
        return max(OF_PAGES * spacing_s if self._pages >= PAGES_AT_ONCE else 0.0, busy_s)

    def _hear(self) -> None:
        if self._failing_since is not None:
            log.info("poll_heard_again", channel=self._polled.channel)
        self._failures, self._failing_since, self._is_told, self._status = 0, None, False, None

    def _fail(self, why: str, answer: Answer | None = None) -> float:
        """Note that the listing could not be had; return how long to leave it alone."""
        self._status = answer.http_status if answer else None
        self._count()
        doubled_s = min(self._polled.every_s * (1 << min(self._failures - 1, 10)), PAUSE_CAP_S)
        named_s = (answer.retry_after_s or 0.0) if answer else 0.0
        pause_s = max(doubled_s, self._polled.every_s, named_s)
        verdict = answer.verdict if answer else "unwritable"
        fields = {"http_status": self._status, "verdict": verdict, "why": why or None, "pause_s": pause_s}
        log.warning("poll_refused", channel=self._polled.channel, **fields)
        return pause_s

    def _count(self) -> None:
        """Note a failure, whatever it was, and tell a person once it has gone on for long."""
        now = self._clock.monotonic()
        self._failures += 1
        self._failing_since = now if self._failing_since is None else self._failing_since
        if now - self._failing_since >= ALERT_S and not self._is_told:
            self._is_told = True
            self._polled.on_deaf()
