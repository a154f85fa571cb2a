"""People who write to the bot without end, the gateway's tries again included, and the web service that it asks.

A person writes the next message when the one before was answered 200, as gateways keep the order of a chat; until then
the same bytes come again. Now and then a message that was answered comes once more. To a bot that asks they write at
the gateway, which lists it. All of it on a thread of its own.

Now and then one asks for somebody of the business, who reads at the bot's control socket what was written, replies, and
gives the conversation back: each until it is answered, under an id that makes it count once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import aiohttp
from aiohttp import web

from tests.crash.bot import ASIDE, HELP, TALK
from tests.invariants import Heard

CHANNEL = "whatsapp"
SECRET = b"sandbox-secret"
PEOPLE = 8
#: Between an answer and the next message, in seconds, and before the next try while the bot is down.
PAUSE_S = (0.1, 1.2)
AGAIN_S = 0.03
#: How long a webhook may take to answer.
PATIENCE_S = 12.0
#: One message in so many comes once more.
COPIED = 8
#: One order in so many is preceded by a word with somebody of the business.
HELPED = 4
#: Seconds that the web service takes.
SERVICE_S = 0.01
#: What goes wrong there with one request in so many: it is asked again, but for an answer that is no JSON.
TROUBLED, TROUBLES = 10, ("broken", "busy", "cut", "garbage")


class People:
    """Everybody who writes to `url`, the bot's webhook or the gateway of a bot that asks.

    Those of the business are at `desk`, its control socket. `sent` are the events that were posted, `heard` those
    answered 200.
    """

    def __init__(self, url: str, desk: Path, seed: int) -> None:
        self.sent: set[str] = set()
        self.heard: list[Heard] = []
        #: contact -> the orders that it has confirmed, in order.
        self.orders: dict[str, list[str]] = {}
        #: contact -> how often it was helped and given back.
        self.helped: Counter[str] = Counter()
        #: What was written while somebody had the conversation.
        self.asides: list[str] = []
        self.refused: list[str] = []
        self.asked = 0
        self.service_port = 0
        self._url, self._desk = url, desk
        self._random = random.Random(seed)
        self._old: deque[bytes] = deque(maxlen=100)
        self._quiet = False
        self._loop = asyncio.new_event_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._over = asyncio.Event()
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._live(),), daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._until_ready(), self._loop).result(PATIENCE_S)

    def hush(self) -> None:
        """Let everybody end what they write, and say no more."""
        self._quiet = True

    @property
    def are_quiet(self) -> bool:
        """Whether everything that was posted was answered."""
        return self._quiet and not self._writing

    def end(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    async def _until_ready(self) -> None:
        await self._ready

    async def _live(self) -> None:
        runner = web.AppRunner(self._service(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.service_port = runner.addresses[0][1]
        timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(force_close=True)) as session:
            connector = aiohttp.UnixConnector(str(self._desk), force_close=True)
            desk = aiohttp.ClientSession("http://bot", timeout=timeout, connector=connector)
            people = [asyncio.create_task(self._talk(session, desk, f"5917000{n:04}")) for n in range(PEOPLE)]
            self._writing = len(people)
            self._ready.set_result(None)
            await self._over.wait()
            for each in people:
                each.cancel()
            await asyncio.gather(*people, return_exceptions=True)
            await desk.close()
        await runner.cleanup()

    async def _talk(self, session: aiohttp.ClientSession, desk: aiohttp.ClientSession, contact: str) -> None:
        orders = self.orders[contact] = []
        number, plate = 0, ""
        while not self._quiet:
            if number % len(TALK) == 0 and self._random.randrange(HELPED) == 0:
                await self._be_helped(session, desk, contact)
            text = TALK[number % len(TALK)].format(f"{contact[-2:]}-{number}")
            await self._say(session, contact, f"{contact}-{number}", text)
            if number % len(TALK) == 1:
                plate = text
            elif number % len(TALK) == 2:
                orders.append(plate)
            number += 1
            if self._random.randrange(COPIED) == 0:
                await self._post(session, self._random.choice(self._old))
            await asyncio.sleep(self._random.uniform(*PAUSE_S))
        self._writing -= 1

    async def _be_helped(self, session: aiohttp.ClientSession, desk: aiohttp.ClientSession, contact: str) -> None:
        """Ask for somebody, tell them, be answered, and be given back to the bot."""
        name = f"{contact}-h{self.helped[contact]}"
        about = ASIDE.format(name)
        await self._say(session, contact, name, HELP)
        await self._say(session, contact, f"{name}-a", about)
        self.asides.append(f"{name}-a")
        path = f"/api/handoffs/{contact}"
        await self._ask(desk, path, None, lambda told: about in [each["text"] for each in told.get("messages", ())])
        for action, body in (("reply", {"text": f"Sobre {about}."}), ("release", {})):
            await self._ask(desk, f"{path}/{action}", {**body, "id": name}, lambda told: "event_id" in told)
        self.helped[contact] += 1

    async def _ask(
        self, desk: aiohttp.ClientSession, path: str, body: dict[str, Any] | None, hopes: Callable[[Any], bool]
    ) -> None:
        """Ask the control API until it answers what one hopes for."""
        while True:
            try:
                async with desk.request("POST" if body else "GET", path, json=body) as response:
                    told = await response.json()
                if hopes(told):
                    return
                if response.status not in (200, 503) and (body or response.status != 404):
                    self.refused.append(f"{path}: HTTP {response.status}: {told}")
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
                pass  # it is down
            await asyncio.sleep(AGAIN_S)

    async def _say(self, session: aiohttp.ClientSession, contact: str, number: str, text: str) -> None:
        """Post a message until it is answered 200."""
        item = {"id": number, "type": "text", "from": contact, "name": "Ana", "text": text}
        body = json.dumps(item).encode()
        self.sent.add(number)
        while (status := await self._post(session, body)) != 200:
            if status is not None and status != 503:
                self.refused.append(f"{number}: HTTP {status}")
            await asyncio.sleep(AGAIN_S)
        self.heard.append(Heard(CHANNEL, "message", number))
        self._old.append(body)

    async def _post(self, session: aiohttp.ClientSession, body: bytes) -> int | None:
        """Return the status that a body was answered, None without an answer."""
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": signature}
        try:
            async with session.post(self._url, data=body, headers=headers) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    def _service(self) -> web.Application:
        async def charge(request: web.Request) -> web.Response:
            asked: dict[str, Any] = await request.json()
            self.asked += 1
            await asyncio.sleep(SERVICE_S)
            trouble = self._random.choice(TROUBLES) if self._random.randrange(TROUBLED) == 0 else ""
            if trouble == "cut" and request.transport is not None:
                request.transport.abort()
            bad = {"broken": (500, {}), "busy": (503, {"Retry-After": "1"}), "garbage": (200, {})}
            if trouble in bad:
                status, headers = bad[trouble]
                return web.Response(status=status, headers=headers, text="<html>")
            return web.json_response({"ref": f"ref {asked['plato']}"})

        app = web.Application()
        app.router.add_post("/cobros", charge)
        return app
