"""`/_sandbox/*`: what the phone page, a test and a bench ask of the sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from aiohttp import web

from botkit.gateway.sandbox.body import BadBodyError, Body, Json, load_object
from botkit.gateway.sandbox.clock import Clock
from botkit.gateway.sandbox.courier import Courier
from botkit.gateway.sandbox.dials import DIALS, Dials
from botkit.gateway.sandbox.fault import FAULTS, Faults
from botkit.gateway.sandbox.guard import Handler, guarded
from botkit.gateway.sandbox.intake import check_json, read_raw
from botkit.gateway.sandbox.journal import Entry, Journal
from botkit.gateway.sandbox.outbound import ADDRESS_LIMIT, NAME_LIMIT
from botkit.gateway.sandbox.shelf import MEDIUM_LIMIT, Shelf
from botkit.gateway.sandbox.stream import Hub, stream
from botkit.gateway.sandbox.teller import FullError, Teller

HISTORY_KEPT = 500


@dataclass(frozen=True, slots=True)
class Control:
    """The sandbox's own API."""

    journal: Journal
    courier: Courier
    teller: Teller
    faults: Faults
    dials: Dials
    shelf: Shelf
    hub: Hub
    clock: Clock

    def routes(self) -> list[web.RouteDef]:
        """Return the API's routes."""
        post, get = web.post, web.get
        return [
            post("/_sandbox/inbound", _json_post(self.post_inbound)),
            post("/_sandbox/contacts", _json_post(self.post_contact)),
            post("/_sandbox/faults", _json_post(self.post_fault)),
            post("/_sandbox/reset", _json_post(self.post_reset)),
            get("/_sandbox/state", _json_get(self.get_state)),
            get("/_sandbox/faults", _json_get(self.get_faults)),
            get("/_sandbox/contacts", _json_get(self.get_contacts)),
            get("/_sandbox/messages", _json_get(self.get_messages)),
            get("/_sandbox/inbound", _json_get(self.get_inbound)),
            get("/_sandbox/requests", _json_get(self.get_requests)),
            get("/_sandbox/history", _json_get(self.get_history)),
            post("/_sandbox/media", guarded(self.post_media)),
            get("/_sandbox/media/{id}", guarded(self.get_media)),
            get("/_sandbox/events", guarded(self.get_events), allow_head=False),
        ]

    def post_inbound(self, body: dict[str, Json]) -> Json:
        """Tell the bot something, from a pretended person."""
        return {"ids": self.teller.tell(body)}

    def post_contact(self, body: dict[str, Json]) -> Json:
        """Add or rename a contact."""
        fields = Body(body)
        contact_id = fields.text("id", limit=ADDRESS_LIMIT)
        name = fields.text("name", limit=NAME_LIMIT, default=contact_id)
        fields.finish()
        return asdict(self.journal.meet(contact_id, name, self.clock.time()))

    def post_fault(self, body: dict[str, Json]) -> Json:
        """Arm a fault or turn a dial."""
        fields = Body(body)
        kind = fields.one_of("kind", (*FAULTS, *DIALS))
        if kind in FAULTS:
            self.faults.arm(kind, fields, self.clock.time())
        else:
            self.dials.turn(kind, fields)
        return self._state()

    def post_reset(self, body: dict[str, Json]) -> Json:
        """Clear every fault and turn every dial back."""
        Body(body).finish()
        self.faults.clear()
        self.dials.reset()
        return self._state()

    def get_state(self, _: web.Request) -> Json:
        """Return how the bot answers and what is armed."""
        return self._state()

    def get_faults(self, _: web.Request) -> Json:
        """Return the table of faults and what is armed."""
        kinds = {name: kind.sentence for name, kind in FAULTS.items()}
        return {"kinds": kinds, "dials": list(DIALS), "active": self.faults.listing()}

    def get_contacts(self, _: web.Request) -> Json:
        """Return the contacts, the one heard of last first."""
        return {"contacts": [asdict(contact) for contact in reversed(self.journal.contacts.values())]}

    def get_messages(self, request: web.Request) -> Json:
        """Return what was accepted, in order."""
        found = _matching(self.journal.messages.after(_after(request)), request.query.get("to"))
        return {
            "messages": [
                {"n": n, "id": e.id, "to": e.contact, "type": e.type, "body": e.body, "at": e.at} for n, e in found
            ]
        }

    def get_inbound(self, request: web.Request) -> Json:
        """Return what the bot was to be told, in order, and how far that has come."""
        found = _matching(self.journal.inbound.after(_after(request)), request.query.get("from"))
        state = request.query.get("state")
        return {"inbound": [asdict(entry) | {"n": n} for n, entry in found if state is None or entry.state == state]}

    def get_requests(self, request: web.Request) -> Json:
        """Return every request to `/messages`, in order, whatever it was answered."""
        to = request.query.get("to")
        found = self.journal.requests.after(_after(request))
        return {"requests": [{"n": n} | asdict(one) for n, one in found if to is None or one.to == to]}

    def get_history(self, request: web.Request) -> Json:
        """Return one contact's chat, or the end of all chats."""
        found = _matching(self.journal.chats.after(_after(request)), request.query.get("contact"))
        return {"history": [asdict(entry) for _, entry in found][-HISTORY_KEPT:]}

    async def post_media(self, request: web.Request) -> web.Response:
        """Keep what a person attaches: the bytes are the body, `?name=` is the file's name."""
        try:
            content = await read_raw(request)
        except BadBodyError as error:
            return _json({"error": str(error)}, 400)
        name = request.query.get("name", "")[:NAME_LIMIT] or None
        if not content or len(content) > MEDIUM_LIMIT:
            return _json({"error": f"a medium has 1 to {MEDIUM_LIMIT} bytes"}, 400)
        medium = self.shelf.put(content, request.content_type, name)
        address = f"{request.url.origin()}/media/{medium.id}"
        return _json({"media_id": medium.id, "url": address, "mime": medium.mime, "filename": name})

    async def get_media(self, request: web.Request) -> web.Response:
        """Return a medium to the page, which has no key; never as a page of its own."""
        medium = self.shelf.get(request.match_info["id"])
        if medium is None:
            return _json({"error": "there is no such medium"}, 404)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return web.Response(body=medium.content, content_type=medium.mime, headers=headers)

    async def get_events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens."""
        return await stream(request, self.hub, self.clock)

    def _state(self) -> dict[str, Any]:
        return {
            "run": self.journal.run,
            "bot": self.courier.state(),
            "pending": self.courier.pending,
            "faults": self.faults.listing(),
            **asdict(self.dials.setting),
        }


def _matching(found: Iterator[tuple[int, Entry]], contact: str | None) -> Iterator[tuple[int, Entry]]:
    return ((n, entry) for n, entry in found if contact is None or entry.contact == contact)


def _after(request: web.Request) -> int:
    value = request.query.get("after", "0")
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadBodyError("'after' must be a number")
    return int(value)


def _json(value: Json, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


def _json_get(answer: Callable[[web.Request], Json]) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        try:
            return _json(answer(request))
        except BadBodyError as error:
            return _json({"error": str(error)}, 400)

    return guarded(handler)


def _json_post(answer: Callable[[dict[str, Json]], Json]) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        try:
            check_json(request)
            return _json(answer(load_object(await read_raw(request))))
        except BadBodyError as error:
            return _json({"error": str(error)}, 400)
        except FullError as error:
            return _json({"error": str(error)}, 503)

    return guarded(handler)
