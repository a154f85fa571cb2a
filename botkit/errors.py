"""The exception tree.

    BotkitError
    ├── ProblemsFound        flows, tests or config.yaml hold errors; carries every problem with its place
    ├── UsageError           a command cannot do what was asked; says what to do instead
    │   ├── StoreDamaged     the store's file is no longer one; a backup is
    │   └── TryLater         it cannot be done for now, and what is in the way may go by itself
    │       └── StoreOwned   another process owns the store
    ├── StoreError
    │   ├── StoreUnavailable the store refuses work for now (full disk, lock, closed): answer 503, try again
    │   └── StaleLeg         another worker moved the conversation on; this leg is discarded
    ├── IntakeError          a webhook's body cannot be taken; carries the status to answer
    ├── MediaError           the bytes of a received medium cannot be had; carries a word for why
    ├── EvaluationError      a template or expression failed on the values it met; carries its place
    └── TurnCrashed          a defect of ours in a turn; carries the step that was in hand

Failures of handlers, services and gateways are results, not exceptions: see `turn/event.py` and `ports/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import (
    EADDRINUSE,
    EADDRNOTAVAIL,
    EAGAIN,
    EDQUOT,
    EIO,
    EMFILE,
    ENFILE,
    ENOMEM,
    ENOSPC,
    EROFS,
    ESTALE,
    ETIMEDOUT,
)
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from botkit.flow.problem import Place, Problem


class BotkitError(Exception):
    """Every error that botkit raises on purpose."""


class ProblemsFound(BotkitError):
    """What an author wrote cannot be used; `problems` says all of it at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = tuple(problems)


class UsageError(BotkitError):
    """A command cannot do what was asked; the message says what to do instead, `es` the same in Spanish."""

    def __init__(self, message: str, es: str | None = None) -> None:
        super().__init__(message)
        self.es = es

    def told(self, language: str) -> str:
        """Return the message in `es` if it is known in Spanish, else in English."""
        return self.es if language == "es" and self.es else str(self)


class TryLater(UsageError):
    """A command cannot do what was asked for now; what is in the way may go by itself."""


class StoreOwned(TryLater):
    """Another process owns this SQLite file."""


class StoreDamaged(UsageError):
    """SQLite finds that the store's file is damaged; `why` is what it says."""

    def __init__(self, message: str, es: str, why: str) -> None:
        super().__init__(message, es)
        self.why = why


#: What the system says when something is in the way that may go by itself: a disk that is full, failing or read-only, a
#: machine that is short of something, an address that another program has or that is not here yet.
_PASSING = frozenset(
    {ENOSPC, EDQUOT, EROFS, EIO, ENOMEM, EMFILE, ENFILE, EAGAIN, EADDRINUSE, EADDRNOTAVAIL, ESTALE, ETIMEDOUT}
)


def refused_by_system(error: OSError, message: str, es: str | None = None) -> UsageError:
    """Return the error of a command that the system refused: TryLater if that may pass, else UsageError."""
    return (TryLater if error.errno in _PASSING else UsageError)(message, es)


@contextmanager
def in_spanish(sentence: str) -> Iterator[None]:
    """Give a UsageError of the block that has no Spanish of its own this sentence; `{why}` is what it says."""
    try:
        yield
    except UsageError as error:
        error.es = error.es or sentence.replace("{why}", str(error))
        raise


class StoreError(BotkitError):
    """The store could not do what it was asked."""


#: Why a store takes nothing.
StoreReason = Literal[
    "full",  # the disk has no room
    "locked",  # another program holds the file
    "read_only",  # file, folder or disk may not be written
    "moved",  # the file was deleted, moved, replaced or written over
    "unopened",  # the file cannot be opened
    "damaged",  # the file is no longer a store
    "resources",  # memory, threads or file numbers are used up
    "io",  # the disk fails
    "slow",  # it does not answer in time
    "closed",  # the bot stops
]


class StoreUnavailable(StoreError):
    """The store refuses work for now; `reason` says why."""

    def __init__(self, message: str, reason: StoreReason = "io") -> None:
        super().__init__(message)
        self.reason = reason


class StaleLeg(StoreError):
    """The conversation has another version or epoch than this leg began with."""


class IntakeError(BotkitError):
    """A webhook's body cannot be taken; `status` is the HTTP answer, 4xx."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


#: Why the bytes of a medium cannot be had.
MediaReason = Literal[
    "no_source",  # the value names no medium that this channel's gateway could give
    "not_public",  # its address is neither the gateway's own nor public https
    "refused",  # the answer is no 2xx: the key, or a medium that is there no more, or too many requests
    "redirected",  # the answer leads elsewhere
    "too_large",
    "unreachable",  # no answer in time, or none at all
]


class MediaError(BotkitError):
    """The bytes of a medium that a person sent cannot be had; `status` is the HTTP answer, None without one."""

    def __init__(self, reason: MediaReason, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status


class EvaluationError(BotkitError):
    """A template or expression failed on the values it met.

    `place` says where it stands; before that is known, `start` is the offset in its text of the part that failed.
    """

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.start: int | None = None

    def within(self, start: int) -> None:
        """Note where the part begins that failed; the innermost one is asked first, and it stays with that."""
        self.start = start if self.start is None else self.start


class TurnCrashed(BotkitError):
    """A turn met a defect of ours, which is the cause.

    `place` is file:line:column of the step in hand and `step` its `flow/step`, empty where no step was.
    """

    def __init__(self, place: str, step: str) -> None:
        super().__init__(f"a defect of botkit, at {place or 'no step'}")
        self.place = place
        self.step = step


#: Longest message of an error that is kept, in characters.
LONG_MESSAGE = 300


def type_of(error: BaseException) -> str:
    """Return the name of an error's type."""
    return writable(type(error).__name__[:LONG_MESSAGE])


def message_of(error: BaseException) -> str:
    """Return an error's message, cut, in characters that can be written; never raises."""
    try:
        return writable(str(error)[:LONG_MESSAGE])
    except BaseException:  # an error's own code
        return "(its text cannot be read)"


def summary_of(error: BaseException) -> str:
    """Return an error's type and message."""
    return f"{type_of(error)}: {message_of(error)}"


def writable(text: str) -> str:
    """Return a text in characters that every store and log can hold."""
    return text.encode("utf-8", "replace").decode()
