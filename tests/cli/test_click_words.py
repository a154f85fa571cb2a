"""What click says of a command line, in the language of all else."""

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.cli.click_words import MODULES, translate_click


def said(monkeypatch: pytest.MonkeyPatch, *arguments: str, command: click.Command = botkit) -> str:
    """Return what a command line gives on standard output and standard error."""
    for module in MODULES:
        for name in {"_", "ngettext"} & set(vars(module)):
            monkeypatch.setattr(module, name, getattr(module, name))  # so that it is put back
    translate_click()
    monkeypatch.setattr(sys, "argv", ["botkit", *arguments])
    return CliRunner().invoke(command, arguments, prog_name="botkit").output


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("--nope", "error: no hay una opción '--nope'."),
        ("chek", "error: no hay un comando 'chek'. ¿Quisiste decir uno de estos: 'check', 'schema'?"),
        ("send", "error: falta 'CONTACT'."),
        ("gateway probe", "error: falta la opción '--to'."),
        ("check /no/hay", "error: valor inválido de '[PATH]': no existe '/no/hay'."),
        ("check --config /", "error: valor inválido de '--config': '/' es una carpeta."),
        ("check --format xml", "error: valor inválido de '--format': 'xml' no es ninguno de 'text', 'json'."),
        ("sandbox --port x", "error: valor inválido de '--port': 'x' no es un número válido."),
        ("outbox show 0", "error: valor inválido de 'ID': 0 no está en el rango x>=1."),
        ("check --config", "error: la opción '--config' necesita un valor."),
        ("check --strict=no", "error: la opción '--strict' no lleva un valor."),
        ("doctor uno dos", "error: sobra en la orden: uno dos"),
        ("doctor uno", "error: sobra en la orden: uno"),
    ],
)
def test_wrong_command_line(monkeypatch: pytest.MonkeyPatch, line: str, expected: str) -> None:
    """A mistake in a command line is told in Spanish to who speaks it."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    assert said(monkeypatch, *line.split()).splitlines()[-1] == expected


def test_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame of a help text is in Spanish, too."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    fresh = click.Command("fresh", params=[click.Option(["--size"], default="1", show_default=True)])
    told = said(monkeypatch, "--help", command=fresh)  # click keeps the help text that a command once had
    assert [word for word in ("Usage", "Options", "Show this", "default:", "required") if word in told] == []
    assert [word for word in ("Uso:", "Opciones:", "por defecto:") if word not in told] == []


@pytest.mark.parametrize("lang", [("--lang", "en"), ("--lang=en",)], ids=str)
def test_language_of_the_line(monkeypatch: pytest.MonkeyPatch, lang: tuple[str, ...]) -> None:
    """`--lang` counts for what click says, too, wherever it stands."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    assert said(monkeypatch, *lang, "--nope").splitlines()[-1] == "Error: No such option '--nope'."
