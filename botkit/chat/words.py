"""What a line may become: the words of which completion offers those that begin like what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from botkit.answers.fold import flatten
from botkit.chat.commands import COMMANDS
from botkit.chat.console import Console
from botkit.flow.level import LEVELS
from botkit.flow.model import Flow


class Word(NamedTuple):
    """A whole line that may be meant, and what it is."""

    text: str
    means: str = ""


def words(console: Console, line: str) -> Iterator[Word]:
    """Yield the lines that begin like this one; case and accents do not count."""
    typed = flatten(line)
    seen: set[str] = set()
    for word in _commands(console, line) if line.startswith(":") else _texts(console):
        if flatten(word.text).startswith(typed) and word.text not in seen:
            seen.add(word.text)
            yield word


def _commands(console: Console, line: str) -> Iterator[Word]:
    name, blank, _ = line.partition(" ")
    if not blank:
        for known, form in COMMANDS.items():
            yield Word(f":{known}{' ' * form.required}", getattr(form, console.language))
    elif name == ":tap":
        yield from (Word(f":tap {option['title']}") for option in console.session.menu())
    elif name == ":event":
        yield from (Word(f":event {event}") for event in _events(console))
    elif name == ":wait":
        yield from (Word(f":wait {time}") for time in ("10m", "1h", "2h", "1d"))
    elif name == ":load":
        yield from (Word(f":load {level}") for level in LEVELS)


def _texts(console: Console) -> Iterator[Word]:
    """Yield the options on show, then the words that flows begin with where the talk stands."""
    session, flows = console.session, console.session.flows
    yield from (Word(str(option["title"])) for option in session.menu())
    starts = flows.interrupting.items() if session.top else ()
    found = [(word, flow) for word, each in starts for flow in each] or [*flows.starts, *flows.builtin_starts]
    for word, flow in found:
        yield Word(_as_written(word, flow), _title(console, flow))


def _as_written(word: str, flow: Flow) -> str:
    """Return a flow's word with its accents, as far as they are known: words are kept folded."""
    label = flow.start.label
    return label if flatten(label) == word else word


def _title(console: Console, flow: Flow) -> str:
    return flow.title(console.language, console.session.flows.bot.language)


def _events(console: Console) -> Iterator[str]:
    """Yield the events that begin a flow, or that one waits for."""
    flows = console.session.flows
    yield from flows.events
    for flow in flows.flows.values():
        for step in flow.steps.values():
            if event := getattr(step.body, "event", None):
                yield str(event)
