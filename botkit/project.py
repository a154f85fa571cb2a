"""A bot as it stands on disk: config.yaml, the flows folder, the handler modules. Reads files; decides nothing."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from botkit.answers.types import AnswerType
from botkit.flow.catalogue import Catalogue, read_catalogue
from botkit.flow.flowset import FlowSet
from botkit.flow.hours import Hours
from botkit.flow.kind import Menu
from botkit.flow.language import is_language
from botkit.flow.load import Loading, load
from botkit.flow.model import BotInfo, ServiceInfo
from botkit.flow.problem import Place, Problem
from botkit.flow.reader import MediaFile
from botkit.flow.source import Map, Node, Seq, Source, merged
from botkit.flow.yaml_reader import MAX_BYTES, read
from botkit.folder import FolderError, file_below, flow_files, shown
from botkit.handlers import Handler, HandlerModuleError
from botkit.modules import load_modules
from botkit.settings import Settings, load_settings
from botkit.settings.trouble import node_at
from botkit.turn.kinds import KINDS
from botkit.unused import check_unused


@dataclass(slots=True)
class Project:
    """A loaded bot; `settings` and `flows` are None where something is wrong, which `problems` says.

    `lines` are the lines of every file that was read, by the name that places use; `files` are the media that flows
    send from their folder, `said` their texts in one language, `menus` the options of their questions. `config` and
    `env` are what it was loaded from, `root` is what config.yaml holds, `loading` how the flows were loaded.
    """

    folder: Path
    settings: Settings | None = None
    flows: FlowSet | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)
    answer_types: dict[str, AnswerType] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)
    files: tuple[MediaFile, ...] = ()
    said: tuple[str, ...] = ()
    menus: tuple[Menu, ...] = ()
    config: Path = Path("config.yaml")
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    root: Node | None = field(default=None, repr=False)
    loading: Loading | None = field(default=None, repr=False)


#: What stands behind a store's name in the names of files that belong to it.
STORE_SUFFIXES = ("", "-wal", "-shm", "-journal", ".lock", ".sock")


def load_project(
    config: Path, env: Mapping[str, str], *, fresh: bool = False, talks: bool = False, over: Map | None = None
) -> Project:
    """Load a bot with every problem found; raises nothing for what people wrote. `over` is merged into config.yaml.

    `fresh` imports handler modules anew, beside those that were imported before. Only with `talks` are its channels
    read, and whatever else takes a secret (`load_settings`): what reads flows and talks with nobody needs none.
    """
    project = Project(config.parent, config=config, env=env)
    source = read_file(config, project)
    root = source.documents[0].root if source.documents else None
    if over is not None and isinstance(root, Map):
        root = source.documents[0].root = merged(root, over)
    project.root = root
    settings, problems = load_settings(source, env, talks=talks)
    project.problems += problems
    if settings is None:
        # The flows are still read, with what config.yaml leaves to the defaults, so that all problems show at once.
        settings, _ = load_settings(source, env, only=frozenset({"bot", "flows", "handlers", "builtin", "defaults"}))
    else:
        project.settings = settings
        project.problems += _shared_port(settings, source)
        project.problems += _shared_file(settings, source, project.folder)
    if settings is not None:
        loaded = _load_handlers(project, settings, root, fresh=fresh)
        _load_flows(project, settings, root, have_handlers=loaded)
    return project


def read_file(path: Path, project: Project) -> Source:
    """Read a YAML file of the project; a missing one is a problem of its source."""
    name = shown(path)
    try:
        source = read(read_regular(path), name)
    except OSError as error:
        code = "file-missing" if isinstance(error, FileNotFoundError) else "file-unreadable"
        project.lines.setdefault(name, [])  # nobody need try again to show them
        place = Place(name, 1, 1, 1, 1)
        return Source(name, problems=[Problem(code, place, {"path": name, "why": error.strerror})])
    project.lines[name] = source.lines
    return source


def read_regular(path: Path) -> bytes:
    """Return what a file holds, as far as it may be YAML; raises OSError, for a pipe or a device at once."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a regular file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def bot_info(settings: Settings) -> BotInfo:
    """Return what flows know of the bot."""
    bot = settings.bot
    services = {name: ServiceInfo(each.timeout, each.retries) for name, each in settings.services.items()}
    allow = frozenset(settings.http.allow)
    return BotInfo(
        *(bot.language, bot.timezone, bot.country, bot.currency, bot.constants, services, allow),
        hours=settings.hours or Hours(),
        quiet_hours=settings.quiet_hours,
        handoff_s=settings.handoff.lasts,
        handoff_word=settings.handoff.word,
    )


def _shared_port(settings: Settings, source: Source) -> Iterator[Problem]:
    """Yield a problem for each part that is to listen on the port of another one of this process."""
    taken = {settings.server.port: "server"}
    root = source.documents[0].root
    beside = settings.sandbox.embedded and any(channel.sandbox for channel in settings.channels.values())
    wanted = [("sandbox", settings.sandbox.port)] if beside else []
    wanted += [("admin", settings.admin.port)] if settings.admin else []
    for section, port in wanted:
        other = taken.setdefault(port, section)
        if port and other != section:
            values = {"port": port, "first": other, "second": section}
            yield Problem("port-twice", _port_place(root, section), values)


def _port_place(root: Node, section: str) -> Place:
    """Return where the port of a section is written, else that of the server, which then is the other one."""
    assert isinstance(root, Map)
    for name in (section, "server"):
        node = root.get(name)
        if isinstance(node, Map) and "port" in node.entries:
            return node.entries["port"].value.place
    return root.place


def _shared_file(settings: Settings, source: Source, folder: Path) -> Iterator[Problem]:
    """Yield a problem if the log would be written into the store, or into a file that belongs to it."""
    store, written = settings.store_path(folder).resolve(), settings.log_path(folder).resolve()
    if written in [store.with_name(store.name + suffix) for suffix in STORE_SUFFIXES]:
        root = source.documents[0].root
        log = root.get("log") if isinstance(root, Map) else None
        path = ["log", "file"] if isinstance(log, Map) and "file" in log.entries else ["store"]
        yield Problem("file-twice", node_at(root, path).place, {"path": written.name})


def _load_handlers(project: Project, settings: Settings, root: Node | None, *, fresh: bool) -> bool:
    """Load the modules of handlers; False if one cannot be, which is one mistake, however many steps call it."""
    try:
        project.handlers, project.answer_types = load_modules(settings.handlers, project.folder, fresh=fresh)
    except HandlerModuleError as error:
        missing = error.module.endswith(".py") and not (project.folder / error.module).exists()
        listed = _place(root, "handlers", error.module, project)
        place = error.place._replace(file=shown(Path(error.place.file))) if error.place else listed
        named = f"{error.module} ({listed.row})" if error.place and error.module in settings.handlers else error.module
        values = {"module": error.module, "named": named, "why": error.why, "path": error.module}
        project.problems.append(Problem("file-missing" if missing else "handler-module", place, values))
        return False
    return True


def _load_flows(project: Project, settings: Settings, root: Node | None, *, have_handlers: bool) -> None:
    folder = project.folder / settings.flows
    place = _place(root, "flows", str(settings.flows), project)
    if not folder.is_dir():
        if folder.exists():
            values = {"key": "flows", "expected": "una carpeta", "expected_en": "a folder", "value": shown(folder)}
            project.problems.append(Problem("wrong-type", place, values))
            return
        project.problems.append(Problem("file-missing", place, {"path": shown(folder)}))
        return
    try:
        sources = [read_file(path, project) for path in flow_files(folder)]
    except FolderError as error:
        project.problems.append(Problem(error.code, place, error.values))
        project.settings = None  # nor are tests looked for there
        return
    if not any(source.documents or source.problems for source in sources):
        project.problems.append(Problem("no-flows", place, {"path": shown(folder)}))
    signatures = {name: known.signature for name, known in project.handlers.items()}
    builtin = [source for name, source in shipped_flows().items() if settings.builtin.get(name, True)]  # type: ignore[call-overload]
    bot = bot_info(settings)
    if project.settings is None:  # config.yaml is read in part
        bot = replace(bot, services=None)
    catalogues = _load_catalogues(project, folder, settings.bot.language)
    loaded = load(
        *(sources, builtin, bot, signatures, KINDS),
        answer_types=project.answer_types,
        defaults=settings.defaults,
        catalogues=catalogues,
        lines=project.lines,
    )
    project.said, project.loading = loaded.said, loaded.loading
    project.problems += [each for each in loaded.problems if have_handlers or each.code != "unknown-handler"]
    project.problems += [
        Problem("media-missing", file.text.place, {"value": file.text.value})
        for file in loaded.files
        if file_below(folder, file.text.value) is None
    ]
    project.files, project.menus = loaded.files, loaded.menus
    if not any(problem.severity == "error" for problem in project.problems):
        project.flows = loaded.flows
        project.problems += check_unused(project.handlers, loaded.called, project.folder)


def catalogue_file(folder: Path, language: str) -> Path:
    """Return where the catalogue of a language stands, below the flows folder."""
    return folder / "lang" / f"{language}.yaml"


def _load_catalogues(project: Project, folder: Path, own: str) -> dict[str, Catalogue]:
    """Return the catalogues of `flows/lang/`, by language."""
    catalogues: dict[str, Catalogue] = {}
    for path in sorted((folder / "lang").glob("*.yaml")):
        source = read_file(path, project)
        language = path.stem
        if not is_language(language) or language == own:
            start = Place(source.file, 1, 1, 1, 1)
            project.problems.append(Problem("catalogue-name", start, {"name": path.name, "language": own}))
            continue
        catalogue, problems = read_catalogue(source)
        project.problems += problems
        if not problems:  # else every text would be missing as well
            catalogues[language] = catalogue
    return catalogues


def shipped_flows() -> dict[str, Source]:
    """Return the built-in flows by name."""
    folder = files("botkit") / "patterns"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): read((folder / name).read_bytes(), f"botkit/{name}") for name in names}


def _place(root: Node | None, key: str, value: str, project: Project) -> Place:
    """Return where a setting stands in config.yaml, as near as it is written."""
    if isinstance(root, Map) and key in root.entries:
        node = root.entries[key].value
        for item in node.items if isinstance(node, Seq) else [node]:
            if getattr(item, "value", None) == value:
                return item.place
        return root.entries[key].key.place
    return Place(next(iter(project.lines), "config.yaml"), 1, 1, 1, 1)
