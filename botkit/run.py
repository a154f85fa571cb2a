"""`botkit run`: the parts of a bot, put together, and taken apart again in an order that loses nothing.

Start: store, sandbox, control socket, runtime, outbox workers, and the public listener last, so that nothing comes in
before it can be worked on. Stop: listener, runtime and workers end side by side, each within its own time; what they
stand on ends after them. What is cut off is as after a kill: the store has it, and the next start goes on from there.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from botkit import alerts, logs, parts, rights, services
from botkit.clock import SystemClock
from botkit.errors import ProblemsFound, TryLater, in_spanish, refused_by_system
from botkit.flow.flowset import FlowSet
from botkit.gateway.fetch import MediaFetcher
from botkit.gateway.links import Links
from botkit.gateway.media import Files
from botkit.gateway.profile import Profile
from botkit.gateway.sandbox import PortTakenError, Sandbox
from botkit.handlers import Handler
from botkit.legs import Player
from botkit.outbox.worker import OutboxWorker
from botkit.process import Signals, end_strays, is_left_behind, leave, loop_factory, show
from botkit.project import Project
from botkit.reload import Reloader, Take, Tell
from botkit.runtime import Runtime
from botkit.server.admin import open_control
from botkit.server.app import Listener, public_app
from botkit.server.channels import compose_channels, load_bot, secrets_of
from botkit.server.health import Health
from botkit.server.ingress import Ingress
from botkit.server.media import MediaRoute, links_secret
from botkit.server.socket import control_path
from botkit.server.target import claim_target, dangers, shown_target
from botkit.server.ways import PAUSED_NOTICE, restore
from botkit.settings import Settings
from botkit.store.sqlite import SqliteStore
from botkit.timers import Timers

if TYPE_CHECKING:
    from botkit.watch import Watch

log = structlog.get_logger()

#: Seconds that a leg in hand and a request in flight get.
GRACE_S = 10.0
#: Objects made before the youngest are searched for cycles: a turn makes hundreds and leaves none behind.
GC_THRESHOLD = 20_000
#: A worker's name in the store, the same after a restart; a SQLite file has one process, so one name does.
OWNER = "main"

Stop = Callable[[], Awaitable[None]]


def run(
    config: Path,
    env: Mapping[str, str],
    *,
    watch: bool = False,
    tell: Tell = lambda problems: None,
    makers: parts.Makers | None = None,
) -> None:
    """Serve until a signal; raises ProblemsFound, or UsageError, before the first request.

    With `watch` the bot is loaded anew when a file of it is saved; `tell` shows what is wrong with what is loaded anew.
    `makers` make its parts.
    """
    config = config.absolute()  # whatever a handler does to the working directory later
    project, problems = load_bot(config, env)
    if project.settings is None or project.flows is None or any(each.severity == "error" for each in problems):
        raise ProblemsFound(problems)
    reloader = Reloader(project.settings, project.flows, partial(load_bot, config, env, fresh=True), tell)
    bot = Bot(project.settings, project.flows, project.handlers, config.parent, reloader)
    bot.makers = makers or bot.makers
    if watch:
        from botkit.watch import Watch, files_of  # heavy, and for writing only

        bot.watch = Watch(config.parent / project.settings.flows, files_of(config, project), reloader.ask)
    gc.collect()
    gc.freeze()  # what was loaded stays; no later collection need look at it
    gc.set_threshold(GC_THRESHOLD, 20, 50)
    runner = asyncio.Runner(loop_factory=loop_factory())
    try:
        runner.run(bot.serve())
    except BaseException:
        if runner.run(end_strays()):
            runner.close()
        raise
    if not runner.run(end_strays()) or is_left_behind():
        leave()  # a handler that swallows its cancellation, or hangs elsewhere, cannot be ended
    runner.close()


class Bot:
    """One bot that serves: `serve` lasts from the first part's start to the last one's end."""

    def __init__(
        self, settings: Settings, flows: FlowSet, handlers: Mapping[str, Handler], folder: Path, reloader: Reloader
    ) -> None:
        self.settings, self.flows, self.handlers, self.folder = settings, flows, handlers, folder
        self.reloader = reloader
        self.watch: Watch | None = None
        self.makers = parts.Makers()
        self.clock = SystemClock()
        self.stopping = asyncio.Event()

    async def serve(self) -> None:
        """Start every part, say `ready`, wait for a signal, stop every part."""
        # Whoever writes flows may stop in a debugger, and nobody starts their bot again.
        Signals(self.stopping, self.reloader.ask, is_watched=self.watch is None)
        async with AsyncExitStack() as base:
            sink = self._log(base)
            store = await self._store(base)
            sandbox = await self._sandbox(base)
            profiles = self._profiles(sandbox)
            await claim_target(store, profiles)
            await self._work(base, sink, store, profiles, sandbox)
            log.info("stopped")

    def _profiles(self, sandbox: Sandbox | None = None) -> dict[str, Profile]:
        """Return the channels' profiles, which `run` has found to be sound."""
        url = sandbox.url if sandbox else f"http://127.0.0.1:{self.settings.sandbox.port}"
        return compose_channels(self.settings.channels, url)[0]

    def _log(self, base: AsyncExitStack) -> logs.Sink:
        """Open the log; raises UsageError."""
        try:
            secrets = [*secrets_of(self._profiles()), *services.secrets_of(self.settings)]
            secrets += alerts.secrets_of(self.settings.alerts.webhook) if self.settings.alerts.webhook else []
            secrets += [self.settings.admin.token.get_secret_value()] if self.settings.admin else []
            sink = logs.setup(self.settings.log, self.folder, secrets=secrets)
        except OSError as error:
            path = self.settings.log_path(self.folder)
            raise rights.denied([path if path.exists() else path.parent]) or refused_by_system(
                error,
                f"cannot write the log {path}: {error.strerror}; set log.file in config.yaml",
                f"no se puede escribir el registro {path}: {error.strerror}; cambia log.file en config.yaml",
            ) from None
        base.callback(sink.close)
        base.enter_context(logs.warnings_logged())
        return sink

    async def _store(self, base: AsyncExitStack) -> SqliteStore:
        path = self.settings.store_path(self.folder)
        with in_spanish(f"no se puede abrir el almacén {path}: {{why}}"):
            store = await parts.open_store(path, self.makers.writer, self.clock, self.stopping)
        base.push_async_callback(store.close)
        return store

    async def _sandbox(self, base: AsyncExitStack) -> Sandbox | None:
        """Return the embedded sandbox if a channel means it; raises TryLater when its port is taken."""
        if not (self.settings.sandbox.embedded and any(channel.sandbox for channel in self.settings.channels.values())):
            return None
        port = self.settings.sandbox.port
        sandbox = Sandbox(f"http://127.0.0.1:{self.settings.server.port}", port=port)
        try:
            await sandbox.start()
        except PortTakenError as error:
            raise TryLater(
                f"{error}; set another sandbox.port in config.yaml",
                f"otro programa usa el puerto {port} en 127.0.0.1; pon otro sandbox.port en config.yaml",
            ) from None
        base.push_async_callback(sandbox.stop)
        return sandbox

    async def _work(
        self,
        base: AsyncExitStack,
        sink: logs.Sink,
        store: SqliteStore,
        profiles: Mapping[str, Profile],
        sandbox: Sandbox | None,
    ) -> None:
        flows, links = self.folder / self.settings.flows, await self._links(store)
        files = Files(flows, links)
        gateways = await parts.open_gateways(base, profiles, self.clock, files, self.makers.gateway)
        tell = parts.tell_alerts(base, self.settings, self.clock)
        workers = {
            channel: OutboxWorker(
                *(store, gateways[channel], self.clock),
                key=channel,
                owner=OWNER,
                limits=profile.limits,
                on_uncertain=profile.on_uncertain,
                on_alert=tell,
                on_told=lambda: runtime.look(),
            )
            for channel, profile in profiles.items()
        }
        media = {
            channel: MediaFetcher(each, workers[channel].slot, now=self.clock.now) for channel, each in profiles.items()
        }
        steps = services.http_steps(self.settings, self.clock.now)
        calls = self.makers.calls(self.handlers, media, steps, self.clock.sleep, files.read)
        calls.threads.on_hung = lambda hung, name: tell("handlers_hung", {"handler": name, "hung": hung})
        base.push_async_callback(calls.close)
        player = Player(
            store,
            self.flows,
            calls,
            self.clock,
            fit=lambda channel, message: gateways[channel].fit(message),
            load=lambda channel: workers[channel].load if channel in workers else "green",
            on_queued=lambda channel: workers[channel].queued(),
            on_timer=lambda due_at: timers.wake(due_at),
            on_alert=tell,
        )
        runtime = Runtime(store, player, self.clock, lines_together=sink.together, on_alert=tell)
        timers = Timers(store, self.clock, runtime.look)
        filings = parts.filings_of(store, runtime, workers, self.clock)
        pollers = parts.pollers_of(profiles, filings, gateways, workers, store, self.clock, tell, self.makers.poller)
        health = Health(
            *(store, shown_target(profiles), parts.watch_store(base, store, self.clock, tell)),
            lambda: parts.facts_of(calls, workers, gateways, pollers, self.clock),
        )
        listener = Listener(
            public_app(
                parts.intakes_of(profiles, filings, self.clock), health, MediaRoute(flows, links) if links else None
            ),
            self.settings.server.host,
            self.settings.server.port,
        )

        async def take(project: Project, flows: FlowSet) -> None:
            await runtime.replace(flows)
            calls.handlers = project.handlers
            for worker in workers.values():
                worker.reload()

        ways = parts.ways_of(profiles, workers, gateways, pollers)
        ingress = Ingress(
            *(store, lambda: player.flows, runtime.notify, self.clock.now),
            country=lambda: player.flows.bot.country,
            ways=lambda: ways,
            look=runtime.look,
            refusal=health.refusal,
        )
        await open_control(base, ingress, control_path(self.settings.store_path(self.folder)), self.settings.admin)
        paused = await restore(store, ways)
        stops: list[Stop] = []
        try:
            await runtime.start()
            stops.append(lambda: runtime.stop(GRACE_S))
            await timers.start()
            stops.append(timers.stop)
            stops += parts.keep_clean(store, self.clock, self.settings, lambda: player.flows)
            for worker in workers.values():
                await worker.start()
                stops.append(worker.stop)
            taken = f"no se puede escuchar en {listener.url}: otro programa usa el puerto, o la dirección no es de aquí"
            with in_spanish(f"{taken}; cambia server.port o server.host en config.yaml"):
                await listener.start()
            stops.append(listener.stop)
            for poller in pollers:
                await poller.start()
                stops.append(poller.stop)
            self._follow_files(take, stops)
            health.ready = True
            self._announce(listener, profiles, sandbox, paused)
            await self.stopping.wait()
        finally:
            health.ready = False
            await asyncio.gather(*(stop() for stop in stops))

    def _follow_files(self, take: Take, stops: list[Stop]) -> None:
        """Begin to take in changed files, when asked or whenever one is saved."""
        self.reloader.start(take)
        stops.append(self.reloader.stop)
        if self.watch is not None:
            self.watch.start()
            stops.append(self.watch.stop)

    async def _links(self, store: SqliteStore) -> Links | None:
        """Return what signs links to media, None without an address at which they could be fetched."""
        public_url = self.settings.server.public_url
        return Links(await links_secret(store), public_url, self.clock.now) if public_url else None

    def _announce(
        self, listener: Listener, profiles: Mapping[str, Profile], sandbox: Sandbox | None, paused: Sequence[str]
    ) -> None:
        """Print the one `ready` line, and tell the sandbox where the bot listens."""
        line = [f"ready {listener.url}"]
        if sandbox is not None:
            pushed = (profile.webhook.path for profile in profiles.values() if profile.sandbox and profile.webhook)
            path = next(pushed, None)
            sandbox.webhook_url = path and f"http://127.0.0.1:{listener.port}{path}"
            line.append(f"phone page {sandbox.url}")
        warnings = [*dangers(self.settings, profiles, self.folder), *map(PAUSED_NOTICE.format, paused)]
        line += [shown_target(profiles), *(f"WARNING: {warning}" for warning in warnings)]
        log.info("ready", url=listener.url, target=shown_target(profiles), warnings=warnings)
        show(" · ".join(line))
