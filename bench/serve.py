"""`botkit run` as it is, but with the outbox paused if asked: `python -m bench.serve CONFIG [--paused|--timed FILE]`.

With `--timed` it writes down at its end how long each claim took: the seconds of each, as a JSON list.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

from botkit import run
from botkit.errors import ProblemsFound
from botkit.outbox.worker import OutboxWorker
from botkit.reload import Reloader
from botkit.server.channels import load_bot
from botkit.store import outbox


class PausedWorker(OutboxWorker):
    """A worker that takes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paused = True


def pause() -> None:
    """Let bots that are made from now on have their outbox paused."""
    setattr(run, "OutboxWorker", PausedWorker)  # noqa: B010 - the one part that the bench exchanges


def time_claims(took_s: list[float]) -> None:
    """Add up in a list what each claim takes of the loop: choosing the row, and entering its request."""
    chosen_s = 0.0

    def timed(operation: Callable[..., Any], done: Callable[[float], None]) -> Callable[..., Any]:
        @wraps(operation)
        def run_timed(*args: Any) -> Any:
            begun = time.perf_counter()
            found = operation(*args)
            if found is not None:
                done(time.perf_counter() - begun)
            return found

        return run_timed

    def choose(seconds: float) -> None:
        nonlocal chosen_s
        chosen_s = seconds

    setattr(outbox, "_head", timed(outbox._head, choose))  # noqa: B010 - measured, not exchanged
    setattr(outbox, "_begin", timed(outbox._begin, lambda seconds: took_s.append(chosen_s + seconds)))  # noqa: B010


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
    config, *asked = sys.argv[1:]
    took_s: list[float] = []
    if "--paused" in asked:
        pause()
    if "--timed" in asked:
        time_claims(took_s)
    run.run(Path(config), os.environ)
    if "--timed" in asked:
        Path(asked[-1]).write_text(json.dumps(took_s))


if __name__ == "__main__":
    main()
