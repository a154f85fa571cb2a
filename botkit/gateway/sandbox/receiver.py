"""`POST /messages`, the one thing that the published page of the real gateway describes, and what else takes the key.

`GET /messages` lists what people wrote, `GET /media/ID` gives a file.

In this order: key, faults before accepting, rate window, body, acceptance, faults after. So a request
with a wrong key spends nothing of the limit, and one with a bad body spends a slot, as on most servers. One limit
for every verb of the key.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hmac import compare_digest

import orjson
from aiohttp import web

from botkit.gateway.sandbox.body import BadBodyError, load_object
from botkit.gateway.sandbox.clock import Clock
from botkit.gateway.sandbox.dials import Dials
from botkit.gateway.sandbox.fault import Answer, Faults, Stage, refusal
from botkit.gateway.sandbox.intake import check_json, read_raw
from botkit.gateway.sandbox.journal import Attempt, Journal
from botkit.gateway.sandbox.outbound import Message, read_message
from botkit.gateway.sandbox.shelf import Shelf
from botkit.gateway.sandbox.teller import Teller

#: What is done with a request that nothing refuses.
Do = Callable[[web.Request, bytes, Attempt], Answer]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Takes the bot's messages, or refuses them as the gateway would."""

    key: str
    journal: Journal
    faults: Faults
    dials: Dials
    teller: Teller
    shelf: Shelf
    clock: Clock

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Answer `POST /messages`."""
        in_at = self.clock.time()
        try:
            raw = await read_raw(request)
        except BadBodyError as error:
            return web.Response(status=400, body=refusal(400, str(error)).raw, content_type="application/json")
        attempt = self.journal.request(raw, _recipient(raw), in_at)
        answer = await self._answer(request, raw, attempt, self._accept)
        attempt.out_at, attempt.status = self.clock.time(), answer.status
        if answer.status is None and request.transport is not None:
            request.transport.abort()
        return _response(answer)

    async def get_messages(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /messages`: what people wrote, behind the mark `after`."""
        raw = request.query_string.encode()
        attempt = self.journal.request(raw, None, self.clock.time())
        answer = await self._answer(request, raw, attempt, self._list)
        attempt.out_at, attempt.status = self.clock.time(), answer.status
        if answer.status is None and request.transport is not None:
            request.transport.abort()
        return _response(answer)

    def _list(self, request: web.Request, _: bytes, __: Attempt) -> Answer:
        after = request.query.get("after", "0")
        try:
            listing = self.teller.mailbox.listing(after, self.clock.time(), is_pushed=self.teller.courier.pushes)
        except BadBodyError as error:
            return refusal(400, str(error))
        return Answer(200, orjson.dumps(listing))

    async def get_media(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /media/ID`: the bytes of what a person sent."""
        refused = self._refuse_key(request) or self._refuse_rate()
        if refused is not None:
            return _response(refused)
        medium = self.shelf.get(request.match_info["id"])
        if medium is None:
            return _response(refusal(404, "there is no such medium"))
        return web.Response(body=medium.content, content_type=medium.mime)

    async def _answer(self, request: web.Request, raw: bytes, attempt: Attempt, do: Do) -> Answer:
        refused = self._refuse_key(request)
        if refused is not None:
            return refused
        fault = await self._meet("before", attempt)
        if fault is not None:
            return self._with_retry_after(fault, None)
        refused = self._refuse_rate()
        if refused is not None:
            return refused
        accepted = do(request, raw, attempt)
        if accepted.status != 200:
            return accepted
        return await self._meet("after", attempt) or accepted

    def _refuse_key(self, request: web.Request) -> Answer | None:
        if compare_digest(request.headers.get("X-Api-Key", "").encode(), self.key.encode()):
            return None
        return refusal(401, "missing, malformed or invalid API key")

    def _refuse_rate(self) -> Answer | None:
        wait_s = self.dials.window.hit(self.clock.time())
        return self._with_retry_after(refusal(429, "too many requests"), wait_s) if wait_s else None

    def _with_retry_after(self, answer: Answer, wait_s: float | None) -> Answer:
        if answer.status not in (429, 503):
            return answer
        return replace(answer, retry_after=self.dials.retry_after(wait_s, self.clock.time()))

    def _accept(self, request: web.Request, raw: bytes, attempt: Attempt) -> Answer:
        try:
            check_json(request)
            message = self._shelve(read_message(raw))
        except BadBodyError as error:
            return refusal(400, str(error))
        now = self.clock.time()
        entry = self.journal.accept(message, now)
        attempt.id = entry.id
        self.teller.tell_statuses(entry, self.dials.setting.statuses)
        return Answer(200, orjson.dumps({"id": entry.id}))

    def _shelve(self, message: Message) -> Message:
        """Return a message whose inline bytes stand on the shelf; raise BadBodyError for an id that nobody gave."""
        body = dict(message.body)
        data = body.pop("data", None)
        if data is not None:
            body["media_id"] = self.shelf.put(data, body["mime"], body.get("name")).id
        if "media_id" not in body:
            return message
        medium = self.shelf.get(body["media_id"])
        if medium is None:
            raise BadBodyError("there is no medium with this 'media_id'")
        return replace(message, body=body | {"mime": medium.mime})

    async def _meet(self, stage: Stage, attempt: Attempt) -> Answer | None:
        for fault in self.faults.meet(stage, self.clock.time()):
            attempt.fault = fault.kind
            if fault.delay_s:
                await self.clock.sleep(fault.delay_s)
            if fault.answer is not None:
                return fault.answer
        return None


def _response(answer: Answer) -> web.Response:
    headers = {"Retry-After": answer.retry_after} if answer.retry_after else None
    return web.Response(status=answer.status or 500, body=answer.raw, content_type=answer.content_type, headers=headers)


def _recipient(raw: bytes) -> str | None:
    try:
        to = load_object(raw).get("to")
    except BadBodyError:
        return None
    return to if isinstance(to, str) else None
