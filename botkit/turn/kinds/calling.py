"""What `run` and `http` share: how long a call may take, what is said meanwhile, and where a failure leads."""

from __future__ import annotations

from dataclasses import dataclass

from botkit.errors import EvaluationError
from botkit.flow.duration import Duration
from botkit.flow.kind import StepFields
from botkit.flow.message import Message
from botkit.flow.scope import Scope
from botkit.flow.shape import DURATION, MESSAGE, TARGET, Key, whole
from botkit.turn.conversation import Limits
from botkit.turn.leg import Leg

#: How long a call may take before `meanwhile` is said, in seconds.
MEANWHILE_S = 2.0
#: Most further attempts: somebody waits for the answer.
MAX_RETRIES = 5

#: Keys of every step that calls out.
KEYS: dict[str, Key] = {
    "timeout": Key("how long each attempt may take", DURATION),
    "retries": Key("further attempts when there is none or a failed answer: 2 makes three", whole(0, MAX_RETRIES)),
    "meanwhile": Key("a message if the call takes over 2 s", MESSAGE),
    "on_error": Key("where to go when it fails; `error` says why", TARGET),
}


@dataclass(frozen=True, slots=True)
class Calling:
    """The shared keys of a step that calls out; None where the step says nothing."""

    timeout: Duration | None = None
    retries: int | None = None
    meanwhile: Message = ()
    handles_errors: bool = False

    def limits(self, scope: Scope, timeout_s: float, retries: int = 0) -> Limits:
        """Return the limits of the call, given what counts where the step says nothing (`timeout: 0s` is nothing)."""
        own_s = self.timeout.seconds(scope) if self.timeout else 0.0
        return Limits(
            own_s or timeout_s,
            self.retries if self.retries is not None else retries,
            MEANWHILE_S if self.meanwhile else None,
        )


def read_calling(fields: StepFields) -> Calling:
    """Read the shared keys, and note the ways out."""
    fields.exit("ok")
    if "on_error" in fields:
        fields.exit("error", fields.get("on_error"))
    return Calling(fields.duration("timeout"), _retries(fields), fields.message("meanwhile"), "on_error" in fields)


def _retries(fields: StepFields) -> int | None:
    number = fields.integer("retries", least=0)
    if number is not None and number > MAX_RETRIES:
        node = fields.node.entries["retries"].value
        wanted = f"un número entero de 0 a {MAX_RETRIES}", f"a whole number from 0 to {MAX_RETRIES}"
        fields.reading.wrong_type(node, "retries", *wanted)
        return None
    return number


def fail(leg: Leg, calling: Calling, name: str, why: str) -> None:
    """Take the way for errors; without one, raise EvaluationError, which goes to the `error` flow."""
    if not calling.handles_errors:
        raise EvaluationError(f"{name}: {why}", leg.step.place)
    leg.current.slots["error"] = why
    leg.move("error")
