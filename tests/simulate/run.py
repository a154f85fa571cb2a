"""One run of one plan, and what came of it."""

from __future__ import annotations

import gc
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

from botkit.store import inbox
from tests.simulate.check import wrongs
from tests.simulate.disk import Folder
from tests.simulate.lines import lines_to
from tests.simulate.loop import Stalled, VirtualLoop
from tests.simulate.plan import Plan
from tests.simulate.process import make_task
from tests.simulate.world import World


class Result(NamedTuple):
    """What came of a run: what does not hold, each as `name: what`; what happened, line by line; virtual seconds."""

    wrong: list[str]
    trace: list[str]
    lasted_s: float

    @property
    def digest(self) -> str:
        """Return what tells one trace from another."""
        return sha256("\n".join(self.trace).encode()).hexdigest()[:16]


class _Ids:
    """Where ids of conversations take their chance from."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(f"{seed} ids")

    def token_hex(self, size: int) -> str:
        """Return so many bytes."""
        return self._dice.randbytes(size).hex()


@contextmanager
def _new_loop(unhandled: list[str]) -> Iterator[VirtualLoop]:
    loop = VirtualLoop()
    loop.set_task_factory(make_task)

    def handle(_: AbstractEventLoop, context: dict[str, Any]) -> None:
        unhandled.append(f"{context['message']} {context.get('exception')!r}")

    loop.set_exception_handler(handle)
    try:
        yield loop
    finally:
        loop.close()


@contextmanager
def _without_collections() -> Iterator[None]:
    """Collect no garbage meanwhile: a run leaves little, and what a collection ends would depend on runs before."""
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run(plan: Plan) -> Result:
    """Play a plan."""
    return Context().run(_run, plan)


def _run(plan: Plan) -> Result:
    unhandled: list[str] = []
    with (
        _without_collections(),
        Folder() as path,
        _new_loop(unhandled) as loop,
        patch.object(inbox, "secrets", _Ids(plan.seed)),
    ):
        world = World(plan, loop, path)
        with lines_to(world.note) as lines:
            try:
                loop.run_until_complete(world.play())
            except Stalled as error:
                world.wrong.append(f"stalled: {error}")
            gc.collect(0)  # tasks that nobody awaited tell of themselves now
        found = list(dict.fromkeys(wrongs(world, lines, unhandled)))
        return Result(found, world.trace, loop.time())
