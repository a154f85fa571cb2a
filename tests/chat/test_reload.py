"""Files that are saved during a talk: it goes on where it is, with what they say now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.talking import CONFIG, FLOW, HANDLERS, Chat, write

HOURS = ["╭ ¿A qué hora?", "│   1  19:00", "╰   2  Otra hora"]
OLD = "· the former definition: the new one lacks this step; :restart begins with the new one"
RESTART = FLOW.replace("start:", "on_change: restart\nstart:")


@pytest.mark.parametrize(
    ("lines", "flow", "shown"),
    [
        (["mesa"], FLOW.replace("¿Para cuántos?", "¿Cuántos son?"), ["· it asks now:", "─ ¿Cuántos son?"]),
        (["mesa"], FLOW.replace("Mesa para", "Lista, para"), []),
        (["hola"], FLOW.replace("Mesa para", "Lista, para"), []),
        (["mesa"], RESTART, ["· this flow begins anew at your next message"]),
        (["mesa"], "flow: otra\nstart: {words: [otra]}\nsteps: [say: Otra]\n", [OLD]),
        (["mesa"], FLOW.replace("¿Para cuántos?", '"{{ contact.name + 1 }}"'), []),
        (["mesa", "3"], FLOW.replace("    save: hora\n", "    save: hora\n    id: cuando\n"), [OLD]),
    ],
)  # fmt: skip
async def test_place(chat: Chat, tmp_path: Path, lines: list[str], flow: str, shown: list[str]) -> None:
    """The place is kept; the question is shown as it is now, or what becomes of the talk."""
    await chat.typed(*lines)
    write(tmp_path, flow)
    reloaded, *rest = await chat.typed(":reload")
    assert reloaded.startswith("· reloaded: mesa")
    assert rest == shown


async def test_goes_on(chat: Chat, tmp_path: Path) -> None:
    """What comes next is that of the new files: texts, handlers and all."""
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW.replace("Mesa para", "Lista, para"), HANDLERS.replace("R-", "N-"))
    await chat.typed(":reload")
    assert await chat.typed("1") == ["─ Lista, para 3 a las 19:00: N-3", "· mesa ended: done"]


async def test_mistakes(chat: Chat, tmp_path: Path) -> None:
    """Files with mistakes are told with their places, and the talk goes on with the former ones."""
    await chat.typed("mesa")
    write(tmp_path, FLOW.replace("type: integer", "type: entero"))
    shown = await chat.typed(":reload")
    assert shown[0].startswith("flows/mesa.yaml:6:11: error")
    assert shown[-1] == "✗ the former goes on"
    assert await chat.typed("3") == HOURS


async def test_nothing_changed(chat: Chat) -> None:
    """Files as they were are no news; asked for, that is said."""
    assert await chat.typed(":reload") == ["· reloaded; no flow changed"]
    await chat.console.reload(quiet=True)
    assert chat.shown() == []


async def test_taken_back(chat: Chat, tmp_path: Path) -> None:
    """What is said after a reload can be taken back: what was before is played with the files of then."""
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW.replace("¿A qué hora?", "¿Cuándo?"))
    await chat.typed(":reload", "2")
    assert (await chat.typed(":back"))[1:] == HOURS
    assert await chat.typed("7") == ["╭ ¿Cuándo?", "│   1  19:00", "╰   2  Otra hora"]


async def test_restart(chat: Chat, tmp_path: Path) -> None:
    """A new talk begins with the files as they are now."""
    write(tmp_path, FLOW.replace("¿Para cuántos?", "¿Cuántos son?"))
    await chat.typed(":reload", ":restart")
    assert (await chat.typed("mesa"))[0] == "╭ ¿Cuántos son?"


async def test_saved_otherwise(chat: Chat, tmp_path: Path) -> None:
    """A talk that would come out otherwise by now is not saved: the difference is shown."""
    await chat.typed("mesa")
    write(tmp_path, FLOW.replace("¿Para cuántos?", "¿Cuántos son?"))
    shown = await chat.typed(":reload", ":save a")
    assert shown[0].startswith("✗ not saved: the files changed")
    assert any("¿Cuántos son?" in line for line in shown)
    assert not (tmp_path / "flows" / "mesa.test.yaml").exists()


async def test_settings(chat: Chat, tmp_path: Path) -> None:
    """What config.yaml says of the bot is read again, too."""
    await chat.typed("hola")
    write(tmp_path, config=CONFIG.replace("Casa", "Cabaña"))
    assert await chat.typed(":reload") == ["· reloaded; no flow changed"]
    assert "Cabaña" in (await chat.typed(":restart", "hola"))[0]


async def test_removed(chat: Chat, tmp_path: Path) -> None:
    """A flow that is gone is finished as it was."""
    await chat.typed("mesa")
    write(tmp_path, "flow: otra\nstart: {words: [otra]}\nsteps: [say: Otra]\n")
    await chat.typed(":reload")
    assert await chat.typed("3", "2") == ["─ Llama por teléfono", "· mesa ended: done"]
