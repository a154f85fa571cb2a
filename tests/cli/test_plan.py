"""`botkit plan`: what a deploy would do to each live conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from botkit.cli import botkit
from botkit.project import load_project
from botkit.store.sqlite import SqliteStore
from tests.runtime.stage import ANA, LUZ, Stage
from tests.server.ingress import serving

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [h.py]\n"
HANDLERS = "from botkit import answer_type, handler\n\n\n@handler('casa.ida')\ndef go():\n    return 1\n"
OWN_TYPE = "\n\n@answer_type('ci')\ndef read_ci(text):\n    return text\n"
FLOW = """
flow: f
start: {words: [go]}
steps:
  - ask: ¿Uno?
    save: uno
  - call: g
    id: llama
  - say: fin
---
flow: g
steps:
  - ask: ¿Dos?
    save: dos
  - run: casa.ida
    save: tres
  - say: "{{ dos }} {{ tres }}"
"""
EDITED = FLOW.replace("¿Dos?", "¿Y dos?")
CALLING = "  - run: casa.ida\n    save: tres\n"
MOVES = "flow: g\non_change: move\n"

Call = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot's folder, in which commands are called."""
    (tmp_path / "flows").mkdir()
    write(tmp_path, FLOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, flow: str, handlers: str = HANDLERS) -> None:
    """Put a bot into a folder."""
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "h.py").write_text(handlers)
    (folder / "flows" / "f.yaml").write_text(flow)


def park(folder: Path) -> dict[str, str]:
    """Bring Ana to the first question and Luz to the second; return their conversations' ids."""

    async def talk() -> dict[str, str]:
        flows = load_project(folder / "config.yaml", {}).flows
        assert flows is not None
        stage = await Stage.open(folder / "botkit.db")
        await stage.start(flows)
        for contact, text in ((ANA, "go"), (LUZ, "go"), (LUZ, "1")):
            await stage.write(text, contact)
            stage.clock.at += 1  # ids are in the order of time
        ids = {contact: (await stage.store.conversation("test", contact))[0]["id"] for contact in (ANA, LUZ)}
        await stage.close()
        return ids

    return asyncio.run(talk())


def plan(*arguments: str) -> Result:
    """Call the command, in English."""
    return CliRunner().invoke(botkit, ["plan", *arguments, "--lang", "en"])


def planned() -> dict[str, Any]:
    """Return the plan as data: id -> conversation."""
    return {each["id"]: each for each in json.loads(plan("--json").output)["conversations"]}


def test_nothing_changed(folder: Path) -> None:
    """Who is in a flow that did not change stays; comments and layout are no change."""
    park(folder)
    write(folder, "# nuevo\n" + FLOW)
    found = plan()
    assert (found.output, found.exit_code) == (
        "2 live conversations; with the files as they are:\n      2  stay as they are\n",
        0,
    )


def test_each_and_in_sum(folder: Path) -> None:
    """A line says of each who changes where it stands and what becomes of it; the sum comes last."""
    ids = park(folder)
    write(folder, EDITED.replace("flow: g\n", MOVES).replace("save: dos", "id: segunda\n    was: dos\n    save: dos"))
    found = plan()
    assert found.output.splitlines() == [
        f"{ids[ANA]}  f/uno  finishes on the old definition",
        f"{ids[LUZ]}  f/llama › g/dos  moves to the new definition → g/segunda",
        "2 live conversations; with the files as they are:",
        "      1  finishes on the old definition",
        "      1  moves to the new definition",
    ]
    assert found.exit_code == 0
    assert plan("--sum").output.splitlines() == found.output.splitlines()[2:]


def test_restart(folder: Path) -> None:
    """Who is in a flow that begins anew does so; what it called ends."""
    ids = park(folder)
    write(folder, EDITED.replace("start:", "on_change: restart\nstart:"))
    found = planned()
    assert {each["outcome"] for each in found.values()} == {"restarts"}
    assert [frame["fate"] for frame in found[ids[LUZ]]["frames"]] == ["restarts", "ends"]


def test_spanish(folder: Path) -> None:
    """A shop owner reads it in Spanish."""
    park(folder)
    write(folder, EDITED)
    found = CliRunner().invoke(botkit, ["plan", "--sum", "--lang", "es"])
    assert found.output.splitlines() == [
        "2 conversaciones en curso; con los archivos como están:",
        "      2  terminan con el flujo viejo",
    ]


@pytest.mark.parametrize(
    ("flow", "handlers", "reasons"),
    [
        (EDITED.replace("flow: g\n", MOVES).replace("save: dos", "save: otro").replace("{{ dos", "{{ otro"),
         HANDLERS, {LUZ: "without step g/dos"}),
        (EDITED.replace(CALLING, "").replace(" {{ tres }}", ""),
         "", {ANA: "handler casa.ida", LUZ: "handler casa.ida"}),
        (EDITED.replace("flow: g\n", MOVES).replace(CALLING, "").replace(" {{ tres }}", ""), "", {}),
        ("flow: otro\nstart: {words: [otro]}\nsteps: [{say: hola}]\n", HANDLERS, {}),
    ],
)  # fmt: skip
def test_stranded(folder: Path, flow: str, handlers: str, reasons: dict[str, str]) -> None:
    """Who has no way on is told with the reason, and the command exits 1: also what is only called later counts."""
    ids = park(folder)
    write(folder, flow, handlers)
    stranded = {id: each for id, each in planned().items() if each["outcome"] == "stranded"}
    told = {id: [f"{reason['why']} {reason['name']}" for reason in each["reasons"]] for id, each in stranded.items()}
    assert told == {ids[contact]: [reason] for contact, reason in reasons.items()}
    found = plan("--sum")
    assert found.exit_code == (1 if reasons else 0)
    assert ("stranded" in found.output) == bool(reasons)


def test_a_lost_definition(folder: Path) -> None:
    """A definition that the store has not strands who needs it; one that can no longer be read, too."""
    write(folder, FLOW.replace("save: dos", "save: dos\n    type: ci"), HANDLERS + OWN_TYPE)
    ids = park(folder)
    write(folder, EDITED)
    assert planned()[ids[LUZ]]["reasons"] == [{"why": "unsound", "name": "g"}]

    async def lose() -> None:
        store = await SqliteStore.open(folder / "botkit.db")
        await store._writer.run(lambda db: db.execute("DELETE FROM definition").rowcount)
        await store.close()

    asyncio.run(lose())
    assert planned()[ids[ANA]]["reasons"] == [{"why": "lost", "name": "f"}]


def test_reminders(folder: Path) -> None:
    """A reminder whose flow is gone would be dropped: its person is told as stranded, whatever else runs."""
    later = "  - schedule: {name: cita, flow: g, after: 2h}\n"
    write(folder, FLOW.replace("  - call: g\n    id: llama\n", later))
    ids = park(folder)
    write(folder, FLOW.replace("  - call: g\n    id: llama\n", "").partition("---")[0], "")
    found = planned()
    # Luz has the reminder already, and Ana would set it.
    assert [found[ids[contact]]["reasons"] for contact in (LUZ, ANA)] == [[{"why": "flow", "name": "g"}]] * 2


def test_contacts_only_when_asked(folder: Path) -> None:
    """Nobody's number is in it, unless `--contacts` asks."""
    park(folder)
    write(folder, EDITED)
    assert ANA not in plan().output + plan("--json").output
    assert ANA in plan("--contacts").output
    assert ANA in plan("--contacts", "--json").output


def test_asks_the_owner(folder: Path) -> None:
    """While a process owns the store it is asked, and the answer is the same."""
    park(folder)
    write(folder, EDITED)
    alone = plan("--json").output

    async def beside() -> str:
        store = await SqliteStore.open(folder / "botkit.db")
        async with serving(store, folder / "botkit.db"):
            return (await asyncio.to_thread(plan, "--json")).output

    assert asyncio.run(beside()) == alone


def test_wrong_files(folder: Path) -> None:
    """Files that cannot be deployed are told as `check` does, with status 2."""
    park(folder)
    write(folder, FLOW.replace("call: g", "call: h"))
    found = plan()
    assert found.exit_code == 2
    assert "unknown-flow" in found.stderr
