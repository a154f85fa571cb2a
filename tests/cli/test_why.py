"""`botkit why`: where a conversation stands and why, in sentences, with no process running and with one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from botkit.cli import botkit
from botkit.cli.messages import MESSAGES
from botkit.cli.messages_outbox import OUTBOX
from botkit.cli.messages_why import WHY
from botkit.cli.outbox import outbox
from botkit.cli.why import Sentences
from botkit.control import open_desk
from botkit.flow.flowset import FlowSet
from botkit.outbox.forecast import REASONS
from botkit.outbox.rate import Limits
from botkit.ports import Failure, RequestStatus, Settlement
from botkit.server.ingress import Ingress
from botkit.server.ways import Way
from botkit.server.why import STATEMENTS
from botkit.store.sqlite import SqliteStore
from botkit.turn.event import OperatorSaid
from tests.cli.talk import ANA, MONDAY, Call, hold
from tests.contract.samples import WIRE, arrival
from tests.server.ingress import serving

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nbot: {timezone: America/La_Paz}\n"
FLOW = """\
flow: cita
start: {words: [cita]}
steps:
  - ask: ¿Qué día?
    save: dia
    type: date
    silence: {after: 2h, then: end}
  - choose: ¿A qué hora?
    save: hora
    options: [Diez, Once]
  - wait: {event: pagado, timeout: 1d, then: end}
  - handoff: {to: caja, say: Te paso}
  - say: Listo
"""


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command in the bot's folder an hour after Monday, nine o'clock."""
    monkeypatch.setattr("botkit.control.time.time", lambda: MONDAY + 3600)
    return lambda *arguments: CliRunner().invoke(botkit, [*arguments])


def facts(call: Call, *arguments: str) -> list[str]:
    """Return the statements about Ana, without what depends on no bot running."""
    result = call("why", ANA, "--json", *arguments)
    assert result.exit_code == 0, result.output
    [found] = json.loads(result.stdout)
    return [each["say"] for each in found["statements"] if each["say"] not in ("asleep", "stuck")]


TALK = ("cita", "mañana", "once")
#: what Ana wrote -> the statements about her
STANDING: dict[int, list[str]] = {
    1: ["at", "came", "asks", "clock silence"],
    2: ["at", "came", "chooses"],
    3: ["at", "came", "event", "clock wait"],
}


@pytest.mark.parametrize("said", STANDING)
def test_standing(call: Call, folder: Path, said: int) -> None:
    """Where it is, how it came there, what it waits for, and its clocks."""
    hold(folder, TALK[:said])
    assert facts(call) == STANDING[said]


def test_sentences(call: Call, folder: Path) -> None:
    """Each is a sentence, with the flow's line, and times as clocks show them, in both languages."""
    hold(folder, TALK[:1])
    assert call("why", "71234567").stdout.splitlines() == [
        "59171234567 (whatsapp) Ana",
        "  It stands at cita/dia [ask] (flows/cita.yaml:4) since 09:00:00 (1h ago).",
        "  It came there by a message «cita», 09:00:00 (1h ago): from no flow to cita/dia.",
        "  It waits for an answer of type 'date'.",
        "  If nobody answers, 'silence' acts 11:00:00 (in 1h).",
        "  The bot does not run: nothing leaves or is applied until `botkit run`.",
        "  Queued 1 (flows/cita.yaml:4): «¿Qué día?» Does not leave by itself: the bot does not run.",
    ]
    spanish = call("why", ANA, "--lang", "es").stdout
    assert "Espera una respuesta de tipo 'date'." in spanish
    assert "El bot no corre: nada sale ni se aplica hasta `botkit run`." in spanish


def test_nothing_runs(call: Call, folder: Path) -> None:
    """With no flow running it says how the last one ended, and what was written since."""
    hold(folder, ["cita", "cancelar"])
    told = call("why", ANA).stdout
    assert "No flow runs; the last one ended with 'cancelled'." in told
    assert "a message «cancelar»" in told


def test_stayed(call: Call, folder: Path) -> None:
    """A wrong answer led nowhere; since when it stands there is told from the journal."""
    hold(folder, ["cita", "azul"])
    [found] = json.loads(call("why", ANA, "--json").stdout)
    at, stayed, *_ = found["statements"]
    assert (at["say"], at["since"], at["place"]) == ("at", MONDAY, "flows/cita.yaml:4")
    assert (stayed["say"], stayed["text"], stayed["at"]) == ("stayed", "azul", MONDAY + 300)


def test_sensitive(call: Call, folder: Path) -> None:
    """What a person wrote to a sensitive step is not kept, and not shown."""
    (folder / "flows" / "cita.yaml").write_text(FLOW.replace("type: date", "type: date\n    sensitive: true"))
    hold(folder, TALK[:2])
    shown = call("why", ANA).stdout
    assert "a message [not kept]" in shown
    assert "mañana" not in shown


def test_people_have_it(call: Call, folder: Path) -> None:
    """A queue has it: since and until when, and that the bot is silent."""
    (folder / "flows" / "cita.yaml").write_text("flow: cita\nstart: {words: [cita]}\nsteps:\n  - handoff: caja\n")
    hold(folder, ["cita", "hola?", OperatorSaid("Soy Rosa")])
    assert facts(call)[2:] == ["handed", "clock handoff"]
    assert "People have it (queue 'caja')" in call("why", ANA).stdout


def test_old_definition(call: Call, folder: Path) -> None:
    """The line is that of the definition that the conversation began with, whatever the files say now."""
    hold(folder, TALK[:1])
    (folder / "flows" / "cita.yaml").write_text("flow: [\n")
    assert "(flows/cita.yaml:4)" in call("why", ANA).stdout


def test_not_sent(call: Call, folder: Path) -> None:
    """What was not sent of late is told with its reason."""
    hold(folder, TALK[:1])
    asyncio.run(_fail(folder))
    assert "Not sent 1 (flows/cita.yaml:4): «¿Qué día?» failed" in call("why", ANA).stdout
    assert "[no such number]" in call("why", ANA).stdout
    assert "quiet" in facts(call)


@pytest.mark.parametrize(
    ("status", "told"), [("uncertain", "In doubt 1"), ("unconfirmed", "Unknown whether it arrived: 1")]
)
def test_unknown(call: Call, folder: Path, status: RequestStatus, told: str) -> None:
    """What may have arrived is never told as not sent, nor as waiting for its turn."""
    hold(folder, TALK[:1])
    asyncio.run(_fail(folder, status))
    shown = call("why", ANA).stdout
    assert f"  {told} (flows/cita.yaml:4): «¿Qué día?» tried once" in shown
    assert "Not sent" not in shown
    assert "by itself" not in shown


def test_in_doubt_while_paused(call: Call, folder: Path) -> None:
    """A doubt is not decided while its channel is paused, and that is what is said."""
    hold(folder, TALK[:1])
    asyncio.run(_fail(folder, "uncertain"))
    call("outbox", "pause")
    assert (
        "tried once: nobody knows whether it arrived; that is decided when the channel goes on."
        in call("why", ANA).stdout
    )


async def _fail(folder: Path, status: RequestStatus = "failed") -> None:
    store = await SqliteStore.open(folder / "botkit.db")
    flight = await store.begin("whatsapp", "main", [1], WIRE, MONDAY)
    assert flight is not None
    await store.settle(
        flight,
        Settlement(
            status, MONDAY + 1, 400, detail="no such number", due_at=MONDAY + 20 if status == "uncertain" else None
        ),
    )
    await store.close()


def test_dead_letter(call: Call, folder: Path) -> None:
    """What could not be applied is told, with the command that tells more; what is tried again, with when."""
    hold(folder, TALK[:1])
    asyncio.run(_bury(folder))
    told = call("why", ANA).stdout
    assert "Could not be applied: " in told
    assert "boom (flows/cita.yaml:9). `botkit dead show 2`." in told
    assert "It failed and is tried again " in told


def test_dead_letter_without_an_error(call: Call, folder: Path) -> None:
    """What took the process down five times left no error; that is said, as by `dead list`."""
    hold(folder, TALK[:1])
    asyncio.run(_bury(folder, ""))
    told = call("why", ANA, "--lang", "es").stdout
    assert f"intentos 5): {MESSAGES['letter ended'][0]} (flows/cita.yaml:9)" in told


async def _bury(folder: Path, error: str = "boom") -> None:
    store = await SqliteStore.open(folder / "botkit.db")
    for name in ("dead", "again"):
        await store.accept([arrival(name, ANA)._replace(channel="whatsapp", kind="message")], MONDAY)
    await store.bury(2, MONDAY + 9, 5, Failure(error, "flows/cita.yaml:9:1"))
    await store.put_off(3, MONDAY + 9e5, Failure("bang"))
    await store.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("why", "1"), "no hay ninguna conversación con este contacto"),
        (("why", ""), "el contacto está vacío"),
        (("why", ANA, "--channel", "fax"), "con este contacto en el canal 'fax'; la hay en: "),
    ],
)
def test_refused(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    """A contact that nobody knows is refused as by the other commands."""
    hold(folder, TALK[:1])
    result = call(*arguments, "--lang", "es")
    assert (result.exit_code, told in result.output) == (2, True)


async def test_running(folder: Path) -> None:
    """A running bot tells the same over its socket, and when what is queued leaves."""
    await asyncio.to_thread(hold, folder, TALK[:1])
    store = await SqliteStore.open(folder / "botkit.db")
    ways = {"whatsapp": Way(Limits(30, 60.0, 10.0), sender=_Sender())}
    ingress = Ingress(store, _no_flows, lambda rows: None, lambda: MONDAY + 5, ways=lambda: ways)
    async with serving(store, folder / "botkit.db", ingress), open_desk(folder / "botkit.db") as desk:
        [found] = await desk.call("why", contact=ANA)
    assert [each["say"] for each in found["statements"]] == ["at", "came", "asks", "clock silence", "queued"]
    queued = found["statements"][-1]
    assert (queued["at"], queued["why"], queued["place"]) == (MONDAY + 5, "next", "flows/cita.yaml:4")


class _Sender:
    """A sender that is never asked."""

    paused = False

    def wake(self) -> None:
        """Do nothing."""

    async def resume(self) -> None:
        """Do nothing."""


def _no_flows() -> FlowSet:
    raise AssertionError("no flows are needed")


def test_every_statement() -> None:
    """Every statement has its sentence, and every reason of a message its words."""
    others = {"why ago", "why blank", "why nowhere", "why by phone", "why queue"}
    told = {key for key in WHY if key.startswith("why ") and not key.startswith("why kind ")} - others
    assert told == {f"why {name}" for name in STATEMENTS}
    assert {key for key in OUTBOX if key.startswith("reason ")} == {f"reason {why}" for why in REASONS}


SAMPLES: dict[str, object] = {
    **dict.fromkeys(("at", "since", "until", "due_at"), MONDAY),
    **dict.fromkeys(("id", "attempt", "attempts", "count", "unread"), 3),
    **dict.fromkeys(("flow", "step", "name", "handler", "type", "channel", "error", "outcome"), "x"),
    **{"from": None, "to": "@loop", "kind": "message", "why": "turn", "options": ["a"], "text": "hola", "blank": False},
    **{"place": "a.yaml:1", "message": {"type": "text", "text": "hola"}, "reason": "no"},
    **{"status": "failed", "store": "full"},
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_sentence(name: str) -> None:
    """Every statement's values fill its sentence: nothing in it is left open."""
    sentence = Sentences(ZoneInfo("America/La_Paz"), MONDAY + 60).sentence({"say": name, **SAMPLES})
    assert not [field for _, field, _, _ in Formatter().parse(sentence) if field]
    assert sentence.endswith((".", "]")) or name == "ended"


def test_refusing_store() -> None:
    """Why the store takes nothing is told in words."""
    told = Sentences(ZoneInfo("America/La_Paz"), MONDAY).sentence({"say": "refused", "store": "full"})
    assert told == "The store takes nothing, the disk is full: nothing leaves or is applied until that is mended."


def test_group() -> None:
    """The commands about the outbox."""
    assert sorted(outbox.commands) == ["drop", "list", "pause", "resume", "retry", "show"]
