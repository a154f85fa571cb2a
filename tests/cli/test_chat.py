"""The command `chat`, as people call it, without a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.chat.commands import COMMANDS
from botkit.chat.texts import TEXTS
from botkit.cli import botkit
from tests.chat.talking import write


def chat(*arguments: str, typed: str = "") -> Result:
    """Call the command."""
    return CliRunner().invoke(botkit, ["chat", *arguments], input=typed)


@pytest.fixture(autouse=True)
def folder(in_english: Path) -> Path:
    """Make a bot in the folder in which the command is called."""
    write(in_english)
    return in_english


def test_lines() -> None:
    """Each line of the input is one that is typed, shown above what comes of it; its end is the end."""
    result = chat(typed="mesa\n3\n2\n")
    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            *("› mesa", "╭ ¿Para cuántos?", "│   1  4", "╰   2  2"),
            *("› 3", "╭ ¿A qué hora?", "│   1  19:00", "╰   2  Otra hora"),
            *("› 2", "─ Llama por teléfono", "· mesa ended: done"),
        ],
    )


def test_flow() -> None:
    """A flow that is named begins at once."""
    assert chat("mesa").output.splitlines() == ["╭ ¿Para cuántos?", "│   1  4", "╰   2  2"]


def test_inputs(folder: Path) -> None:
    """A flow gets its inputs by options."""
    write(folder, "flow: saldo\ninputs: [monto]\nsteps:\n  - say: 'Debes {{ monto + 1 }}'\n", "")
    assert chat("saldo", "--with", "monto=7", typed=":save deuda").output.splitlines()[0] == "─ Debes 8"
    assert "given: {flow: saldo, with: {monto: 7}}" in (folder / "flows" / "mesa.test.yaml").read_text()


@pytest.mark.parametrize(
    ("lang", "told"), [("es", "el turno falló: '/': división por cero"), ("en", "division by zero")]
)
def test_failed_turn(folder: Path, lang: str, told: str) -> None:
    """Why a turn failed is told in the language of all else."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: n, save: n, type: integer}\n  - say: '{{ 1 / n }}'\n"
    write(folder, flow, "")
    assert told in chat("--lang", lang, typed="f\n0\n").output


def test_quit() -> None:
    """Behind `:quit` nothing is read."""
    assert chat(typed=":quit\nmesa\n").output.splitlines() == ["› :quit"]


def test_contact() -> None:
    """What is known of the person is given by options."""
    shown = chat("--contact", "name=Ana", "--contact", "puntos=3", typed="hola\n:slots\n").output
    assert "Hola, Ana" in shown
    assert "· contact.puntos: 3" in shown
    assert "language" in chat("--contact", "language=en", typed="mesa\n:slots\n").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mess"], "error: the bot has no flow 'mess'; did you mean 'mesa'?"),
        (["zzz"], "error: the bot has no flow 'zzz'; it has mesa"),
        (["--contact", "Ana"], "error: 'Ana' is no input: write name=value"),
        (["--config", "no.yaml"], "error: there is no no.yaml; go to the bot's folder or use --config"),
        (["zzz", "--lang", "es"], "error: el bot no tiene un flujo 'zzz'; tiene mesa"),
    ],
)
def test_cannot(arguments: list[str], told: str) -> None:
    """What cannot be done as asked is told in a sentence."""
    result = chat(*arguments)
    assert (result.exit_code, result.output.strip()) == (2, told)


def test_mistakes(folder: Path) -> None:
    """A bot with mistakes is not begun with: they are told with their places."""
    write(folder, "flow: f\nsteps:\n  - goto: nada\n")
    result = chat()
    assert result.exit_code == 2
    assert "flows/mesa.yaml:3:11: error" in result.output


def test_no_store(folder: Path) -> None:
    """Nothing is written but what is saved."""
    before = sorted(path.name for path in folder.rglob("*.*") if "__pycache__" not in path.parts)
    chat(typed="mesa\n3\n1\n")
    assert sorted(path.name for path in folder.rglob("*.*") if "__pycache__" not in path.parts) == before


@pytest.mark.parametrize("pair", [*TEXTS.values(), *((form.es, form.en) for form in COMMANDS.values())])
def test_both_languages(pair: tuple[str, str]) -> None:
    """Every text is there in both languages, with the same values."""
    import string

    fields = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in pair]
    assert all(pair)
    assert fields[0] == fields[1]


@pytest.mark.parametrize("locale", ["C.UTF-8", "en_US.UTF-8"])
def test_no_text(locale: str) -> None:
    """Bytes that are no UTF-8 are replaced, NUL is left out, and the talk goes on."""
    typed = b'\xff\xfe\x00hola\x01\n\x00\n:event pago "\\0 \\ud800"\n:tap \xff\n:back\n:save \xff\x00\nmesa\n'
    command: list[str | bytes] = [
        sys.executable,
        "-m",
        "botkit",
        "chat",
        "--contact",
        b"name=\xff",
        "mesa",
        "--with",
        b"x=\xfe",
    ]
    done = subprocess.run(command, input=typed, capture_output=True, env={**os.environ, "LANG": locale}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith("› mesa\n╭ ¿Para cuántos?\n│   1  4\n╰   2  2\n")
