"""`botkit doctor`: what it finds, what it says of it, and that it spends nothing."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import pytest
from aiohttp import web
from click.testing import CliRunner

import botkit.doctor
from botkit.cli import botkit as command
from botkit.cli.doctor import lines_of
from botkit.cli.messages_doctor import DOCTOR
from botkit.cli.messages_store import TAKES_NOTHING
from botkit.doctor import (
    Finding,
    examine_bot,
    examine_gateways,
    examine_machine,
    examine_process,
    examine_queue,
    examine_store,
    knocked,
    misses_store,
)
from botkit.errors import StoreReason
from botkit.gateway.compose import compose
from botkit.gateway.profile import Profile
from botkit.project import Project
from botkit.server.channels import load_bot
from botkit.server.health import SANDBOX_NOTICE
from botkit.server.target import claim_target
from botkit.store.sqlite import SqliteStore
from tests.contract.samples import NOW, take

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
SOUND = {"check": "ok", "schema": 6, "knows": 6, "size": 4096, "log": 0, "newest": NOW, "known": None, "synchronous": 2}
RULE = {"kind": "message", "fields": {"id": "id"}}
DEAF = {"since": NOW, "status": 404, "is_long": False}
FLOW = "flow: eco\nstart: {words: [hola]}\nsteps:\n  - say: hola\n"
#: The code of each finding in the sources, and how it is.
_FOUND = re.compile(r'"(well|odd|bad)"[^"\n]*"([a-z-]+)"')


def codes(found: list[Finding]) -> list[tuple[str, str]]:
    """Return what was found, shortly."""
    return [(each.level, each.code) for each in found]


def real(base_url: str, auth: dict[str, str] | None = None) -> Profile:
    """Return the profile of a gateway at an address; without `auth` anybody may post its webhooks."""
    return compose(
        {
            "base_url": base_url,
            "api_key": "k" * 20,
            "rate": {"limit": 30, "per": "60s"},
            "send": {"text": {"path": "/m", "body": {"text": "{{ text }}", "to": "{{ to }}"}}},
            "id": "id",
            "webhook": {
                "path": "/hooks",
                "auth": auth or {"kind": "none"},
                "rules": [{"kind": "message", "fields": {"id": "id"}}],
            },
        }
    )


def test_texts() -> None:
    """Each finding has its sentence, and one that is not well says what to do."""
    folder = Path(botkit.doctor.__file__).parent
    sources = "".join(file.read_text() for file in folder.glob("*.py"))
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', sources)) | {"config"}
    said = {key.removeprefix("doctor ").removesuffix(" hint") for key in DOCTOR if key.startswith("doctor ")}
    assert said - named == {
        "store-refused",
        "store-gone",
        "store-of-another",
        "spend-none",
        "spend-held until",
        "target-accepted",
    }
    for level, code in _FOUND.findall(sources):
        if code not in ("well", "odd", "bad"):
            assert f"doctor {code}" in DOCTOR
            assert level == "well" or f"doctor {code} hint" in DOCTOR or " if " in sources


def test_new_bot(in_english: Path) -> None:
    """A bot that never ran is well but for what it says; as JSON, the same."""
    (in_english / "flows").mkdir()
    (in_english / "flows" / "eco.yaml").write_text(FLOW)
    (in_english / "config.yaml").write_text(CONFIG)
    told = CliRunner().invoke(command, ["doctor", "--lang", "es"])
    assert told.exit_code == 0, told.output
    assert "✓ config.yaml en orden; flujos: 1, funciones: 0" in told.output
    assert "! todavía no hay almacén botkit.db\n  → empieza con el primer 'botkit run'" in told.output
    rows = json.loads(CliRunner().invoke(command, ["doctor", "--json"]).output)
    assert {
        "level": "odd",
        "code": "store-none",
        "says": "there is no store botkit.db yet",
        "path": "botkit.db",
    } in rows


def test_wrong_bot(in_english: Path) -> None:
    """What would keep a bot from starting is bad, and shown with its place."""
    (in_english / "config.yaml").write_text(CONFIG + "handlers: [nowhere.py]\n")
    told = CliRunner().invoke(command, ["doctor"])
    assert told.exit_code == 1
    assert "✗ errors in config.yaml, flows or handlers: " in told.output
    assert "config.yaml:2" in told.output


def test_stored(in_english: Path) -> None:
    """With no process running it opens the store itself, and says that nothing runs."""
    (in_english / "flows").mkdir()
    (in_english / "flows" / "eco.yaml").write_text(FLOW)
    (in_english / "config.yaml").write_text(CONFIG)

    async def fill() -> None:
        store = await SqliteStore.open("botkit.db")
        await take(store)
        await store.close()

    asyncio.run(fill())
    told = CliRunner().invoke(command, ["doctor"])
    assert told.exit_code == 0, told.output
    assert re.search(r"✓ store botkit\.db is sound: \d+ KB, schema \d+", told.output)
    assert "! no bot runs on this store" in told.output
    assert "PAUSED" not in told.output
    CliRunner().invoke(command, ["outbox", "pause"])
    told = CliRunner().invoke(command, ["doctor"])
    assert "! 'whatsapp' is PAUSED since " in told.output
    assert "→ 'botkit outbox resume whatsapp' sends again" in told.output


def test_store_of_another(in_english: Path) -> None:
    """A store that went with another gateway is bad, with the sentence by which `run` refuses it."""
    (in_english / "config.yaml").write_text(CONFIG)

    async def fill() -> None:
        store = await SqliteStore.open("botkit.db")
        await claim_target(store, {"whatsapp": real("https://api.example.com")})
        await store.close()

    asyncio.run(fill())
    told = CliRunner().invoke(command, ["doctor"])
    assert told.exit_code == 1
    assert "✗ this store was used with " in told.output
    assert "channel 'whatsapp' now means sandbox; set another file as 'store'" in told.output
    told = CliRunner().invoke(command, ["doctor", "--lang", "es"])
    assert "✗ este almacén se usó con waconecta api.example.com, y el canal 'whatsapp' ahora es sandbox;" in told.output


def test_damaged_store(in_english: Path) -> None:
    """A store that cannot be opened because it is damaged is called so, and the way back is named."""
    (in_english / "config.yaml").write_text(CONFIG)
    Path("botkit.db").write_bytes(b"x" * 8192)
    told = CliRunner().invoke(command, ["doctor"])
    assert told.exit_code == 1
    assert (
        "✗ the store botkit.db is damaged: file is not a database\n  → stop the bot, and 'botkit restore'"
        in told.output
    )


def test_store_gone(in_english: Path) -> None:
    """Of a store that is gone and was not closed nobody says that it begins with the first run."""
    (in_english / "config.yaml").write_text(CONFIG)
    Path("botkit.db-wal").write_bytes(b"what it took last")
    told = CliRunner().invoke(command, ["doctor"])
    assert "✗ the store botkit.db is gone or empty, and " in told.output
    assert "first 'botkit run'" not in told.output
    assert "starts it" not in told.output
    assert "to begin anew, delete" in CliRunner().invoke(command, ["outbox", "list"]).output


def test_lost_store(in_english: Path) -> None:
    """A store that is gone from under its owner is bad, and nobody is told to begin another."""
    (in_english / "config.yaml").write_text(CONFIG)
    Path("botkit.db-wal").write_bytes(b"what it took last")
    with socket.socket(socket.AF_UNIX) as owner:
        owner.bind("botkit.db.sock")
        owner.listen()
        told = CliRunner().invoke(command, ["doctor"])
        listed = CliRunner().invoke(command, ["outbox", "list"])
    assert told.exit_code == 1
    assert (
        "✗ the store botkit.db was moved or deleted under the running bot\n"
        "  → put it back, or stop the bot and 'botkit restore' the last backup\n" in told.output
    )
    assert [line for line in told.output.splitlines() if "there is no store" in line or "starts it" in line] == []
    assert "botkit.db was moved or deleted under the running bot: put it back" in listed.output


def test_socket_of_nobody(in_english: Path) -> None:
    """A socket that a dead process left is no sign of a store."""
    (in_english / "config.yaml").write_text(CONFIG)
    with socket.socket(socket.AF_UNIX) as owner:
        owner.bind(str(in_english / "botkit.db.sock"))
    assert "! there is no store botkit.db yet" in CliRunner().invoke(command, ["doctor"]).output


GATEWAY = """\
    id: id
    send: {text: {path: /m, body: {to: '{{ to }}', text: '{{ text }}'}}}
    webhook: {path: /in, auth: {kind: none}, rules: [{kind: message, fields: {id: id, contact: from}}]}
"""


def test_accepted_target(in_english: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store goes on with another gateway when an operator says so while no bot runs; else its refusal says how."""
    (in_english / "flows").mkdir()
    (in_english / "flows" / "eco.yaml").write_text(FLOW)
    written = "channels:\n  whatsapp:\n    base_url: http://127.0.0.2:9\n    api_key: ${KEY}\n" + GATEWAY
    monkeypatch.setenv("KEY", "k" * 20)
    (in_english / "config.yaml").write_text(written)

    async def fill() -> SqliteStore:
        store = await SqliteStore.open("botkit.db")
        await claim_target(store, {"whatsapp": real("https://api.example.com")})
        return store

    with asyncio.Runner() as runner:
        store = runner.run(fill())
        owned = CliRunner().invoke(command, ["doctor", "--accept-target"])
        assert (owned.exit_code, "Stop it first" in owned.output) == (75, True)
        runner.run(store.close())
    refused = CliRunner().invoke(command, ["doctor", "--lang", "es"]).output
    assert "✗ este almacén se usó con waconecta api.example.com" in refused
    assert "`botkit doctor --accept-target`" in refused
    told = CliRunner().invoke(command, ["doctor", "--accept-target"]).output
    assert "✓ 'whatsapp' goes on from waconecta api.example.com to waconecta 127.0.0.2:9" in told
    assert "this store was used" not in told
    assert "target_accepted" in Path("botkit.log").read_text()
    assert "this store was used" not in CliRunner().invoke(command, ["doctor"]).output


def test_queue() -> None:
    """A pause and messages in doubt are told of each channel; one that is well is not."""
    well = {"channel": "a", "paused_at": None, "uncertain": 0}
    assert codes([*examine_queue([well, {**well, "paused_at": "today"}, {**well, "uncertain": 2}])]) == [
        ("odd", "paused"),
        ("odd", "in-doubt"),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ("well", "store")),
        ({"check": "row 3 missing from index"}, ("bad", "store-damaged")),
        ({"schema": 5}, ("odd", "schema-older")),
        ({"schema": 7}, ("bad", "schema-newer")),
        ({"synchronous": 1}, ("bad", "store-unsynced")),
        ({"log": 600_000_000}, ("odd", "store-log")),
        ({"size": 10**18}, ("odd", "disk-no-copy")),
        ({"newest": NOW + 90}, ("bad", "clock-behind")),
        ({"known": NOW - 90_000}, ("odd", "clock-doubted")),
        ({"known": NOW - 80_000}, ("well", "store")),
    ],
)
def test_store(tmp_path: Path, change: dict[str, object], found: tuple[str, str]) -> None:
    """What is wrong with a store is found, and nothing else."""
    told = codes(list(examine_store(tmp_path / "bot.db", tmp_path / "bot.db.sock", {**SOUND, **change}, NOW)))
    assert found in told
    assert [each for each in told if each[0] != "well"] == ([] if found[0] == "well" else [found])


def test_size_of_a_copy(tmp_path: Path) -> None:
    """A backup holds what the log does, too."""
    told = {**SOUND, "size": 4096, "log": 10**18}
    found = list(examine_store(tmp_path / "bot.db", tmp_path / "bot.db.sock", told, NOW))
    assert {"bytes": 10**18 + 4096} in [each.values for each in found if each.code == "disk-no-copy"]


def test_open_to_others(tmp_path: Path) -> None:
    """A store that others can read is told."""
    path = tmp_path / "bot.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    [_, found] = examine_store(path, tmp_path / "bot.db.sock", SOUND, NOW)
    assert (found.code, found.values["mode"]) == ("open-to-others", "644")


def test_machine(tmp_path: Path) -> None:
    """A store in a folder that is not there, and a log that cannot be written, are bad."""
    told = codes(list(examine_machine(tmp_path / "none" / "bot.db", tmp_path / "none" / "bot.log")))
    assert ("bad", "folder-none") in told
    assert ("bad", "log-refused") in told


@pytest.mark.parametrize(
    ("public_url", "found"),
    [
        (None, ("odd", "webhook-unknown")),
        ("http://localhost:8080", ("bad", "webhook-loopback")),
        ("http://bot.example.com", ("odd", "webhook-http")),
        ("https://bot.example.com", ("well", "webhook")),
    ],
)
def test_webhook(in_english: Path, public_url: str | None, found: tuple[str, str]) -> None:
    """Where webhooks of a real gateway are awaited must be an address that it can reach."""
    (in_english / "flows").mkdir()
    server = f"server: {{public_url: {public_url}}}\n" if public_url else ""
    (in_english / "config.yaml").write_text(CONFIG + server)
    project: Project
    project, problems = load_bot(in_english / "config.yaml", {})
    assert codes(list(examine_bot(project, problems, {"wa": real("https://gateway.example.com")})))[-2] == found


@pytest.mark.parametrize(
    ("auth", "is_open"), [({"kind": "none"}, True), ({"kind": "header", "header": "X-Key", "secret": "s" * 20}, False)]
)
def test_open_webhook(in_english: Path, auth: dict[str, str], is_open: bool) -> None:
    """A channel that takes what anybody posts says so, though its author wrote that down."""
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text(CONFIG)
    project, problems = load_bot(in_english / "config.yaml", {})
    found = codes(list(examine_bot(project, problems, {"wa": real("https://gateway.example.com", auth)})))
    assert (("odd", "webhook-open") in found) == is_open


async def test_gateways() -> None:
    """A gateway is looked at without a request: an open door, a closed one, one without a certificate, no such name."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(99))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    addresses = [f"http://127.0.0.1:{port}", "http://127.0.0.1:1", "https://gateway.invalid"]
    found = await examine_gateways({str(number): real(url) for number, url in enumerate(addresses)})
    assert codes(found) == [("well", "gateway"), ("bad", "gateway-closed"), ("bad", "gateway-unknown")]
    assert heard == [b""]
    found = await examine_gateways({"wa": real(f"https://127.0.0.1:{port}")})
    assert codes(found)[0][0] == "bad"
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("verdict", "status", "found"),
    [
        ("sent", 200, ("well", "gateway-answers")),
        ("refused", 404, ("well", "gateway-answers")),
        ("unauthorized", 401, ("bad", "key-refused")),
        ("throttled", 429, ("odd", "key-busy")),
        ("held", None, ("odd", "key-busy")),
        ("unavailable", 503, ("bad", "gateway-silent")),
        ("silent", None, ("bad", "gateway-silent")),
    ],
)
def test_knocked(verdict: str, status: int | None, found: tuple[str, str]) -> None:
    """What a request that was spent says of the gateway and the key."""
    assert codes([knocked("wa", verdict, status)]) == [found]


def test_nothing_spent() -> None:
    """Of a held key no request was made: why and until when is told, and no status."""
    found = knocked("wa", "held", None, "quota", "in about 5m (09:14)")
    assert (found.code, found.values["why"], found.values["until"]) == ("spend-held", "quota", "in about 5m (09:14)")


def test_nobody_to_spend(in_english: Path) -> None:
    """With no process running nothing is spent: nobody knows when a request may leave."""
    (in_english / "config.yaml").write_text(CONFIG)
    asyncio.run(_fill(in_english / "botkit.db"))
    told = CliRunner().invoke(command, ["doctor", "--spend"])
    assert "! no request of 'whatsapp' was spent: no bot that runs has this channel" in told.output


async def _fill(path: Path) -> None:
    store = await SqliteStore.open(path)
    await take(store)
    await store.close()


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"ready": True, "target": "sandbox"}, [("well", "process")]),
        ({"ready": False}, [("bad", "process-not-ready")]),
        ({"ready": False, "store": "full"}, [("bad", "store-takes-nothing")]),
        (
            {"ready": True, "held": {"wa": "refused", "b": "limit"}, "handlers_hung": 1, "clock_moved_s": -7.0},
            [
                ("well", "process"),
                ("bad", "key-held"),
                ("odd", "key-held"),
                ("odd", "handlers-hung"),
                ("odd", "clock-moved"),
            ],
        ),
        ({"ready": True, "clock_off_s": {"wa": 0.0, "b": -2.0}}, [("well", "process"), *[("well", "clock")] * 2]),
        (
            {"ready": True, "clock_off_s": {"wa": 2.1, "b": -400.0}},
            [("well", "process"), ("odd", "clock-fast"), ("bad", "clock-slow")],
        ),
        (
            {"ready": True, "deaf": {"wa": {**DEAF, "is_long": True}, "b": DEAF}},
            [("well", "process"), ("bad", "deaf"), ("odd", "deaf")],
        ),
        ({"ready": True, "counts": {"inbox_dead": 2}}, [("well", "process"), ("odd", "dead-letters")]),
        ("not JSON", [("bad", "process-silent")]),
    ],
)
async def test_process(told: object, found: list[tuple[str, str]]) -> None:
    """A running bot is asked how it is."""
    async with telling(told) as url:
        assert codes(await examine_process(url, runs=True)) == found
    assert codes(await examine_process("http://127.0.0.1:1", runs=False)) == [("odd", "process-none")]


@asynccontextmanager
async def telling(told: object) -> AsyncIterator[str]:
    """Yield the address of a bot whose `/readyz` tells this."""

    async def ready(request: web.Request) -> web.Response:
        return web.json_response(told) if isinstance(told, dict) else web.Response(text="no")

    app = web.Application()
    app.router.add_get("/readyz", ready)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(("told", "misses"), [({"store": "moved"}, True), ({"store": "full"}, False), ("no", False)])
async def test_misses_store(told: object, misses: bool) -> None:
    """A bot that listens says itself that its store is gone, also when nothing stands where that was."""
    async with telling(told) as url:
        assert await misses_store(url) is misses


def test_name_of_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox is called as the pages call it."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    [found, _] = lines_of(Finding("odd", "gateway-sandbox", {"channel": "wa"}))
    assert found == "! 'wa' usa la pasarela de prueba"


def test_where_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    """That nothing leaves is told in the language of all else."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    [found] = lines_of(Finding("well", "process", {"target": SANDBOX_NOTICE, "pending": 1}))
    assert found == "✓ el bot corre: SANDBOX, NADA SALE DE ESTA MÁQUINA; mensajes en espera: 1"


@pytest.mark.parametrize("reason", get_args(StoreReason))
def test_why_a_store_takes_nothing(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why a store takes nothing is told in words, with what mends it."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    why, mend = (part[0] for part in TAKES_NOTHING[reason])  # type: ignore[index]
    assert list(lines_of(Finding("bad", "store-takes-nothing", {"reason": reason}))) == [
        f"✗ el bot corre y no recibe mensajes, su almacén no acepta nada: {why}",
        f"  → {mend}; luego el bot sigue solo",
    ]


def test_why_a_key_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why nothing leaves is told in words, as `outbox list` does."""
    monkeypatch.setenv("LC_ALL", "es_BO.UTF-8")
    [found, _] = lines_of(Finding("odd", "key-held", {"channel": "wa", "why": "silent"}))
    assert found == "! no sale nada por 'wa': la pasarela no contesta"
    [found, _] = lines_of(
        Finding("odd", "spend-held", {"channel": "wa", "why": "quota", "until": "en unos 5m (09:14:20)"})
    )
    assert found == (
        "! no se gastó ningún envío en 'wa': el plan de la clave se agotó (429); se prueba en unos 5m (09:14:20)"
    )
    [found, _] = lines_of(Finding("bad", "deaf", {"channel": "wa", **DEAF}))
    assert found.startswith("✗ lo que se escribe a 'wa' no se puede leer: la pasarela contesta 404 a inbound.poll")
