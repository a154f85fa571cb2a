"""The sending budget: how many requests a flow makes of its gateway, a turn and a conversation, least and most. Pure.

A flow is unfolded (`unfold.py`): every state of its machine, those of the flows that it calls or goes to, the built-in
ones that it comes to. On each stands what is sent there (`speech.py`), counted as the gateway's own ladder would send
it. `count.py` looks for the cheapest and the dearest way through that; `tally.py` puts a flow's figures together.

What is counted is what the file says: values in a text count as short, a list of options as one page. What comes on
top of a flow (help, a reminder's flow, an operator) counts in its own flow.
"""

from botkit.budget.request import ROOM, Span
from botkit.budget.tally import Cost, Dearest, Tally, tally

__all__ = ["ROOM", "Cost", "Dearest", "Span", "Tally", "tally"]
