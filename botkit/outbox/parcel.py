"""Parcels: which rows go as one request, and how that request is written for the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from botkit.errors import EvaluationError, message_of
from botkit.outbox.load import FROM_S
from botkit.outbox.loaded import Load
from botkit.outbox.merge import MAX_ROWS, is_plain, merge
from botkit.ports import Clock, Gateway, OutboxRow, OutboxStore, WireRequest

_NOTHING = WireRequest("POST", "/", "application/json", b"")
_POISON = (EvaluationError, ValueError, LookupError, TypeError, AttributeError)


class Parcel(NamedTuple):
    """The rows of one request, by id, and the request; `why` says why their message cannot be written, if so."""

    rows: tuple[int, ...]
    wire: WireRequest
    why: str | None


class Parcels:
    """Makes up the requests of one key, whose level is `load`'s."""

    def __init__(self, store: OutboxStore, gateway: Gateway, clock: Clock, load: Load) -> None:
        self._store, self._gateway, self._clock, self._load = store, gateway, clock, load

    async def of(self, row: OutboxRow) -> Parcel:
        """Return the request that a row goes in: one row, or where requests are scarce those that merge.

        Raises StoreUnavailable.
        """
        rows, message = await self._rows(row)
        return Parcel(rows, *self._written(row.contact, message))

    async def _rows(self, row: OutboxRow) -> tuple[tuple[int, ...], Mapping[str, Any]]:
        message = orjson.loads(row.message)
        if not self._is_scarce(row) or not is_plain(message):
            return (row.id,), message
        followers = await self._store.followers(row, self._clock.now(), MAX_ROWS - 1)
        return merge(row, followers, lambda longer: len(self._gateway.fit(longer)) == 1)

    def _is_scarce(self, row: OutboxRow) -> bool:
        """Tell whether a row goes with what is behind it: a new reply would wait, or this one has, as after a hold."""
        has_waited = row.lane == "talk" and self._clock.now() - row.created_at >= FROM_S["yellow"]
        return has_waited or self._load.level != "green"

    def _written(self, contact: str, message: Mapping[str, Any]) -> tuple[WireRequest, str | None]:
        """Return the request that shows a message, or why there is none."""
        try:
            return self._gateway.render(contact, message), None
        except _POISON as error:
            # Sentences of ours name files and kinds of messages; others may repeat what is in the message.
            return _NOTHING, message_of(error) if isinstance(error, EvaluationError) else type(error).__name__
