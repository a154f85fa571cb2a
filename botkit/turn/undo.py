"""Undoing: how to get from the frames of now to those of an earlier moment. An undo costs what was changed.

It is JSON, an entry for each frame of the older stack:

    0                                              as it is in the newer one
    {"step": "dia", "slots": {…}, "drop": […]}     the same flow: where it stood, older values, slots it did not have
    {"flow": "reserva", "digest": …, …}            a flow that the newer one has not, whole
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botkit.turn.conversation import Frame, Undo, dump_frame, load_frame

if TYPE_CHECKING:
    from botkit.turn.running import Running

_NOTHING = object()
#: What a frame has for the question that it asks, and for the questions before.
_ANEW = frozenset("visits tries shown page due said parked gathered back open".split())


def undo(older: Sequence[Frame], newer: Sequence[Frame | Running]) -> Undo | None:
    """Return what leads from the newer frames to the older ones, None if that is nothing."""
    entries = [_undo_frame(frame, newer[index] if index < len(newer) else None) for index, frame in enumerate(older)]
    return entries if len(newer) != len(older) or any(entries) else None


def applied(entries: Undo, newer: Sequence[Frame]) -> list[Frame]:
    """Return the older frames that an undo leads to."""
    return [_apply(entry, newer[index] if index < len(newer) else None) for index, entry in enumerate(entries)]


def composed(first: Undo | None, then: Undo | None) -> Undo | None:
    """Return one undo for two; `first` is that of the newest frames."""
    if first is None or then is None:
        return first or then
    return [_compose(first[index] if index < len(first) else 0, entry) for index, entry in enumerate(then)]


def is_large(entries: Undo | None) -> bool:
    """Tell whether an undo holds values, and not only names."""
    return any(entry and ("slots" in entry or "flow" in entry) for entry in entries or ())


def _undo_frame(older: Frame, newer: Frame | Running | None) -> Any:
    if older is newer:
        return 0
    if newer is None or not _is_same_run(older, newer):
        return _bare(dump_frame(older))
    entry: dict[str, Any] = {}
    if older.step != newer.step:
        entry["step"] = older.step
    if older.detour != newer.detour:
        entry["detour"] = older.detour
    now = newer.slots
    slots = {name: value for name, value in older.slots.items() if _differs(now.get(name, _NOTHING), value)}
    if slots:
        entry["slots"] = slots
    drop = [name for name in now if name not in older.slots]
    if drop:
        entry["drop"] = drop
    return entry or 0


def _bare(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a frame as JSON without what is made anew when its question is asked."""
    bare = {key: value for key, value in raw.items() if key not in _ANEW}
    if "above" in bare:
        bare["above"] = [_bare(each) for each in bare["above"]]
    return bare


def _is_same_run(older: Frame, newer: Frame | Running) -> bool:
    return (
        older.digest == newer.digest
        and older.since == newer.since
        and older.asked == newer.asked
        and older.above == newer.above
    )


def _differs(one: Any, other: Any) -> bool:
    return one is not other and (type(one) is not type(other) or one != other)


def _apply(entry: Any, newer: Frame | None) -> Frame:
    if entry and "flow" in entry:
        return load_frame(entry)
    assert newer is not None  # what the newer stack has not stands whole in the undo
    if not entry:
        return newer
    drop = entry.get("drop", ())
    slots = {name: value for name, value in newer.slots.items() if name not in drop}
    step, detour = entry.get("step", newer.step), entry.get("detour", newer.detour)
    return replace(newer, step=step, detour=detour, slots={**slots, **entry.get("slots", {})})


def _compose(first: Any, then: Any) -> Any:
    if not first or not then or "flow" in then:
        return then or first
    entry = {**first, **{key: then[key] for key in ("step", "detour") if key in then}}
    drop, newer, older = then.get("drop", ()), first.get("slots", {}), then.get("slots", {})
    slots = {**{name: value for name, value in newer.items() if name not in drop}, **older}
    dropped = [name for name in dict.fromkeys((*first.get("drop", ()), *drop)) if name not in older]
    entry |= {"slots": slots, "drop": dropped if "flow" not in first else []}
    for key in ("slots", "drop"):
        if not entry[key]:
            del entry[key]
    return entry
