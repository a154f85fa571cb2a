"""The share of bulk: classes are strict, but of ten requests one is bulk's, however many people talk.

Nine requests in a row that were no bulk make the next one bulk's. Where none waits it goes to whoever is next, and the
first bulk that comes need not wait for it.
"""

from __future__ import annotations

from botkit.ports import BulkTurn
from botkit.turn.effect import CLASSES

#: One request in so many is bulk's, if any waits.
EVERY = 10


class Share:
    """Counts the requests of a key; forgotten at a restart, which costs bulk one turn at most."""

    def __init__(self) -> None:
        self._others = 0

    @property
    def bulk(self) -> BulkTurn:
        """When bulk may be the next to go."""
        return "first" if self._others >= EVERY - 1 else "last"

    def rank(self, rank: int) -> int:
        """Return the class that the gate is asked for: bulk in its turn is neither paced nor behind the reserve.

        Else talk would hold it up by its bursts, and talk behind it would wait, too.
        """
        return CLASSES["interactive"] if rank == CLASSES["bulk"] and self.bulk == "first" else rank

    def spend(self, rank: int) -> None:
        """Count a request that leaves."""
        self._others = 0 if rank == CLASSES["bulk"] else self._others + 1
