"""A bot whose gateway pushes nothing: it asks, answers, dies and goes on, as real processes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.recovery.process import Place
from tests.waiting import until

FLOW = """
flow: saludo
start: {words: [hola]}
steps:
  - ask: ¿Cómo te llamas?
    save: nombre
  - say: "Hola, {{ nombre }}."
"""
POLL = ", rate: {limit: 120, per: 60s}, inbound: {poll: {every: 1s}}"
MARK = "poll:whatsapp"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A bot that only asks."""
    made = Place(tmp_path, FLOW, more=POLL, polls=True)
    yield made
    made.close()


def mark_of(place: Place) -> str | None:
    """Return the mark in the store, None before there is one."""
    found = place.rows("SELECT value FROM meta WHERE name = ?", MARK)
    return str(found[0][0]) if found else None


def test_asked_and_answered_over_a_kill(place: Place) -> None:
    """What was written to a dead bot is answered; what was answered is not, though the kill lost the mark behind it."""
    place.start()
    before = until(lambda: mark_of(place), "mark")
    place.write("hola")
    place.hear(1)
    place.kill_at_rest()
    assert json.loads(str(mark_of(place)))["id"] is not None
    with closing(sqlite3.connect(place.folder / "botkit.db")) as db, db:
        db.execute("UPDATE meta SET value = ? WHERE name = ?", (before, MARK))
    place.write("Ana")
    place.start()
    place.write("hola")
    assert place.hear(3) == ["¿Cómo te llamas?", "Hola, Ana.", "¿Cómo te llamas?"]
    place.kill_at_rest()
    events = place.rows("SELECT 1 FROM inbox WHERE kind = 'message'")
    asked = place.rows("SELECT 1 FROM ledger WHERE request_id IS NULL")
    assert (len(events), len(place.said())) == (3, 3)
    assert len(asked) >= 2  # each question stands in the key's ledger
