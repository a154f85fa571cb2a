"""What stands in a bot's folder besides what should: told with its place, in bounded time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.folder import flow_files
from botkit.project import load_project

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - say: Listo\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot that is well, in the folder where we stand."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "saludo.yaml").write_text(FLOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _problems(folder: Path) -> list[tuple[str, str]]:
    project = load_project(folder / "config.yaml", {}, talks=True)
    assert bool(project.problems) is (project.flows is None)
    return [(problem.code, f"{problem.place.file}:{problem.place.line}") for problem in project.problems]


def test_a_bot_that_is_well(folder: Path) -> None:
    """Nothing is wrong."""
    assert _problems(folder) == []


def test_a_pipe(folder: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(folder / "flows" / "pipe.yaml")
    assert _problems(folder) == [("file-unreadable", "flows/pipe.yaml:1")]
    assert CliRunner().invoke(botkit, ["check"]).exit_code == 1


def test_a_link_to_itself(folder: Path) -> None:
    """A loop of links is a file that cannot be read."""
    (folder / "flows" / "f.yaml").symlink_to("f.yaml")
    assert [code for code, _ in _problems(folder)] == ["file-unreadable"]


def test_a_link_to_a_device(folder: Path) -> None:
    """A file without an end is not read."""
    (folder / "flows" / "zero.yaml").symlink_to("/dev/zero")
    assert [code for code, _ in _problems(folder)] == ["file-unreadable"]


def test_a_large_file(folder: Path) -> None:
    """No more is read of a file than may be YAML."""
    with (folder / "flows" / "large.yaml").open("wb") as file:
        file.truncate(2**34)
    assert _problems(folder) == [("file-too-large", "flows/large.yaml:1")]


def test_links(folder: Path) -> None:
    """A linked file is a flow; a linked folder is left out, so that no loop and no other tree is walked."""
    (folder / "other.yml").write_text(FLOW)
    (folder / "flows" / "linked.yml").symlink_to("../other.yml")
    (folder / "flows" / "loop").symlink_to(".")
    (folder / "flows" / "root.yaml").symlink_to("/")
    assert [path.name for path in flow_files(folder / "flows")] == ["linked.yml", "saludo.yaml"]


def test_what_is_hidden(folder: Path) -> None:
    """What editors and systems put beside a file holds no flow: a lock of Emacs, a file of macOS, a folder of git."""
    (folder / "flows" / ".#saludo.yaml").symlink_to("ana@host.1234")
    (folder / "flows" / "._saludo.yaml").write_bytes(b"\0\5\x16\7")
    (folder / "flows" / ".git").mkdir()
    (folder / "flows" / ".git" / "x.yaml").write_text("flow: [")
    assert _problems(folder) == []


def test_what_holds_flows(folder: Path) -> None:
    """Every YAML file below but tests and translations."""
    for name in ("a/b/c.yaml", "a/lang/en.yaml", "lang/en.yaml", "x.test.yaml", "y.txt"):
        path = folder / "flows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [str(path.relative_to(folder / "flows")) for path in flow_files(folder / "flows")]
    assert found == ["a/b/c.yaml", "saludo.yaml"]


@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_ENTRIES"])
def test_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """A folder of anything else is not walked to its end."""
    monkeypatch.setattr(f"botkit.folder.{limit}", 3)
    for number in range(5):
        (folder / "flows" / f"{number}.yaml").touch()
    assert _problems(folder) == [("too-many-files", "config.yaml:1")]


def test_too_deep(folder: Path) -> None:
    """Folders in folders end somewhere."""
    (folder / "flows" / "/".join("d" * 17)).mkdir(parents=True)
    (folder / "config.yaml").write_text(CONFIG + "flows: flows\n")
    assert _problems(folder) == [("too-deep-folders", "config.yaml:2")]


def test_the_whole_disk(folder: Path) -> None:
    """`flows: /` is refused in bounded time."""
    (folder / "config.yaml").write_text(CONFIG + "flows: /\n")
    assert _problems(folder)[0][1] == "config.yaml:2"
    assert CliRunner().invoke(botkit, ["check"]).exit_code == 1


@pytest.mark.parametrize(
    ("config", "problems"),
    [
        ("server: {port: 9000}\nsandbox: {port: 9000}\n", [("port-twice", "config.yaml:3")]),
        ("server: {port: 8090}\n", [("port-twice", "config.yaml:2")]),
        ("sandbox: {port: 8080}\n", [("port-twice", "config.yaml:2")]),
        ("log: {file: botkit.db}\n", [("file-twice", "config.yaml:2")]),
        ("store: sqlite:///botkit.log\n", [("file-twice", "config.yaml:2")]),
        ("store: sqlite:///x.db\nlog: {file: ./x.db-wal}\n", [("file-twice", "config.yaml:3")]),
        (f"admin: {{port: 8080, token: '${{X:-{'t' * 32}}}'}}\n", [("port-twice", "config.yaml:2")]),
        (f"admin: {{port: 8090, token: '${{X:-{'t' * 32}}}'}}\n", [("port-twice", "config.yaml:2")]),
        ("server: {port: 0}\nsandbox: {port: 0}\n", []),
        ("server: {port: 8090}\nsandbox: {embedded: false}\n", []),
    ],
)
def test_shared_places(folder: Path, config: str, problems: list[tuple[str, str]]) -> None:
    """Server and sandbox need a port each, unless they take any; log and store a file each."""
    (folder / "config.yaml").write_text(CONFIG + config)
    assert _problems(folder) == problems


def test_no_file_of_handlers(folder: Path) -> None:
    """A file of handlers that is not there is a missing file, and nothing else, however many steps call handlers."""
    (folder / "flows" / "saludo.yaml").write_text(FLOW + "  - run: tienda.hora\n  - run: tienda.precio\n")
    (folder / "config.yaml").write_text(CONFIG + "handlers: [flows/nada.py]\n")
    (problem,) = load_project(folder / "config.yaml", {}).problems
    assert (problem.code, problem.values["path"]) == ("file-missing", "flows/nada.py")


def test_a_module_that_fails(folder: Path) -> None:
    """A module of handlers that cannot be loaded is one mistake, not one more for each step that calls it."""
    (folder / "config.yaml").write_text(CONFIG + "handlers: [h.py]\n")
    (folder / "h.py").write_text("raise ValueError('no')\n")
    (folder / "flows" / "saludo.yaml").write_text(FLOW + "  - run: tienda.hora\n")
    assert _problems(folder) == [("handler-module", "h.py:1")]


@pytest.mark.parametrize(
    ("command", "status"), [(["test"], 0), (["catalog", "en"], 0), (["graph"], 0), (["check"], 1), (["run"], 2)]
)
def test_no_secret_set(folder: Path, command: list[str], status: int) -> None:
    """Commands that read flows and talk with nobody need no secret; those that tell what `run` would, and it, do."""
    channel = "channels: {whatsapp: {base_url: 'https://x', api_key: '${KEY}'}}\n"
    service = "services: {a: {url: 'https://x', headers: {x-api-key: '${OTHER}', y: 'file:none'}}}\n"
    (folder / "config.yaml").write_text(channel + service + "admin: {port: 1, token: '${TOKEN}'}\n")
    said = "tests: [{name: a, script: [{user: hola}, {bot: Listo}]}]\n"
    (folder / "flows" / "saludo.test.yaml").write_text(said)
    done = CliRunner(env={"KEY": None, "OTHER": None, "TOKEN": None}).invoke(botkit, command)
    assert done.exit_code == status, done.output
