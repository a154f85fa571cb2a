"""The attempts at one inbox row: how long the next one waits, and what becomes of a row after the last.

A dead letter keeps its event, the last error and the step that was in hand. The answer to a `sensitive` step is kept by
nobody, so it goes when its row is buried: the person can only be asked again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import structlog

from botkit.errors import StoreUnavailable, TurnCrashed, summary_of, type_of
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Step
from botkit.outbox.alert import Tell
from botkit.ports import FORGET, Arrival, Clock, Failure, InboxRow, InboxStore
from botkit.progress import Progress
from botkit.rows import redacted, restore
from botkit.turn.codec import dump_filed
from botkit.turn.conversation import Conversation
from botkit.turn.event import FILED_KINDS, Apology, Due
from botkit.turn.kinds.ask import Ask
from botkit.turn.secret import holds_secret
from botkit.turn_log import log_fields

#: Seconds before each attempt at a row; after the last one it is a dead letter.
RETRY_S = (0.0, 1.0, 5.0, 30.0, 120.0)
#: The kind of the inbox row by which a contact gets the `error` flow after a dead letter.
APOLOGY = FILED_KINDS[Apology]
#: The kind of the inbox row of a clock that ran out.
CLOCK = FILED_KINDS[Due]

log = structlog.get_logger("botkit.runtime")


class Attempts:
    """Puts rows off, and buries those that had their last attempt; `flows` are those that run now."""

    def __init__(self, store: InboxStore, clock: Clock, flows: Callable[[], FlowSet], on_alert: Tell) -> None:
        self._store, self._clock, self._flows, self._on_alert = store, clock, flows, on_alert

    async def put_off(self, row: InboxRow, progress: Progress, error: Exception) -> InboxRow:
        """Wait for the next attempt; the wait is stored first, for a process that ends meanwhile."""
        before = _standing(row, progress)
        step = self._step(before)
        # What an error repeats may be an answer that the conversation holds, and nobody else may.
        is_private = (step is not None and _is_private(step)) or holds_secret(self._flows(), before.frames)
        failure = progress.failure = _failure(before, step, error, is_private=is_private)
        fields = {**log_fields(before, row.id), "place": failure.place}
        told = {"error": failure.error} if is_private else {"exc_info": error}
        log.error("turn_crashed", **fields, attempt=row.attempts, **told)
        wait_s = RETRY_S[row.attempts] if row.attempts < len(RETRY_S) else 0.0
        with contextlib.suppress(StoreUnavailable):  # the row is still there, and the next attempt meets the same
            await self._store.put_off(row.id, self._clock.now() + wait_s, failure)
        if wait_s:
            await self._clock.sleep(wait_s)
        return row._replace(attempts=row.attempts + 1)

    async def bury(self, row: InboxRow, progress: Progress) -> list[InboxRow]:
        """Give a row up; return the row of its own by which the contact gets the `error` flow.

        That one is given up in silence, and so is a clock: nobody waits for an answer to it, and a question that it
        would have ended stays open. What it would have done is lost, which the log tells.
        """
        now, snapshot = self._clock.now(), row.conversation
        before = _standing(row, progress)
        step, fields = self._step(before), log_fields(before, row.id)
        receipts = []
        if row.kind not in (APOLOGY, CLOCK, FORGET):
            event = dump_filed(Apology("a message could not be handled"))
            who = (snapshot.channel, "api", APOLOGY, snapshot.contact, str(row.id), "", b"", event)
            receipts = await self._store.accept([Arrival(*who, turn=True)], now)
        failure = progress.failure or Failure("", str(step.place) if step else "", _named(before))
        blank = redacted(row) if step is not None and _is_private(step) else None
        await self._store.bury(row.id, now, row.attempts - 1, failure, blank)
        log.error("dead_letter", **fields, attempts=row.attempts - 1, place=failure.place)
        if row.kind == CLOCK:
            log.error("clock_lost", **fields)
        self._on_alert("dead_letter", {"channel": snapshot.channel, "letter": row.id, "place": failure.place})
        return [receipt.row for receipt in receipts if receipt.row is not None]

    def _step(self, conversation: Conversation) -> Step | None:
        """Return the step at which a conversation stands; None with nothing running, or nothing known of it."""
        top = conversation.top
        flow = self._flows().by_digest.get(top.digest) if top else None
        return flow.steps.get(top.step) if flow and top else None


def _failure(before: Conversation, step: Step | None, error: Exception, *, is_private: bool) -> Failure:
    """Return what an attempt ended with; of an answer that nobody keeps, nothing is repeated."""
    place, name = str(step.place) if step else "", _named(before)
    cause: BaseException = error
    if isinstance(error, TurnCrashed):
        place, name, cause = error.place or place, error.step or name, error.__cause__ or error
    return Failure(type_of(cause) if is_private else summary_of(cause), place, name)


def _standing(row: InboxRow, progress: Progress) -> Conversation:
    """Return the conversation after the last leg that was committed."""
    return progress.conversation or restore(row.conversation)


def _named(conversation: Conversation) -> str:
    top = conversation.top
    return f"{top.flow}/{top.step}" if top else ""


def _is_private(step: Step) -> bool:
    """Tell whether what answers a step is kept by nobody."""
    return isinstance(step.body, Ask) and step.body.sensitive
