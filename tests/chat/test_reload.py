"""Files that are saved during a talk: it goes on where it is, with what they say now."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chat.talking import CONFIG, FLOW, HANDLERS, Chat, write

FIRST = ["│   1  4", "╰   2  2"]
HOURS = ["╭ ¿A qué hora?", "│   1  19:00", "╰   2  Otra hora"]
OLD = "· the former definition: the new one lacks this step; :restart begins with the new one"
GONE = "· the former definition: the bot has no such flow any more"
RESTART = FLOW.replace("start:", "on_change: restart\nstart:")


@pytest.mark.parametrize(
    ("lines", "flow", "shown"),
    [
        (["mesa"], FLOW.replace("¿Para cuántos?", "¿Cuántos son?"), ["· it asks now:", "╭ ¿Cuántos son?", *FIRST]),
        (["mesa"], FLOW.replace("Mesa para", "Lista, para"), []),
        (["hola"], FLOW.replace("Mesa para", "Lista, para"), []),
        (["mesa"], RESTART, ["· this flow begins anew at your next message"]),
        (["mesa"], "flow: otra\nstart: {words: [otra]}\nsteps: [say: Otra]\n", [GONE]),
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
    """What is taken back after a reload is played again with the files as they are now."""
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW.replace("¿A qué hora?", "¿Cuándo?"))
    await chat.typed(":reload", "2")
    assert (await chat.typed(":back"))[1:] == ["╭ ¿Cuándo?", "│   1  19:00", "╰   2  Otra hora"]


async def test_taken_back_by_label(chat: Chat, tmp_path: Path) -> None:
    """A tap that is played again means the option that says the same, wherever that stands by now."""
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW)
    await chat.typed(":tap Otra hora", "mesa")
    write(tmp_path, FLOW.replace('["19:00", Otra hora: tarde]', '[Otra hora: tarde, "19:00"]'))
    assert await chat.typed(":reload", ":back") == ["· without “mesa”; once more:", "─ Llama por teléfono"]


async def test_calls_taken_back(chat: Chat, tmp_path: Path) -> None:
    """What is played again on other files gives to each call what the one of its name gave, and no more."""
    await chat.typed("mesa", "3", "1", "hola")
    other = FLOW.replace("  - run: x.reserva\n    with: [personas, hora]\n    save: codigo\n    on_error: falla\n", "")
    write(tmp_path, other.replace(": {{ codigo }}", ""))
    await chat.typed(":reload", ":back")
    write(tmp_path, FLOW)
    await chat.typed(":reload", "mesa", "5")
    assert (await chat.typed("1"))[0] == "─ Mesa para 5 a las 19:00: R-5"


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


HALF = ["╭ ¿A qué hora?", "│   1  19:00", "│   2  20:00", "╰   3  Otra hora"]
MORE = FLOW.replace('["19:00", Otra', '["19:00", "20:00", Otra')
IDS = FLOW.replace("    save: hora\n", "    save: hora\n    id: cuando\n")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (IDS, IDS.replace("Mesa para", "Lista, para"), False),
        (IDS, IDS.replace("¿A qué hora?", "¿Cuándo?"), False),
        (IDS, IDS.replace("id: cuando", "id: a_que_hora\n    was: cuando"), False),
        (IDS, IDS.replace("id: cuando", "id: a_que_hora"), True),
        (FLOW, IDS, True),
    ],
)
async def test_where(chat: Chat, tmp_path: Path, before: str, after: str, told: bool) -> None:
    """`:where` tells of a former definition if, and only if, the new one lacks the step."""
    write(tmp_path, before)
    await chat.typed(":reload", "mesa", "3")
    write(tmp_path, after)
    await chat.typed(":reload")
    shown = await chat.typed(":where")
    assert any("the former definition" in line for line in shown) == told
    assert shown[0].endswith("flows/mesa.yaml:9")


@pytest.mark.parametrize(
    ("typed", "hour"), [("2", "20:00"), (":tap 20:00", "20:00"), ("20:00", "20:00"), ("1", "19:00")]
)
async def test_options(chat: Chat, tmp_path: Path, typed: str, hour: str) -> None:
    """Changed options are shown at once, and numbers, taps and texts mean those."""
    await chat.typed("mesa", "3")
    write(tmp_path, MORE)
    assert await chat.typed(":reload") == ["· reloaded: mesa", "· it asks now:", *HALF]
    assert await chat.typed(typed) == [f"─ Mesa para 3 a las {hour}: R-3", "· mesa ended: done"]


async def test_option_gone(chat: Chat, tmp_path: Path) -> None:
    """An option that was taken away is none any more."""
    write(tmp_path, MORE)
    await chat.typed(":reload", "mesa", "3")
    write(tmp_path, FLOW)
    assert (await chat.typed(":reload"))[1:] == ["· it asks now:", *HOURS]
    assert "20:00" not in str(await chat.typed("20:00"))


async def test_option_words(chat: Chat, tmp_path: Path) -> None:
    """What an option takes is that of the new files, even where it looks the same."""
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW.replace('["19:00",', '[{label: "19:00", value: las siete, words: [cena]},'))
    await chat.typed(":reload")
    await chat.typed("cena")
    assert "· hora: las siete" in await chat.typed(":slots")


async def test_clock_goes_on(chat: Chat, tmp_path: Path) -> None:
    """A change that does not concern the question leaves its clock alone."""
    await chat.typed("mesa", ":wait 1h")
    write(tmp_path, FLOW.replace("Mesa para", "Lista, para"))
    await chat.typed(":reload")
    assert any(line.endswith("1h (Monday 23/11/2026 11:00)") for line in await chat.typed(":where"))
    assert (await chat.typed(":wait 1h"))[0] == "─ ¿Sigues ahí?"


async def test_handed_over(chat: Chat, tmp_path: Path) -> None:
    """While people have the conversation no question is asked."""
    await chat.typed("mesa", "3", ":operator Soy Luz")
    write(tmp_path, FLOW.replace("¿A qué hora?", "¿Cuándo?"))
    assert await chat.typed(":reload") == ["· reloaded: mesa"]


async def test_saved_after(chat: Chat, tmp_path: Path) -> None:
    """A talk during which something was changed that it had not come to is saved, variants and all."""
    one_of = '  - say: {one_of: ["uno", "dos", "tres", "cuatro", "cinco", "seis"]}\n'
    await chat.typed("mesa", "3")
    write(tmp_path, FLOW.replace("asides:", one_of + "asides:"))
    assert (await chat.typed(":reload", "1", ":save tarde"))[0].startswith("· saved in")
