"""A bot in a folder, and a chat with it whose output is a text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from botkit.chat.calls import Ask
from botkit.chat.console import Console
from botkit.chat.loading import Bot, Loader
from botkit.chat.paint import Painter
from botkit.chat.teller import Teller
from botkit.cli.trouble import told

#: A Monday at nine in La Paz, and so many seconds later: the chat begins with the minute.
NOW = 1_795_438_800.0 + 25

CONFIG = """bot: {name: Casa}
channels: {whatsapp: {base_url: sandbox}}
handlers: [handlers.py]
"""
FLOW = """flow: mesa
start: {words: [mesa, reservar]}
steps:
  - ask: ¿Para cuántos?
    save: personas
    type: integer
    options: ["4", "2"]
    silence: {after: 2h, say: ¿Sigues ahí?}
  - choose: ¿A qué hora?
    save: hora
    options: ["19:00", Otra hora: tarde]
  - run: x.reserva
    with: [personas, hora]
    save: codigo
    on_error: falla
  - say: "Mesa para {{ personas }} a las {{ hora }}: {{ codigo }}"
asides:
  tarde: [say: Llama por teléfono]
  falla: [say: No se pudo]
"""
HANDLERS = """from botkit import Context, handler

@handler("x.reserva")
def book(personas: int, hora: str) -> str:
    if personas > 8:
        raise ValueError("no caben")
    return f"R-{personas}"
"""


def write(folder: Path, flow: str = FLOW, handlers: str = HANDLERS, config: str = CONFIG) -> Path:
    """Write a bot; return its config file."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "mesa.yaml").write_text(flow)
    (folder / "handlers.py").write_text(handlers)
    (folder / "config.yaml").write_text(config)
    return folder / "config.yaml"


class Chat:
    """A console, and what it showed."""

    def __init__(self, config: Path, *, flow: str | None = None, ask: Ask | None = None, **contact: Any) -> None:
        self.out = io.StringIO()
        loader = Loader(config, {})
        bot = loader.load()
        assert isinstance(bot, Bot), bot.problems
        teller = Teller(Painter(self.out, {}), "en", told)
        self.console = Console(loader, bot, teller, flow=flow, contact=contact, ask=ask, now=lambda: NOW)

    async def typed(self, *lines: str) -> list[str]:
        """Type lines; return what was shown for the last one."""
        for line in lines:
            self.shown()
            await self.console.take(line)
        return self.shown()

    def shown(self) -> list[str]:
        """Return what was shown since the last time."""
        found = self.out.getvalue().splitlines()
        self.out.seek(0)
        self.out.truncate()
        return found


def answers(*given: str) -> Ask:
    """Return what gives these answers, one after the other."""
    left = iter(given)

    async def ask(question: str) -> str | None:
        return next(left)

    return ask
