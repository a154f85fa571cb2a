"""How far an inbox row has come."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.ports import Failure
from botkit.turn.conversation import Conversation
from botkit.turn.event import CallResult


@dataclass(slots=True)
class Progress:
    """How far a row has come, and what its log line tells.

    `conversation` is that after the last committed leg (None: not known), `legs` are the committed ones, `messages`
    those queued here. `began_at` is monotonic seconds, `came_from` where the conversation stood then. `failure` is what
    the last attempt met, `result` what a call gave that the store has not taken.
    """

    conversation: Conversation | None = None
    legs: int = 0
    messages: int = 0
    began_at: float | None = None
    came_from: str | None = None
    failure: Failure | None = None
    result: CallResult | None = None
