"""Watching a bot's files, for `botkit run --reload`: the folder of flows, config.yaml, the handlers' modules."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch
from watchfiles.main import FileChange

from botkit.project import Project

#: Milliseconds without another change after which a save is taken for complete.
SETTLE_MS = 100
#: Milliseconds without a change after which the watch has surely begun.
BEGUN_MS = 500
#: What tells a folder from another of the same name, None for one that is not there.
Identity = tuple[int, int] | None


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

    def digest(self) -> str:
        """Return what all files of the bot say, as one text: another as soon as one byte, or a name, is another.

        The watch tells that it has begun, for each folder, and of saves that change nothing.
        """
        usual, files = DefaultFilter(), {*self._files, *self._flows.rglob("*")}
        counting = sorted(path for path in files if self.counts(path) and usual(Change.modified, str(path)))
        said = hashlib.sha256()
        for path in counting:
            with suppress(OSError):  # gone meanwhile, or a folder: its files count
                said.update(f"{path}|{hashlib.sha256(path.read_bytes()).hexdigest()}|".encode())
        return said.hexdigest()

    async def _follow(self, folders: list[Path], *, recursive: bool) -> None:
        """Tell changes; a folder that goes and comes back, as with a branch of git, is watched anew."""
        while True:
            while None in (watched := _identities(folders)):  # noqa: ASYNC110 - a folder that is not there tells nobody
                await asyncio.sleep(BEGUN_MS / 1000)
            with suppress(FileNotFoundError):  # gone again meanwhile
                await self._follow_these(folders, watched, recursive=recursive)

    async def _follow_these(self, folders: list[Path], watched: list[Identity], *, recursive: bool) -> None:
        """Tell changes of folders as long as they are the `watched` ones."""
        begun = False
        async with aclosing(self._changes(folders, recursive=recursive)) as found:
            async for changes in found:
                if changes or not begun:  # what was saved before the watch began counts, too
                    self._changed()
                begun = True
                if _identities(folders) != watched:
                    return

    def _changes(self, folders: list[Path], *, recursive: bool) -> AsyncGenerator[set[FileChange], None]:
        """Return what yields the changes that count, and nothing whenever there was none for a while."""
        usual = DefaultFilter()
        return awatch(
            *folders,
            watch_filter=lambda change, path: usual(change, path) and self.counts(Path(path)),
            debounce=SETTLE_MS,
            rust_timeout=BEGUN_MS,
            yield_on_timeout=True,
            recursive=recursive,
        )


def _identities(folders: Iterable[Path]) -> list[Identity]:
    """Return what tells folders from others that have taken their names."""
    return [_identity(folder) for folder in folders]


def _identity(folder: Path) -> Identity:
    try:
        info = folder.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def files_of(config: Path, project: Project) -> set[Path]:
    """Return the single files of a bot: config.yaml, and the sources of its handlers."""
    code = [handler.function.__code__ for handler in project.handlers.values()]
    return {config, *(Path(each.co_filename) for each in code)}
