"""A key's gate after its store came from a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from botkit.outbox.forecast import View, key_reason
from botkit.outbox.gate import Gate
from botkit.outbox.key import dump_key
from botkit.outbox.rate import Go, KeyState, Limits, Wait
from botkit.ports import RESTORED
from botkit.store.migrate import load_migrations, migrate
from botkit.store.queries import SQL
from botkit.testing.clock import FakeClock
from botkit.turn.effect import CLASSES

LIMITS = Limits(30, 60.0, 10.0)


def held(state: KeyState | None, since_s: float) -> bytes:
    """Return the state that a key has in a restored store: what it was before, and so long after."""
    clock = FakeClock()
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrate(db, load_migrations())
        db.execute("INSERT INTO conversation VALUES ('c', 'wa', '591', 0, 0, '{}', 0, 0, NULL, NULL, 0, 0)")
        if state is not None:
            db.execute(SQL["save_key"], ("wa", dump_key(state), 0.0))
        db.execute(SQL["know_keys"], (0.0,))
        restored_at = clock.now() - since_s
        db.execute(SQL["hold_keys"], (restored_at, RESTORED, RESTORED, restored_at))
        found: bytes = db.execute(SQL["get_key"], ("wa",)).fetchone()[0]
    return found


def test_period() -> None:
    """Nothing leaves for one period after a restore: what was sent in the last one is in no ledger."""
    for since_s, word in ((0.0, Wait), (59.0, Wait), (61.0, Go)):
        gate = Gate(LIMITS, FakeClock())
        gate.restore(held(None, since_s), [])
        assert isinstance(gate.decide(CLASSES["system"]), word)


def test_once() -> None:
    """A restart while the key is held does not hold it for longer."""
    first, second = Gate(LIMITS, FakeClock()), Gate(LIMITS, FakeClock())
    first.restore(held(None, 5.0), [])
    second.restore(dump_key(first.key), [])
    assert second.key.held_until == first.key.held_until


def test_refused_key() -> None:
    """A key that was stopped is still probed and not let go: why it was stopped stays known."""
    gate = Gate(LIMITS, FakeClock())
    gate.restore(held(KeyState(stopped=True, why="refused"), 0.0), [])
    assert (gate.key.why, gate.key.probing) == ("refused", True)


def test_told() -> None:
    """Whoever looks at the queue is told the same, and until when."""
    clock = FakeClock()
    view = View.stored(LIMITS, held(None, 5.0), [], clock.now())
    assert key_reason(view, clock.now()) == RESTORED
    assert view.key.held_until == clock.now() - 5.0 + LIMITS.held_s
