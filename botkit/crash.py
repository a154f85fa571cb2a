"""Named places at which a process ends itself as by `kill -9`: how it is proved that nothing is lost there.

`BOTKIT_CRASH=NAME` or `NAME:3` (the third time it gets there) arms one point of the closed table POINTS, read once at
the start. Then the parts that have points are made with them; without it they are made without, so an ordinary process
pays nothing and has nowhere to stop. The pure part (`flow/`, `turn/`) has no points: none of it outlives a process.

A batch of the store holds the work of many. The point of a kind of commit is reached by each batch in which one of that
kind wrote something: *before* is when all of it has run in the open transaction, *after* is when COMMIT has returned
and nobody was told.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple, NoReturn

import aiohttp
import structlog

from botkit.calls import Calls
from botkit.errors import UsageError
from botkit.gateway.client import HttpGateway
from botkit.gateway.listing import Mark
from botkit.handlers import Handler
from botkit.parts import Makers
from botkit.ports import Answer, WireRequest
from botkit.server.poller import Poller
from botkit.store.batch import Call
from botkit.store.later import Connection
from botkit.store.writer import Writer
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult

log = structlog.get_logger()

#: The variable that arms a point.
VARIABLE = "BOTKIT_CRASH"


class Commit(NamedTuple):
    """A kind of commit: the store's operation, what it writes down, and whether an outcome says that it did."""

    operation: str
    writes: str
    wrote: Callable[[Any], bool] = lambda outcome: True


#: kind of commit -> the operation that is one.
COMMITS: dict[str, Commit] = {
    "inbox": Commit("_accept", "events that came in; none was answered 200"),
    "leg": Commit("_commit", "a leg: state, messages, timers, journal"),
    "claim": Commit("_claim", "that rows nobody has in hand are taken up, as after a restart", bool),
    "timer": Commit("_fire", "that what fell due is in the inbox", lambda fired: fired.moved > 0),
    "intent": Commit("_begin", "that a message is about to be sent", bool),
    "settle": Commit("_settle", "what a message was answered"),
    "resend": Commit("_resend", "that an uncertain message is about to be sent again", bool),
    "decide": Commit("_give_up", "that an uncertain message is closed"),
    "ground": Commit("_ground", "what the process before left in the air", bool),
}

#: name -> where it is, and what stands there.
POINTS: dict[str, tuple[str, str]] = {
    **{f"{kind}-before": ("store", f"not committed: {commit.writes}") for kind, commit in COMMITS.items()},
    **{f"{kind}-after": ("store", f"committed, nobody told: {commit.writes}") for kind, commit in COMMITS.items()},
    "send-before": ("outbox", "the intent is committed, no connection is asked for"),
    "send-connected": ("outbox", "a connection stands, no byte is written"),
    "send-written": ("outbox", "the last byte is written, no answer has come"),
    "send-answered": ("outbox", "the answer was read, nothing is marked"),
    "poll-taken": ("server", "what a gateway listed is committed, the mark has not moved"),
    "poll-marked": ("server", "the mark behind what was listed is committed, nothing more was asked"),
    "call-before": ("runtime", "a call is committed as pending, nobody was called"),
    "call-inside": ("runtime", "a handler has done its work and not returned"),
    "call-after": ("runtime", "the result of a call is known, it is not journaled"),
}

_OPERATIONS = {commit.operation: kind for kind, commit in COMMITS.items()}
#: Is told the name of a point that is reached; does not return where the process ends there.
Reach = Callable[[str], None]


@dataclass(slots=True)
class Armed:
    """The one point that is armed; `left` counts down to the time that ends the process."""

    name: str
    left: int

    def reach(self, name: str) -> None:
        """Note that a point is reached; the last time that is armed does not return."""
        if name == self.name:
            self.left -= 1
            if self.left == 0:
                _die()


def makers(env: Mapping[str, str]) -> Makers:
    """Return what makes a bot's parts: with points when the environment arms one; raises UsageError for a wrong one."""
    value = env.get(VARIABLE)
    if not value:
        return Makers()
    armed = read_armed(value)
    log.warning("crash_armed", point=armed.name, time=armed.left)
    return Makers(
        writer=partial(CrashingWriter, armed.reach),
        gateway=partial(CrashingGateway, armed.reach),
        calls=partial(CrashingCalls, armed.reach),
        poller=partial(CrashingPoller, armed.reach),
    )


def read_armed(value: str) -> Armed:
    """Return the point that `NAME` or `NAME:COUNT` arms; raises UsageError."""
    name, _, count = value.partition(":")
    if name not in POINTS or not (count or "1").isdecimal() or int(count or 1) < 1:
        raise UsageError(
            f"{VARIABLE}={value}: no such crash point; they are {', '.join(POINTS)}",
            f"{VARIABLE}={value}: no existe ese punto; los que hay son {', '.join(POINTS)}",
        )
    return Armed(name, int(count or 1))


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    while True:  # the signal is on its way
        time.sleep(1)


def _wrote(kind: str, outcome: Any) -> bool:
    return not isinstance(outcome, Exception) and COMMITS[kind].wrote(outcome)


class CrashingWriter(Writer):
    """A writer with points before and after its commits."""

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach = reach

    async def commit(self, db: Connection, calls: Sequence[Call], outcomes: Sequence[Any]) -> None:
        """Commit a batch, with a point before and one after for each kind of commit in it."""
        done = ((_OPERATIONS.get(call[0].__name__), outcome) for call, outcome in zip(calls, outcomes, strict=True))
        kinds = {kind for kind, outcome in done if kind is not None and _wrote(kind, outcome)}
        db.later.write(db)
        for kind in kinds:
            self._reach(f"{kind}-before")
        await super().commit(db, calls, outcomes)
        for kind in kinds:
            self._reach(f"{kind}-after")


class CrashingGateway(HttpGateway):
    """A way out with points around a request's bytes."""

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach = reach

    async def start(self) -> None:
        """Open the session, with an ear for what it does."""
        await super().start()
        assert self._session is not None
        trace = self._trace()
        trace.freeze()
        self._session.trace_configs.append(trace)

    async def send(self, wire: WireRequest) -> Answer:
        """Send a request, with a point before and after."""
        self._reach("send-before")
        answer = await super().send(wire)
        self._reach("send-answered")
        return answer

    def _trace(self) -> aiohttp.TraceConfig:
        async def connected(_: aiohttp.ClientSession, __: SimpleNamespace, ___: object) -> None:
            self._reach("send-connected")

        async def writing(_: aiohttp.ClientSession, __: SimpleNamespace, ___: object) -> None:
            # aiohttp tells of a piece just before it hands it to the socket, which it then does in the same step.
            asyncio.get_running_loop().call_soon(self._reach, "send-written")

        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(connected)
        trace.on_connection_reuseconn.append(connected)
        trace.on_request_chunk_sent.append(writing)
        return trace


class CrashingCalls(Calls):
    """Calls with points around them, and inside handlers."""

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach = reach

    async def call(self, conversation: Conversation, call: PendingCall, contact: Mapping[str, Any]) -> CallResult:
        """Make a call, with a point before and after."""
        self._reach("call-before")
        result = await super().call(conversation, call, contact)
        self._reach("call-after")
        return result

    async def _run(self, known: Handler, arguments: dict[str, Any], timeout_s: float) -> Any:
        return await super()._run(replace(known, function=self._pointed(known)), arguments, timeout_s)

    def _pointed(self, known: Handler) -> Callable[..., Any]:
        """Return a handler's function with a point at its end, while its caller still waits."""

        def call(**arguments: Any) -> Any:
            value = known.function(**arguments)
            self._reach("call-inside")
            return value

        async def call_async(**arguments: Any) -> Any:
            value = await known.function(**arguments)
            self._reach("call-inside")
            return value

        return call_async if known.is_async else call


class CrashingPoller(Poller):
    """What asks a gateway, with points around the mark that it keeps."""

    def __init__(self, reach: Reach, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reach = reach

    async def _move(self, mark: Mark) -> None:
        self._reach("poll-taken")
        await super()._move(mark)
        self._reach("poll-marked")
