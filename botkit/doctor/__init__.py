"""What `botkit doctor` looks at before somebody else finds out: the bot, its store, this machine, the gateway.

Each check gives findings; what a finding says stands in `cli/messages_doctor*.py` under its code. Nothing here spends
one of the gateway's requests by itself.
"""

from __future__ import annotations

from botkit.doctor.bot import examine_bot
from botkit.doctor.finding import Finding, Level
from botkit.doctor.machine import examine_machine
from botkit.doctor.process import examine_process, examine_queue, misses_store
from botkit.doctor.reach import examine_gateways, knocked
from botkit.doctor.store import examine_store

__all__ = [
    "Finding",
    "Level",
    "examine_bot",
    "examine_gateways",
    "examine_machine",
    "examine_process",
    "examine_queue",
    "examine_store",
    "knocked",
    "misses_store",
]
