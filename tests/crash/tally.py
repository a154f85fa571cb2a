"""What a proof has come to so far: added up over runs, kept as JSON, shown as a table."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path

#: What a proof is about: none of these may be.
FAILURES = ("lost", "torn", "reordered", "duplicate", "limit", "stuck", "dead", "defect")
RANDOM = "random"
#: The fields of a tally that are plain numbers.
SUMS = ("slices", "seconds", "sent", "answered", "messages", "merged", "copies", "uncertain", "recalled", "helped")


@dataclass(slots=True)
class Tally:
    """Counts of one or more slices; `kills` and `missed` are by point, `random` among them.

    `missed` counts processes that were killed at random because they did not come to their point. `copies` are messages
    that the gateway took once more, after an uncertain send: what is promised. Other copies count as `duplicate`.
    """

    kills: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    slices: int = 0
    seconds: float = 0.0
    sent: int = 0
    answered: int = 0
    messages: int = 0
    merged: int = 0
    copies: int = 0
    uncertain: int = 0
    recalled: int = 0
    helped: int = 0
    lines: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether anything was found that may not be."""
        return self.failures.total() > 0

    def add(self, other: Tally) -> None:
        """Add another tally's counts to these."""
        for name in ("kills", "missed", "failures"):
            getattr(self, name).update(getattr(other, name))
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.lines += other.lines

    def table(self) -> str:
        """Return the counts as lines of text."""
        at_points = self.kills.total() - self.kills[RANDOM]
        rows = [
            ("kills", f"{self.kills.total()}  ({self.kills[RANDOM]} at random, {at_points} at points)"),
            ("events sent / answered 200", f"{self.sent} / {self.answered}"),
            ("messages taken by the gateway", f"{self.messages}  ({self.merged} requests held several)"),
            ("uncertain sends", f"{self.uncertain}"),
            ("copies, all of uncertain sends", f"{self.copies}"),
            ("handlers called again, same key", f"{self.recalled}"),
            ("given to people and back", f"{self.helped}"),
            *((name, str(self.failures[name])) for name in FAILURES),
            ("seconds", f"{self.seconds:.0f}  ({self.seconds / max(1, self.kills.total()):.2f} a kill)"),
        ]
        names = sorted(self.kills.keys() | self.missed.keys())
        points = [(name, f"{self.kills[name]}" + self._missed(name)) for name in names]
        width = max(len(name) for name, _ in [*rows, *points])
        return "\n".join(f"{name:<{width}}  {value}" for name, value in [*rows, ("─" * width, ""), *points])

    def _missed(self, name: str) -> str:
        return f"  ({self.missed[name]} more did not come to it)" if self.missed[name] else ""


def load(path: Path | None) -> Tally:
    """Return what was added up before, nothing if nothing was."""
    if path is None or not path.exists():
        return Tally()
    values = json.loads(path.read_text())
    return Tally(**values | {name: Counter(values[name]) for name in ("kills", "missed", "failures")})


def save(tally: Tally, path: Path | None) -> None:
    """Keep a tally, whole or not at all."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({each.name: getattr(tally, each.name) for each in fields(tally)}, indent=1))
    fresh.replace(path)
