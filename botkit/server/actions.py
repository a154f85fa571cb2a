"""What can be asked of a bot that changes something: one table, which the control API and the command line share.

To add one, write a function of (ingress, given) and a row in `ACTIONS`. What it answers goes into the log: no contact,
no text. Those of conversations name a contact that has written before, put one row into its inbox, and answer with that
row; `id`, when given, makes the same request count once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from botkit.flow.message import MAX_MESSAGE
from botkit.flow.model import Flow
from botkit.flow.problem import nearest
from botkit.server import changes, forgetting, handoffs, letters
from botkit.server.addressee import put
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row
from botkit.server.knocking import knock
from botkit.turn.event import Begin, Named, Told

#: Characters of a path.
PATH_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: where it stands in the API, and what does it.

    What `is_local` touches files of this machine, so only the socket has it; what `takes_long` is waited for.
    """

    path: str
    run: Callable[[Ingress, Given], Awaitable[Row]]
    help: str
    is_local: bool = False
    takes_long: bool = False


async def happen(ingress: Ingress, given: Given) -> Row:
    """Tell a contact's flows that `name` happened, with `data`; raises Refused."""
    name, data = given.text("name"), given.value("data")
    given.refuse_large("$.data", data)
    return await put(ingress, given, "event", Named(name, data))


async def send(ingress: Ingress, given: Given) -> Row:
    """Send a contact `text`; the flow that waits for an answer waits on. Raises Refused."""
    return await put(ingress, given, "api", Told(given.text("text", MAX_MESSAGE)))


async def start(ingress: Ingress, given: Given) -> Row:
    """Begin `flow` with a contact, with the inputs in `with`; raises Refused."""
    name, inputs = given.text("flow"), given.mapping("with")
    flow = ingress.flows().flows.get(name)
    if flow is None:
        raise _no_flow(given, name, ingress)
    _check_inputs(given, flow, inputs)
    return await put(ingress, given, "api", Begin(name, dict(inputs)))


def _no_flow(given: Given, name: str, ingress: Ingress) -> Exception:
    near = nearest(name, list(ingress.flows().flows))
    why = f"there is no flow '{name}'", f"no hay un flujo '{name}'"
    meant = (f"did you mean '{near}'?", f"¿quisiste decir '{near}'?") if near else ("", "")
    return given.refusal("$.flow", why, meant, status=404)


def _check_inputs(given: Given, flow: Flow, inputs: Mapping[str, Any]) -> None:
    """Raise Refused for an input that the flow does not take, one that it must have, and one that is too large."""
    takes = ", ".join(flow.inputs) or "–"
    for name, value in inputs.items():
        if name not in flow.inputs:
            why = f"'{flow.name}' has no such input; it takes: {takes}", f"'{flow.name}' no lo recibe; recibe: {takes}"
            raise given.refusal(f"$.with.{name}", why)
        given.refuse_large(f"$.with.{name}", value)
    for name, default in flow.inputs.items():
        if default is None and name not in inputs:
            why = f"'{flow.name}' must be given it", f"'{flow.name}' lo necesita"
            raise given.refusal(f"$.with.{name}", why)


async def backup(ingress: Ingress, given: Given) -> Row:
    """Copy the store to `file`, an absolute path, over what stands there with `force`; raises UsageError."""
    file, force = Path(given.text("file", PATH_LIMIT)), given.value("force") is True
    given.finish()
    copy = await ingress.store.back_up(file, force=force)
    return {"size": copy.size, "rows": copy.rows, "conversations": copy.conversations, "seconds": copy.seconds}


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "event": Action("/api/events", happen, "something happened that flows know by a name"),
        "send": Action("/api/send", send, "a text for a contact"),
        "start": Action("/api/start", start, "a flow begins with a contact"),
        "forget": Action("/api/forget", forgetting.forget, "a contact, erased from the store", takes_long=True),
        "knock": Action("/api/knock", knock, "one real request to a channel's gateway, spent", takes_long=True),
        "backup": Action("/api/backup", backup, "a copy of the store, in a file", is_local=True, takes_long=True),
        "handoff reply": Action("/api/handoffs/{contact}/reply", handoffs.reply, "a text from who has a conversation"),
        "handoff release": Action("/api/handoffs/{contact}/release", handoffs.release, "a conversation given back"),
        "dead retry": Action("/api/dead/{letter}/retry", letters.retry, "an event that failed, once more"),
        "dead drop": Action("/api/dead/{letter}/drop", letters.drop, "an event that failed, given up"),
        "outbox retry": Action("/api/outbox/retry", changes.retry, "messages that failed wait again"),
        "outbox drop": Action("/api/outbox/drop", changes.drop, "messages that wait are not sent", takes_long=True),
        "outbox pause": Action("/api/outbox/pause", changes.pause_channels, "nothing more leaves by a channel"),
        "outbox resume": Action("/api/outbox/resume", changes.resume_channels, "messages leave again"),
    }
)
