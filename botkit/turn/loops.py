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

What is kept of it is `loop` of the conversation: checksums and whole seconds, no texts. Every message goes through
here, so what is fresh, which is most of it, takes a short way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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

    A text is a checksum with its time, in whole UTC seconds, behind it; one flat list of them costs least.
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
    mark = crc32(text.strip().lower().encode())
    marks = heard[-2::-2]  # the latest first
    is_known = mark in marks and 0 <= now - heard[-1::-2][marks.index(mark)] < MEMORY_S
    heard = [*heard[-_KEPT:], mark, int(now)]
    if surely or not is_known or offered():
        return Loop(heard, [], [], True)
    return Loop(heard, loop.said, loop.requests, False)


def unheard(loop: Loop) -> Loop:
    """Forget the last text heard: nothing is kept of it."""
    return loop._replace(heard=loop.heard[:-2])


def goes_round(loop: Loop, now: float) -> bool:
    """Tell whether so much went out within a minute that nothing more may."""
    return len(loop.requests) >= REQUESTS and len(_within(loop.requests, now)) >= REQUESTS


def say(loop: Loop, texts: Sequence[str], now: float) -> tuple[Loop, Sequence[int]]:
    """Take up what a turn says (empty: a message without words); return which messages are muted, too, by index."""
    at = int(now)
    if loop.fresh and not loop.requests:
        marks = dict.fromkeys([crc32(text.encode()) for text in texts if text])
        return Loop(loop.heard, [number for mark in marks for number in (mark, at)][: 2 * SAID], [at], True), ()
    said = _lately(loop.said, now)
    before = said[::2]
    added: list[int] = []
    muted: list[int] = []
    for index, text in enumerate(texts):
        mark = crc32(text.encode()) if text else 0
        if mark and before.count(mark) >= SAYINGS:
            muted.append(index)
        elif mark and mark not in added[::2]:
            added += (mark, at)
    sent = 0 if loop.fresh else len(texts) - len(muted)
    requests = [*_within(loop.requests, now), *[at] * sent]
    return Loop(loop.heard, [*said, *added][-2 * SAID :], requests[-REQUESTS:], loop.fresh), muted


def _lately(said: list[int], now: float) -> list[int]:
    """Return what was said within the last hour."""
    if said and now - said[1] < MEMORY_S and said[-1] <= now:  # as nearly always: from the oldest to the newest
        return said
    return [number for mark, at in _pairs(said) if 0 <= now - at < MEMORY_S for number in (mark, at)]


def _pairs(marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(marks[::2], marks[1::2], strict=True)


def _within(times: Iterable[int], now: float) -> list[int]:
    return [at for at in times if 0 <= now - at < WITHIN_S]
