"""A run: the bot's process, the gateway, the people and everything that goes wrong, on one virtual clock.

Nothing here depends on anything but the plan: the same plan gives the same trace, line by line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from math import inf, nextafter
from pathlib import Path
from random import Random
from typing import Any

from botkit.errors import BotkitError
from tests.simulate.bot import ENDINGS, way_of
from tests.simulate.calls import Asked
from tests.simulate.desk import Desk
from tests.simulate.loop import VirtualLoop
from tests.simulate.plan import Item, Plan
from tests.simulate.post import Post
from tests.simulate.process import LAST_PASSES, Process
from tests.simulate.server import Server
from tests.simulate.service import Service
from tests.simulate.weather import SPELLS, Weather

#: What the clocks show at the beginning: UTC seconds.
EPOCH = 1_750_000_000.0
#: How long after the last fault all must have ended, and how often that is looked at, in seconds.
END_S, LOOK_S = 1.5 * 3600.0, 5.0
#: By when what is out as faults stop is answered or given up, in seconds.
ANSWERED_S = 60.0
#: How long a supervisor waits before it starts again a process that could not.
RESTART_S = 2.0

_LEFT = """
SELECT (SELECT count(*) FROM inbox WHERE status IN ('pending', 'open'))
     + (SELECT count(*) FROM outbox WHERE status IN ('pending', 'flying', 'uncertain'))
     + (SELECT count(*) FROM request WHERE status IN ('flying', 'uncertain'))
     + (SELECT count(*) FROM timer)
"""


class World:
    """Everything but the bot; `play` is a run."""

    def __init__(self, plan: Plan, loop: VirtualLoop, path: Path) -> None:
        setting = plan.setting
        self.plan, self.path, self.version = plan, path, "a"
        self.way = way_of(setting.limit, setting.period_s, setting.burst, setting.policy)
        self.trace: list[str] = []
        self.wrong: list[str] = []
        self.post, self.desk = Post(self), Desk(self)
        self.asked = Asked(path, self.wrong)
        #: wall time that a process was told -> the true time then
        self.told: dict[float, float] = {}
        self._loop, self.context = loop, Context()
        self._dice = Random(f"{plan.seed} calls")
        self._skew_s = self._suspended_s = 0.0
        self._sky = Weather(self, path, plan.seed)
        self._doomed: list[Item] = []
        self._starts_at: float | None = None
        self.process: Process | None = None
        self.server = Server(self, setting, plan.seed)
        self.service = Service(self, plan.seed)

    # ── what the parts ask ──

    def later(self, seconds: float, then: Callable[[], None]) -> None:
        """Call back, whatever process lives then."""
        if seconds > 0.0:
            self._loop.call_later(seconds, then, context=self.context)
        else:
            self._loop.call_soon(then, context=self.context)  # needs no timer, as most of what a disk does

    def true_now(self) -> float:
        """Return the seconds of a clock that nobody sets, and that runs on in a suspended machine."""
        return EPOCH + self._loop.time() + self._suspended_s

    def wall_now(self) -> float:
        """Return what the machine's wall clock shows, which is one thing at one moment only.

        Who waits until a time that the ledger names, on a clock that was set back, wakes at the very time it has shown.
        """
        now, true = self.true_now() + self._skew_s, self.true_now()
        while self.told.setdefault(now, true) != true:
            now = nextafter(now, inf)
        return now

    def weather(self, where: str, dice: Random) -> str:
        """Return what is wrong at a place now; nothing if nothing is."""
        return self._sky.at(where, dice)

    def disk_trouble(self, commits: bool) -> tuple[float, str]:
        """Return how long the next call to the disk takes, and what is wrong with it."""
        if commits:
            self.happens("commit")
        return self._sky.disk(commits=commits)

    def ending(self, que: str) -> str:
        """Return how a handler's call ends."""
        self.happens("call")
        ending = self._dice.choices(tuple(ENDINGS), tuple(ENDINGS.values()))[0]
        self.note(f"handler for {que!r}: {ending}")
        return ending

    def note(self, line: str) -> None:
        """Put a line into the trace."""
        self.trace.append(f"{self._loop.time():10.4f}  {line}")

    def push(self, item: dict[str, Any]) -> None:
        """Send a webhook until it is answered 200."""
        self.post.push(item)

    # ── the process ──

    def start(self) -> None:
        """Start a process, unless one lives."""
        if self.process is None:
            self.process = Process(self)
            self.process.life.add_done_callback(self._ended, context=self.context)
            self.note("process starts")

    def _ended(self, life: asyncio.Task[None]) -> None:
        """Take note that a process has ended by itself, and start another if it could not go on."""
        process, self.process = self.process, None
        if process is None or not process.is_alive:
            return
        error = None if life.cancelled() else life.exception()
        self.note(f"process ends {type(error).__name__ if error else 'in order'}")
        if error is None and process.is_late:
            process.die()
            self._bury(process, LAST_PASSES)
        elif error is None:
            left = [task for task in process.tasks if not task.done() and task is not life]
            self.later(0.0, lambda: self._expect_none(left, "is left after the stop"))
        else:
            process.die()
            if not isinstance(error, BotkitError):
                self.wrong.append(f"process: it ended by {error!r}")
                return
            self._start_after(RESTART_S)

    def _start_after(self, seconds: float) -> None:
        self.later(seconds, self.start)

    def _kill(self, down_s: float) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        self.note("process dies")
        process.die()
        self._bury(process, LAST_PASSES)
        self._start_after(down_s)

    def _bury(self, process: Process, passes: int) -> None:
        """See to it that the tasks of a dead process end."""
        left = process.cancel()
        if left and passes:
            self._loop.after_passes(1, lambda: self._bury(process, passes - 1), self.context)
        elif left:
            self._expect_none(left, "outlives its process")

    def _expect_none(self, left: list[asyncio.Task[Any]], what: str) -> None:
        for task in left:
            if not task.done():
                self.wrong.append(f"task: {task.get_coro().__qualname__} {what}")  # type: ignore[union-attr]
                task.cancel()

    def happens(self, what: str) -> None:
        """Let the process die that a plan has doomed to die at this."""
        for item in self._doomed:
            if item.values["on"] == what:
                self._doomed.remove(item)
                self._die_soon(item)
                return

    def _die_soon(self, item: Item) -> None:
        process = self.process

        def die() -> None:
            if self.process is process:
                self._kill(item.values["down_s"])

        self.later(
            item.values["after_s"],
            lambda: self._loop.after_passes(item.values["passes"], die, self.context),
        )

    # ── what a plan holds ──

    def _do(self, item: Item) -> None:
        if item.kind != "message":
            self.note(f"plan: {str(item)[10:]}")
        getattr(self, f"_do_{item.kind.replace(' ', '_')}")(item)

    def _do_message(self, item: Item) -> None:
        values = item.values
        told = {"type": "text", "id": values["id"], "from": values["contact"], "text": values["text"]}
        told["timestamp"] = self.true_now() + self.plan.setting.skew_s
        for number, delay_s in enumerate(values["copies"]):
            other = told | {"text": told["text"] + " otro"} if number and values.get("changed") else told
            self.post.push(other, delay_s)

    def _do_spell(self, item: Item) -> None:
        self._sky.turn(item.kind, item)

    _do_gateway = _do_service = _do_disk = _do_spell

    def _do_desk(self, item: Item) -> None:
        self.desk.do(**item.values)

    def _do_death(self, item: Item) -> None:
        if item.values["on"] == "moment":
            self._die_soon(item)
        else:
            self._doomed.append(item)

    def _do_stop(self, item: Item) -> None:
        process = self.process
        if process is not None and process.is_ready:
            process.stop()
            process.life.add_done_callback(lambda _: self._start_after(item.values["down_s"]), context=self.context)

    def _do_jump(self, item: Item) -> None:
        self._skew_s += item.values["by_s"]

    def _do_set_and_dead(self, item: Item) -> None:
        self._do_jump(item)
        self._do_death(item)

    def _do_unlinked(self, item: Item) -> None:
        self.post.push_session("unlinked")
        self.later(item.values["for_s"], lambda: self.post.push_session("linked"))

    def _do_fetch(self, item: Item) -> None:
        process = self.process
        if process is not None and process.is_ready:
            for _ in range(item.values["count"]):
                process.fetch()

    def _do_suspend(self, item: Item) -> None:
        self._suspended_s += item.values["for_s"]

    def _do_deploy(self, item: Item) -> None:
        self.version = item.values["version"]
        process = self.process
        if process is not None and process.is_ready:
            process.begin(process.deploy())

    # ── the run ──

    async def play(self) -> None:
        """Play the plan, let faults end, and wait until everything has."""
        self.start()
        last = 0.0
        for item in self.plan.items:
            self.later(item.at, lambda item=item: self._do(item))  # type: ignore[misc]
            last = max(last, item.at + (item.values["for_s"] if item.kind in SPELLS else 0.0))
        await asyncio.sleep(last + 0.1)
        self._calm()
        end = self._loop.time() + END_S
        while not self.wrong and self._loop.time() < end:
            if self._is_quiet() and await self._stays_quiet():
                await self._finish()
                self.start()  # what is only taken up by the next process is taken up
                await asyncio.sleep(1.0)
                break
            await asyncio.sleep(LOOK_S)
        await self._finish()

    def _calm(self) -> None:
        self.note("faults stop")
        self._doomed.clear()
        self._reload()
        self.later(ANSWERED_S, self._reload)  # what was out may be answered with a fault after the first one

    def _reload(self) -> None:
        """Have the configuration read again, as somebody does who has mended the gateway."""
        if self.process is not None and self.process.is_ready:
            self.process.worker.reload()

    async def _stays_quiet(self) -> bool:
        await asyncio.sleep(1.0)
        return self._is_quiet()

    def _is_quiet(self) -> bool:
        process = self.process
        if process is None or not process.is_ready or process.writer is None or process.writer.is_busy:
            return False
        if self.post.waiting or self.desk.waiting or self.server.coming:
            return False
        return bool(process.writer.read(_LEFT) == [(0,)])

    async def _finish(self) -> None:
        """Stop the process in order."""
        process = self.process
        if process is None:
            self.wrong.append("process: it is not there in the end")
            return
        process.stop()
        await asyncio.wait({process.life}, timeout=60.0)
        if not process.life.done():
            self.wrong.append("process: it does not stop")
            process.die()
        await asyncio.sleep(1.0)
