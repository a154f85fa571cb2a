"""A bot whose loop is watched: `python -m tests.hostile.serve FILE` does what `botkit run` does.

Each step of the loop that takes 2 ms or more is a line of FILE: when it began by the monotonic clock, its seconds, and
what of them was work of its own: beside other programs a step also waits, for which nobody here can be blamed.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

from botkit.cli import main

#: Seconds below which a step is nothing.
LEAST_S = 0.002


def watch(path: Path) -> None:
    """Write down the steps of every loop of this process from now on."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    run = asyncio.Handle._run

    def run_watched(self: asyncio.Handle) -> None:
        began, worked = time.monotonic(), time.thread_time()
        run(self)
        took_s = time.monotonic() - began
        if took_s >= LEAST_S:
            os.write(file, f"{began} {took_s} {time.thread_time() - worked}\n".encode())

    setattr(asyncio.Handle, "_run", run_watched)  # noqa: B010 - watched, not exchanged


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.argv[1:] = ["run"]
    main()
