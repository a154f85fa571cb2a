"""A moment of a talk, what may happen next, and what came of it. Nothing here changes once it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botkit.explore.marks import MARK
from botkit.flow.duration import show_duration
from botkit.flow.level import Level
from botkit.turn.conversation import Conversation
from botkit.turn.effect import Ended, Note, Send
from botkit.turn.event import Inbound, Named, Tap

#: What a move is for: which share of the moves it gets, and whether it counts as an answer.
AIMS: dict[str, str] = {
    "answer": "an answer as people give it",
    "edge": "an answer at the edge of what is taken, or right beside it",
    "wrong": "what is no answer",
    "word": "a word that is known anywhere: help, back, the words of another flow",
    "time": "nobody writes, and time passes",
    "event": "something happens outside",
}

#: What a call gave, as a stub of a test says it; None stands for the handler itself.
Given = Mapping[str, tuple[Mapping[str, Any], ...] | None]


class Move(NamedTuple):
    """What happens next: of LINES, those that are no expectation. `told` is its value there; `aim` is of AIMS.

    A tap names an option by its label, and with `of` the menu that was shown as that one, from 1.
    """

    kind: str
    told: Any
    aim: str = "answer"
    of: int | None = None

    def line(self) -> dict[str, Any]:
        """Return the line of a script that does this."""
        if self.kind == "tap" and self.of is not None:
            return {"tap": self.told, "of": self.of}
        return {self.kind: show_duration(self.told) if self.kind == "wait" else self.told}

    @property
    def key(self) -> str:
        """Return what tells it from other moves at the same question."""
        return f"{self.kind} {self.told!r:.80} {'old' if self.of else ''}"


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment: the conversation, the time, how many rows the inbox had, the menus that were shown.

    `load` is how loaded the channel is; `given` are the results of calls so far, by the name of a stub; `odd` says that
    one of them was nonsense, `guessed` that one was made up without knowing its type. `move` and `ways` led here from
    `before`.
    """

    conversation: Conversation
    now: float
    count: int = 0
    menus: tuple[tuple[Mapping[str, Any], ...], ...] = ()
    given: Given = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    move: Move | None = None
    before: Scene | None = None
    ways: tuple[Way, ...] = ()
    odd: bool = False
    guessed: bool = False
    load: Level = "green"

    def path(self) -> list[Move]:
        """Return the moves that led here, the first one first."""
        return [scene.move for scene in reversed(list(self.back())) if scene.move is not None]

    def back(self) -> Iterator[Scene]:
        """Yield the moments from here to where the talk began."""
        scene: Scene | None = self
        while scene is not None:
            yield scene
            scene = scene.before

    @property
    def at(self) -> tuple[str, str] | None:
        """Return flow and step where the conversation stands; None with nothing running."""
        top = self.conversation.top
        return (top.flow, top.step) if top is not None else None


class Way(NamedTuple):
    """A way out that was taken: from a step of a flow to a state."""

    flow: str
    step: str
    trigger: str
    key: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Beat:
    """What came of a move. `fired` counts the clocks that ran out, `crash` is an exception of ours.

    `results` are what calls gave in it: the stub's name, what it gave, and how plausible that is (`results.py`).
    """

    before: Scene
    after: Scene
    said: tuple[Send, ...]
    notes: tuple[Note, ...]
    ended: tuple[Ended, ...]
    ways: tuple[Way, ...]
    results: tuple[Any, ...] = ()
    fired: int = 0
    crash: str = ""

    @property
    def move(self) -> Move:
        """Return the move."""
        assert self.after.move is not None
        return self.after.move

    def texts(self) -> list[str]:
        """Return the words of the bubbles, without the marks of what is not there."""
        words = (str(send.message.get("text") or send.message.get("caption") or "") for send in self.said)
        return [each.replace(MARK, "") for each in words]


def inbound(move: Move, scene: Scene) -> Inbound | None:
    """Return the message that a move sends; None for a tap on what was never shown."""
    message = Inbound("test", "message", "59170000001", at=scene.now, name=scene.start.get("name"))
    if move.kind == "tap":
        menus = scene.menus[-1:] if move.of is None else scene.menus[move.of - 1 : move.of]
        row = next((row for menu in menus for row in menu if row["title"] == move.told), None)
        return message._replace(choice=Tap(row["id"], row["title"])) if row is not None else None
    if isinstance(move.told, str):
        return message._replace(text=move.told)
    if "location" in move.told:
        latitude, longitude = move.told["location"]
        return message._replace(location={"latitude": latitude, "longitude": longitude})
    kind = next(name for name in move.told if name != "caption")
    name, caption = move.told[kind], move.told.get("caption")
    medium = {"id": name, "type": kind, "name": name}
    return message._replace(media=medium | {"caption": caption} if caption else medium)


def named(told: Any) -> Named:
    """Return the event that a line `event` says."""
    return Named(told) if isinstance(told, str) else Named(told["name"], told.get("data"))
