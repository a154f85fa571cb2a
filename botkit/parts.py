"""Parts of a bot that serves, made from its settings: ways out, ways in, and who hears of alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from botkit.alerts import AlertHook, log_alert
from botkit.calls import Calls
from botkit.clock import SystemClock
from botkit.errors import StoreOwned, StoreReason
from botkit.flow.flowset import FlowSet
from botkit.forgetting import LogEmptying
from botkit.gateway.client import HttpGateway
from botkit.gateway.inbound import Reader
from botkit.gateway.listing import Listing
from botkit.gateway.media import Files
from botkit.gateway.poll import Asker
from botkit.gateway.profile import Profile
from botkit.gateway.ways_in import Poll
from botkit.outbox.alert import Alert, Tell
from botkit.outbox.report import raise_alert
from botkit.outbox.worker import OutboxWorker
from botkit.ports import Answer, Deafness, Expiring, WireRequest
from botkit.retention import Retention
from botkit.runtime import Runtime
from botkit.server.poller import Polled, Poller
from botkit.server.ways import Way
from botkit.server.webhook import Filing, Intake
from botkit.settings import Settings
from botkit.store.sqlite import SqliteStore
from botkit.store.writer import Writer
from botkit.store_watch import StoreWatch

#: Seconds that a start waits for a store that another process has, and between two looks at it.
OWNED_S, OWNED_PAUSE_S = 10.0, 0.1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes the parts that a proof of recovery has to break: others of the same signature do as well."""

    writer: Callable[..., Writer] = Writer
    gateway: Callable[..., HttpGateway] = HttpGateway
    calls: Callable[..., Calls] = Calls
    poller: Callable[..., Poller] = Poller


async def open_store(
    path: Path, writer: Callable[..., Writer], clock: SystemClock, stopping: asyncio.Event
) -> SqliteStore:
    """Open the store; a command, or a process that leaves, may own it for a moment: raises StoreOwned after OWNED_S."""
    until, is_told = clock.monotonic() + OWNED_S, False
    while True:
        try:
            return await SqliteStore.open(path, writer=writer)
        except StoreOwned as error:
            if stopping.is_set() or clock.monotonic() >= until:
                raise
            if not is_told:
                log.warning("store_owned", why=str(error), waits_s=OWNED_S)
            is_told = True
        await clock.sleep(OWNED_PAUSE_S)


def tell_alerts(base: AsyncExitStack, settings: Settings, clock: SystemClock) -> Tell:
    """Return what logs alerts, and until `base` ends sends them to an address, if there is one."""
    url = settings.alerts.webhook
    if url is None:
        return log_alert
    hook = AlertHook(url, settings.bot.language, clock.now, clock.monotonic, clock.sleep)
    hook.start()
    base.push_async_callback(hook.stop)

    def tell(alert: Alert, fields: Mapping[str, object]) -> None:
        log_alert(alert, fields)
        hook.tell(alert, fields)

    return tell


def watch_store(
    base: AsyncExitStack, store: SqliteStore, clock: SystemClock, tell: Tell
) -> Callable[[], Awaitable[StoreReason | None]]:
    """Begin to look whether the store takes what it is given, until `base` ends; return what asks that."""
    watch = StoreWatch(store, clock, tell)
    watch.start()
    base.push_async_callback(watch.stop)
    return watch.ask


async def open_gateways(
    base: AsyncExitStack,
    profiles: Mapping[str, Profile],
    clock: SystemClock,
    files: Files,
    make: Callable[..., HttpGateway],
) -> dict[str, HttpGateway]:
    """Return the way out of each channel, open until `base` ends."""
    return {
        channel: await base.enter_async_context(make(profile, clock, files=files))
        for channel, profile in profiles.items()
    }


def facts_of(
    calls: Calls,
    workers: Mapping[str, OutboxWorker],
    gateways: Mapping[str, HttpGateway],
    pollers: Sequence[Poller],
    clock: SystemClock,
) -> dict[str, Any]:
    """Return what `/readyz` tells: hung handlers, requests in flight, channels paused, keys held, who is deaf.

    And a clock that is off.

    It is off as `HttpGateway.clock_off_s` says, for each channel whose gateway told a time.
    """
    off = {channel: gateway.clock_off_s for channel, gateway in gateways.items()}
    return {
        "handlers_hung": calls.threads.hung,
        "flying": {channel: worker.flying for channel, worker in workers.items()},
        "paused": [channel for channel, worker in workers.items() if worker.paused],
        "held": {channel: worker.held for channel, worker in workers.items() if worker.held},
        "deaf": {each.channel: each.deafness for each in pollers if each.deafness is not None},
        "clock_moved_s": round(clock.moved_s(), 1),
        "clock_off_s": {channel: round(off_s, 1) for channel, off_s in off.items() if off_s is not None},
    }


def ways_of(
    profiles: Mapping[str, Profile],
    workers: Mapping[str, OutboxWorker],
    gateways: Mapping[str, HttpGateway],
    pollers: Sequence[Poller],
) -> dict[str, Way]:
    """Return the way out of each channel, as those who run the bot see it."""
    asking = {each.channel: each for each in pollers}

    def deafness(channel: str) -> Deafness | None:
        return asking[channel].deafness if channel in asking else None

    return {
        channel: Way(
            profile.limits,
            profile.on_uncertain,
            workers[channel],
            partial(knock, workers[channel], gateways[channel]),
            partial(deafness, channel),
        )
        for channel, profile in profiles.items()
    }


async def knock(worker: OutboxWorker, gateway: HttpGateway) -> Answer:
    """Spend one request of a channel, which asks for nothing; return what the gateway said to it."""
    async with worker.slot() as errand:
        errand.answer, _ = await gateway.ask(WireRequest("GET", "/", "application/json", b""))
        return errand.answer


def filings_of(
    store: SqliteStore, runtime: Runtime, workers: Mapping[str, OutboxWorker], clock: SystemClock
) -> dict[str, Filing]:
    """Return what takes each channel's events, whichever way they come in."""

    def filing(channel: str, worker: OutboxWorker) -> Filing:
        def go_on() -> None:
            worker.wake()
            runtime.look()

        return Filing(
            *(channel, store.accept, runtime.notify, clock.now),
            on_settled=go_on,
            on_session=lambda is_linked, at: worker.link(is_linked=is_linked, at=at),
        )

    return {channel: filing(channel, worker) for channel, worker in workers.items()}


def keep_clean(
    store: SqliteStore, clock: SystemClock, settings: Settings, flows: Callable[[], FlowSet]
) -> list[Callable[[], Awaitable[None]]]:
    """Begin to erase what is too old, and what must not stay; return what ends that."""
    kept = settings.retention
    ages: dict[Expiring, float | None] = {
        "journal": kept.journal,
        "messages": kept.messages,
        "results": kept.results,
        "dead": kept.dead,
        "seen": kept.seen,
    }
    retention = Retention(store, clock, {what: age_s for what, age_s in ages.items() if age_s is not None})
    emptying = LogEmptying(store, clock, lambda: any(flow.secrets for flow in flows().by_digest.values()))
    retention.start()
    emptying.start()
    return [retention.stop, emptying.stop]


def intakes_of(profiles: Mapping[str, Profile], filings: Mapping[str, Filing], clock: SystemClock) -> dict[str, Intake]:
    """Return each webhook's handler by its path."""
    return {
        profile.webhook.path: Intake(Reader(channel, profile.webhook, clock.now), filings[channel])
        for channel, profile in profiles.items()
        if profile.webhook is not None
    }


def pollers_of(
    profiles: Mapping[str, Profile],
    filings: Mapping[str, Filing],
    gateways: Mapping[str, HttpGateway],
    workers: Mapping[str, OutboxWorker],
    store: SqliteStore,
    clock: SystemClock,
    tell: Tell,
    make: Callable[..., Poller],
) -> list[Poller]:
    """Return what asks the gateways that are to be asked."""

    def poller(channel: str, poll: Poll) -> Poller:
        worker = workers[channel]
        polled = Polled(
            channel,
            every_s=poll.every,
            spacing_s=profiles[channel].limits.spacing_s,
            asker=Asker(poll.request, gateways[channel]),
            listing=Listing(channel, poll),
            slot=lambda: worker.slot(is_poll=True),
            is_busy=lambda: worker.load != "green",
            file=filings[channel].file,
            on_deaf=lambda: raise_alert(channel, "deaf", worker.key_state, tell),
        )
        return make(polled, store, clock)

    return [poller(channel, profile.poll) for channel, profile in profiles.items() if profile.poll is not None]
