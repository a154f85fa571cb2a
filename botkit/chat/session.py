"""One talk: what was put in, in order, and what came of it.

A talk can be played again from its beginning, on the flows as they are by then, with the results that its calls gave:
that is how the last thing said is taken back. Its clock stands still unless it is told to go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botkit.chat.calls import Kept, LiveCalls
from botkit.flow.flowset import FlowSet
from botkit.flow.level import Level
from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Heard, Rehearsal
from botkit.turn.clocks import Clock, clocks_of
from botkit.turn.conversation import Conversation, Frame
from botkit.turn.event import Begin, Filed, Inbound, Tap

#: What is put into a talk: a message, another event, seconds that pass, a level of load, or flows to go on with.
Input = Inbound | Filed | float | Level | FlowSet
#: A menu's options as they were sent: `{id, title}`.
Menu = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An input, the line of a script that gives it again (None: none does), and what came of it."""

    input: Input
    line: Mapping[str, Any] | None
    rows: Sequence[Mapping[str, Any]]
    calls: Sequence[Kept]


class Session:
    """A talk under way; `contact` is what is known of the person, as in a conversation test.

    `began` is when it began, in UTC seconds; `entries` are what was put in.
    """

    def __init__(self, flows: FlowSet, calls: LiveCalls, began: float, contact: Mapping[str, Any]) -> None:
        self.first_flows = flows
        self.calls, self.began, self.contact = calls, began, contact
        self.entries: list[Entry] = []
        self.rehearsal: Rehearsal

    async def open(self, begin: Begin | None = None) -> Heard | None:
        """Begin; with the flow that is to run, if one is given, and then return what it says."""
        await self._begin(())
        return await self.put(begin) if begin is not None else None

    async def close(self) -> None:
        """Let go of everything but the calls."""
        await self.rehearsal.close()

    async def put(self, input: Input, line: Mapping[str, Any] | None = None) -> Heard:
        """Put something in, and return what came of it."""
        before = len(self.calls.kept)
        heard = await self._play(input)
        self.entries.append(Entry(input, line, heard.rows, self.calls.kept[before:]))
        return heard

    async def take_back(self) -> Entry | None:
        """Forget the last input that has a line; return it, None if there is none."""
        last = next((entry for entry in reversed(self.entries) if entry.line is not None), None)
        if last is not None:
            self.entries.remove(last)
            await self.play_again()
        return last

    async def play_again(self) -> None:
        """Play what was put in from the beginning, on the present flows; an input that was cut off is none of it."""
        entries, self.entries = self.entries, []
        self.first_flows = self.flows
        await self.rehearsal.close()
        await self._begin([kept for entry in entries for kept in entry.calls])
        for entry in entries:
            if not isinstance(entry.input, FlowSet):
                await self.put(self._meant_now(entry.input), entry.line)
        self.calls.forget_again()

    def _meant_now(self, input: Input) -> Input:
        """Return an input as it means the same on the menu on show: a tap goes by what stood on the button."""
        tap = input.choice if isinstance(input, Inbound) else None
        if not isinstance(input, Inbound) or tap is None:
            return input
        found = next((option for option in self.menu() if option["title"] == tap.title), None)
        return (
            input._replace(choice=Tap(found["id"], tap.title)) if found else input._replace(choice=None, text=tap.title)
        )

    # ── how it stands ──

    @property
    def conversation(self) -> Conversation | None:
        """Return the conversation, None before anything was said."""
        return self.rehearsal.seen.conversation

    @property
    def top(self) -> Frame | None:
        """Return the running frame."""
        return self.conversation.top if self.conversation else None

    @property
    def flows(self) -> FlowSet:
        """Return the flows that are played."""
        return self.rehearsal.flows

    @property
    def now(self) -> float:
        """Return UTC seconds on the talk's clock."""
        return self.rehearsal.clock.now()

    def clocks(self) -> dict[str, Clock]:
        """Return the clocks that run, by the name of their timer."""
        return clocks_of(self.conversation) if self.conversation else {}

    def menu(self) -> Menu:
        """Return the options on show at the question that waits; none where it has none."""
        top = self.top
        ids = {row["id"] for row in top.shown} if top else set()
        menus = [row["message"]["options"] for entry in self.entries for row in entry.rows if _options(row)]
        return menus[-1] if menus and any(option["id"] in ids for option in menus[-1]) else ()

    def tapped(self, text: str) -> Tap | None:
        """Return the option that a number means; None where a number is an answer like any other.

        At a `choose` only its options count, so the number is its button. At an `ask` with options "2" may be the
        answer 2: the text goes to the bot, which reads it as it would a person's.
        """
        menu, top = self.menu(), self.top
        if not menu or top is None or not (text.isascii() and text.isdigit()) or len(text) > 3:
            return None
        flow = self.flows.by_digest.get(top.digest)
        step = flow.steps.get(top.step) if flow else None
        if step is None or step.kind != "choose" or not 1 <= int(text) <= len(menu):
            return None
        option = menu[int(text) - 1]
        return Tap(option["id"], option["title"])

    def gathering(self) -> float | None:
        """Return the seconds until messages that come together are one answer; None where none are gathered."""
        due = [clock.due_at for clock in self.clocks().values() if clock.kind == "together"]
        return max(0.0, min(due) - self.now) if due else None

    async def _begin(self, again: Sequence[Kept]) -> None:
        clock = FakeClock(self.began)
        self.calls.begin(clock, again)
        name = self.contact.get("name")
        self.rehearsal = Rehearsal(self.first_flows, self.calls, clock, str(name) if name else None)
        await self.rehearsal.open({key: value for key, value in self.contact.items() if key != "name"})

    async def _play(self, input: Input) -> Heard:
        if isinstance(input, FlowSet):
            return await self.rehearsal.take_up(input)
        if isinstance(input, Inbound):
            return await self.rehearsal.say(input)
        if isinstance(input, float):
            return await self.rehearsal.wait(input)
        if isinstance(input, str):
            self.rehearsal.load = input
            return Heard((), ())
        return await self.rehearsal.happen(input)


def _options(row: Mapping[str, Any]) -> bool:
    return bool(row["message"].get("options"))
