"""`botkit run` as it is, but with the outbox paused if asked. `python -m bench.serve CONFIG [--paused]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from botkit import run
from botkit.outbox.worker import OutboxWorker


class PausedWorker(OutboxWorker):
    """A worker that takes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paused = True


def main() -> None:
    """Serve until a signal."""
    if "--paused" in sys.argv:
        setattr(run, "OutboxWorker", PausedWorker)  # noqa: B010 - the one part that the bench exchanges
    run.run(Path(sys.argv[1]), os.environ)


if __name__ == "__main__":
    main()
