"""What `check PATH` and `test PATH…` are to look at: which bot, and which of its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botkit.cli.messages import say
from botkit.cli.options import existing
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem
    from botkit.project import Project

CONFIG = "config.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """A bot by its config file, and the file or folder of it that is asked for (None: all of it)."""

    config: Path
    part: Path | None = None

    def has(self, file: str) -> bool:
        """Tell whether a file, by the name that places use, is of the part."""
        return self.part is None or Path(file).resolve().is_relative_to(self.part.resolve())

    def ours(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return the problems that stand in the part."""
        return [problem for problem in problems if self.has(problem.place.file)]

    def refuse_foreign(self, project: Project) -> None:
        """Raise UsageError for a part that is none of the bot: nothing in it was checked."""
        if not any(self.has(file) for file in project.lines):
            values = {"path": self.part, "config": self.config}
            raise UsageError(say("not of the bot", "en", **values), say("not of the bot", "es", **values))


def asked(path: Path | None, config: Path | None) -> Asked:
    """Return what is asked for: a bot's folder, its config file, or a part of it; raises UsageError without a bot.

    The bot of a part is that of the config.yaml beside or above it, unless `config` names another.
    """
    if path is None:
        return Asked(existing(config or Path(CONFIG)))
    if config is not None:
        return Asked(existing(config), path)
    if path.is_dir() and (path / CONFIG).is_file():
        return Asked(path / CONFIG)
    if path.is_file() and _is_config(path):
        return Asked(path)
    return Asked(_above(path), path)


@dataclass(frozen=True, slots=True)
class Tested:
    """A bot by its config file, and where its tests are looked for (none: in its flows folder)."""

    config: Path
    paths: tuple[Path, ...] = ()


def tested(paths: Sequence[Path], config: Path | None) -> Tested:
    """Return what is to be tested; raises UsageError without a bot, and for tests of several bots.

    The bot of a path is that of the config.yaml beside or above it, else the one of this folder.
    """
    if config is not None or not paths:
        return Tested(existing(config or Path(CONFIG)), tuple(paths))
    bots = [asked(path, None) if _has_bot(path) else Asked(existing(Path(CONFIG)), path) for path in paths]
    for bot in bots[1:]:
        if bot.config.resolve() != bots[0].config.resolve():
            values = {"path": bot.part or bot.config, "config": bots[0].config}
            raise UsageError(say("several bots", "en", **values), say("several bots", "es", **values))
    parts = [bot.part for bot in bots]
    return Tested(bots[0].config, () if None in parts else tuple(part for part in parts if part is not None))


def _has_bot(path: Path) -> bool:
    """Tell whether a config.yaml stands in a folder or above."""
    return any((folder / CONFIG).is_file() for folder in (path.resolve(), *path.resolve().parents))


def _is_config(path: Path) -> bool:
    """Tell whether a file holds settings, whatever its name is: one that cannot be read is what its name says."""
    from botkit.flow.source import Map  # heavy
    from botkit.flow.yaml_reader import read
    from botkit.project import read_regular

    try:
        documents = read(read_regular(path), str(path)).documents
    except OSError:
        documents = []
    root = documents[0].root if documents else None
    return path.name == CONFIG or (isinstance(root, Map) and "channels" in root.entries and "flow" not in root.entries)


def _above(path: Path) -> Path:
    """Return the config.yaml of the nearest folder above, as people would name it."""
    for folder in path.resolve().parents:
        if (folder / CONFIG).is_file():
            here = Path.cwd()
            return (folder / CONFIG).relative_to(here) if folder.is_relative_to(here) else folder / CONFIG
    raise UsageError(say("no config above", "en", path=path), say("no config above", "es", path=path))
