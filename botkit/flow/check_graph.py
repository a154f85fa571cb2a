"""What is proved about all flows of a bot together, once each of them is linked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from botkit.flow.check_calls import check_calls
from botkit.flow.check_cycles import check_cycles
from botkit.flow.check_falls import check_falls
from botkit.flow.check_traps import check_traps
from botkit.flow.check_unread import check_unread
from botkit.flow.graph import Flows
from botkit.flow.model import Signature


def check_graph(flows: Flows, own: Collection[str], handlers: Mapping[str, Signature]) -> None:
    """Report what is wrong in the ways between steps; `own` are the names of the bot's own flows."""
    check_cycles(flows)
    check_traps(flows, own)
    check_calls(flows, own)
    for name in own:
        check_falls(flows[name])
        check_unread(flows[name], handlers)
