"""`gateway probe`, as an operator calls it: it says whom it sends to, asks, and tells how the gateway counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.store.sqlite import SqliteStore
from tests.outbox.http import sandbox

CONFIG = """\
channels: {{whatsapp: {{base_url: sandbox, rate: {{limit: 30, per: 1s}}}}}}
sandbox: {{port: {port}, embedded: false}}
"""
REAL = """\
channels:
  whatsapp:
    base_url: https://api.example.com
    api_key: ${WACONECTA_API_KEY}
    id: id
    send:
      text: {path: /messages, body: {to: "{{ to }}", text: "{{ text }}"}}
"""

Call = Callable[..., Result]


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """The port of a sandbox, in a process of its own, that takes one request at a time."""
    with sandbox("--limit", "30", "--period", "1", "--algorithm", "leaky") as url:
        yield url.rpartition(":")[2]


@pytest.fixture
def call(in_english: Path, port: str) -> Call:
    """Call the command in a folder whose channel is that sandbox."""
    (in_english / "config.yaml").write_text(CONFIG.format(port=port))
    return lambda *words, **rest: CliRunner().invoke(botkit, ["gateway", "probe", "--to", "59171", *words], **rest)


def test_probe(call: Call, port: str) -> None:
    """It says the target before anything else, sends, and tells how requests are counted and what to write."""
    result = call("--yes")
    lines = result.stdout.splitlines()
    assert lines[0] == f"target: http://127.0.0.1:{port} · SANDBOX, NOTHING LEAVES THIS MACHINE, channel whatsapp"
    assert "it counts so: leaky, one at a time: a request every " in result.stdout
    assert "  for config.yaml: rate: {limit: 30, per: 1s, burst: 1}" in lines
    assert "Retry-After does not come with 429s" in lines
    assert result.exit_code == 0
    assert result.stderr.startswith(".x")


def test_declined(call: Call, in_english: Path) -> None:
    """Without a yes nothing is sent, and no store is made; so too where nobody can be asked."""
    for answer in ("n\n", "\n", "", "perhaps\nno\n"):
        result = call(input=answer)
        assert result.exit_code == 1
        assert "59171" in result.stdout
        assert "Send them? [y/N]: " in result.stdout
    assert not (in_english / "botkit.db").exists()


@pytest.mark.parametrize("answer", ["s", "Sí", "y"])
def test_agreed(call: Call, in_english: Path, answer: str) -> None:
    """A yes may be said in either language."""
    (in_english / "config.yaml").write_text(CONFIG.format(port=9))
    result = call("--lang", "es", input=f"{answer}\n")
    assert "¿Mandarlos? [s/N]: " in result.stdout
    assert "nadie atiende" in result.stdout


def test_dry_run(call: Call, in_english: Path) -> None:
    """It shows the first request with the key hidden, in the language asked for; nothing is sent and no store made."""
    (in_english / "config.yaml").write_text(REAL)
    result = call("--dry-run", "--lang", "es", env={"WACONECTA_API_KEY": "key-7431"})
    assert result.exit_code == 0
    assert "destino: https://api.example.com, una pasarela de verdad (perfil waconecta)" in result.stdout
    assert "POST https://api.example.com/messages\nX-Api-Key: ***\n" in result.stdout
    assert "Prueba de botkit 1 de 65" in result.stdout
    assert "key-7431" not in result.output
    assert not (in_english / "botkit.db").exists()


def test_running(call: Call, in_english: Path) -> None:
    """While a bot has the store nothing is sent."""

    async def run() -> Result:
        store = await SqliteStore.open(in_english / "botkit.db")
        try:
            return await asyncio.to_thread(call, "--yes")
        finally:
            await store.close()

    result = asyncio.run(run())
    assert result.exit_code == 2
    assert "the bot runs and sends with this key" in result.stderr


def test_nobody_there(call: Call, in_english: Path) -> None:
    """Where nobody listens that is told, and how to run the sandbox."""
    (in_english / "config.yaml").write_text(CONFIG.format(port=9))
    result = call("--yes")
    assert result.exit_code == 1
    assert "nobody answers at http://127.0.0.1:9 (ClientConnectorError); the sandbox is run by `botkit sandbox`" in (
        result.stdout
    )


def test_incomplete(call: Call, in_english: Path) -> None:
    """What the channel lacks for a probe is told with its place; what only a bot that runs needs is not."""
    (in_english / "config.yaml").write_text(REAL.replace("    id: id\n", ""))
    result = call("--yes", env={"WACONECTA_API_KEY": None})
    assert result.exit_code == 2
    assert "config.yaml:4:14: error: the environment variable WACONECTA_API_KEY is not set" in result.stderr
    assert "'id'" in result.stderr
    assert "webhook" not in result.stderr


def test_other_target(call: Call, in_english: Path) -> None:
    """A store that was used with the sandbox is none for a real gateway: the ledger would be of another key."""
    assert call("--yes").exit_code == 0
    (in_english / "config.yaml").write_text(REAL)
    result = call("--yes", env={"WACONECTA_API_KEY": "k"})
    assert result.exit_code == 2
    assert "this store was used with sandbox" in result.stderr
    spanish = call("--yes", "--lang", "es", env={"WACONECTA_API_KEY": "k"})
    assert "este almacén se usó con otro destino, y config.yaml dice ahora waconecta api.example.com" in spanish.stderr
