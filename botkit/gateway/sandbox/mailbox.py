"""What people wrote, for a bot that asks: `GET /messages` lists it, oldest first, a page at a time.

Every item stands here, whether or not it is pushed as well. The mark that an answer names goes into the next question
as `after`; without one the listing begins with the oldest that is kept.
"""

from dataclasses import dataclass, field

from botkit.gateway.sandbox.body import BadBodyError, Json
from botkit.gateway.sandbox.journal import Entry, Journal, Log

PAGE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One item: its payload, the bubble of the phone that it is, and when it can be listed at the earliest."""

    payload: Json
    entry: Entry | None
    not_before: float


@dataclass(slots=True)
class Mailbox:
    """The items, numbered from 1."""

    journal: Journal
    told: Log[Told] = field(default_factory=Log)

    def put(self, payload: Json, entry: Entry | None, not_before: float) -> None:
        """Add an item."""
        self.told.append(Told(payload, entry, not_before))

    def listing(self, after: str, now: float, *, is_pushed: bool) -> Json:
        """Return the page behind a mark; what is not pushed counts as told now. Raise BadBodyError."""
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise BadBodyError("'after' must be a mark of an earlier answer")
        page: list[Told] = []
        last, more = int(after), False
        for number, told in self.told.after(last):
            if told.not_before > now:
                break
            more = len(page) == PAGE
            if more:
                break
            page.append(told)
            last = number
            if told.entry is not None and told.entry.state == "queued" and not is_pushed:
                self.journal.mark(told.entry, "delivered", "", 1, now)
        return {"messages": [told.payload for told in page], "cursor": str(last), "more": more}
