"""What the runtime has in hand of one conversation."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from botkit.legs import Progress
from botkit.ports import InboxRow


@dataclass(slots=True)
class Work:
    """The rows of one conversation that are in hand, and its state once it is known.

    `progress` is that of the first row. `look_again` says that the store may hold more rows behind these.
    """

    conversation_id: str
    rows: deque[InboxRow]
    progress: Progress
    look_again: bool
