"""Loops stop: another bot that answers everything, and a flow that goes round by itself.

What a machine at the other end cannot help is repeating itself, and what a person does sooner or later is to write
something new. So all is counted from the last *fresh* message on: a tap, exactly an offered option (or its number),
media, or a text that is not among the contact's last five. With no fresh message between them

* the fourth turn that says one text has that message *muted*: it is queued as `muted`, and never sent;
* a turn that would follow twenty requests within a minute is not played: the conversation is *parked*.

**What counts.** A text counts once a turn, however often the turn says it (a line between two lists), and for an hour:
a reminder that nobody answers says the same each day, and a shop's regular writes "hola" each morning. The turn of a
fresh message counts as one request, whatever a catalogue sends; every other turn as many as it sends. A turn is never
cut in two. So a person who types fast is never parked: each new text begins the count anew.

**Parked** means that people have the conversation, in the queue `loop`: the bot is silent, clocks stand still, what
comes is kept, `botkit handoff list` shows it. It comes back by itself with the next fresh message, which is answered as
ever; by `botkit handoff release`; or after a day.

What is kept of it is `loop` of the conversation: checksums and whole seconds, no texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

#: Texts of a contact that are remembered, and how long one is, in seconds.
HEARD, MEMORY_S = 5, 3600
#: Turns that may say one text, and requests that may go out within so many seconds, with nothing fresh between them.
SAYINGS, REQUESTS, WITHIN_S = 3, 20, 60
#: Sayings that are remembered at most.
SAID = 40


class Loop(NamedTuple):
    """What is remembered: texts heard, texts said and requests since the last fresh message, and whether that is it.

    A text is its mark with its time, in whole UTC seconds, behind it; one flat list of them costs least. What was heard
    last comes first, what was said and asked for last comes last.
    """

    heard: list[int]
    said: list[int]
    requests: list[int]
    fresh: bool


NOTHING = Loop([], [], [], fresh=False)
_KEPT = 2 * (HEARD - 1)


def hear(loop: Loop, text: str | None, now: float, surely: bool, offered: Callable[[], bool]) -> Loop:
    """Take up a message: `surely` says that it is fresh whatever it says, `offered` tells whether it is on offer."""
    heard = loop.heard
    if not text:
        return Loop(heard, [], [], True)
    mark = mark_of(text.strip().lower())
    is_known = mark in heard and 0 <= now - heard[heard.index(mark) + 1] < MEMORY_S
    heard = [mark, int(now), *heard[:_KEPT]]
    if surely or not is_known or offered():
        return Loop(heard, [], [], True)
    return Loop(heard, loop.said, loop.requests, False)


def mark_of(text: str) -> int:
    """Return what a text is known again by: a checksum below zero, so that no time in the same list is taken for it."""
    return ~crc32(text.encode())


def unheard(loop: Loop) -> Loop:
    """Forget the last text heard: nothing is kept of it."""
    return loop._replace(heard=loop.heard[2:])


def goes_round(loop: Loop, now: float) -> bool:
    """Tell whether so much went out within a minute that nothing more may."""
    return len(loop.requests) >= REQUESTS and len(_within(loop.requests, now)) >= REQUESTS


def say(loop: Loop, texts: Sequence[str], now: float) -> tuple[Loop, Sequence[int]]:
    """Take up what a turn says (empty: a message without words); return which messages are muted, too, by index."""
    at, before = int(now), _lately(loop.said, now)
    added: list[int] = []
    muted: list[int] = []
    for index, text in enumerate(texts):
        if not text:
            continue
        mark = mark_of(text)
        if before.count(mark) >= SAYINGS:
            muted.append(index)
        elif mark not in added:
            added += (mark, at)
    requests = _within(loop.requests, now)
    of_fresh = 0 if loop.requests else 1
    sent = of_fresh if loop.fresh else len(texts) - len(muted)
    return Loop(loop.heard, (before + added)[-2 * SAID :], (requests + [at] * sent)[-REQUESTS:], loop.fresh), muted


def _lately(said: list[int], now: float) -> list[int]:
    """Return what was said within the last hour."""
    if not said or (now - said[1] < MEMORY_S and said[-1] <= now):  # as nearly always: they are in order of time
        return said
    return [number for mark, at in _pairs(said) if 0 <= now - at < MEMORY_S for number in (mark, at)]


def _pairs(marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(marks[::2], marks[1::2], strict=True)


def _within(times: list[int], now: float) -> list[int]:
    """Return the times within the last minute."""
    if not times or (now - times[0] < WITHIN_S and times[-1] <= now):
        return times
    return [at for at in times if 0 <= now - at < WITHIN_S]
