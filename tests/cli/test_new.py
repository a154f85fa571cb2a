"""`botkit new`, called as people call it: by options, by questions on a terminal, and from a program."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.author import problems_of as found
from botkit.flow.problem import Problem
from botkit.project import load_project
from botkit.schema import schema
from botkit.testing.play import run_tests
from tests.server.process import running

Call = Callable[..., Result]
STUCK = """\
tests:
  - name: three wrong answers
    script:
      - user: cita
      - bot: [{contains: Gracias}, {contains: nombre}]
      - user: Ana
      - bot: ¿Qué día te queda bien?
      - user: nunca
      - bot: /^Escribe un día/
      - user: nunca
      - bot: /^Escribe un día/
      - user: nunca
      - bot: /no nos entendemos/
"""


@pytest.fixture
def call(in_english: Path) -> Call:
    """Call a command in an empty folder, on a system in English."""
    return lambda *arguments: CliRunner().invoke(botkit, list(arguments))


def problems_of(folder: Path) -> list[Problem]:
    """Return all that `check` finds wrong with a bot and its tests, warnings too; each of its tests is played."""
    project, problems = found(folder / "config.yaml", {})
    if project.flows is not None:
        outcomes, _ = run_tests(project, (), None)
        assert [outcome.report("en") for outcome in outcomes if not outcome.passed] == []
        assert outcomes
    return problems


# ── a bot ──


@pytest.mark.parametrize("handlers", [(), ("--handlers",)], ids=["plain", "handlers"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_new(call: Call, tmp_path: Path, language: str, handlers: tuple[str, ...]) -> None:
    """In both languages, with handlers or without, the bot has no problem, no warning either, and passes its tests."""
    result = call("new", "mine", "--language", language, *handlers)
    assert result.exit_code == 0, result.output
    assert problems_of(tmp_path / "mine") == []
    assert (tmp_path / "mine" / "flows" / "handlers.py").exists() is bool(handlers)
    assert "botkit.db*" in (tmp_path / "mine" / ".gitignore").read_text()


@pytest.mark.parametrize("name", ["A", 'El "Sol": n.º 5 # {{ x }} @name@', "no", "👩‍🦰 Peluquería"])
def test_names(call: Call, tmp_path: Path, name: str) -> None:
    """Whatever a business is called, flows read it as it was given."""
    assert call("new", "mine", "--name", name).exit_code == 0
    project = load_project(tmp_path / "mine" / "config.yaml", {})
    assert project.settings is not None
    assert project.settings.bot.constants == {"name": name}


def test_options(call: Call, tmp_path: Path) -> None:
    """Options say who the bot is; the country gives time zone and currency."""
    result = call("new", "mine", "--name", "Sol", "--language", "es", "--country", "mexico", "--yes")
    assert result.output.splitlines()[0] == "Done: Sol, in mine (es, Mexico, America/Mexico_City, MXN)"
    settings = load_project(tmp_path / "mine" / "config.yaml", {}).settings
    assert settings is not None
    bot = settings.bot
    assert (bot.language, bot.country, bot.timezone, bot.currency) == ("es", "MX", "America/Mexico_City", "MXN")


def test_stuck_after_three(call: Call, tmp_path: Path) -> None:
    """Three wrong answers lead to a person, in every flow of the bot."""
    call("new", "mine", "--language", "es")
    (tmp_path / "mine" / "flows" / "x.test.yaml").write_text(STUCK)
    assert problems_of(tmp_path / "mine") == []


def test_defaults(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal nothing is asked: the name is the folder's, language and country are the system's."""
    monkeypatch.setenv("LANG", "es_PE.UTF-8")
    result = call("new", "clinica-sol_2")
    assert result.output.splitlines()[0] == "Listo: Clinica sol 2, en clinica-sol_2 (es, Perú, America/Lima, PEN)"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--country", "Bolvia"], "I do not know the country 'Bolvia'; did you mean Bolivia?"),
        (["--country", "XX"], "I do not know the country 'XX'; I know AR, BO, "),
        (["--language", "fr"], "'fr' is no language of bots: es or en"),
        (["--name", "${HOME}"], "cannot be the name of a business"),
        (["--name", " "], "cannot be the name of a business"),
        (["--name", "x" * 81], "cannot be the name of a business: 80 characters at most"),
        (["--name", "a\x1b[1mb"], "cannot be the name of a business"),
    ],
)
def test_wrong_options(call: Call, tmp_path: Path, arguments: list[str], told: str) -> None:
    """A wrong option is named, with what would do; nothing is written."""
    result = call("new", "mine", *arguments)
    assert result.exit_code == 2
    assert told in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "full", "hidden", "link"])
def test_occupied(call: Call, tmp_path: Path, kind: str) -> None:
    """What stands in the way stays as it is, and the command says where else to go."""
    mine = tmp_path / "mine"
    if kind == "file":
        mine.write_text("mine")
    elif kind == "link":
        mine.symlink_to("nowhere")
    else:
        mine.mkdir()
        (mine / (".env" if kind == "hidden" else "config.yaml")).write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    result = call("new", "mine", "--lang", "es")
    assert (result.exit_code, result.output) == (
        2,
        "error: en mine ya hay algo, y no se toca; elige otra carpeta, que no exista o esté vacía\n",
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_here(call: Call, tmp_path: Path) -> None:
    """The present folder will do when it is empty, but for git's folder and a venv."""
    for name in (".git", ".venv"):
        (tmp_path / name).mkdir()
    result = call("new", ".")
    assert result.exit_code == 0
    assert "cd " not in result.output
    assert problems_of(tmp_path) == []


def test_not_writable(call: Call) -> None:
    """A folder that cannot be made is told in a sentence."""
    result = call("new", "/proc/mine")
    assert (result.exit_code, result.output) == (2, "error: /proc/mine cannot be written: No such file or directory\n")


def test_folder_called_flow(call: Call, tmp_path: Path) -> None:
    """`flow` is the command; a folder of that name is `./flow`."""
    assert "Missing argument 'NAME'" in call("new", "flow").output
    assert call("new", "./flow").exit_code == 0
    assert problems_of(tmp_path / "flow") == []


# ── on a terminal ──


def on_terminal(folder: Path, typed: str, *arguments: str) -> tuple[int, str]:
    """Run `botkit new` on a terminal where `typed` is typed; return the exit status and what it showed."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "LANG": "es_BO.UTF-8", "LC_ALL": "es_BO.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "botkit", "new", *arguments]
    with subprocess.Popen(command, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        with suppress(OSError):  # how a terminal ends whose other side is closed
            while part := os.read(ours, 4096):
                shown += part
        status = child.wait(timeout=20)
    os.close(ours)
    return status, shown.decode().replace("\r\n", "\n")


def test_questions(tmp_path: Path) -> None:
    """Three questions; Enter takes what is shown; an answer that cannot be read is asked for again."""
    status, shown = on_terminal(tmp_path, "Sol\n\nNarnia\nChile\n", "mine")
    assert status == 0, shown
    asked = ["Nombre del negocio [Mine]: ", "Idioma del bot (es, en) [es]: ", "País [Bolivia]: "]
    assert [shown.count(question) for question in asked] == [1, 1, 2]
    assert "Listo: Sol, en mine (es, Chile, America/Santiago, CLP)" in shown


def test_fewer_questions(tmp_path: Path) -> None:
    """What an option says is not asked; `--yes` asks nothing."""
    status, shown = on_terminal(tmp_path, "\n", "one", "--name", "Uno", "--country", "es")
    assert (status, shown.count("]: ")) == (0, 1)
    status, shown = on_terminal(tmp_path, "", "two", "--yes")
    assert (status, shown.count("]: ")) == (0, 0)


def test_wrong_option_asks_nothing(tmp_path: Path) -> None:
    """An option that is wrong is told before any question."""
    status, shown = on_terminal(tmp_path, "\n\n\n", "mine", "--country", "Narnia")
    assert (status, shown.count("]: ")) == (2, 0)


def test_left(tmp_path: Path) -> None:
    """Who leaves at a question leaves nothing behind."""
    status, _ = on_terminal(tmp_path, "Sol\n\x04", "mine")
    assert status == 1
    assert list(tmp_path.iterdir()) == []


# ── as a process ──


async def test_runs(tmp_path: Path) -> None:
    """What `botkit new` wrote is run as it is, and answers on the phone page; only the ports are those of a test."""
    command = (sys.executable, "-m", "botkit", "new", "mine", "--language", "es")
    assert await (await asyncio.create_subprocess_exec(*command, cwd=tmp_path)).wait() == 0
    config = tmp_path / "mine" / "config.yaml"
    written = config.read_text()
    config.write_text(written.replace("port: 8080", "port: 0").replace("port: 8090", "port: 0"))
    assert config.read_text() != written
    async with running(tmp_path / "mine") as bot:
        await bot.read_ready()
        await bot.write("hola", "*cita*: Pedir una cita")
        await bot.write("cita", "Gracias por escribir a Mine.")
        assert await bot.stop() == 0


# ── a flow ──


@pytest.fixture
def bot(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new bot in Spanish, in whose folder commands are called."""
    call("new", "mine", "--language", "es")
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("precios", "precios"),
        ("pedido_urgente", "pedido urgente"),
        ("pedido-urgente", "pedido urgente"),
        ("reservación", "reservación"),
        ("no", "no"),
        ("reservar", "reservar2"),  # begins `cita`
        ("ayuda", "ayuda2"),  # a word of a built-in flow
        ("baja", "baja2"),  # opts out
        ("otra_cita", "otracita"),  # `cita` stands in it
    ],
)
def test_flow(call: Call, bot: Path, name: str, word: str) -> None:
    """A flow of any good name has no problem and passes its test; a start word that is taken gives way to another."""
    result = call("new", "flow", name)
    assert result.exit_code == 0
    assert f"flows/{name}.yaml: the flow '{name}', which begins with “{word}”" in result.output
    assert ("is in the way" in result.output) is (word != name.replace("_", " ").replace("-", " "))
    assert problems_of(bot) == []


def test_flow_in_english(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flow speaks the bot's language, whatever the command speaks."""
    call("new", "mine", "--language", "en")
    monkeypatch.chdir(tmp_path / "mine")
    assert call("new", "flow", "prices", "--lang", "es").exit_code == 0
    assert "How can we help you?" in Path("flows/prices.yaml").read_text()
    assert problems_of(tmp_path / "mine") == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mal nombre", "'mal nombre' no sirve como nombre de un flujo: letras"),
        ("../x", "'../x' no sirve"),
        ("2x", "'2x' no sirve"),
        ("__", "'__' no sirve"),
        ("null", "'null' no sirve"),
        ("cita", "'cita' ya es el nombre de un flujo o de un paso (flows/cita.yaml:3:7); elige otro"),
        ("anotar", "'anotar' ya es el nombre de un flujo o de un paso (flows/cita.yaml:"),
        ("quit", "'quit' significa otra cosa como destino"),
        ("hello", "'hello' es un flujo que trae botkit"),
    ],
)
def test_flow_refused(call: Call, bot: Path, name: str, told: str) -> None:
    """A name that no flow can have, or that means something already, is told, and nothing is written."""
    before = sorted(bot.rglob("*"))
    result = call("new", "flow", name, "--lang", "es")
    assert result.exit_code == 2
    assert result.output.startswith(f"error: {told}")
    assert sorted(bot.rglob("*")) == before


def test_flow_old_name(call: Call, bot: Path) -> None:
    """A name that a flow had before is taken, too: people may still be in it."""
    flow = bot / "flows" / "cita.yaml"
    flow.write_text(flow.read_text().replace("flow: cita\n", "flow: cita\nwas: turno\n"))
    assert "'turno' is the name of a flow" in call("new", "flow", "turno").output


@pytest.mark.parametrize("file", ["precios.yaml", "precios.test.yaml"])
def test_flow_file_there(call: Call, bot: Path, file: str) -> None:
    """A file that is there stays as it is, and no other is left beside it."""
    (bot / "flows" / file).write_text("# mine\n")
    before = sorted(bot.rglob("*"))
    result = call("new", "flow", "precios")
    assert (result.exit_code, "stays as it is" in result.output) == (2, True)
    assert sorted(bot.rglob("*")) == before
    assert (bot / "flows" / file).read_text() == "# mine\n"


def test_flow_beside_mistakes(call: Call, bot: Path) -> None:
    """Another flow's mistakes and a secret that is not set keep nobody from adding a flow; names in it still count."""
    (bot / "flows" / "cita.yaml").write_text("flow: cita\nstart: {words: [precios]}\nsteps:\n  - sai: x\n")
    with (bot / "config.yaml").open("a") as config:
        config.write("admin: {port: 8081, token: '${NOT_SET}'}\n")
    assert "“precios2”" in call("new", "flow", "precios").output
    assert call("new", "flow", "cita").exit_code == 2


def test_flow_first(call: Call, bot: Path) -> None:
    """A bot without any flow, or without the folder, gets its first one."""
    for path in (bot / "flows").iterdir():
        path.unlink()
    (bot / "flows").rmdir()
    assert call("new", "flow", "precios").exit_code == 0
    assert problems_of(bot) == []


def test_flow_without_bot(call: Call) -> None:
    """Where there is no bot the command says so."""
    result = call("new", "flow", "precios")
    assert (result.exit_code, result.output) == (
        2,
        "error: there is no config.yaml; go to the bot's folder or use --config\n",
    )


# ── for the editor ──


def schemas_of(bot: Path) -> dict[str, object]:
    """Return the schemas that the YAML files of a bot name, as an editor finds them."""
    lines = {path: path.read_text().splitlines()[0] for path in bot.rglob("*.yaml")}
    named = {path: path.parent / line.partition("# yaml-language-server: $schema=")[2] for path, line in lines.items()}
    return {path.name: json.loads(schema.read_text()) for path, schema in named.items()}


def test_schemas(call: Call, bot: Path) -> None:
    """A new bot's files, and those of a new flow, name schemas that are there: those of `botkit schema`."""
    assert call("new", "flow", "precios").exit_code == 0
    flows, tests = schema("flows"), schema("tests")
    assert schemas_of(bot) == {
        "config.yaml": schema("config"),
        **{"cita.yaml": flows, "cita.test.yaml": tests, "precios.yaml": flows, "precios.test.yaml": tests},
    }


def test_schemas_elsewhere(call: Call, bot: Path) -> None:
    """Flows in another folder find the schemas too, and a bot that had none gets them, once."""
    shutil.rmtree(bot / ".schema")
    config = bot / "config.yaml"
    config.write_text(config.read_text().replace("flows: flows", "flows: mis/flujos"))
    (bot / "mis").mkdir()
    shutil.move(bot / "flows", bot / "mis" / "flujos")
    assert "written: .schema/flows.json" in call("new", "flow", "precios").output
    first = (bot / "mis" / "flujos" / "precios.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../.schema/flows.json"
    assert "written" not in call("new", "flow", "otra").output


@pytest.mark.parametrize("kept", ["{}", "no JSON", '{"title": "A flow of botkit"}'])
def test_stale_schemas(call: Call, bot: Path, kept: str) -> None:
    """Schemas of another version are told by `check`, and written anew by `new flow` and `schema`."""
    told = "the schemas in .schema, by which your editor completes and underlines, are of another version of botkit"
    assert told not in call("check").output
    (bot / ".schema" / "flows.json").write_text(kept)
    checked = call("check")
    assert (checked.exit_code, told in checked.output) == (0, True)
    assert told not in call("check", "--format", "json").output
    assert call("new", "flow", "precios").exit_code == 0
    assert told not in call("check").output
    assert call("schema", "--out", ".schema").exit_code == 0
    assert told not in call("check").output
