"""Taking in changed files while the bot runs: on SIGHUP, and with `botkit run --reload` whenever one is saved.

The whole bot is loaded anew beside the one that runs, handler modules included, and checked as `botkit check` does.
Only a bot without an error takes the running one's place, whole and between two legs; else that goes on, and what is
wrong is told with its places. What a conversation in the middle of a flow makes of it stands in `turn/versions.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog

from botkit.errors import StoreUnavailable
from botkit.flow.flowset import FlowSet
from botkit.flow.problem import Problem
from botkit.flow.source import as_data
from botkit.project import Project
from botkit.settings import Channel, Settings

#: Sections of config.yaml that count from the next start on: what they describe stands already.
AT_START = ("store", "server", "admin", "sandbox", "channels", "log", "alerts", "retention")
#: Sections that flows are checked against and that need a start, too: flows that rely on a change would not run.
CHECKED = ("flows", "services", "http")
#: After so many seconds the log says that loading takes long: a module that hangs lets nothing more be reloaded.
SLOW_S = 10.0
#: Most problems of which the log names the places.
PLACES = 10

log = structlog.get_logger("botkit.reload")

Load = Callable[[], tuple[Project, list[Problem]]]
Take = Callable[[Project, FlowSet], Awaitable[None]]
Tell = Callable[[Sequence[Problem]], None]


class Reloader:
    """Loads the bot anew when asked to.

    `load` reads the files, handler modules afresh; `tell` shows people what is wrong with them.
    """

    def __init__(self, settings: Settings, flows: FlowSet, load: Load, tell: Tell = lambda problems: None) -> None:
        self._settings, self._flows = settings, flows
        self._load, self._tell = load, tell
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def ask(self) -> None:
        """Load the bot anew as soon as what is under way is done."""
        self._asked.set()

    def start(self, take: Take) -> None:
        """Do what is asked for until `stop`; `take` puts a bot in the running one's place."""
        self._task = asyncio.create_task(self._keep_reloading(take), name="reload")

    async def stop(self) -> None:
        """Reload no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_reloading(self, take: Take) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                await self.reload(take)
            except StoreUnavailable as error:
                log.error("reload_refused", why=str(error))
            except Exception:  # a defect of ours: the bot that runs goes on
                log.exception("reload_failed")

    async def reload(self, take: Take) -> None:
        """Load the bot anew, and let it be taken if it is sound."""
        project, problems = await self._loaded()
        if problems:
            self._tell(problems)
        wrong = [problem for problem in problems if problem.severity == "error"]
        if wrong or project.settings is None or project.flows is None:
            log.error("reload_refused", errors=len(wrong), problems=[_shown(each) for each in wrong[:PLACES]])
            return
        if needed := differing(self._settings, project.settings, CHECKED):
            log.error("reload_refused", why="flows are checked against what only a start changes", restart_for=needed)
            return
        await take(project, project.flows)
        changed = _changed(self._flows, project.flows)
        self._flows = project.flows
        log.info("reloaded", changed=changed, restart_for=differing(self._settings, project.settings, AT_START))

    async def _loaded(self) -> tuple[Project, list[Problem]]:
        """Load the bot on a thread, and say so when that takes long."""
        loading = asyncio.ensure_future(asyncio.to_thread(self._load))
        if not (await asyncio.wait({loading}, timeout=SLOW_S))[0]:
            log.warning("reload_slow", seconds=SLOW_S, why="a handler module hangs when it is imported, or takes long")
        return await loading


def differing(before: Settings, after: Settings, sections: Iterable[str]) -> list[str]:
    """Return which of some sections say something else, wherever in the file they stand."""
    return [name for name in sections if _said(getattr(before, name)) != _said(getattr(after, name))]


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _said(each) for name, each in value.items()}
    return as_data(value.node) if isinstance(value, Channel) else value


def _changed(before: FlowSet, after: FlowSet) -> list[str]:
    """Return the names of flows that are new, gone or different."""
    names = {*before.flows, *after.flows}
    had, have = ({name: flow.digest for name, flow in each.flows.items()} for each in (before, after))
    return sorted(name for name in names if had.get(name) != have.get(name))


def _shown(problem: Problem) -> str:
    return f"{problem.place} {problem.code}"
