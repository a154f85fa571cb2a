"""The calls of handlers and web services: the real ones, with an eye on the keys that they go out with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from botkit.calls import Calls
from botkit.handlers import Handler
from botkit.http_steps import HttpSteps
from botkit.ports import Clock
from botkit.retries import Attempt
from botkit.turn.conversation import Conversation, PendingCall
from botkit.uploads import Upload
from tests.simulate.service import reference

_RESULT = "SELECT 1 FROM journal WHERE json_extract(CAST(entry AS TEXT), '$.call.key') = ?"
_RESULTS = (
    "SELECT json_extract(CAST(entry AS TEXT), '$.call.key'), json_extract(CAST(entry AS TEXT), '$.call.value.text')"
    " FROM journal WHERE json_extract(CAST(entry AS TEXT), '$.call.value.status') = 200"
)


class Asked:
    """What was called under which key, by all processes; `wrong` is what does not hold."""

    def __init__(self, path: Path, wrong: list[str]) -> None:
        self._path, self._wrong = path, wrong
        self._known: dict[str, tuple[str, Mapping[str, Any]]] = {}

    def note(self, call: PendingCall) -> None:
        """Look at a call that goes out now."""
        what = (call.handler, call.arguments)
        if self._known.setdefault(call.key, what) != what:
            self._wrong.append(f"key: {call.key} was given to two calls: {self._known[call.key]} and {what}")
        with closing(sqlite3.connect(self._path)) as db:
            if db.execute(_RESULT, (call.key,)).fetchone():
                self._wrong.append(f"asked again: {call.handler}, whose result is in the journal")

    def mixed_up(self, db: sqlite3.Connection) -> Iterator[str]:
        """Find results in the journal that belong to another call."""
        for key, text in db.execute(_RESULTS):
            que = self._known[key][1]["json"]["que"]
            if text not in ("<html>", orjson.dumps({"ref": reference(que)}).decode()):
                yield f"result: the call for {que!r} has the result {text!r}"


class SimCalls(Calls):
    """The real calls."""

    def __init__(self, asked: Asked, handlers: Mapping[str, Handler], http: HttpSteps, clock: Clock) -> None:
        super().__init__(handlers, http=http, sleep=clock.sleep)
        self._asked = asked

    async def ask(self, call: PendingCall, upload: Upload) -> Attempt:
        """Ask a web service once."""
        self._asked.note(call)
        return await super().ask(call, upload)

    async def once(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> Attempt:
        """Call a handler once."""
        self._asked.note(call)
        return await super().once(conversation, call, contact)
