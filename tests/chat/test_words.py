"""Completion: what a line may become where the talk stands."""

from __future__ import annotations

import pytest

from botkit.chat.words import words
from tests.chat.talking import Chat


@pytest.mark.parametrize(
    ("said", "line", "offered"),
    [
        ([], "me", ["mesa"]),
        ([], "RE", ["reservar"]),
        ([], ":w", [":wait ", ":where"]),
        ([], ":wait 1", [":wait 10m", ":wait 1h", ":wait 1d"]),
        ([], ":tap ", []),
        (["mesa"], "", ["4", "2"]),
        (["mesa", "3"], "o", ["Otra hora"]),
        (["mesa", "3"], "1", ["19:00"]),
        (["mesa", "3"], ":tap o", [":tap Otra hora"]),
        (["mesa", "3"], "canc", ["cancelar", "cancel"]),
        (["mesa", "3"], "mes", []),
    ],
)
async def test_words(chat: Chat, said: list[str], line: str, offered: list[str]) -> None:
    """Commands behind a colon; else the options on show, and the words that count where the talk stands."""
    await chat.typed(*said)
    found = [word.text for word in words(chat.console, line)]
    assert found[: len(offered)] == offered
    assert offered or not found


EVENT = "flow: pago\nstart: {event: pagado}\nsteps:\n  - wait: {event: enviado}\n"


async def test_events(chat: Chat) -> None:
    """Events that begin a flow, and those that one waits for."""
    (chat.console.folder / "pago.yaml").write_text(EVENT)
    await chat.typed(":reload")
    assert [word.text for word in words(chat.console, ":event ")] == [":event pagado", ":event enviado"]
