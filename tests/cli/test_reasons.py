"""What the system says is told in Spanish, too, with its own words behind it."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.cli.doctor import lines_of
from botkit.cli.reasons import REASONS, in_language
from botkit.cli.trouble import NOT_NOW, guarded
from botkit.doctor import Finding
from botkit.errors import StoreReason, StoreUnavailable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no se puede: Permission denied; cambia", "no se puede: falta permiso (Permission denied); cambia"),
        (
            "está dañado (file is not a database): ve",
            "está dañado (el archivo no es una base SQLite: file is not a database): ve",
        ),
        (
            "self-signed certificate in certificate chain",
            "un certificado de la cadena es autofirmado (self-signed certificate in certificate chain)",
        ),
        ("No child processes", "No child processes"),
    ],
)
def test_spanish(text: str, told: str) -> None:
    """What is known stands in front of what was said; the longest counts, and what is not known stays."""
    assert in_language(text, "es") == told
    assert in_language(text, "en") == text


def _open(file: Path) -> object:
    return file.open("rb")


def _connect(file: Path) -> object:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return socket.create_connection(free.getsockname())


def _read(file: Path) -> object:
    with closing(sqlite3.connect(file)) as db:
        return db.execute("SELECT * FROM a")


def _write(file: Path) -> object:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("PRAGMA query_only = ON")
        return db.execute("CREATE TABLE a (b)")


@pytest.mark.parametrize(
    ("does", "name"), [(_open, "."), (_open, "none"), (_connect, ""), (_read, "text"), (_read, "none/a"), (_write, "")]
)
def test_as_it_is_said(does: Callable[[Path], object], name: str, tmp_path: Path) -> None:
    """The table has the words that are said here, of what a test can bring about."""
    (tmp_path / "text").write_text("no store, but long enough to be looked at" * 99)
    with pytest.raises((OSError, sqlite3.Error)) as raised:
        does(tmp_path / name)
    error = raised.value
    assert (error.strerror if isinstance(error, OSError) else str(error)) in REASONS


def test_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands tell it so, and `doctor`."""
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    Path("copy.db").write_bytes(b"x" * 5000)
    said = CliRunner().invoke(botkit, ["restore", "copy.db", "--lang", "es"]).output
    assert "no se puede restaurar copy.db: el archivo no es una base SQLite (file is not a database)" in said
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    [line, _] = lines_of(
        Finding("bad", "gateway-closed", {"channel": "wa", "host": "a:1", "why": "Connection refused"})
    )
    assert line == "✗ a:1 no abre: nadie atiende ahí (Connection refused) (canal 'wa')"


@pytest.mark.parametrize(
    ("locale", "reason", "told"),
    [
        ("es_BO.UTF-8", "full", "error: el almacén no acepta nada: el disco está lleno; haz lugar en el disco"),
        ("C.UTF-8", "full", "error: the store takes nothing: the disk is full; make room on the store's disk"),
        ("es_BO.UTF-8", "slow", "error: el almacén no acepta nada: no contesta a tiempo; prueba otra vez en unos"),
        ("C.UTF-8", "slow", "error: the store takes nothing: it does not answer in time; try again in a few seconds"),
    ],
)
def test_store(
    locale: str, reason: StoreReason, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Why a store takes nothing is told in one language, and to try again only where that may help."""
    monkeypatch.setenv("LC_ALL", locale)
    with pytest.raises(click.exceptions.Exit) as ended, guarded(click.Context(botkit)):
        raise StoreUnavailable("the store refuses work: as SQLite says it", reason)
    assert ended.value.exit_code == NOT_NOW
    assert capsys.readouterr().err.startswith(told)
