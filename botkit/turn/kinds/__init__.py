"""The one table of step kinds. A new kind is one module here, one line in this table, and its tests."""

from __future__ import annotations

from botkit.turn.kind import StepKind
from botkit.turn.kinds.ask import ASK
from botkit.turn.kinds.call import CALL
from botkit.turn.kinds.choose import CHOOSE
from botkit.turn.kinds.end import END
from botkit.turn.kinds.goto import GOTO
from botkit.turn.kinds.handoff import HANDOFF
from botkit.turn.kinds.http import HTTP
from botkit.turn.kinds.if_then import IF
from botkit.turn.kinds.record import RECORD
from botkit.turn.kinds.run import RUN
from botkit.turn.kinds.say import SAY
from botkit.turn.kinds.schedule import SCHEDULE
from botkit.turn.kinds.set_slot import SET
from botkit.turn.kinds.wait import WAIT

ALL = (SAY, ASK, CHOOSE, SET, IF, RUN, HTTP, CALL, GOTO, WAIT, SCHEDULE, RECORD, HANDOFF, END)
KINDS: dict[str, StepKind] = {kind.name: kind for kind in ALL}
