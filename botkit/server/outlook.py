"""The whole outbox at a moment: how each channel stands, when each row is expected to leave, and why not yet."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from math import isfinite
from operator import attrgetter
from typing import Any

from botkit.outbox.forecast import InAir, Leaving, Queue, Spot, View, expect, in_air, key_reason
from botkit.outbox.load import wait_s
from botkit.ports import Lane
from botkit.server.ingress import Ingress
from botkit.server.ways import Way, view_of
from botkit.turn.effect import CLASSES

Row = dict[str, Any]
#: Rank of a row -> the name of its class.
CLASS_OF = {rank: name for name, rank in CLASSES.items()}


class Outlook:
    """What is to be expected of the outbox; made by `look`."""

    def __init__(
        self, ways: Mapping[str, Way], views: Mapping[str, View], lanes: list[Lane], air: list[Row], now: float
    ) -> None:
        self._ways, self._views, self._now = ways, views, now
        by_channel: defaultdict[str, list[Lane]] = defaultdict(list)
        for lane in lanes:
            by_channel[lane.channel].append(lane)
        self._queues = {channel: Queue(by_channel[channel]) for channel in {*views, *by_channel}}
        self.air = air
        self._out = {row["conversation_id"]: _in_air(row) for row in air}

    @classmethod
    async def look(cls, ingress: Ingress) -> Outlook:
        """Return the outbox of a bot as it stands now."""
        store, now, ways = ingress.store, ingress.now(), ingress.ways()
        views = {channel: await view_of(store, channel, way, now) for channel, way in ways.items()}
        lanes, air = await store.lanes(), await store.rows_in_air()
        # A queue may be long, and putting it in order would hold up everybody else.
        return await asyncio.to_thread(cls, ways, views, lanes, air, now)

    def channel(self, name: str) -> Row:
        """Return how a channel stands. Times are UTC seconds; `wait_s` None is a wait that does not end by itself."""
        view, queue, way = self._views[name], self._queues[name], self._ways[name]
        limits, key = view.limits, view.key
        wait = wait_s(limits, key, view.usage, queue.talk_ahead, self._now)
        statuses = [row["status"] for row in self.air if row["channel"] == name]
        return {
            "channel": name,
            "running": way.sender is not None,
            "limit": limits.limit,
            "period_s": limits.period_s,
            "configured_limit": way.limits.limit,
            "level": view.level(queue, self._now),
            "wait_s": round(wait, 1) if isfinite(wait) else None,
            "paused_at": view.paused_at,
            "held": key_reason(view, self._now),
            "held_until": key.held_until if key.held_until > self._now else None,
            "waiting": {word: queue.waiting.get(rank, 0) for word, rank in CLASSES.items()},
            "flying": statuses.count("flying"),
            "uncertain": statuses.count("uncertain"),
            "deaf": way.deafness(),
        }

    def channels(self, name: str | None = None) -> list[Row]:
        """Return how the channels stand, or one of them."""
        return [self.channel(each) for each in sorted(self._views) if name in (None, each)]

    def first(self, channel: str | None, count: int) -> list[Spot]:
        """Return the places of the rows that leave first."""
        queues = [queue for name, queue in self._queues.items() if channel in (None, name)]
        return sorted((spot for queue in queues for spot in queue.first(count)), key=attrgetter("ahead"))[:count]

    def spots(self, conversation_id: str, channel: str) -> Iterator[Spot]:
        """Yield the places of a contact's rows that wait, lane by lane, in order."""
        if (queue := self._queues.get(channel)) is not None:
            for lane in queue.lanes(conversation_id):
                yield from (queue.spot(lane, depth) for depth in range(lane.rows))

    def waiting(self, row: Row, spot: Spot) -> Row:
        """Return a row that waits with what is to be expected of it."""
        leaving = self._expect(row, spot)
        return {**row, "class": CLASS_OF[spot.lane.rank], "ahead": spot.ahead, "at": leaving.at, "why": leaving.why}

    def flying(self, row: Row) -> Row:
        """Return a row that is out or in doubt with what is to be expected of it."""
        view = self._views.get(row["channel"])
        leaving = in_air(view, _in_air(row), self._now) if view is not None else Leaving(None, row["status"])
        return {**row, "class": CLASS_OF[row["rank"]], "ahead": 0, "at": self._at(row, leaving.at), "why": leaving.why}

    def _expect(self, row: Row, spot: Spot) -> Leaving:
        view = self._views.get(row["channel"])
        if view is None:
            return Leaving(None, "gone")
        level = view.level(self._queues[row["channel"]], self._now)
        leaving = expect(view, spot, self._out.get(row["conversation_id"]), level, self._now)
        if self._ways[row["channel"]].sender is None and leaving.why != "paused":
            return Leaving(None, "not running")
        return leaving

    def _at(self, row: Row, at: float | None) -> float | None:
        way = self._ways.get(row["channel"])
        return at if way is not None and way.sender is not None else None


def _in_air(row: Row) -> InAir:
    return InAir(row["status"], row["attempts"] or 0, row["due_at"])


async def rows_at(ingress: Ingress, outlook: Outlook, spots: list[Spot]) -> list[Row]:
    """Return the rows at these places, in their order; a place that is empty by now is left out."""
    found: dict[tuple[Lane, int], Row] = {}
    for lane, places in groupby(sorted(spots, key=lambda spot: spot.lane), key=lambda spot: spot.lane):
        deepest = max(spot.depth for spot in places)
        rows = await ingress.store.waiting_rows(lane.conversation_id, lane.lane, deepest + 1)
        found |= {(lane, depth): row for depth, row in enumerate(rows)}
    return [outlook.waiting(found[at], spot) for spot in spots if (at := (spot.lane, spot.depth)) in found]
