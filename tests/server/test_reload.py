"""Taking in changed files while the bot runs: what counts, what is refused, what needs a start."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import structlog

from botkit.control import open_desk
from botkit.errors import UsageError
from botkit.flow.flowset import FlowSet
from botkit.flow.problem import Problem
from botkit.project import Project
from botkit.reload import AT_START, CHECKED, Reloader
from botkit.server.channels import load_bot
from botkit.settings import Settings
from botkit.watch import Watch, files_of
from tests.server.process import CONTACT, PATIENCE_S, Process, running
from tests.waiting import eventually

CONFIG = """\
handlers: [h.py]
bot: {timezone: America/La_Paz}
server: {port: 0}
sandbox: {port: 0}
channels: {whatsapp: {base_url: sandbox}}
"""
HANDLERS = "from botkit import handler\n\n@handler('casa.hora')\ndef hour():\n    return 'una'\n"
FLOW = """\
flow: saludo
start: {words: [hola]}
steps:
  - ask: ¿Viejo?
    save: nombre
  - run: casa.hora
    save: hora
  - say: "Viejo, {{ nombre }}, {{ hora }}."
"""
NEW = FLOW.replace("¿Viejo?", "¿Nuevo?").replace("Viejo,", "Nuevo,")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bot's folder."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "h.py").write_text(HANDLERS)
    (tmp_path / "flows" / "saludo.yaml").write_text(FLOW)
    return tmp_path


class Reloads:
    """A bot in a folder, and what reloading made of it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config.yaml"
        project, _ = load_bot(self.config, {})
        assert project.settings is not None
        assert project.flows is not None
        self.taken: list[tuple[Project, FlowSet]] = []
        self.told: list[str] = []
        load = partial(load_bot, self.config, {}, fresh=True)
        self.reloader = Reloader(project.settings, project.flows, load, self._tell)

    def _tell(self, problems: Any) -> None:
        self.told += [problem.code for problem in problems]

    async def take(self, project: Project, flows: FlowSet) -> None:
        """Note what is to run."""
        self.taken.append((project, flows))

    async def reload(self) -> Mapping[str, Any]:
        """Load anew, and return the line that the log got of it."""
        with structlog.testing.capture_logs() as lines:
            await self.reloader.reload(self.take)
        (line,) = lines
        return line


async def test_taken(folder: Path) -> None:
    """Sound files are taken, and the log names the flows that changed."""
    bot = Reloads(folder)
    (folder / "flows" / "saludo.yaml").write_text(NEW)
    line = await bot.reload()
    assert (line["event"], line["changed"], line["restart_for"]) == ("reloaded", ["saludo"], [])
    assert bot.taken[0][1].flows["saludo"].text == NEW
    assert (await bot.reload())["changed"] == []


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("flows/saludo.yaml", FLOW.replace("say:", "sya:"), "unknown-kind"),
        ("flows/saludo.yaml", FLOW.replace("casa.hora", "casa.nada"), "unknown-handler"),
        ("config.yaml", CONFIG + "bto: {}\n", "unknown-key"),
        ("config.yaml", CONFIG.replace("America/La_Paz", "Marte"), "timezone-unknown"),
        ("h.py", HANDLERS + "\nraise ValueError('no')\n", "handler-module"),
        ("h.py", "", "unknown-handler"),
    ],
)
async def test_refused(folder: Path, file: str, text: str, code: str) -> None:
    """What fails its check never takes the running one's place; it is told with its places, also in the log."""
    bot = Reloads(folder)
    (folder / file).write_text(text)
    line = await bot.reload()
    assert (line["event"], bot.taken) == ("reload_refused", [])
    assert code in bot.told
    assert any(shown.endswith(f" {code}") for shown in line["problems"])
    (folder / file).write_text({"h.py": HANDLERS, "config.yaml": CONFIG}.get(file, FLOW))
    assert (await bot.reload())["event"] == "reloaded"


@pytest.mark.parametrize(
    ("more", "needs"),
    [
        ("log: {level: debug}\n", ["log"]),
        ("admin: {port: 0, token: '${TOKEN:-0123456789012345678901234567890123}'}\n", ["admin"]),
        ("hours: {mon-fri: ['09:00-18:00']}\n", []),
        ("defaults: {invalid: {tries: 3, then: fin}}\nbuiltin: {hello: off}\n", []),
    ],
)
async def test_what_needs_a_start(folder: Path, more: str, needs: list[str]) -> None:
    """Sections that only count from the next start on are named; all others count at once."""
    bot = Reloads(folder)
    (folder / "config.yaml").write_text("# un comentario más arriba\n" + CONFIG + more)
    (folder / "flows" / "saludo.yaml").write_text(FLOW + "asides: {fin: [{say: Fin}]}\n" * ("then: fin" in more))
    line = await bot.reload()
    assert (line["event"], line.get("restart_for")) == ("reloaded", needs), bot.told


async def test_a_module_that_hangs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log says what keeps a bot from being loaded; when that ends it is taken."""
    bot, go = Reloads(folder), threading.Event()
    load = bot.reloader._load

    def load_late() -> tuple[Project, list[Problem]]:
        go.wait(PATIENCE_S)
        return load()

    monkeypatch.setattr("botkit.reload.SLOW_S", 0.001)
    monkeypatch.setattr(bot.reloader, "_load", load_late)
    with structlog.testing.capture_logs() as lines:
        reloading = asyncio.create_task(bot.reloader.reload(bot.take))
        await eventually(lambda: lines)
        go.set()
        await reloading
    assert [line["event"] for line in lines] == ["reload_slow", "reloaded"]


async def test_another_channel(folder: Path) -> None:
    """A channel is another one when it says something else, not when it stands elsewhere."""
    bot = Reloads(folder)
    (folder / "config.yaml").write_text(CONFIG.replace("base_url: sandbox", "base_url: sandbox, rate: {limit: 5}"))
    assert (await bot.reload())["restart_for"] == ["channels"]


@pytest.mark.parametrize(
    ("more", "needs"),
    [
        ("services: {agenda: {url: 'https://agenda.example.com'}}\n", ["services"]),
        ("http: {allow: [nas.local]}\n", ["http"]),
        ("flows: otros\n", ["flows"]),
    ],
)
async def test_flows_that_would_not_run(folder: Path, more: str, needs: list[str]) -> None:
    """Flows that were checked against what only a start changes are not taken."""
    bot = Reloads(folder)
    (folder / "otros").mkdir()
    (folder / "otros" / "a.yaml").write_text(FLOW)
    (folder / "config.yaml").write_text(CONFIG + more)
    line = await bot.reload()
    assert (line["event"], line["restart_for"], bot.taken) == ("reload_refused", needs, [])


def test_every_section_is_decided() -> None:
    """Of each section it is said whether a reload takes it in."""
    taken = {"bot", "handlers", "builtin", "defaults", "hours", "quiet_hours", "handoff", "budget"}
    assert taken | {*AT_START, *CHECKED} == set(Settings.model_fields)
    assert not taken & {*AT_START, *CHECKED}


async def test_handlers_are_imported_anew(folder: Path) -> None:
    """A module that was saved counts at once, however soon after the last time and of the same size."""
    bot = Reloads(folder)
    for word in ("dos", "ocho", "tres", "seis"):
        (folder / "h.py").write_text(HANDLERS.replace("una", word))
        await bot.reload()
        assert bot.taken[-1][0].handlers["casa.hora"].function() == word


async def test_dotted_modules_are_imported_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does one with a dotted name; what it had registered before is not changed by that."""
    monkeypatch.syspath_prepend(str(folder))
    (folder / "casa_modulo.py").write_text(HANDLERS)
    (folder / "config.yaml").write_text(CONFIG.replace("h.py", "casa_modulo"))
    bot = Reloads(folder)
    (folder / "casa_modulo.py").write_text(HANDLERS.replace("una", "dos"))
    await bot.reload()
    (folder / "casa_modulo.py").write_text("raise ValueError\n")
    await bot.reload()
    assert [project.handlers["casa.hora"].function() for project, _ in bot.taken] == ["dos"]


async def test_what_counts_as_a_change(folder: Path) -> None:
    """Watched are the folder of flows but for its tests, config.yaml, and the handlers' modules."""
    project, _ = load_bot(folder / "config.yaml", {})
    watch = Watch(folder / "flows", files_of(folder / "config.yaml", project), lambda: None)
    inside = ("flows/a.yaml", "flows/lang/en.yaml", "flows/foto.png", "config.yaml", "h.py")
    assert [name for name in (*inside, "flows/a.test.yaml", "botkit.db", "otro.py") if watch.counts(folder / name)] == [
        *inside
    ]


async def test_what_all_files_say(folder: Path) -> None:
    """Files that are saved as they were say the same; a byte of one, a new one or one that is gone says another."""
    project, _ = load_bot(folder / "config.yaml", {})
    watch = Watch(folder / "flows", files_of(folder / "config.yaml", project), lambda: None)
    config = (folder / "config.yaml").read_bytes()
    said = [watch.digest()]
    for name, content in (
        ("config.yaml", config),
        ("flows/a.test.yaml", b"tests: []"),
        ("otro.py", b""),
        ("config.yaml", config + b"#"),
        ("flows/lang/b.yaml", b""),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        said.append(watch.digest())
    (folder / "flows" / "lang" / "b.yaml").unlink()
    said.append(watch.digest())
    assert [said.index(each) for each in said] == [0, 0, 0, 0, 4, 5, 4]


# ── with a real process ──


async def logged(bot: Process, event: str, **fields: Any) -> dict[str, Any]:
    """Wait until the log has a line with these fields, and return the last one."""
    found: list[dict[str, Any]] = []

    def told() -> bool:
        lines = [json.loads(line) for line in (bot.folder / "botkit.log").read_text().splitlines()]
        found.extend(line for line in lines if line["event"] == event and fields.items() <= line.items())
        return bool(found)

    await eventually(told)
    return found[-1]


async def test_sighup(folder: Path) -> None:
    """After SIGHUP the next conversation is the new flow's, one under way finishes on the old, with new handlers."""
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "¿Viejo?")
        (folder / "flows" / "saludo.yaml").write_text(NEW)
        (folder / "h.py").write_text(HANDLERS.replace("una", "dos"))
        bot.child.send_signal(signal.SIGHUP)
        assert (await logged(bot, "reloaded"))["changed"] == ["saludo"]
        await bot.write("Ana", "Viejo, Ana, dos.")
        await bot.write("hola", "¿Nuevo?")
        (folder / "flows" / "saludo.yaml").write_text("flow: saludo\nsteps: []\nstrat: {}\n")
        bot.child.send_signal(signal.SIGHUP)
        line = await logged(bot, "reload_refused")
        assert line["problems"] == ["flows/saludo.yaml:3:1 unknown-key"]
        await bot.write("Luz", "Nuevo, Luz, dos.")
        assert await bot.stop() == 0
        assert bot.child.stderr is not None
        assert "strat" in (await bot.child.stderr.read()).decode()


async def test_another_country(folder: Path) -> None:
    """A country that changed is that of the numbers that come without one from then on."""
    there = CONTACT.removeprefix("591")
    async with running(folder) as bot:
        await bot.read_ready()
        await bot.write("hola", "¿Viejo?")
        async with open_desk(folder / "botkit.db") as desk:
            assert await desk.call("outbox", contact=there)
            (folder / "config.yaml").write_text(CONFIG.replace("{timezone", "{country: PE, timezone"))
            bot.child.send_signal(signal.SIGHUP)
            await logged(bot, "reloaded")
            with pytest.raises(UsageError, match="no conversation"):
                await desk.call("outbox", contact=there)
            with pytest.raises(UsageError, match="no conversation"):
                await desk.act("event", {"contact": there, "name": "pago"})
        assert await bot.stop() == 0


async def test_without_a_terminal(folder: Path) -> None:
    """A bot whose terminal is gone tells the log alone what is wrong, and goes on."""
    ours, its = os.pipe()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "botkit", "run"), cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=its
    )
    os.close(its)
    bot = Process(child, folder)
    try:
        await bot.read_ready()
        os.close(ours)
        (folder / "flows" / "saludo.yaml").write_text("flow: saludo\nsteps: []\nstrat: {}\n")
        child.send_signal(signal.SIGHUP)
        await logged(bot, "reload_refused")
        assert await bot.stop() == 0
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def test_saved_files(folder: Path) -> None:
    """With `--reload` a file that is saved is enough, and the process stops as ever."""
    async with running(folder, "--reload") as bot:
        await bot.read_ready()
        (folder / "flows" / "saludo.test.yaml").write_text("")
        (folder / "flows" / "saludo.yaml").write_text(NEW)
        await logged(bot, "reloaded", changed=["saludo"])
        await bot.write("hola", "¿Nuevo?")
        beside = folder / "h.new"
        beside.write_text("")
        beside.replace(folder / "h.py")
        await logged(bot, "reload_refused", problems=["flows/saludo.yaml:6:10 unknown-handler"])
        await bot.write("Ana", "Nuevo, Ana, una.")
        assert await bot.stop() == 0


async def test_a_folder_that_comes_back(folder: Path) -> None:
    """With `--reload` the folder of flows may go, and another one come in its place: it is watched like the first."""
    flows = folder / "flows"
    async with running(folder, "--reload") as bot:
        await bot.read_ready()
        (flows / "saludo.yaml").write_text(NEW)
        await logged(bot, "reloaded", changed=["saludo"])
        flows.rename(folder / "away")
        await logged(bot, "reload_refused")
        flows.mkdir()
        (flows / "otro.yaml").write_text(FLOW.replace("saludo", "otro"))
        await logged(bot, "reloaded", changed=["otro", "saludo"])
        (flows / "otro.yaml").write_text(NEW.replace("saludo", "otro"))
        await logged(bot, "reloaded", changed=["otro"])
        assert await bot.stop() == 0
