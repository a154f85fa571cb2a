"""`botkit check`: which bot and which part of it, what it prints, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
WELL = "flow: {name}\nstart: {{words: [{name}]}}\nsteps:\n  - say: Hola\n"
WRONG = "flow: mal\nstart: {words: [mal]}\nsteps:\n  - goto: nada\n"
WARNING = "flow: aviso\nstart: {words: [aviso]}\nsteps:\n  - {ask: a, type: date}\n"
KEYS = ["file", "line", "column", "end_line", "end_column", "severity", "code", "message", "hint"]

Call = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bot in `bot`: a flow that is well, one with an error, one with a warning below `mas`."""
    flows = tmp_path / "bot" / "flows"
    (flows / "mas").mkdir(parents=True)
    (tmp_path / "bot" / "config.yaml").write_text(CONFIG)
    (flows / "bien.yaml").write_text(WELL.format(name="bien"))
    (flows / "mal.yaml").write_text(WRONG)
    (flows / "mas" / "aviso.yaml").write_text(WARNING)
    (flows / "mal.test.yaml").write_text("tests:\n  - name: x\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(folder: Path) -> Call:
    """Call `check` above the bot's folder, in English."""
    return lambda *arguments: CliRunner().invoke(botkit, ["check", *arguments, "--lang", "en"])


def found(result: Result) -> list[tuple[str, str]]:
    """Return (file, code) of each problem that JSON tells, in its order."""
    return [(Path(each["file"]).name, each["code"]) for each in json.loads(result.output)]


ALL = [("mal.test.yaml", "missing-key"), ("mal.yaml", "unknown-target"), ("aviso.yaml", "no-lasting-id")]


@pytest.mark.parametrize("path", ["bot", "bot/config.yaml"])
def test_the_whole_bot(call: Call, path: str) -> None:
    """A folder with a config.yaml, and a config file, mean the whole bot; problems come sorted by file and place."""
    assert found(call(path, "--format", "json")) == ALL


def test_a_config_file_of_another_name(call: Call, folder: Path) -> None:
    """What holds channels is a config file, whatever its name is."""
    (folder / "bot" / "config.yaml").rename(folder / "bot" / "prueba.yaml")
    assert found(call("bot/prueba.yaml", "--format", "json")) == ALL


@pytest.mark.parametrize(
    ("path", "codes", "status"),
    [
        ("bot/flows/bien.yaml", [], 0),
        ("bot/flows/mal.yaml", ["unknown-target"], 1),
        ("bot/flows/mal.test.yaml", ["missing-key"], 1),
        ("bot/flows/mas", ["no-lasting-id"], 0),
        ("bot/flows", ["missing-key", "unknown-target", "no-lasting-id"], 1),
    ],
)
def test_a_part(call: Call, path: str, codes: list[str], status: int) -> None:
    """Of a file or a folder only its own problems are told, and they decide how the command ends."""
    result = call(path, "--format", "json")
    assert ([code for _, code in found(result)], result.exit_code) == (codes, status)


def test_errors_elsewhere(call: Call) -> None:
    """That other files of the bot have errors is said in a line."""
    result = call("bot/flows/bien.yaml")
    assert result.exit_code == 0
    assert result.output.endswith("other files of the bot have 2 errors: botkit check tells them\n")


def test_inside_the_part(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot is found from wherever the command is called."""
    monkeypatch.chdir(folder / "bot" / "flows" / "mas")
    assert found(call("aviso.yaml", "--format", "json")) == [("aviso.yaml", "no-lasting-id")]
    assert found(call(".", "--format", "json")) == [("aviso.yaml", "no-lasting-id")]


def test_a_part_of_a_named_bot(call: Call) -> None:
    """With --config, PATH is a part of that bot."""
    assert found(call("bot/flows/mal.yaml", "--config", "bot/config.yaml", "--format", "json")) == [ALL[1]]


@pytest.mark.parametrize(
    ("path", "words"),
    [("otra.yaml", "no config.yaml beside"), ("bot/otra.yaml", "is no part of the bot of bot/config.yaml")],
)
def test_no_part_of_a_bot(call: Call, folder: Path, path: str, words: str) -> None:
    """A flow that is of no bot is not said to be well."""
    (folder / path).write_text(WELL.format(name="otra"))
    result = call(path)
    assert result.exit_code == 2
    assert words in result.output


def test_secrets_are_not_shown(call: Call, folder: Path) -> None:
    """A key that is written into config.yaml stands in no answer, beside another mistake of its line neither."""
    wrong = "services: {agenda: {url: https://x, api_key: hunter2secret}}\n"
    (folder / "bot" / "config.yaml").write_text(CONFIG + wrong)
    told = call("bot").output
    assert told.count("[secret-literal]") == told.count("[misplaced-key]") == 1
    assert "hunter2secret" not in told
    assert "api_key: *************}}" in told


def test_nothing_there(call: Call) -> None:
    """A path that leads nowhere is a mistake of the command line."""
    assert call("bot/flows/nada.yaml").exit_code == 2


@pytest.mark.parametrize(("strict", "status"), [((), 0), (("--strict",), 1)])
def test_strict(call: Call, strict: tuple[str, ...], status: int) -> None:
    """With --strict a warning fails the check, too."""
    assert call("bot/flows/mas", *strict).exit_code == status
    assert call("bot/flows/bien.yaml", *strict).exit_code == 0


def test_json(call: Call) -> None:
    """Each problem is an object of these keys, its place behind the last character included."""
    (problem,) = json.loads(call("bot/flows/mal.yaml", "--format", "json").output)
    assert list(problem) == KEYS
    assert [problem[key] for key in KEYS[1:7]] == [4, 11, 4, 15, "error", "unknown-target"]
    assert problem["file"] == "bot/flows/mal.yaml"


def test_nothing_runs(call: Call, folder: Path) -> None:
    """Names that are code elsewhere stay names: nothing is imported, called or evaluated."""
    code = "__import__('pathlib').Path('ran').touch()"
    (folder / "bot" / "flows" / "mal.yaml").write_text(
        "flow: mal\nstart: {words: [mal]}\nsteps:\n"
        f'  - {{id: shutil.rmtree, say: "{{{{ {code} }}}}", if: "{code}"}}\n'
        f'  - {{run: "{code}", on_error: os.abort}}\n  - {{goto: "{code}"}}\n'
        f'  - {{ask: a, id: os.abort, type: "{code}"}}\n'
    )
    assert call("bot").exit_code == 1
    assert not (folder / "ran").exists()
