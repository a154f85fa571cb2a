"""Old names: what `was` of steps and flows says, so that a deploy can take people along (`turn/versions.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from botkit.flow.flow_reader import FlowReader
from botkit.flow.model import MOVE
from botkit.flow.reader import Reading
from botkit.flow.source import Text


def check_old_ids(reader: FlowReader) -> None:
    """Report old ids that a present step has, that two steps claim, or that do nothing. To be asked when linked."""
    claims = [(text, reader.reading) for draft in reader.drafts for text in draft.was]
    _check(claims, {draft.id for draft in reader.drafts}, ("un paso", "a step"))
    if claims and reader.on_change != MOVE:
        reader.reading.report("was-without-move", claims[0][0])


def check_old_names(readers: Sequence[FlowReader], known: Collection[str]) -> None:
    """Report old names of flows that a present flow has, or that two flows claim."""
    _check([(text, reader.reading) for reader in readers for text in reader.was], known, ("un flujo", "a flow"))


def _check(claims: Iterable[tuple[Text, Reading]], present: Collection[str], what: tuple[str, str]) -> None:
    first: dict[str, Text] = {}
    for text, reading in claims:
        name = text.value
        names: dict[str, Any] = {"name": name, "what": what[0], "what_en": what[1]}
        if name in present:
            reading.report("was-present", text, **names)
        elif first.setdefault(name, text) is not text:
            reading.report("was-twice", text, first=first[name].place.row, **names)
