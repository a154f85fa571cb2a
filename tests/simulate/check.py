"""What must hold after a run: the invariants of a store, and what only a simulation sees."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.invariants import Seen, Window, violations
from tests.simulate.lines import Lines
from tests.simulate.world import World

#: The only log events that may tell of an exception: those of an author's own code.
EXPECTED = frozenset({"handler_raised"})
#: What a person wrote begins so; no line may repeat it, nor hold a number or a secret.
PLANTED = (b"zq", b"5917000", b"sandbox-key", b"sandbox-secret")


def wrongs(world: World, lines: Lines, unhandled: Sequence[str]) -> list[str]:
    """Return what does not hold, each as `name: what`."""
    return [
        *world.wrong,
        *(f"unhandled: {each}" for each in unhandled),
        *_logged(lines.entries, lines.written),
        *_stored(world),
    ]


def _logged(entries: Sequence[dict[str, Any]], written: Sequence[bytes]) -> Iterator[str]:
    for entry, line in zip(entries, written, strict=True):
        if "exception" in entry and entry["event"] not in EXPECTED:
            yield f"defect: {entry['event']}: {entry['exception'][-600:]}"
        for planted in PLANTED:
            if planted in line:
                yield f"secret: a line shows {planted.decode()!r}: {entry['event']}"


def _stored(world: World) -> Iterator[str]:
    db = sqlite3.connect(":memory:")
    _copy(world.path, db)
    # The ledger has the machine's wall times, which a plan jumps; what really happened when is on the true clock.
    db.create_function("true", 1, lambda at: world.told.get(at, at))
    db.execute("UPDATE ledger SET sent_at = true(sent_at)")
    setting = world.plan.setting
    window = Window(setting.limit, setting.period_s)
    seen = [Seen(each.digest, each.at, each.id) for each in world.server.counted]
    for each in violations(db, seen, world.post.heard, now=world.wall_now(), window=window):
        yield f"{each.name}: {each.line}"
    yield from world.asked.mixed_up(db)
    db.close()


def _copy(path: Path, into: sqlite3.Connection) -> None:
    db = sqlite3.connect(path)
    db.backup(into)
    db.close()
