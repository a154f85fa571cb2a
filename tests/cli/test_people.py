"""Commands of the people who run the bot, with no process running: they store, and say when it will be done."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.cli.people import read_inputs
from botkit.errors import UsageError
from botkit.flow.flowset import FlowSet
from botkit.flow.model import BotInfo
from botkit.outbox.rate import Limits
from botkit.ports import Arrival, Leg
from botkit.server.ingress import Ingress
from botkit.server.ways import Way
from botkit.store.sqlite import SqliteStore
from botkit.turn.codec import dump_event, dump_filed, load_filed
from botkit.turn.effect import CLASSES, Send, SetTimer
from botkit.turn.event import Begin, Filed, Inbound, OperatorSaid, Release, Told
from tests.server.ingress import serving

CONTACT, OTHER = "59170000001", "59170000002"
CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
FLOW = """\
flow: aviso
inputs: {cita: , veces: 1}
steps:
  - say: "{{ cita }}{{ veces }}"
"""
NOW = 1_790_000_000.0
STATE = {
    "frames": [{"flow": "reclamo", "digest": "d", "step": "caja"}],
    "last": {"name": "Ana"},
    "handoff": {"to": "caja", "since": NOW, "until": NOW + 3600, "lasts_s": 3600.0, "unread": 2, "begun": 2},
}

Call = Callable[..., Result]


@pytest.fixture
def call(in_english: Path) -> Call:
    """Call a command in the folder of a bot; a queue has Ana's conversation, nobody has the other one."""
    (in_english / "flows").mkdir()
    (in_english / "config.yaml").write_text(CONFIG)
    (in_english / "flows" / "aviso.yaml").write_text(FLOW)
    asyncio.run(_fill(in_english / "botkit.db"))
    return lambda *arguments: CliRunner().invoke(botkit, list(arguments))


async def _fill(path: Path) -> None:
    """Store a conversation that began, was handed over, and was written in from both sides."""
    store = await SqliteStore.open(path)
    await _hear(store, OTHER, Inbound("whatsapp", "message", OTHER, text="hola"))
    await _hear(store, CONTACT, Inbound("whatsapp", "message", CONTACT, text="me cobraron dos veces"), handed=True)
    photo = {"type": "image", "name": "foto.jpg"}
    await _hear(store, CONTACT, Inbound("whatsapp", "message", CONTACT, text="mira", media=photo), handed=True)
    for said in (OperatorSaid("Soy Rosa", phone=True), OperatorSaid("Ya lo reviso")):
        await _hear(store, CONTACT, said, handed=True)
    await store.close()


async def _hear(store: SqliteStore, contact: str, event: Inbound | OperatorSaid, *, handed: bool = False) -> None:
    count = (await store.counts())["inbox_live"]
    assert count == 0
    if isinstance(event, Inbound):
        arrival = Arrival("whatsapp", "webhook", "message", contact, repr(event), "", b"", dump_event(event))
    else:
        arrival = Arrival("whatsapp", "operator", "operator", contact, repr(event), "", b"", dump_filed(event))
    [receipt] = await store.accept([arrival], NOW)
    row = receipt.row
    assert row is not None
    sends = []
    if isinstance(event, OperatorSaid) and not event.phone:
        sends = [Send({"type": "text", "text": event.text}, "", "", rank=CLASSES["interactive"])]
    elif isinstance(event, Inbound) and event.text == "me cobraron dos veces":
        sends = [Send({"type": "text", "text": "Te paso con una persona."}, "reclamo", "caja")]
    state = json.dumps(STATE if handed else {}).encode()
    timers = [SetTimer("handoff", "handoff", NOW + 3600)] if handed else []
    seen = row.conversation
    leg = Leg(row.id, 1, True, seen.id, "whatsapp", seen.version, 0, state, b"{}", NOW, sends=sends, timers=timers)
    await store.commit(leg)


def stored(folder: Path) -> list[tuple[str, Filed]]:
    """Return what waits in the inbox: source and event."""

    async def read() -> list[tuple[str, Filed]]:
        store = await SqliteStore.open(folder / "botkit.db")
        rows = await store.claim(NOW + 9e9, 9, frozenset())
        await store.close()
        return [(row.source, load_filed(row.kind, row.event)) for row in rows]

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("arguments", "source", "event"),
    [
        (("send", "7000 0001", "Hola"), "api", Told("Hola")),
        (("start", CONTACT, "aviso", "--with", "cita=hoy"), "api", Begin("aviso", {"cita": "hoy"})),
        (
            ("start", CONTACT, "aviso", "--with", "cita=a=b", "--with", "veces=2"),
            "api",
            Begin("aviso", {"cita": "a=b", "veces": 2}),
        ),
        (("handoff", "reply", CONTACT, "Ya está"), "operator", OperatorSaid("Ya está")),
        (("handoff", "release", CONTACT), "operator", Release()),
    ],
)
def test_stored(call: Call, tmp_path: Path, arguments: tuple[str, ...], source: str, event: Filed) -> None:
    """What is asked for waits in the contact's inbox, and the command says so."""
    result = call(*arguments)
    assert (result.exit_code, result.output) == (
        0,
        "stored; the bot is not running: it will be done at its next start\n",
    )
    assert stored(tmp_path) == [(source, event)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("send", "59179999999", "Hola"), "there is no conversation with this contact"),
        (("send", CONTACT, ""), "$.text: it is empty"),
        (("send", CONTACT, "x" * 4097), "$.text: it has over 4096 characters"),
        (("send", CONTACT, "Hola", "--channel", "fax"), "there is no conversation"),
        (("start", CONTACT, "avizo"), "did you mean 'aviso'?"),
        (("start", CONTACT, "aviso"), "$.with.cita: 'aviso' must be given it"),
        (("start", CONTACT, "aviso", "--with", "cita=1", "--with", "x=1"), "it takes: cita, veces"),
        (("start", CONTACT, "aviso", "--with", "cita=" + "x" * 90_000), "$.with.cita: a text of over 16384 characters"),
        (("start", CONTACT, "aviso", "--with", "cita"), "'cita' is no input: write name=value"),
        (("handoff", "reply", OTHER, "Hola"), "nobody has this conversation; `botkit send`"),
        (("handoff", "release", OTHER), "nobody has this conversation"),
        (("handoff", "show", OTHER), "nobody has this conversation; `botkit handoff list`"),
    ],
)
def test_refused(call: Call, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    """What cannot be done is said in a sentence, exit status 2, and nothing is stored."""
    result = call(*arguments)
    assert result.exit_code == 2
    assert told in result.output
    assert stored(tmp_path) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("why",),
        ("conversation",),
        ("outbox", "list", "--contact"),
        ("outbox", "drop", "--yes", "--contact"),
        ("forget", "--yes"),
        ("handoff", "show"),
        ("handoff", "reply", "", "Hola"),
        ("handoff", "release"),
        ("send", "", "Hola"),
        ("start", "", "aviso", "--with", "cita=1"),
        ("transcript",),
    ],
)
def test_by_id(call: Call, arguments: tuple[str, ...]) -> None:
    """The id that the log tells stands for the contact, in every command that takes one."""
    [row] = json.loads(call("handoff", "list", "--json").output)
    given = tuple(each or row["conversation"] for each in arguments)
    given = given if "" in arguments else (*given, row["conversation"])
    result = call(*given)
    assert result.exit_code == 0, result.output


def test_refused_in_spanish(call: Call) -> None:
    """In Spanish for who asks so."""
    assert "nadie tiene esta conversación" in call("handoff", "release", OTHER, "--lang", "es").output


def test_start_with_broken_flows(call: Call, tmp_path: Path) -> None:
    """Flows with errors begin nothing; the command says who tells more."""
    (tmp_path / "flows" / "aviso.yaml").write_text("flow: aviso\nsteps: [{sai: x}]\n")
    result = call("start", CONTACT, "aviso")
    assert (result.exit_code, "botkit check" in result.output) == (2, True)


def test_list(call: Call) -> None:
    """A line for each conversation that people have: who, which queue, since when, how much is unread, where it is."""
    line = call("handoff", "list").output
    assert line == (
        "59170000001 (whatsapp) Ana  queue 'caja'  since 2026-09-21T10:13:20-04:00  unread: 2  reclamo/caja\n"
    )
    assert "cola 'caja'" in call("handoff", "list", "--lang", "es").output
    [row] = json.loads(call("handoff", "list", "--json").output)
    assert (row["contact"], row["to"], row["unread"], row["place"]) == (CONTACT, "caja", 2, "reclamo/caja")


def test_show(call: Call) -> None:
    """What both sides wrote, in order, from the message that it began with; ours once, with how far it has come."""
    _, *lines = call("handoff", "show", "70000001").output.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == [
        "person    me cobraron dos veces",
        "bot       Te paso con una persona.  [pending]",
        "person    [image] mira",
        "business  Soy Rosa",
        "business  Ya lo reviso  [pending]",
    ]
    shown = json.loads(call("handoff", "show", CONTACT, "--json").output)
    assert [message["who"] for message in shown["messages"]] == ["person", "bot", "person", "operator", "operator"]
    assert shown["messages"][2]["media"]["name"] == "foto.jpg"


def test_conversation(call: Call) -> None:
    """`botkit conversation` says it, too."""
    line = "people have it: queue 'caja' since 2026-09-21T10:13:20-04:00 unread: 2"
    assert line in call("conversation", CONTACT).output
    assert "people have it" not in call("conversation", OTHER).output


def test_nothing_to_list(call: Call, tmp_path: Path) -> None:
    """With nobody having any, that is said, and the list is empty."""
    (tmp_path / "botkit.db").unlink()
    asyncio.run(_empty(tmp_path / "botkit.db"))
    result = call("handoff", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nobody has any conversation\n")
    assert json.loads(call("handoff", "list", "--json").stdout) == []


async def _empty(path: Path) -> None:
    await (await SqliteStore.open(path)).close()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("a=1",), {"a": 1}),
        (("a=true", "b=2.5"), {"a": True, "b": 2.5}),
        (("a=+591",), {"a": "+591"}),
        (("a=",), {"a": None}),
        (("a=b=c",), {"a": "b=c"}),
        (("a=12:30",), {"a": "12:30"}),
    ],
)
def test_inputs(written: tuple[str, ...], expected: dict[str, object]) -> None:
    """A value is read as in a flow's `with`."""
    assert read_inputs(written) == expected


@pytest.mark.parametrize("written", ["a", "=1", ""])
def test_no_input(written: str) -> None:
    """What names nothing is refused."""
    with pytest.raises(UsageError, match="name=value"):
        read_inputs((written,))


@pytest.mark.parametrize(
    ("is_paused", "told"), [(False, "the bot sends it now\n"), (True, "queued; the channel is paused")]
)
async def test_paused(call: Call, tmp_path: Path, is_paused: bool, told: str) -> None:
    """While the channel is paused a text is queued, and does not go now."""
    if is_paused:
        await asyncio.to_thread(call, "outbox", "pause")
    store = await SqliteStore.open(tmp_path / "botkit.db")
    ways = {"whatsapp": Way(Limits(30, 60.0, 10.0))}
    flows = FlowSet(BotInfo())
    ingress = Ingress(store, lambda: flows, lambda rows: None, lambda: NOW, lambda: "BO", ways=lambda: ways)
    async with serving(store, tmp_path / "botkit.db", ingress):
        result = await asyncio.to_thread(call, "send", OTHER, "Hola")
    assert told in result.output
