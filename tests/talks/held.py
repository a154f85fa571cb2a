"""Talks that are held on a rehearsal, then read from its store as commands read them from a bot's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from botkit.flow.flowset import FlowSet
from botkit.gateway.compose import compose
from botkit.gateway.ladder import fit as ladder
from botkit.ports import DeskStore
from botkit.server.operations import OPERATIONS
from botkit.talks.mask import Masks
from botkit.talks.recorded import Talk
from botkit.talks.replay import Played, replay
from botkit.talks.script import Scripts, Written
from botkit.talks.source import talks

_SHOWN = compose({"base_url": "sandbox"}).shown


class Desk:
    """Asks the operations of a store."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Return what an operation gives."""
        told = {name: value for name, value in arguments.items() if value is not None}
        return await OPERATIONS[operation].run(self._store, told)


def whole(channel: str, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Leave a message as a rehearsal does."""
    return [message]


def cut(channel: str, message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Cut a message as the sandbox's channel does."""
    return ladder(message, _SHOWN)


async def held(store: DeskStore, since: float | None = None) -> list[Talk]:
    """Return every talk that a store has."""
    return [talk async for talk in talks(Desk(store), since)]


async def replayed(store: DeskStore, flows: FlowSet) -> list[Played]:
    """Play every talk of a store again."""
    return [await replay(talk, flows, whole) for talk in await held(store)]


async def exported(store: DeskStore, flows: FlowSet, *, personal: bool = True) -> list[Written]:
    """Write the talks of a store as tests."""
    found = await held(store)
    masks = Masks(flows.bot.language, personal=personal)
    masks.meet(found[0].contact, None)
    for talk in found:
        for turn in talk.turns:
            masks.hear(turn, flows)

    async def each() -> AsyncIterator[Talk]:
        for talk in found:
            yield talk

    return [test async for test in Scripts(flows, whole, masks, "talk of {at}").tests(each())]
