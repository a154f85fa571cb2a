"""What a leg's effects are to those who carry them out: the store's rows by kind, and what is only told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from botkit.turn.effect import CancelTimer, Effect, Forget, Mute, Note, Record, Send, SetTimer


class Committed(NamedTuple):
    """The effects of a leg by kind. `cancels` are names of timers; `forgets` says whether the event is emptied."""

    sends: list[Send]
    timers: list[SetTimer]
    cancels: list[str]
    records: list[Record]
    muted: list[Mute]
    notes: list[Note]
    forgets: bool


def by_kind(effects: Sequence[Effect]) -> Committed:
    """Return effects by kind, in one go: a list for each kind costs a call for each, in every turn."""
    did, forgets = Committed([], [], [], [], [], [], forgets=False), False
    for effect in effects:
        if isinstance(effect, Send):
            did.sends.append(effect)
        elif isinstance(effect, SetTimer):
            did.timers.append(effect)
        elif isinstance(effect, CancelTimer):
            did.cancels.append(effect.name)
        elif isinstance(effect, Record):
            did.records.append(effect)
        elif isinstance(effect, Mute):
            did.muted.append(effect)
        elif isinstance(effect, Note):
            did.notes.append(effect)
        elif isinstance(effect, Forget):
            forgets = True
    return did._replace(forgets=True) if forgets else did
