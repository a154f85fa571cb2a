"""`botkit run` as it is, but with the outbox paused if asked. `python -m bench.serve CONFIG [--paused]`."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from botkit import run
from botkit.errors import ProblemsFound
from botkit.outbox.worker import OutboxWorker
from botkit.reload import Reloader
from botkit.server.channels import load_bot


class PausedWorker(OutboxWorker):
    """A worker that takes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paused = True


def pause() -> None:
    """Let bots that are made from now on have their outbox paused."""
    setattr(run, "OutboxWorker", PausedWorker)  # noqa: B010 - the one part that the bench exchanges


def paused_bot(config: Path) -> run.Bot:
    """Return a bot, ready to serve on the caller's loop."""
    pause()
    project, problems = load_bot(config, os.environ)
    if project.settings is None or project.flows is None:
        raise ProblemsFound(problems)
    reloader = Reloader(project.settings, project.flows, partial(load_bot, config, os.environ, fresh=True))
    return run.Bot(project.settings, project.flows, project.handlers, config.parent, reloader)


def main() -> None:
    """Serve until a signal."""
    if "--paused" in sys.argv:
        pause()
    run.run(Path(sys.argv[1]), os.environ)


if __name__ == "__main__":
    main()
