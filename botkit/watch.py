"""Watching a bot's files, for `botkit run --reload`: the folder of flows, config.yaml, the handlers' modules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from pathlib import Path

from watchfiles import DefaultFilter, awatch

from botkit.project import Project

#: Milliseconds without another change after which a save is taken for complete.
SETTLE_MS = 100
#: Milliseconds without a change after which the watch has surely begun.
BEGUN_MS = 500


class Watch:
    """Watches from `start` to `stop`.

    Editors put a new file in the place of the old one, so the folders of single files are watched, not those files.
    """

    def __init__(self, flows: Path, files: Collection[Path], changed: Callable[[], None]) -> None:
        self._flows = flows.resolve()
        self._files = {path.resolve() for path in files}
        self._changed = changed
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Call `changed` after each change."""
        folders = sorted({path.parent for path in self._files} - {self._flows})
        self._tasks = [
            asyncio.create_task(self._follow([self._flows], recursive=True)),
            asyncio.create_task(self._follow(folders, recursive=False)),
        ]

    async def stop(self) -> None:
        """End that."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def counts(self, path: Path) -> bool:
        """Tell whether a change of a file is one of the bot: conversation tests are read when they are run."""
        inside = self._flows in path.parents and ".test." not in path.name
        return inside or path in self._files

    async def _follow(self, folders: list[Path], *, recursive: bool) -> None:
        usual, begun = DefaultFilter(), False
        async for changes in awatch(
            *folders,
            watch_filter=lambda change, path: usual(change, path) and self.counts(Path(path)),
            debounce=SETTLE_MS,
            rust_timeout=BEGUN_MS,
            yield_on_timeout=True,
            recursive=recursive,
        ):
            if changes or not begun:  # what was saved before the watch began counts, too
                self._changed()
            begun = True


def files_of(config: Path, project: Project) -> set[Path]:
    """Return the single files of a bot: config.yaml, and the sources of its handlers."""
    code = [handler.function.__code__ for handler in project.handlers.values()]
    return {config, *(Path(each.co_filename) for each in code)}
