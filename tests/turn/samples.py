"""A conversation without runtime or store: events in, what the bot says out."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson

import botkit
from botkit.flow.flowset import FlowSet
from botkit.turn.clocks import clocks_of
from botkit.turn.conversation import Conversation, Frame, dump_state, load_state
from botkit.turn.effect import CallHandler, CallHttp, CancelTimer, Effect, Ended, Note, Record, Send, SetTimer
from botkit.turn.event import CallResult, Due, Event, Inbound, Tap
from botkit.turn.step import Outcome, turn
from tests.flow.samples import flows

NOW = 1_763_910_000.0  # Sunday 23 November 2025, 11:00 in La Paz
EMPTY = Conversation("c1", "wa", "59170000001")
BUILTIN = (
    "flow: hello\nsteps: [{say: hello}]\n",
    "flow: unknown\nsteps: [{say: unknown}]\n",
    "flow: error\nsteps: [{say: error}]\n",
)
#: Those that botkit ships.
SHIPPED = tuple(path.read_text(encoding="utf-8") for path in sorted(Path(botkit.__file__).parent.glob("patterns/*")))


class Talk:
    """A conversation with flows; every turn is checked to change nothing it was given, and to count one version."""

    def __init__(self, known: FlowSet, conversation: Conversation = EMPTY) -> None:
        self.flows = known
        self.conversation = conversation
        self.effects: tuple[Any, ...] = ()
        self.open = False
        self.events = 0
        self.now = NOW
        self.timers: dict[str, SetTimer] = {}

    def take(self, event: Event, *, same: bool = False) -> list[str]:
        """Apply an event and return the texts that were sent; `same` is a further leg of the last event."""
        self.events += not same
        before, given = deepcopy(self.conversation), deepcopy(event)
        self.now += not same
        outcome: Outcome = turn(self.flows, self.conversation, event, self.now, f"e{self.events}")
        assert self.conversation == before
        assert event == given
        assert outcome.conversation.version == before.version + 1
        stored = orjson.loads(orjson.dumps(dump_state(outcome.conversation)))
        self.conversation = load_state(outcome.conversation, stored)
        assert self.conversation == outcome.conversation
        assert all(frame.step in self.flows.by_digest[frame.digest].steps for frame in self.conversation.frames)
        self.effects, self.open = outcome.effects, outcome.open
        self._keep_timers(outcome.effects, event.name if isinstance(event, Due) else None)
        return [str(send.message.get("text", "")) for send in self.sent]

    def _keep_timers(self, effects: tuple[Effect, ...], fired: str | None) -> None:
        """Keep timers as the store does; they are always those that the state says."""
        if fired is not None:
            self.timers.pop(fired, None)
        for effect in effects:
            if isinstance(effect, CancelTimer):
                del self.timers[effect.name]
            elif isinstance(effect, SetTimer):
                self.timers[effect.name] = effect
        assert {name: (timer.kind, timer.due_at) for name, timer in self.timers.items()} == clocks_of(self.conversation)

    def wait(self, seconds: float) -> list[str]:
        """Let time pass and return the texts that were sent; what falls due happens in order."""
        end, said, fired = self.now + seconds, [], 0
        while due := [timer for timer in self.timers.values() if timer.due_at <= end]:
            first = min(due, key=lambda timer: timer.due_at)
            self.now = max(self.now, first.due_at) - 1
            said += self.take(Due(first.name, first.kind))
            fired += 1
            assert fired < 1000, "a timer fires without end"
        self.now = max(self.now, end)
        return said

    def say(self, text: str) -> list[str]:
        """Write a text."""
        return self.take(Inbound("wa", "message", "59170000001", text=text))

    def tap(self, label: str, *, text: bool = False) -> list[str]:
        """Tap an option on show; `text`: the gateway repeats the title as text."""
        option = next(option for option in self.top.shown if option["label"] == label)
        return self.tap_id(option["id"], label, text=text)

    def tap_id(self, option_id: str, title: str = "", *, text: bool = False) -> list[str]:
        """Tap a button by its id."""
        tap = Tap(option_id, title)
        return self.take(Inbound("wa", "message", "59170000001", text=title if text else None, choice=tap))

    def returns(self, value: Any = None, error: str | None = None) -> list[str]:
        """Give the pending call its result."""
        assert self.top.pending_call is not None
        return self.take(CallResult(self.top.pending_call.key, value, error), same=True)

    @property
    def top(self) -> Frame:
        """Return the running frame."""
        assert self.conversation.top is not None
        return self.conversation.top

    @property
    def slots(self) -> dict[str, Any]:
        """Return the slots of the running flow, or those it ended with."""
        return self.top.slots if self.conversation.top else self.ended.slots

    @property
    def sent(self) -> list[Send]:
        """Return what was queued."""
        return [effect for effect in self.effects if isinstance(effect, Send)]

    @property
    def call(self) -> CallHandler:
        """Return the call of a handler that was asked for."""
        return next(effect for effect in self.effects if isinstance(effect, CallHandler))

    @property
    def asked(self) -> CallHttp:
        """Return the call of a web service that was asked for."""
        return next(effect for effect in self.effects if isinstance(effect, CallHttp))

    @property
    def ended(self) -> Ended:
        """Return the last end of a flow."""
        return [effect for effect in self.effects if isinstance(effect, Ended)][-1]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the rows that were recorded."""
        return [effect.row for effect in self.effects if isinstance(effect, Record)]

    @property
    def notes(self) -> list[str]:
        """Return the names of what was noted for the log."""
        return [effect.event for effect in self.effects if isinstance(effect, Note)]

    @property
    def running(self) -> bool:
        """Tell whether a flow runs."""
        return self.conversation.top is not None

    @property
    def outcome(self) -> Any:
        """Return the outcome of the last flow that ended."""
        return self.conversation.last.get("outcome")


def talk(text: str, *, builtin: tuple[str, ...] = BUILTIN) -> Talk:
    """Return a conversation with the flows of a file, and the three built-in ones as one word each."""
    return Talk(flows(text, builtin=builtin))


def begun(steps: str, rest: str = "") -> Talk:
    """Return a conversation with the flow `f` of these steps, begun by the word `go`; `effects` are its first."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n{steps}{rest}")
    found.say("go")
    return found


def texts(found: Talk) -> list[str]:
    """Return the texts of the last turn."""
    return [str(send.message.get("text", "")) for send in found.sent]
