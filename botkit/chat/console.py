"""What is typed, and what comes of it: texts go to the bot, commands are done, and all that happens is shown."""

from __future__ import annotations

import asyncio
import shlex
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botkit.chat.calls import Ask, LiveCalls
from botkit.chat.commands import Wrong, read_line
from botkit.chat.inputs import happening, level, medium, path_and_text, place, tap_of, written
from botkit.chat.loading import Bot, Loader, called_services, changed
from botkit.chat.saving import failures, file_for, rehearse, talk_of
from botkit.chat.session import Input, Session
from botkit.chat.standing import duration, moment, not_new, slots, where
from botkit.chat.teller import Teller
from botkit.errors import ProblemsFound
from botkit.flow.duration import parse_duration, show_duration
from botkit.folder import shown
from botkit.gateway.neutral import to_text
from botkit.testing.written import add_tests, lines_of
from botkit.testing.yaml_writer import on_line
from botkit.turn.event import Begin, Inbound, OperatorSaid, Release


class Console:
    """One chat, from the first word to the last.

    `flow` begins at once, with its `inputs`; `contact` is as in a conversation test; `ask` answers in the place of
    services and of handlers that take `ctx`, None lets them be called.
    """

    def __init__(
        self,
        loader: Loader,
        bot: Bot,
        teller: Teller,
        *,
        flow: str | None = None,
        inputs: Mapping[str, Any] | None = None,
        contact: Mapping[str, Any] | None = None,
        ask: Ask | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.bot, self.teller, self.language = bot, teller, teller.language
        self._loader, self._now = loader, now
        self._opening = Begin(flow, dict(inputs or {})) if flow is not None else None
        self._contact = contact or {}
        self._busy = asyncio.Lock()
        self.config = loader.config
        self.folder = bot.project.folder / (bot.project.settings.flows if bot.project.settings else "flows")
        self._asks = ask is not None
        self._calls = LiveCalls(bot.project.handlers, bot.http, self.folder, teller.call, ask and self._asking(ask))
        self._calls.lacks = self._unfilled()
        self.session: Session

    def greet(self) -> None:
        """Say how the flows begin, and where help is."""
        own = [flow for flow in self.bot.flows.flows.values() if not flow.builtin]
        begun = [f"{flow.name} ({flow.start.label})" if flow.start.label else flow.name for flow in own]
        self.teller.note("hello", flows=", ".join(begun))

    async def open(self) -> None:
        """Begin the talk, with the flow that is asked for."""
        if self._unfilled():
            self.teller.wrong("unfilled", why=self._unfilled())
        elif not self._asks and (named := called_services(self.bot.flows)):
            self.teller.services(named)
        await self._begin()

    async def close(self) -> None:
        """Let go of everything."""
        await self.session.close()
        await self._calls.close()

    async def take(self, line: str) -> bool:
        """Take a line that was typed; False when it was the last. Of what no store holds it has nothing."""
        async with self._busy:
            typed = read_line(to_text(line) or "")
            if isinstance(typed, str):
                await self._hear(typed)
            elif isinstance(typed, Wrong):
                self.teller.refuse(typed)
            elif typed.name == "quit":
                return False
            else:
                await self._DO[typed.name](self, typed.rest)
        return True

    async def cut_off(self) -> None:
        """Go back to before a line whose `take` was cancelled: a handler hung, say."""
        async with self._busy:
            await self.session.play_again()
            self.teller.note("cut off")
            self._show_last()

    async def reload(self, *, quiet: bool = False) -> None:
        """Read the files again; a sound bot takes the place of the former, the talk goes on where it is.

        With `quiet` nothing is said where no flow has changed.
        """
        async with self._busy:
            await self._reload(quiet=quiet)

    def _unfilled(self) -> str:
        """Return what the bot's services lack to be called; empty for nothing, or where the author answers for them."""
        return "" if self._asks or not self.bot.unfilled else self.bot.unfilled[0].message(self.language)

    def _asking(self, ask: Ask) -> Ask:
        """Return what says in words what is asked for, and asks."""

        async def asking(name: str) -> str | None:
            self.teller.note("answer", name=name)
            return await ask("= ")

        return asking

    # ── what the person does ──

    async def _hear(self, text: str) -> None:
        if not text.strip():
            await self._let_gather()
            return
        await self._say(written(self.session.tapped(text.strip()) or text))

    async def _let_gather(self) -> None:
        """Let the time pass in which messages are joined, if it runs."""
        seconds = self.session.gathering()
        if seconds is not None:
            await self._wait(show_duration(max(round(seconds, 1), 0.1)))

    async def _say(self, message: Inbound) -> None:
        await self._put(message, lines_of(message))

    async def _tap(self, wanted: str) -> None:
        tap = tap_of(wanted, self.session.menu())
        if tap is None:
            self.teller.wrong("no option", value=wanted)
        else:
            await self._say(written(tap))

    async def _media(self, rest: str) -> None:
        path, caption = path_and_text(rest)
        if path.is_file():
            self._calls.sent.paths[path.name] = path
        else:
            self.teller.note("no file", path=path)
        await self._say(medium(path, caption))

    async def _location(self, rest: str) -> None:
        message = place(rest)
        if message is None:
            self.teller.wrong("no place", value=rest)
        else:
            await self._say(message)

    # ── what happens besides ──

    async def _wait(self, rest: str) -> None:
        seconds = parse_duration(rest)
        if seconds is None:
            self.teller.wrong("no duration", value=rest)
            return
        await self._put(seconds, {"wait": rest})
        self.teller.say(moment(self.session, self.language, self.session.now))

    async def _load(self, rest: str) -> None:
        now = level(rest)
        if now is None:
            self.teller.wrong("no load", value=rest)
            return
        await self.session.put(now, {"load": now})
        self.teller.note("load", level=now)

    async def _event(self, rest: str) -> None:
        await self._put(*happening(rest))

    async def _operator(self, text: str) -> None:
        await self._put(OperatorSaid(text, phone=True), {"operator": text})

    async def _release(self, _: str) -> None:
        await self._put(Release(), {"operator": {"release": True}})

    async def _put(self, input: Input, line: Mapping[str, Any]) -> None:
        outcome = self.session.rehearsal.seen.ended
        heard = await self.session.put(input, line)
        told = self.teller.heard(heard)
        ended, conversation = self.session.rehearsal.seen.ended, self.session.conversation
        if conversation is not None and conversation.handoff is not None:
            self.teller.note("handed", to=conversation.handoff.to)
        elif (seconds := self.session.gathering()) is not None:
            self.teller.note("gathering", seconds=duration(seconds))
        elif self.session.top is None and ended is not None and ended is not outcome:
            self.teller.note("ended", flow=ended.flow, outcome=ended.outcome)
        elif not told:
            self.teller.note("silence")

    # ── looking, and going back ──

    async def _slots(self, _: str) -> None:
        self.teller.say("\n".join(slots(self.session, self.language)))

    async def _where(self, _: str) -> None:
        self.teller.say("\n".join(where(self.session, self.language)))

    async def _back(self, _: str) -> None:
        entry = await self.session.take_back()
        if entry is None or entry.line is None:
            self.teller.note("nothing back")
            return
        said = next(iter(entry.line.values()))
        self.teller.note("taken back", said=said if isinstance(said, str) else on_line(said))
        self._show_last()

    def _show_last(self) -> None:
        last = next((each for each in reversed(self.session.entries) if each.rows), None)
        self.teller.bubbles([row["message"] for row in last.rows] if last else [])

    async def _restart(self, _: str) -> None:
        await self.session.close()
        self.teller.note("new talk")
        await self._begin()

    async def _begin(self) -> None:
        began = self._now() // 60 * 60
        self.session = Session(self.bot.flows, self._calls, began, self._contact)
        heard = await self.session.open(self._opening)
        if heard is not None:
            self.teller.heard(heard)

    # ── files ──

    async def _save(self, name: str) -> None:
        if not self.session.entries:
            self.teller.note("nothing said")
            return
        path, talk = file_for(self.session, self.bot.project), talk_of(self.session, name)
        try:
            result = await asyncio.to_thread(rehearse, talk, self.bot.project)
            if not result.passed:
                self.teller.wrong("not alike")
                self.teller.say(result.report(self.language))
                return
            (name,) = add_tests(path, [talk])
        except ProblemsFound as error:
            self.teller.wrong("unwritable", path=shown(path))
            self.teller.problems(error)
        except (ValueError, OSError) as error:
            self.teller.wrong("not written", why=error)
        else:
            self.teller.note("saved", path=shown(path), name=shlex.quote(name))
            for failed in failures(self.session):
                key = "failed request" if failed.is_request else "failed handler"
                self.teller.note(key, name=failed.name, error=failed.failure)

    async def _reload(self, _: str = "", *, quiet: bool = False) -> None:
        found = await asyncio.to_thread(self._loader.load, fresh=True)
        if not isinstance(found, Bot):
            self.teller.problems(ProblemsFound(found.problems), found.lines)
            self.teller.wrong("kept old")
            return
        names = changed(self.bot.flows, found.flows)
        self.bot = found
        await self._calls.replace(found.project.handlers, found.http, self._unfilled())
        if quiet and not names:
            return
        heard = await self.session.put(found.flows)
        if names:
            self.teller.note("reloaded", changed=", ".join(names))
        else:
            self.teller.note("nothing changed")
        if told := not_new(self.session):
            self.teller.note(told)
        if heard.rows:  # the question is another by now
            self.teller.note("asks now")
            self.teller.heard(heard)

    async def _help(self, _: str) -> None:
        self.teller.help()

    _DO: Mapping[str, Callable[[Console, str], Awaitable[None]]] = {
        "wait": _wait,
        "tap": _tap,
        "media": _media,
        "location": _location,
        "event": _event,
        "load": _load,
        "operator": _operator,
        "release": _release,
        "slots": _slots,
        "where": _where,
        "back": _back,
        "restart": _restart,
        "save": _save,
        "reload": _reload,
        "help": _help,
    }
