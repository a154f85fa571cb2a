"""From a wish to posts: copies, shuffling, batches and delays, as gateways do them unasked."""

from dataclasses import dataclass
from random import Random

import orjson

from botkit.gateway.sandbox.body import BadBodyError, Body, Json
from botkit.gateway.sandbox.clock import Clock
from botkit.gateway.sandbox.courier import Courier, Post
from botkit.gateway.sandbox.fault import DAY_S
from botkit.gateway.sandbox.inbound import Item, echo_item, read_item, status_item
from botkit.gateway.sandbox.journal import Entry, Journal
from botkit.gateway.sandbox.mailbox import Mailbox

COPIES_MAX = 100
MESSAGES_MAX = 10_000
SEED_MAX = 2**53


class FullError(Exception):
    """Too many webhooks wait for the bot already."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How to tell: how often, in which order, how late, one by one or together."""

    copies: int
    shuffle: bool
    delay_s: float
    batch: bool
    seed: int


@dataclass(frozen=True, slots=True)
class Teller:
    """Turns wishes into posts and hands them to the courier, and to the mailbox, for a bot that asks."""

    journal: Journal
    courier: Courier
    mailbox: Mailbox
    clock: Clock

    def tell(self, wish: dict[str, Json]) -> list[str]:
        """Tell the bot what `wish` asks for and return the ids; raise BadBodyError, FullError."""
        manner, wishes = _read_manner(wish)
        now = self.clock.time()
        items = [read_item(one, new_id=self.journal.new_id, name_of=self.journal.name_of, now=now) for one in wishes]
        if not self.courier.has_room_for(len(items) * manner.copies):
            raise FullError(f"{self.courier.pending} webhooks wait for the bot already")
        told = [(item, self.journal.receive(item, now)) for item in items]
        for item, entry in told:
            self.mailbox.put(item.payload, entry, now + manner.delay_s)
        for post in _posts(told, manner, now) if self.courier.pushes else []:
            self.courier.enqueue(post)
        return [item.id for item in items]

    def tell_statuses(self, entry: Entry, statuses: tuple[str, ...]) -> None:
        """Tell the bot how a message that it sent is getting on; what finds no room is dropped."""
        for status in statuses:
            if not self.courier.has_room_for(1):
                return
            now = self.clock.time()
            item = (
                echo_item(entry.contact, entry.id, entry.body, now)
                if status == "echo"
                else status_item(entry.contact, entry.id, status, now)
            )
            self.mailbox.put(item.payload, None, now)
            if self.courier.pushes:
                self.courier.enqueue(Post(entry.contact, orjson.dumps(item.payload), (), now))


def _read_manner(wish: dict[str, Json]) -> tuple[Manner, list[Json]]:
    body = Body(wish)
    manner = Manner(
        copies=body.integer("copies", low=1, high=COPIES_MAX, default=1),
        shuffle=body.boolean("shuffle"),
        delay_s=body.number("delay_s", low=0, high=DAY_S, default=0),
        batch=body.boolean("batch"),
        seed=body.integer("seed", low=0, high=SEED_MAX, default=0),
    )
    if not body.has("messages"):
        return manner, [body.rest()]
    wishes = body.take("messages")
    body.finish()
    if not isinstance(wishes, list) or not 1 <= len(wishes) <= MESSAGES_MAX:
        raise BadBodyError(f"'messages' must be a list of 1 to {MESSAGES_MAX}")
    return manner, wishes


def _posts(told: list[tuple[Item, Entry]], manner: Manner, now: float) -> list[Post]:
    """Return the posts in the order of telling; shuffled ones wait for nobody, each in its own lane."""
    queue = [pair for pair in told for _ in range(manner.copies)]
    if manner.shuffle:
        Random(manner.seed).shuffle(queue)
    not_before = now + manner.delay_s
    if manner.batch:
        raw = orjson.dumps([item.payload for item, _ in queue])
        return [Post(queue[0][0].contact, raw, tuple(entry for _, entry in told), not_before)]
    return [
        Post(
            f"{item.contact}\n{item.id}\n{place}" if manner.shuffle else item.contact,
            orjson.dumps(item.payload),
            (entry,),
            not_before,
        )
        for place, (item, entry) in enumerate(queue)
    ]
