"""The steps of one option that run on into those of another one, as a `case` without its end does elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from botkit.flow.graph import Linked
from botkit.flow.kind import Block, Draft
from botkit.flow.source import Text


def falls(draft: Draft) -> bool:
    """Tell whether a step may go on to what stands behind it: it neither jumps nor ends in every case."""
    return draft.guard is not None or any(
        way.target is None or (isinstance(way.target, Block) and block_falls(way.target)) for way in draft.exits
    )


def block_falls(block: Block) -> bool:
    """Tell whether a list may go on to what stands behind it."""
    return not block.drafts or falls(block.drafts[-1])


def check_falls(linked: Linked) -> None:
    """Report what an option says where what another option says follows at once; a question between is no mistake."""
    for draft in linked.reader.drafts:
        targets = [linked.drafts[id] for id in _chosen(draft) if id in linked.drafts]
        ordered = sorted({each.id: each for each in targets}.values(), key=lambda each: (id(each.block), each.index))
        for one, other in pairwise(ordered):
            between = one.block.drafts[one.index : other.index] if one.block is other.block else []
            if other.kind.name == "say" and _says_all(between):
                text = Text("", between[-1].place)
                linked.reader.reading.report("falls-into", text, id=one.id, other=other.id, row=draft.place.row)


def _chosen(draft: Draft) -> Collection[str]:
    return {way.target.value for way in draft.exits if way.trigger == "chosen" and isinstance(way.target, Text)}


def _says_all(drafts: Collection[Draft]) -> bool:
    """Tell whether steps say something, wait for nobody, and may be gone through to the last."""
    return any(each.kind.name == "say" for each in drafts) and all(
        falls(each) and not each.kind.waits and each.kind.name != "call" for each in drafts
    )
