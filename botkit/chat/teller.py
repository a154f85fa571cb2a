"""What a chat shows: the bot's bubbles, what turns and calls had to say to an author, and what the chat says itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botkit.chat.calls import Told
from botkit.chat.commands import COMMANDS, Wrong
from botkit.chat.paint import Line, Painter, bubble, note
from botkit.chat.texts import Language, tell
from botkit.errors import ProblemsFound
from botkit.flow.failures import failure_in
from botkit.flow.problem import Problem
from botkit.testing.rehearsal import Heard
from botkit.turn.effect import Note

#: Notes of a turn that say something to an author; a text of that name tells each. Others are the log's.
NOTES = ("handler_failed", "turn_failed", "event_unheard", "message_muted", "conversation_parked")
#: Most services that are named as a chat begins.
MOST_NAMED = 3
#: Returns problems as `botkit check` prints them, given the lines of the files that were read.
ShowProblems = Callable[[Sequence[Problem], dict[str, list[str]]], str]


class Teller:
    """Shows things in one language."""

    def __init__(self, painter: Painter, language: Language, show_problems: ShowProblems) -> None:
        self.language = language
        self.painter, self._show_problems = painter, show_problems
        self._told: set[str] = set()

    def note(self, key: str, **values: object) -> None:
        """Say something of the table of texts."""
        self.say(tell(key, self.language, **values))

    def wrong(self, key: str, **values: object) -> None:
        """Say that something is wrong, by the table of texts."""
        self.say(tell(key, self.language, **values), "wrong")

    def say(self, text: str, style: str = "note") -> None:
        """Say a text that is made already."""
        self.painter.show(note(text, style))

    def heard(self, heard: Heard) -> bool:
        """Show what the bot said, and what there is to know of it; return whether there was anything."""
        self.bubbles([row["message"] for row in heard.rows])
        told = [self._of_turn(each) for each in heard.notes]
        return bool(heard.rows) or any(told)

    def bubbles(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Show messages of the bot."""
        for message in messages:
            self.painter.show(bubble(message, self.painter.width))

    def call(self, told: Told) -> None:
        """Show what a call did, as it is made; what the turn notes of it then is no news."""
        if told.kind != "answered":
            text = tell(told.kind, self.language, name=told.name, what=told.what, place=told.place)
            self.say(text, "note" if told.kind == "asked" else "wrong")
        if told.kind != "asked":
            self._told.add(told.name)

    def services(self, named: Sequence[str]) -> None:
        """Say, before any is, which services are really called."""
        more = " …" if len(named) > MOST_NAMED else ""
        self.note("really", services=", ".join(named[:MOST_NAMED]) + more)

    def problems(self, found: ProblemsFound, lines: Mapping[str, list[str]] | None = None) -> None:
        """Show what is wrong with files."""
        text = self._show_problems(found.problems, dict(lines or {}))
        self.painter.show([Line("note", "", line) for line in text.split("\n")])

    def refuse(self, typed: Wrong) -> None:
        """Say what is wrong with a command."""
        if typed.known:
            self.wrong("lacks", name=typed.name, arguments=COMMANDS[typed.name].arguments)
        else:
            near = tell("near", self.language, near=typed.near) if typed.near else ""
            self.wrong("unknown", name=typed.name, near=near)

    def help(self) -> None:
        """Show the table of commands."""
        lines = [
            f":{name} {form.arguments}".ljust(22) + getattr(form, self.language) for name, form in COMMANDS.items()
        ]
        self.say("\n".join([tell("text", self.language), *lines, tell("colon", self.language)]))

    def _of_turn(self, each: Note) -> bool:
        """Show what a turn noted, unless a call has told of it or nobody need know; return whether that was shown."""
        name = str(each.fields.get("handler"))
        is_news = each.event in NOTES and name not in self._told
        if is_news:
            fields = dict(each.fields)
            if "reason" in fields:
                fields["reason"] = failure_in(self.language, str(fields["reason"]))
            self.say(tell(each.event, self.language, **fields), "note" if each.level == "info" else "wrong")
        self._told.discard(name)
        return is_news
