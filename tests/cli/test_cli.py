"""The commands, called as people call them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from botkit.cli import shown
from botkit.cli.messages import MESSAGES, language, say
from botkit.ports import Arrival, Leg, Settlement, WireRequest
from botkit.store.sqlite import SqliteStore
from botkit.turn.effect import Record, Send
from tests.cli.talk import Call

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = "flow: saludo\nstart: {words: [hola]}\nsteps:\n  - ask: ¿Cómo te llamas?\n    save: nombre\n  - say: Listo\n"
CONTACT = "59170000001"
STATE = {
    "frames": [{"flow": "saludo", "digest": "d", "step": "nombre", "slots": {"edad": 27.0, "ciudad": "La Paz"}}],
    "last": {"outcome": "done"},
}


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
        rows = [
            Record("saludo", {"nombre": name, "nota": 7, "peso": 27.5, "total": 27.0})
            for name in ("Ana", "=1+1", "+591 7000 0001", "-x")
        ]
        asked = Send({"type": "text", "text": "¿Cómo te llamas?"}, "saludo", "nombre")
        state = json.dumps(STATE).encode()
        leg = Leg(receipt.row.id, 1, True, seen.id, "whatsapp", 0, 0, state, b"{}", 2.0, sends=[asked], records=rows)
        await store.commit(leg)
        row = await store.head("whatsapp", 2.0)
        assert row is not None
        flight = await store.begin("whatsapp", "main", [row.id], WireRequest("POST", "/", "", b""), 2.0)
        assert flight is not None
        await store.settle(flight, Settlement("failed", 2.0, detail="invalid number"))
        await store.close()
        return seen.id

    return asyncio.run(fill())


def test_check_well(call: Call) -> None:
    """A good bot is said to be one."""
    result = call("check")
    assert (result.exit_code, result.output) == (0, "all well: 1 flow\n")


def test_check_problems(call: Call, folder: Path) -> None:
    """Problems of config.yaml, flows and channels come at once, with place and hint; exit status 1."""
    (folder / "config.yaml").write_text("retencion: {}\nchannels: {whatsapp: {base_url: http://example.com}}\n")
    (folder / "flows" / "saludo.yaml").write_text(FLOW.replace("save:", "sabe:"))
    result = call("check", "--lang", "es")
    assert result.exit_code == 1
    assert "config.yaml:1:1: error: " in result.output
    assert "flows/saludo.yaml:5:5: error: " in result.output
    assert "quisiste decir 'save'" in result.output
    assert "errores: " in result.output


def test_check_without_flows(call: Call, folder: Path) -> None:
    """A folder of flows that is not there is told once."""
    (folder / "flows" / "saludo.yaml").unlink()
    (folder / "flows").rmdir()
    result = call("check", "--format", "json")
    assert [each["code"] for each in json.loads(result.output)] == ["file-missing"]


def test_check_channels(call: Call, folder: Path) -> None:
    """What a real gateway's channel lacks is named, each where it belongs."""
    (folder / "config.yaml").write_text(
        "channels:\n  whatsapp:\n    base_url: http://example.com\n    rate: {limit: x}\n"
    )
    result = call("check", "--format", "json")
    found = {(each["line"], each["code"]) for each in json.loads(result.output)}
    assert result.exit_code == 1
    assert {(3, "config-value"), (4, "config-value"), (3, "missing-of-gateway")} <= found


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
    """Tests are counted; -k chooses; none is no success."""
    none = call("test")
    assert (none.exit_code, none.output.partition(";")[0]) == (2, "error: there are no tests to run")
    (folder / "flows" / "saludo.test.yaml").write_text(TESTS.replace("{listo}", "Listo"))
    assert call("test").output == "2 tests passed\n"
    assert call("test", "flows/saludo.test.yaml", "-k", "presenta", "--lang", "es").output == "1 prueba pasó\n"
    nothing = call("test", "-k", "nada")
    assert (nothing.exit_code, nothing.output) == (2, "error: no test has 'nada' in its name; nothing ran\n")


def test_failing_test(call: Call, folder: Path) -> None:
    """A failing test shows what was expected and what came; exit status 1."""
    (folder / "flows" / "saludo.test.yaml").write_text(TESTS.replace("{listo}", "Chau"))
    result = call("test")
    assert result.exit_code == 1
    assert "expected (line 7): Chau" in result.output
    assert "got: Listo" in result.output
    assert result.output.endswith("1 of 2 tests failed\n")
    assert call("test", "-k", "presenta").output.endswith("1 of 1 test failed\n")


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
    assert "no existe config.yaml" in call(*command, "--lang", "es").output


@pytest.mark.parametrize("command", [("results", "x"), ("conversation", "1"), ("outbox", "list"), ("logs", "1")])
def test_no_store(call: Call, command: tuple[str, ...]) -> None:
    """Without a store commands say so and make none."""
    result = call(*command)
    assert result.exit_code == 2
    assert "there is no store" in result.output
    assert "todavía no hay almacén" in call(*command, "--lang", "es").output


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
    assert {line["at"] for line in lines} == {"1969-12-31T20:00:02-04:00"}  # America/La_Paz


def test_no_results(call: Call, stored: str, folder: Path) -> None:
    """A flow without rows is no mistake; a name that no flow has is one, and the nearest is offered."""
    (folder / "flows" / "otro.yaml").write_text(FLOW.replace("saludo", "despedida"))
    assert call("results", "despedida").output == "the flow 'despedida' recorded nothing\n"
    assert call("results", "despedida").exit_code == 0
    unknown = call("results", "despedid", "--lang", "es")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "el bot no tiene un flujo con ese nombre; ¿quisiste decir 'despedida'?" in unknown.stderr
    assert call("results", "zzzz").stderr.endswith("the bot has no flow of that name; with results: saludo (4)\n")


def test_results_csv(call: Call, stored: str) -> None:
    """As CSV no cell is a formula, and a phone number stays one."""
    rows = list(csv.DictReader(io.StringIO(call("results", "saludo", "--csv").stdout)))
    assert [row["nombre"] for row in rows] == ["Ana", "'=1+1", "+591 7000 0001", "'-x"]
    assert {row["nota"] for row in rows} == {"7"}
    assert {row["peso"] for row in rows} == {"27.5"}
    assert {row["total"] for row in rows} == {"27"}
    assert rows[0]["at"] == "1969-12-31T20:00:02-04:00"


def test_results_excel(call: Call, stored: str) -> None:
    """An Excel in Spanish gets a BOM, semicolons and decimal commas."""
    written = call("results", "saludo", "--excel").stdout_bytes
    assert written.startswith(b"\xef\xbb\xbfat;conversation_id;nombre;nota;peso;total\r\n")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert [(row["nombre"], row["nota"], row["peso"], row["total"]) for row in rows][1] == ("'=1+1", "7", "27,5", "27")


def test_conversation(call: Call, stored: str) -> None:
    """A contact is found however the number is written."""
    shown = json.loads(call("conversation", "+591 7000-0001", "--json").stdout)
    assert (shown["id"], shown["version"]) == (stored, 1)
    assert json.loads(call("conversation", "7000 0001", "--json").stdout)["id"] == stored


def test_conversation_shown(call: Call, stored: str) -> None:
    """An operator reads where a conversation stands, what was said last, what is known and how the last flow ended."""
    lines = call("conversation", "70000001", "--lang", "es").stdout.splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        "contacto: 59170000001 (whatsapp)",
        "está en: flujo 'saludo', paso 'nombre'",
        "lo último dicho: ¿Cómo te llamas? (falló, 1969-12-31T20:00:02-04:00)",
        "datos: edad: 27",
        "ciudad: La Paz",
        "último final: done",
        "último cambio: 1969-12-31T20:00:02-04:00",
    ]
    assert len({line.index(text) for line, text in zip(lines[2:5], ("¿", "edad", "ciudad"), strict=True)}) == 1


def test_outbox(call: Call, stored: str) -> None:
    """A failed message is listed with its reason."""
    shown = call("outbox", "list", "70000001", "--status", "failed").stdout
    assert shown.count("\n") == 1
    assert "failed" in shown
    assert "¿Cómo te llamas?  [invalid number]" in shown
    assert call("outbox", "list", "--status", "sent").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("conversation", "1"), "no hay ninguna conversación con este contacto; revisa el número, con su país"),
        (("conversation", ""), "el contacto está vacío; da un número con su país: 59171234567"),
        (("outbox", "list", ""), "el contacto está vacío"),
        (("outbox", "list", "\udcff"), "el contacto no se puede leer"),
        (("logs", ""), "el contacto está vacío"),
        (("results", ""), "el flujo está vacío; da el nombre de un flujo"),
        (("logs", "1"), "no hay ninguna conversación con este contacto"),
        (("outbox", "list", "--status", "x"), "'x' no es un estado de un mensaje por enviar; los estados son: pending"),
        (("outbox", "list", "--limit", "0"), "'0' no es un límite; escribe un número de 1 a 1000"),
        (("sandbox", "--webhook", "https://example.com"), "nada sale de esta máquina"),
    ],
)
def test_refused_in_spanish(call: Call, stored: str, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done is told in the language asked for, before the command or behind it."""
    for result in (call(*arguments, "--lang", "es"), call("--lang", "es", *arguments)):
        assert result.exit_code == 2
        assert told in result.stderr


def test_lang_anywhere(call: Call) -> None:
    """`--lang` stands before the command or behind it; the nearer one counts."""
    assert call("--lang", "es", "check").output == call("check", "--lang", "es").output == "todo bien: 1 flujo\n"
    assert call("--lang", "es", "check", "--lang", "en").output == "all well: 1 flow\n"


def test_logs(call: Call, stored: str, folder: Path) -> None:
    """The log is searched by the conversation's id: it holds no number."""
    (folder / "botkit.log.1").write_text(json.dumps({"conversation": stored, "n": 1}) + "\n")
    (folder / "botkit.log").write_text(
        json.dumps({"conversation": "other"}) + "\n" + json.dumps({"conversation": stored, "n": 2}) + "\n"
    )
    assert [json.loads(line)["n"] for line in call("logs", CONTACT).stdout.splitlines()] == [1, 2]


def test_desk_needs_no_secrets(call: Call, stored: str, folder: Path) -> None:
    """Commands that only read the store do not ask for the gateway's variables."""
    (folder / "config.yaml").write_text("bot: {x: '${NOT_SET}'}\nchannels: {whatsapp: {api_key: '${NOT_SET}'}}\n")
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
    names = {name for text in MESSAGES[key] for _, name, _, _ in Formatter().parse(text) if name}
    values = dict.fromkeys(names, "<>")
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


async def test_sandbox_as_written(folder: Path) -> None:
    """Where there is a config.yaml, its port is taken, and the webhook of its channel; an option wins."""
    (folder / "config.yaml").write_text(
        "channels: {wa: {base_url: sandbox, webhook: {path: /in}}}\nsandbox: {port: 0}\nserver: {port: 8765}\n"
    )
    for words, webhook in (((), b"8765/in"), (("--webhook", "http://127.0.0.1:9/x"), b"9/x")):
        command = (sys.executable, "-m", "botkit", "sandbox", *words)
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=folder)
        assert child.stdout is not None
        ready = await child.stdout.readline()
        assert ready.endswith(b" -> webhook http://127.0.0.1:" + webhook + b"\n")
        assert not ready.startswith(b"sandbox ready http://127.0.0.1:8090")
        child.terminate()
        assert await child.wait() == 0


def test_sandbox_stays_here(call: Call) -> None:
    """A webhook elsewhere is refused: nothing leaves this machine."""
    result = call("sandbox", "--port", "0", "--webhook", "https://example.com/in")
    assert result.exit_code == 2
    assert "nothing leaves this machine" in result.output


def command(folder: Path, *arguments: str, **given: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own, in Spanish."""
    return subprocess.run(
        [sys.executable, "-m", "botkit", "--lang", "es", *arguments], cwd=folder, check=False, **given
    )


@pytest.mark.parametrize("arguments", [["outbox", "list"], ["--help"]])
def test_full_disk(folder: Path, stored: str, arguments: list[str]) -> None:
    """Output that finds no room is an error in a sentence, in help too."""
    with Path("/dev/full").open("wb") as full:
        env = {**os.environ, "LC_ALL": "es_BO.UTF-8"}
        done = command(folder, *arguments, stdout=full, stderr=subprocess.PIPE, env=env)
    assert (done.returncode, done.stderr) == (75, b"error: no queda espacio en el disco\n")
    assert not (folder / "botkit.log").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--help"], "Conversaciones de WhatsApp"),
        (["check", "--help"], "Revisa"),
        (["--lang=en", "--help"], "WhatsApp conversations"),
    ],
)
def test_language_of_help(folder: Path, arguments: list[str], text: str) -> None:
    """Help is in the language that was asked for, the last one if there are several, whatever the system's."""
    done = command(folder, *arguments, capture_output=True, env={**os.environ, "LC_ALL": "en_US.UTF-8"})
    assert text in done.stdout.decode()


def test_latin_1(folder: Path, stored: str) -> None:
    """What a terminal's encoding lacks is shown by its number."""
    (folder / "flows" / "saludo.yaml").write_text("flow: saludo\nsteps:\n  - say: ñ 😀 {{ nada }}\n")
    done = command(folder, "check", env={**os.environ, "PYTHONIOENCODING": "latin-1"}, stdout=subprocess.PIPE)
    assert done.returncode == 1
    assert "ñ \\U0001f600".encode("latin-1") in done.stdout


def test_closed_streams(folder: Path, stored: str) -> None:
    """Without standard output and error a command does its work all the same."""
    script = f"{sys.executable} -m botkit outbox list >&- 2>&-"
    assert subprocess.run(["sh", "-c", script], cwd=folder, check=False).returncode == 0


def test_pipe_for_a_catalogue(folder: Path) -> None:
    """A pipe where a file should be is told, and not waited for."""
    (folder / "flows" / "lang").mkdir()
    os.mkfifo(folder / "flows" / "lang" / "en.yaml")
    done = command(folder, "catalog", "en", capture_output=True, timeout=20)
    assert done.returncode == 2
    assert b"not a regular file" in done.stderr


def test_escape_sequences() -> None:
    """What a person wrote does nothing to the terminal of who reads it."""
    assert shown.one_line("a\x1b[2J\x9b31m\u202eb\n c") == "a\\x1b[2J\\x9b31m\\u202eb c"
    assert shown.json_of({"a": "\x9bñ\u202e"}) == '{"a": "\\u009bñ\\u202e"}'
