"""The commands, called as people call them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.messages import MESSAGES, language, say
from botkit.ports import Arrival, Leg
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import Record

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - ask: ¿Cómo te llamas?\n    save: nombre\n  - say: Listo\n"
CONTACT = "59170000001"

Call = Callable[..., Result]


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot's folder, in which commands are called."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "flows" / "saludo.yaml").write_text(FLOW)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def call(folder: Path) -> Call:
    """Call a command in the bot's folder."""
    return lambda *arguments: CliRunner().invoke(botkit, list(arguments))


@pytest.fixture
def stored(folder: Path) -> str:
    """A store with one conversation, of which a flow recorded something; return the conversation's id."""

    async def fill() -> str:
        store = await SqliteStore.open(folder / "botkit.db")
        (receipt,) = await store.accept(
            [Arrival("whatsapp", "webhook", "message", CONTACT, "m1", "", b"d", b"{}")], 1.0
        )
        assert receipt.row is not None
        seen = receipt.row.conversation
        rows = [Record("saludo", {"nombre": name, "nota": 7}) for name in ("Ana", "=1+1", "+591 7000 0001", "-x")]
        leg = Leg(receipt.row.id, 1, True, seen.id, "whatsapp", 0, 0, b"{}", b"{}", 2.0, records=rows)
        await store.commit(leg)
        await store.close()
        return seen.id

    return asyncio.run(fill())


def test_check_well(call: Call) -> None:
    """A good bot is said to be one."""
    result = call("check")
    assert (result.exit_code, result.output) == (0, "all well: 1 flows\n")


def test_check_problems(call: Call, folder: Path) -> None:
    """Problems of config.yaml, flows and channels come at once, with place and hint; exit status 1."""
    (folder / "config.yaml").write_text("hours: {}\nchannels: {whatsapp: {base_url: http://example.com}}\n")
    (folder / "flows" / "saludo.yaml").write_text(FLOW.replace("save:", "sabe:"))
    result = call("check", "--lang", "es")
    assert result.exit_code == 1
    assert "config.yaml:1:1: error: " in result.output
    assert "flows/saludo.yaml:5:5: error: " in result.output
    assert "quisiste decir 'save'" in result.output
    assert "errores: " in result.output


def test_check_channels(call: Call, folder: Path) -> None:
    """What a real gateway's channel lacks is named, each where it belongs."""
    (folder / "config.yaml").write_text(
        "channels:\n  whatsapp:\n    base_url: http://example.com\n    rate: {limit: x}\n"
    )
    result = call("check", "--format", "json")
    found = {(each["line"], each["code"]) for each in json.loads(result.output)}
    assert result.exit_code == 1
    assert {(3, "config-value"), (4, "config-value"), (3, "missing-key")} <= found


def test_check_json(call: Call, folder: Path) -> None:
    """`--format json` is a list of problems, empty for a good bot."""
    assert json.loads(call("check", "--format", "json").output) == []
    (folder / "config.yaml").write_text(CONFIG + "api_key: x\n")
    (problem,) = json.loads(call("check", "--format", "json").output)
    assert (problem["code"], problem["line"], problem["severity"]) == ("misplaced-key", 2, "error")
    assert problem["hint"] == "move it to channels.<name>"


TESTS = """\
tests:
  - name: se presenta
    script:
      - user: hola
      - bot: ¿Cómo te llamas?
      - user: Ana
      - bot: {listo}
  - name: saluda
    script:
      - user: hola
      - bot: ¿Cómo te llamas?
"""


def test_tests(call: Call, folder: Path) -> None:
    """Tests are counted; -k chooses; none is no failure."""
    assert call("test").output == "there are no tests to run\n"
    (folder / "flows" / "saludo.test.yaml").write_text(TESTS.replace("{listo}", "Listo"))
    assert call("test").output == "2 tests passed\n"
    assert call("test", "flows/saludo.test.yaml", "-k", "presenta", "--lang", "es").output == "1 pruebas pasaron\n"


def test_failing_test(call: Call, folder: Path) -> None:
    """A failing test shows what was expected and what came; exit status 1."""
    (folder / "flows" / "saludo.test.yaml").write_text(TESTS.replace("{listo}", "Chau"))
    result = call("test")
    assert result.exit_code == 1
    assert "expected (line 7): Chau" in result.output
    assert "got: Listo" in result.output
    assert result.output.endswith("1 of 2 tests failed\n")


def test_wrong_test(call: Call, folder: Path) -> None:
    """A test file that cannot be read is a problem of `check`, too."""
    (folder / "flows" / "saludo.test.yaml").write_text("tests: 7\n")
    result = call("test")
    assert result.exit_code == 2
    assert "flows/saludo.test.yaml:1:8" in result.output
    assert "flows/saludo.test.yaml:1:8" in call("check").output


@pytest.mark.parametrize("command", [("check",), ("run",), ("results", "x"), ("conversation", "1"), ("test",)])
def test_no_config(call: Call, folder: Path, command: tuple[str, ...]) -> None:
    """Without a config.yaml every command says where to go."""
    (folder / "config.yaml").unlink()
    result = call(*command)
    assert result.exit_code == 2
    assert "there is no config.yaml; go to the bot's folder or use --config" in result.output


@pytest.mark.parametrize("command", [("results", "x"), ("conversation", "1"), ("outbox", "list"), ("logs", "1")])
def test_no_store(call: Call, command: tuple[str, ...]) -> None:
    """Without a store commands say so and make none."""
    result = call(*command)
    assert result.exit_code == 2
    assert "there is no store" in result.output


def test_run_refuses(call: Call, folder: Path) -> None:
    """`run` with a wrong flow says what is wrong, and begins nothing."""
    (folder / "flows" / "saludo.yaml").write_text("flow: x\nsteps: 7\n")
    result = call("run")
    assert result.exit_code == 2
    assert "flows/saludo.yaml:2:8" in result.output
    assert sorted(os.listdir(folder)) == ["config.yaml", "flows"]  # noqa: PTH208


def test_results(call: Call, stored: str) -> None:
    """Results are a line of JSON each."""
    lines = [json.loads(line) for line in call("results", "saludo").stdout.splitlines()]
    assert [line["row"]["nombre"] for line in lines] == ["Ana", "=1+1", "+591 7000 0001", "-x"]
    assert call("results", "other").stdout == ""


def test_results_csv(call: Call, stored: str) -> None:
    """As CSV no cell is a formula, and a phone number stays one."""
    rows = list(csv.DictReader(io.StringIO(call("results", "saludo", "--csv").stdout)))
    assert [row["nombre"] for row in rows] == ["Ana", "'=1+1", "+591 7000 0001", "'-x"]
    assert {row["nota"] for row in rows} == {"7"}


def test_conversation(call: Call, stored: str) -> None:
    """A contact is found however the number is written."""
    shown = json.loads(call("conversation", "+591 7000-0001").stdout)
    assert (shown["id"], shown["version"]) == (stored, 1)


def test_logs(call: Call, stored: str, folder: Path) -> None:
    """The log is searched by the conversation's id: it holds no number."""
    (folder / "botkit.log.1").write_text(json.dumps({"conversation": stored, "n": 1}) + "\n")
    (folder / "botkit.log").write_text(
        json.dumps({"conversation": "other"}) + "\n" + json.dumps({"conversation": stored, "n": 2}) + "\n"
    )
    assert [json.loads(line)["n"] for line in call("logs", CONTACT).stdout.splitlines()] == [1, 2]


def test_desk_needs_no_secrets(call: Call, stored: str, folder: Path) -> None:
    """Commands that only read the store do not ask for the gateway's variables."""
    (folder / "config.yaml").write_text("channels: {whatsapp: {api_key: '${NOT_SET}'}}\n")
    assert call("conversation", CONTACT).exit_code == 0


def test_defect(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of botkit is a sentence; the traceback stands in the log, without numbers."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"lost {CONTACT}")

    monkeypatch.setattr("botkit.cli.desk.places", broken)
    result = call("conversation", CONTACT)
    assert result.exit_code == 70
    assert "Traceback" not in result.output
    assert str(folder / "botkit.log") in result.output
    (line,) = (folder / "botkit.log").read_text().splitlines()
    assert "RuntimeError: lost [number]" in json.loads(line)["exception"]


@pytest.mark.parametrize(
    ("option", "env", "spoken"),
    [
        (None, {"LANG": "es_BO.UTF-8"}, "es"),
        (None, {"LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LANG": "en_GB.UTF-8", "LC_ALL": "es_BO"}, "es"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {}, "en"),
        ("es", {"LANG": "en_GB.UTF-8"}, "es"),
    ],
)
def test_language(option: str | None, env: dict[str, str], spoken: str) -> None:
    """The option decides, then the locale, then English."""
    assert language(option, env) == spoken


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_messages(key: str) -> None:
    """Every message takes the same values in both languages."""
    values = dict.fromkeys(
        ("flows", "errors", "warnings", "path", "flow", "passed", "failed", "all", "why", "what"), "<>"
    )
    assert say(key, "es", **values).count("<>") == say(key, "en", **values).count("<>")


def test_help_is_quick() -> None:
    """`--help` imports none of the heavy libraries."""
    heavy = ["aiohttp", "structlog", "transitions"]
    code = f"import sys, botkit.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"


async def test_sandbox(folder: Path) -> None:
    """`botkit sandbox` serves until it is stopped, and takes a webhook on this machine only."""
    command = (sys.executable, "-m", "botkit", "sandbox", "--port", "0")
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert child.stdout is not None
    assert (await child.stdout.readline()).startswith(b"sandbox ready http://127.0.0.1:")
    child.terminate()
    assert await child.wait() == 0


def test_sandbox_stays_here(call: Call) -> None:
    """A webhook elsewhere is refused: nothing leaves this machine."""
    result = call("sandbox", "--port", "0", "--webhook", "https://example.com/in")
    assert result.exit_code == 2
    assert "nothing leaves this machine" in result.output
