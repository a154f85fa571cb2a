"""Signals that come while the program is still being loaded, which takes half a second."""

from __future__ import annotations

import signal
import sys

#: The SIGHUPs that came before there was a bot to be loaded anew.
hangups: list[int] = []


def begin() -> None:
    """Let SIGINT end the process without a traceback; let SIGHUP, whose default is the end, wait for `botkit run`."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # one that is ignored stays so
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if "run" in sys.argv and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda number, frame: hangups.append(number))


def end() -> None:
    """Let SIGINT be told by whatever command runs."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
