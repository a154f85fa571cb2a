"""Asking the desk, the way commands do: in the bot's country, and refused in the language of the command."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from botkit.cli.messages import say
from botkit.cli.options import spoken

if TYPE_CHECKING:
    from botkit.control import Desk
    from botkit.flow.flowset import FlowSet
    from botkit.server.ways import Way
    from botkit.settings import Settings


#: When what was asked for is done.
Done = Literal["now", "at next start", "when given back", "paused"]


class Asking:
    """A desk that was opened for one command."""

    def __init__(self, desk: Desk, settings: Settings, folder: Path) -> None:
        """Keep the desk of the bot in `folder`, whose log tells what is changed while none runs."""
        self._desk, self._settings, self._folder = desk, settings, folder
        self._country = settings.bot.country

    @property
    def waits(self) -> bool:
        """Whether no process runs."""
        return self._desk.waits

    async def call(self, operation: str, **arguments: str | None) -> Any:
        """Return what an operation gives; raises UsageError."""
        return await self._desk.call(operation, **arguments, lang=spoken(), country=self._country)

    async def answer(self, action: str, values: dict[str, Any]) -> dict[str, Any]:
        """Do an action; return what it answers. Raises UsageError."""
        answer: dict[str, Any] = await self._desk.act(action, values, lang=spoken(), country=self._country)
        return answer

    async def act(self, action: str, values: dict[str, Any]) -> Done:
        """Do an action; return when it is done. Raises UsageError."""
        answer = await self.answer(action, values)
        return "at next start" if self._desk.waits else "when given back" if answer["held"] else "now"

    async def change(self, action: str, values: dict[str, Any]) -> dict[str, Any]:
        """Do an action, which is in the log then whoever did it; return what it answers. Raises UsageError."""
        answer: dict[str, Any] = await self._desk.act(action, values, lang=spoken(), country=self._country)
        if self._desk.waits:
            self._note(action, answer)
        return answer

    def _note(self, action: str, answer: dict[str, Any]) -> None:
        """Log a change; what cannot be logged is done all the same."""
        from botkit.logs import note

        try:
            note(self._settings.log, self._folder, "control_change", action=action, via="command", **answer)
        except OSError as error:
            click.echo(say("not logged", spoken(), why=error.strerror), err=True)


@asynccontextmanager
async def asking(
    settings: Settings, config: Path, flows: Callable[[], FlowSet] | None = None, /, **subject: str | None
) -> AsyncIterator[Asking]:
    """Open the desk of a bot's store; `subject` is the contact or the flow to ask about. Raises UsageError.

    `flows` are those on disk, for when no process runs that knows its own.
    """
    from botkit.control import no_flows, open_desk  # heavy
    from botkit.logs import show_warnings
    from botkit.server.contacts import named

    show_warnings()
    for name, value in subject.items():
        if value is not None:
            named({name: value, "lang": spoken()}, name)  # before a URL drops what is no text
    ways = partial(ways_on_disk, config)
    async with open_desk(settings.store_path(config.parent), flows or no_flows, ways) as desk:
        yield Asking(desk, settings, config.parent)


def ways_on_disk(config: Path) -> dict[str, Way]:
    """Return the ways out of the channels in config.yaml, for when no process runs that knows its own.

    One that cannot be read, or whose secrets are not at hand, is taken to be as usual.
    """
    from botkit.flow.yaml_reader import read
    from botkit.gateway.compose import compose
    from botkit.server.channels import compose_channels
    from botkit.server.ways import Way
    from botkit.settings import load_settings

    settings, _ = load_settings(read(config.read_bytes(), str(config)), os.environ, only=frozenset({"channels"}))
    channels = settings.channels if settings is not None else {}
    profiles, usual = compose_channels(channels)[0], compose({"base_url": "sandbox"})
    known = {channel: profiles.get(channel, usual) for channel in channels}
    return {channel: Way(profile.limits, profile.on_uncertain) for channel, profile in known.items()}


def asked(settings: Settings, config: Path, operation: str, **arguments: str | None) -> Any:
    """Return what one operation gives; raises UsageError."""
    subject = {name: arguments[name] for name in ("contact", "flow") if name in arguments}

    async def ask() -> Any:
        async with asking(settings, config, **subject) as desk:
            return await desk.call(operation, **arguments)

    return asyncio.run(ask())


def acted(
    settings: Settings, config: Path, action: str, values: dict[str, Any], *, flows: Callable[[], FlowSet] | None = None
) -> Done:
    """Do one action; return when it is done. Raises UsageError."""
    subject = {name: values[name] for name in ("contact", "flow") if name in values}

    async def act() -> Done:
        async with asking(settings, config, flows, **subject) as desk:
            return await desk.act(action, values)

    return asyncio.run(act())
