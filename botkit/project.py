"""A bot as it stands on disk: config.yaml, the flows folder, the handler modules. Reads files; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from botkit.flow.flowset import FlowSet, load
from botkit.flow.model import BotInfo
from botkit.flow.problem import Place, Problem
from botkit.flow.source import Map, Node, Seq, Source, read
from botkit.handlers import Handler, HandlerModuleError, load_handlers
from botkit.settings import Settings, load_settings
from botkit.turn.kinds import KINDS


@dataclass(slots=True)
class Project:
    """A loaded bot; `settings` and `flows` are None where something is wrong, which `problems` says.

    `lines` are the lines of every file that was read, by the name that places use.
    """

    folder: Path
    settings: Settings | None = None
    flows: FlowSet | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)


def load_project(config: Path, env: Mapping[str, str]) -> Project:
    """Load a bot with every problem found; raises nothing for what people wrote."""
    project = Project(config.parent)
    source = read_file(config, project)
    settings, problems = load_settings(source, env)
    project.problems += problems
    if settings is None:
        # The flows are still read, with what config.yaml leaves to the defaults, so that all problems show at once.
        settings, _ = load_settings(source, env, only=frozenset({"bot", "flows", "handlers", "builtin"}))
    else:
        project.settings = settings
    root = source.documents[0].root if source.documents else None
    if settings is not None:
        _load_handlers(project, settings, root)
        _load_flows(project, settings, root)
    return project


def read_file(path: Path, project: Project) -> Source:
    """Read a YAML file of the project; a missing one is a problem of its source."""
    name = shown(path)
    try:
        source = read(path.read_bytes(), name)
    except OSError as error:
        code = "file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable"
        place = Place(name, 1, 1, 1, 1)
        return Source(name, problems=[Problem(code, place, {"path": name, "why": error.strerror})])
    project.lines[name] = source.lines
    return source


def shown(path: Path) -> str:
    """Return a path as people type it: relative to where they stand, if it is below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def flow_files(folder: Path) -> list[Path]:
    """Return the files that hold flows: every YAML file but tests and `lang/`, in a lasting order."""
    found = [path for end in ("*.yaml", "*.yml") for path in folder.rglob(end)]
    flows = [path for path in found if ".test." not in path.name and "lang" not in path.relative_to(folder).parts[:-1]]
    return sorted(flows)


def bot_info(settings: Settings) -> BotInfo:
    """Return what flows know of the bot."""
    bot = settings.bot
    return BotInfo(bot.language, bot.timezone, bot.country, bot.currency, bot.constants)


def _load_handlers(project: Project, settings: Settings, root: Node | None) -> None:
    try:
        project.handlers = load_handlers(settings.handlers, project.folder)
    except HandlerModuleError as error:
        place = _place(root, "handlers", error.module, project)
        values = {"module": error.module, "why": error.why, "at": shown_place(error.where)}
        project.problems.append(Problem("handler-module", place, values))


def _load_flows(project: Project, settings: Settings, root: Node | None) -> None:
    folder = project.folder / settings.flows
    if not folder.is_dir():
        place = _place(root, "flows", str(settings.flows), project)
        project.problems.append(Problem("file-missing", place, {"path": shown(folder)}))
        return
    sources = [read_file(path, project) for path in flow_files(folder)]
    if not any(source.documents or source.problems for source in sources):
        place = _place(root, "flows", str(settings.flows), project)
        project.problems.append(Problem("no-flows", place, {"path": shown(folder)}))
    signatures = {name: known.signature for name, known in project.handlers.items()}
    builtin = [source for name, source in shipped_flows().items() if settings.builtin.get(name, True)]  # type: ignore[call-overload]
    loaded = load(sources, builtin, bot_info(settings), signatures, KINDS)
    project.problems += loaded.problems
    if not any(problem.severity == "error" for problem in project.problems):
        project.flows = loaded.flows


def shipped_flows() -> dict[str, Source]:
    """Return the built-in flows by name."""
    folder = files("botkit") / "patterns"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): read((folder / name).read_bytes(), f"botkit/{name}") for name in names}


def shown_place(where: str) -> str:
    """Return `file:line` with the file as people type it."""
    file, _, line = where.rpartition(":")
    return f"{shown(Path(file))}:{line}" if file else where


def _place(root: Node | None, key: str, value: str, project: Project) -> Place:
    """Return where a setting stands in config.yaml, as near as it is written."""
    if isinstance(root, Map) and key in root.entries:
        node = root.entries[key].value
        for item in node.items if isinstance(node, Seq) else [node]:
            if getattr(item, "value", None) == value:
                return item.place
        return root.entries[key].key.place
    return Place(next(iter(project.lines), "config.yaml"), 1, 1, 1, 1)
