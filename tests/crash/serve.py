"""Start `botkit run` again and again: `python -m tests.crash.serve`.

Starting Python and reading botkit's modules takes a second of work, which would be most of the proof. So this process
has them read, and forks: each line on its standard input, the JSON of a `Birth`, is one process that does what
`botkit run` does. It says `pid N`, what the bot says, and `ended STATUS`.
"""

from __future__ import annotations

import gc
import json
import os
import sys

import botkit.crash
import botkit.run  # noqa: F401 - read before the first fork
from botkit.cli import main
from botkit.outbox import doubt, flights, worker
from tests.crash.broken import BROKEN
from tests.crash.processes import Birth

#: Seconds in which news of an uncertain message may come, instead of 20.
NEWS_S = 0.7


def hurry() -> None:
    """Shorten waits that only cost time: for news of an uncertain message, and for the share of resends."""
    for module in (flights, worker):
        setattr(module, "UNCERTAIN_S", NEWS_S)  # noqa: B010 - mypy: the name is imported there
    setattr(doubt, "RESENDS_LOOK_S", 0.1)  # noqa: B010 - and so here
    setattr(doubt, "may_resend", lambda sent, again: True)  # noqa: B010 - kills make more of them than any network does


def be_born(birth: Birth) -> None:
    """Do what `botkit run` does, and end."""
    os.chdir(birth.folder)
    os.environ.update(birth.environment)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open("bot.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    if birth.quick:
        hurry()
    if birth.broken is not None:
        BROKEN[birth.broken].build()
    sys.argv[1:] = ["run"]
    main()
    os._exit(0)


def serve() -> None:
    """Fork a bot for each line, until the input ends."""
    gc.collect()
    gc.freeze()
    for line in open(0, closefd=False):  # noqa: SIM115 - its own reader: the bot sets `sys.stdin` up itself
        child = os.fork()
        if child == 0:
            be_born(Birth(**json.loads(line)))
        say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


def say(words: str) -> None:
    """Write a line at once; a bot may be in the middle of one of its own."""
    os.write(1, f"\n{words}\n".encode())


if __name__ == "__main__":
    serve()
