"""Talks and their changes as lines for people: who said what, when, and where the conversation stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from botkit.cli.messages import say
from botkit.cli.options import spoken
from botkit.cli.shown import date, visible
from botkit.flow.duration import show_duration
from botkit.talks.compare import Change
from botkit.talks.mask import Masks
from botkit.talks.recorded import DUE, MESSAGE, Said, Talk, Turn
from botkit.testing.result import shown as shown_message

Row = Mapping[str, Any]
#: A pause that is told, in seconds.
PAUSE_S = 60.0
#: kind of an event -> who is behind it, a word of `who …`.
_WHO = {
    MESSAGE: "person",
    "reaction": "person",
    "edit": "person",
    "revoke": "person",
    "operator": "operator",
    "release": "operator",
    DUE: "due",
    "named": "event",
    "delivery": "event",
    "apology": "event",
}
#: What came later than this many seconds behind is told in days, hours, minutes.
_UNITS = (86400, 3600, 60)


class Telling:
    """A conversation that is told, line by line."""

    def __init__(self, row: Row, name: str | None, masks: Masks, zone: ZoneInfo) -> None:
        self._row, self._name, self._masks, self._zone = row, name, masks, zone
        self._last: float | None = None

    def head(self) -> Iterator[str]:
        """Yield whose conversation it is."""
        name = f"  {visible(self._masks.text(self._name))}" if self._name else ""
        yield f"{visible(self._masks.text(self._row['contact']))} ({self._row['channel']}){name}"

    def lines(self, turn: Turn) -> Iterator[str]:
        """Yield what happened, and what the bot said to it."""
        language = spoken()
        if self._last is not None and turn.at - self._last >= PAUSE_S:
            yield f"{'':27}… {say('talk later', language, time=rough(turn.at - self._last))}"
        self._last = turn.at
        if turn.kind != "told":
            way = f"   ({' → '.join(dict.fromkeys((turn.came_from or '–', turn.now_at or '–')))})"
            yield self._line(turn.at, _WHO.get(turn.kind, "command"), self._told(turn) + (way if turn.is_turn else ""))
        for said in turn.said:
            yield self._line(said.at, "bot" if said.flow else "operator", self._said(said))
            self._last = said.at
        for to in turn.handed:
            text = _handed(to)
            yield self._line(turn.at, "operator", f"— {text}")

    def _line(self, at: float, who: str, text: str) -> str:
        return f"{date(at, self._zone)}  {say(f'who {who}', spoken()):<8}  {text}"

    def _told(self, turn: Turn) -> str:
        state = {"dead": "talk dead", "pending": "talk waits", "open": "talk waits"}.get(turn.status)
        parts = [heard(turn, self._masks), say(state, spoken()) if state else ""]
        return " ".join(part for part in parts if part)

    def _said(self, said: Said) -> str:
        state = "" if said.status == "sent" else f"  [{say(f'state {said.status}', spoken())}]"
        return visible(shown_message(self._masks.value(dict(said.message)))) + state


def _handed(to: str | None) -> str:
    """Return who has a conversation from now on; None: the bot."""
    if to is None:
        return say("talk back", spoken())
    return say("talk parked", spoken()) if to == "@loop" else say("talk handed", spoken(), to=to)


def heard(turn: Turn, masks: Masks) -> str:
    """Return what a turn was begun by, on one line."""
    event, language = turn.event, spoken()
    if turn.kind == MESSAGE and turn.blank:
        return say("talk blank", language)
    if turn.kind in ("reaction", "edit", "revoke"):
        return " ".join([say(f"kind {turn.kind}", language), visible(masks.text(str(event.get("text") or "")))]).strip()
    if turn.kind == DUE:
        return str(event.get("kind") or "")
    if turn.kind in ("named", "begin"):
        return visible(str(event.get("name") or event.get("flow")))
    if turn.kind == "delivery":
        return f"{event.get('step')}: {event.get('state')}"
    media = event.get("media") or {}
    place = event.get("location") or {}
    parts = [
        f"[{' '.join(filter(None, [media.get('type'), masks.text(str(media.get('name') or ''))]))}]" if media else "",
        f"[location {', '.join(map(str, masks.spot([place['latitude'], place['longitude']])))}]" if place else "",
        f"[{masks.text(event['choice'].get('title') or event['choice']['id'])}]" if event.get("choice") else "",
        masks.text(str(event.get("text") or media.get("caption") or "")),
    ]
    return visible(" ".join(part for part in parts if part)) or turn.kind


def change_lines(talk: Talk, change: Change, masks: Masks, zone: ZoneInfo) -> Iterator[str]:
    """Yield what an answer was and would be, and where that is written."""
    language, first = spoken(), change.exchange.first
    yield f"{date(change.at, zone)}  {talk.conversation}  {change.place}".rstrip()
    if change.kind == "unasked":
        rows = [("who bot", say("replay unasked", language))]
    else:
        rows = [(f"who {_WHO.get(first.kind, 'command')}", heard(first, masks))]
    then = [visible(shown_message(_with_titles(masks.value(dict(message))))) for message in change.then]
    now = [visible(shown_message(_with_titles(masks.value(dict(message))))) for message in change.now]
    if change.kind == "later":
        key = "replay later" if change.moved_s > 0 else "replay earlier"
        now = [say(key, language, time=rough(abs(change.moved_s)))]
    elif change.kind == "called":
        then, now = [], [say("replay called", language, name=change.called)]
    rows += [("replay then", text) for text in then or [say("replay nothing", language)] if change.kind != "called"]
    rows += [("replay now", text) for text in now or [say("replay nothing", language)]]
    for key, text in rows:
        yield f"  {say(key, language) + ':':<10} {text}"


def _with_titles(message: dict[str, Any]) -> dict[str, Any]:
    """Return a compared message as one that can be shown."""
    if "options" in message:
        titles = [each["title"] if isinstance(each, Mapping) else each for each in message["options"]]
        return {**message, "options": [{"title": title} for title in titles]}
    return message


def rough(seconds: float) -> str:
    """Return a time as people say it: whole days, hours, minutes, whichever says enough."""
    unit = next((unit for unit in _UNITS if seconds >= 2 * unit), 1)
    return show_duration(float(round(seconds / unit) * unit))
