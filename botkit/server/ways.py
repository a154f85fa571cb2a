"""The ways out of a bot as those who run it see them: what each channel may send, who sends, and whether it is paused.

That a channel is paused stands in the store: it lasts over restarts, and can be said while no process runs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from botkit.outbox.forecast import View
from botkit.outbox.key import dump_key, link, load_key, reload
from botkit.outbox.learn import MARGIN_CAP_S
from botkit.outbox.rate import Limits
from botkit.outbox.retry import OnUncertain
from botkit.ports import Answer, Deafness, DeskStore, QueueControl, QueueStore, StoryStore

#: How the store calls the fact that a channel is paused.
_PAUSED = "paused/{}"
#: What `ready` says of a channel that is paused.
PAUSED_NOTICE = "nothing leaves by channel {0}: it is paused; `botkit outbox resume {0}`"


class Sender(Protocol):
    """What sends the messages of a channel, in a bot that runs."""

    paused: bool

    def wake(self) -> None:
        """Look at the outbox now."""
        ...

    async def resume(self) -> None:
        """Let messages leave again, and probe at once what a person may have mended."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """How messages of a channel leave: what its key may send, what becomes of doubts, who sends (None: no bot runs).

    `knock` spends one request that is no message; `deafness` tells since when nothing was heard.
    """

    limits: Limits
    policy: OnUncertain = "resend_once"
    sender: Sender | None = None
    knock: Callable[[], Awaitable[Answer]] | None = None
    deafness: Callable[[], Deafness | None] = lambda: None


class WayStore(DeskStore, QueueStore, QueueControl, StoryStore, Protocol):
    """What is needed of a store."""


async def paused_at(store: DeskStore, channel: str) -> float | None:
    """Return when a channel was paused, in UTC seconds; None if it is not."""
    said = await store.get_meta(_PAUSED.format(channel))
    return float(said) if said else None


async def pause(store: DeskStore, channel: str, way: Way, now: float) -> None:
    """Have nothing more leave by a channel until it is resumed; what is out is not called back."""
    if await paused_at(store, channel) is None:
        await store.set_meta(_PAUSED.format(channel), str(now))
    if way.sender is not None:
        way.sender.paused = True


async def resume(store: WayStore, channel: str, way: Way, now: float) -> None:
    """Have messages leave again; what a person may have mended of the key is probed at once, as after a reload."""
    await store.set_meta(_PAUSED.format(channel), "")
    if way.sender is not None:
        await way.sender.resume()
        return
    key = reload(link(load_key(await store.key_state(channel)), is_linked=True), now)
    await store.save_key_state(channel, dump_key(key), now)


async def restore(store: DeskStore, ways: Mapping[str, Way]) -> list[str]:
    """Pause the senders of the channels that were paused before a restart; return these channels."""
    paused = [channel for channel in ways if await paused_at(store, channel) is not None]
    for channel in paused:
        if (sender := ways[channel].sender) is not None:
            sender.paused = True
    return paused


async def view_of(store: WayStore, channel: str, way: Way, now: float) -> View:
    """Return a channel's key as it stands now."""
    entries = await store.ledger(channel, now - way.limits.held_s - MARGIN_CAP_S)
    sendings = [(each.sent_at, each.answered_at) for each in entries]
    view = View.stored(way.limits, await store.key_state(channel), sendings, now)
    return replace(view, paused_at=await paused_at(store, channel), policy=way.policy)
