"""`gateway probe`, as an operator calls it: it says whom it sends to, asks, and tells how the gateway counts."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.gateway_probe import told_of
from botkit.gateway.compose import compose
from botkit.gateway.sandbox.window import Rule
from botkit.ports import Answer
from botkit.probe.course import Seen
from botkit.probe.infer import infer
from botkit.probe.send import Found
from botkit.store.sqlite import SqliteStore
from tests.outbox.http import sandbox
from tests.probe.world import played

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
    """It says the target before anything else, sends, and tells how many messages that were."""
    before = sent(port)
    result = call("--yes")
    lines = result.stdout.splitlines()
    assert lines[0] == f"target: http://127.0.0.1:{port} · SANDBOX, NOTHING LEAVES THIS MACHINE, channel whatsapp"
    count, taken, refused = map(int, re.findall(r"^(\d+) requests in .*: (\d+) taken, (\d+) ", result.stdout, re.M)[0])
    assert count == taken + refused == sent(port) - before
    assert result.stderr.count(".") == taken


def sent(port: str) -> int:
    """Return how many requests the sandbox has seen."""
    with urlopen(f"http://127.0.0.1:{port}/_sandbox/requests") as answer:
        return len(json.load(answer)["requests"])


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("71234567", "59171234567"),
        ("+591 712-34567", "59171234567"),
        ("51987654321", "51987654321"),
        ("59171", "59171"),
    ],
)
def test_probe_number(call: Call, written: str, to: str) -> None:
    """A number without its calling code is one of the bot's country; any other goes as it is given."""
    assert f"messages are sent to {to}, one" in call("--dry-run", "--to", written).stdout


PROFILE = compose({"base_url": "sandbox"})


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            Rule(algorithm="sliding-log"),
            [
                "it counts so: sliding-log, a window that slides: 30 in any 58.6 to 61.4 s; refused requests do",
                "  what `rate` says in config.yaml is one of these",
                "  for config.yaml: rate: {limit: 30, per: 60s}",
            ],
        ),
        (
            Rule(20, algorithm="sliding-log"),
            [
                "it counts so: sliding-log, a window that slides: 20 in any 58.6 to 61.4 s; refused requests do",
                "  for config.yaml: rate: {limit: 20, per: 60s}",
            ],
        ),
        (
            Rule(algorithm="leaky"),
            [
                "it counts so: leaky, one at a time: a request every 1.59 to 2.43 s",
                "  what `rate` says in config.yaml is one of these",
                "  for config.yaml: rate: {limit: 30, per: 60s, burst: 1}",
            ],
        ),
        (Rule(100), ["none was answered 429: the limit is more than"]),
    ],
    ids=lambda each: getattr(each, "algorithm", None),
)
def test_told(rule: Rule, told: list[str]) -> None:
    """What was found is told with what to write into config.yaml."""
    seen = played(rule)
    found = Found(seen, infer(seen, 30, 60.0))
    lines = list(told_of(found, PROFILE, "en"))
    assert [line[: len(start)] for line, start in zip(lines[1:], told, strict=False)] == told


def test_told_headers() -> None:
    """Headers are told with their values, the first and the last of many, and in how many refusals they came."""
    seen = [Seen(0, 1, is_taken=True), Seen(1, 2, is_taken=False)]
    found = Found(seen, headers={"X-Left": ["9", "8", "7", "6", "5"], "Retry-After": ["30"]})
    found.refused_with = {"X-Left": 1, "Retry-After": 1}
    assert list(told_of(found, PROFILE, "en"))[-2:] == [
        "header X-Left: 9, 8, 7, …, 5 (in 1 of 1 answers 429)",
        "header Retry-After: 30 (in 1 of 1 answers 429)",
    ]
    assert list(told_of(Found(seen), PROFILE, "es"))[-2:] == [
        "no viene ningún encabezado del límite",
        "Retry-After no viene con los 429",
    ]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Found([Seen(0, 1, is_taken=False)]), "the first request was answered 429 already"),
        (Found(end=Answer("unauthorized", 0.0, 401, detail="no key")), "the gateway answered 401 no key, which says"),
        (Found(end=Answer("silent", 0.0, detail="TimeoutError")), "the gateway answered silent TimeoutError"),
        (Found([Seen(0, 1, is_taken=True), Seen(1, 2, is_taken=False)]), "no known way to count explains these"),
    ],
)
def test_told_nothing(found: Found, told: str) -> None:
    """What tells nothing of the limit is told as that."""
    assert told in "\n".join(told_of(found, PROFILE, "en"))


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
    call("--yes")
    (in_english / "config.yaml").write_text(REAL)
    result = call("--yes", env={"WACONECTA_API_KEY": "k"})
    assert result.exit_code == 2
    assert "this store was used with sandbox" in result.stderr
    spanish = call("--yes", "--lang", "es", env={"WACONECTA_API_KEY": "k"})
    assert "ahora es waconecta api.example.com; pon otro archivo como 'store' en config.yaml" in spanish.stderr
