"""Asking a gateway what is new: the request that a profile describes, filled in with how far the listing was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from botkit.errors import EvaluationError
from botkit.flow.values import OMIT
from botkit.gateway.body import compile_tree, encode_json
from botkit.gateway.client import HttpGateway
from botkit.gateway.listing import NAMES, Mark, values_of
from botkit.gateway.ways_in import PollRequest
from botkit.ports import Answer, WireRequest


class Asker:
    """A poll's request, compiled once. Raises BodyError for a template that is wrong."""

    def __init__(self, request: PollRequest, gateway: HttpGateway) -> None:
        self._request, self._gateway = request, gateway
        self._query = compile_tree(request.query, frozenset(NAMES))
        self._body = None if request.body is None else compile_tree(request.body, frozenset(NAMES))

    async def ask(self, mark: Mark, now: float) -> tuple[Answer, bytes]:
        """Ask once; return what came of it, and the bytes of a 2xx. Raises EvaluationError."""
        return await self._gateway.ask(self.render(mark, now))

    def render(self, mark: Mark, now: float) -> WireRequest:
        """Return the request behind a mark; raises EvaluationError."""
        values = {**values_of(mark, now), "omit": OMIT}
        query = urlencode(_pairs(self._query(values)), errors="replace")
        body = b"" if self._body is None else encode_json(self._body(values))
        path = self._request.path + (("&" if "?" in self._request.path else "?") + query if query else "")
        return WireRequest(self._request.method, path, "application/json", body)


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return names and values, without those that have no value yet; a list is a value after the other."""
    pairs = []
    for name, value in query.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                raise EvaluationError(f"'{name}' of the query is a group of keys")
            if each is not None and each != "":
                pairs.append((name, str(each).lower() if isinstance(each, bool) else str(each)))
    return pairs
