"""Telling the bot: signed webhooks, in order per contact, again and again until it answers.

Posts of one contact stand in a lane; a lane has one task while it has posts, and its head blocks what
is behind it. Any 2xx settles a post. A 4xx other than 408 and 429 refuses it for good: the bot said that
it will never take it. All else, silence too, is tried again after 1, 2, 4, ... 30 s, for a day.
"""

import asyncio
import hashlib
import hmac
from collections import deque
from dataclasses import dataclass

import aiohttp

from botkit.gateway.sandbox.clock import Clock
from botkit.gateway.sandbox.journal import Entry, Journal

BACKOFF_MAX_S = 30.0
GIVE_UP_S = 24 * 3600.0
ANSWER_TIMEOUT_S = 10.0
CONNECTIONS = 100
PENDING_MAX = 100_000


@dataclass(slots=True)
class Post:
    """One webhook request: its body, and the chat entries that it tells."""

    lane: str
    raw: bytes
    entries: tuple[Entry, ...]
    not_before: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to: `delivered`, `refused` or `retrying`, and why."""

    state: str
    detail: str


def sign(secret: str, raw: bytes) -> str:
    """Return the `X-Signature` header for a body."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def judge(status: int) -> Outcome:
    """Return what a bot's answer means."""
    if 200 <= status < 300:
        return Outcome("delivered", "")
    if 400 <= status < 500 and status not in (408, 429):
        return Outcome("refused", f"HTTP {status}")
    return Outcome("retrying", f"HTTP {status}")


def backoff_s(attempts: int) -> float:
    """Return how long to wait after so many failed attempts."""
    return min(2.0 ** min(attempts - 1, 10), BACKOFF_MAX_S)


class Courier:
    """Carries posts to the bot's webhook."""

    def __init__(self, webhook_url: str | None, secret: str, journal: Journal, clock: Clock) -> None:
        self.webhook_url = webhook_url
        self.reachable: bool | None = None
        self.detail = ""
        self.pending = 0
        self._secret = secret
        self._journal = journal
        self._clock = clock
        self._lanes: dict[str, deque[Post]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Get ready to carry."""
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def close(self) -> None:
        """Drop what is not told yet: the sandbox lives in memory."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    @property
    def pushes(self) -> bool:
        """Whether the bot has a webhook; else it asks."""
        return self.webhook_url is not None

    def has_room_for(self, posts: int) -> bool:
        """Tell whether so many more posts may wait."""
        return self.pending + posts <= PENDING_MAX

    def enqueue(self, post: Post) -> None:
        """Put a post at the end of its lane."""
        self.pending += 1
        lane = self._lanes.get(post.lane)
        if lane is not None:
            lane.append(post)
            return
        self._lanes[post.lane] = deque([post])
        task = asyncio.create_task(self._run(post.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await self._carry(lane[0])
            lane.popleft()
            self.pending -= 1
        del self._lanes[name]

    async def _carry(self, post: Post) -> None:
        await self._wait_until(post.not_before)
        first_at = self._clock.time()
        attempts = 0
        while True:
            outcome = await self._attempt(post.raw)
            attempts += 1
            now = self._clock.time()
            if outcome.state == "retrying" and now - first_at >= GIVE_UP_S:
                outcome = Outcome("given_up", outcome.detail)
            for entry in post.entries:
                self._journal.mark(entry, outcome.state, outcome.detail, attempts, now)
            self._tell_reachable(outcome)
            if outcome.state != "retrying":
                return
            await self._clock.sleep(backoff_s(attempts))

    async def _wait_until(self, at: float) -> None:
        delay_s = at - self._clock.time()
        if delay_s > 0:
            await self._clock.sleep(delay_s)

    async def _attempt(self, raw: bytes) -> Outcome:
        assert self._session is not None
        if self.webhook_url is None:
            return Outcome("refused", "nothing is pushed any more")
        headers = {"Content-Type": "application/json", "X-Signature": sign(self._secret, raw)}
        try:
            async with self._session.post(
                self.webhook_url, data=raw, headers=headers, allow_redirects=False
            ) as response:
                await response.content.readany()
                return judge(response.status)
        except TimeoutError:
            return Outcome("retrying", "no answer")
        except aiohttp.ClientConnectorError:
            return Outcome("retrying", "cannot connect")
        except (aiohttp.ClientError, OSError):
            return Outcome("retrying", "connection lost")

    def _tell_reachable(self, outcome: Outcome) -> None:
        reachable = outcome.state in ("delivered", "refused")
        if (reachable, outcome.detail) != (self.reachable, self.detail):
            self.reachable, self.detail = reachable, outcome.detail
            self._journal.publish("bot", self.state())

    def state(self) -> dict[str, object]:
        """Return how the bot answers, as JSON shows it."""
        return {"reachable": self.reachable, "detail": self.detail, "webhook_url": self.webhook_url}
