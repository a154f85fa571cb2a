"""What commands and pages can ask of a store: one table, which the control API and the command line share.

To add one, write a function of (store, arguments) and a row in `OPERATIONS`. Arguments are texts, from a path or a
query; answers are JSON types. The argument `lang`, es or en, is the language of a refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from botkit.errors import UsageError
from botkit.ports import DeskStore

#: Rows of the outbox that are shown when nobody says how many, and at most.
LIMIT, LIMIT_MAX = 50, 1000
OUTBOX_STATUSES = (
    "pending", "flying", "uncertain", "sent", "failed", "unconfirmed", "dropped", "expired", "replaced", "muted"
)  # fmt: skip

#: Country -> how its numbers begin in WhatsApp; Argentina and Mexico have a digit more before a mobile number.
CALLING_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BO": ("591",), "PE": ("51",), "AR": ("549", "54"), "CL": ("56",), "BR": ("55",), "PY": ("595",),
        "EC": ("593",), "CO": ("57",), "MX": ("521", "52"), "ES": ("34",), "US": ("1",),
    }
)  # fmt: skip
_SEPARATORS = str.maketrans("", "", "+ -().\u00a0")

Arguments = Mapping[str, str]


class Refused(UsageError):
    """An operation cannot be done with these arguments; `hint` says what to do, `status` is the HTTP answer.

    `en` and `es` are each what is wrong and what to do; `message` and `hint` are those in the language of `lang`.
    """

    def __init__(self, arguments: Arguments, en: tuple[str, str], es: tuple[str, str], *, status: int = 400) -> None:
        super().__init__("; ".join(en), "; ".join(es))
        self.message, self.hint = es if arguments.get("lang") == "es" else en
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask: where it stands in the API, and what does it."""

    path: str
    run: Callable[[DeskStore, Arguments], Awaitable[Any]]
    help: str


async def health(store: DeskStore, arguments: Arguments) -> dict[str, Any]:
    """Return the store's target and how many rows stand where."""
    return {"ok": True, "target": await store.get_meta("target"), "counts": await store.counts()}


async def conversations(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return the conversations of `contact`, in all channels or in `channel`; raises Refused if there is none.

    A number that is unknown as it is given is looked for as one of `country`, too.
    """
    contact = arguments.get("contact", "")
    if not contact:
        raise Refused(arguments, ("no contact is given", "add ?contact="), ("falta el contacto", "agrega ?contact="))
    for spelling in spellings(contact, arguments.get("country", "")):
        if found := await store.conversation(arguments.get("channel"), spelling):
            return found
    raise Refused(
        arguments,
        ("there is no conversation with this contact", "check the number, with its country"),
        ("no hay ninguna conversación con este contacto", "revisa el número, con su país"),
        status=404,
    )


def spellings(contact: str, country: str) -> list[str]:
    """Return a contact as it is given, then as a number of `country` that was written without its calling code."""
    bare = contact.translate(_SEPARATORS)
    if contact.strip().startswith("+") or not (bare.isascii() and bare.isdigit()):
        return [contact]
    return [contact, *(code + bare.lstrip("0") for code in CALLING_CODES.get(country, ()))]


async def outbox(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return outbox rows, newest first: of `contact`, in `status`, at most `limit`."""
    status, limit = arguments.get("status"), _limit(arguments)
    if status is not None and status not in OUTBOX_STATUSES:
        known = ", ".join(OUTBOX_STATUSES)
        raise Refused(
            arguments,
            (f"'{status}' is no status of an outbox row", f"the statuses are: {known}"),
            (f"'{status}' no es un estado de un mensaje por enviar", f"los estados son: {known}"),
        )
    if not arguments.get("contact"):
        return await store.outbox_rows(conversation_id=None, status=status, limit=limit)
    rows: list[dict[str, Any]] = []
    for conversation in await conversations(store, arguments):
        rows += await store.outbox_rows(conversation_id=conversation["id"], status=status, limit=limit)
    return sorted(rows, key=lambda row: -row["id"])[:limit]


async def results(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return what `flow` recorded, oldest first."""
    return await store.results(arguments["flow"])


async def pragma(store: DeskStore, arguments: Arguments) -> dict[str, str]:
    """Return the setting `name` of the store's writer, read now."""
    return {"name": arguments["name"], "value": await store.pragma(arguments["name"])}


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "health": Operation("/api/health", health, "whether the store answers, and what stands in it"),
        "conversations": Operation("/api/conversations", conversations, "the state of a contact"),
        "outbox": Operation("/api/outbox", outbox, "messages that were queued, newest first"),
        "results": Operation("/api/results/{flow}", results, "what a flow recorded"),
        "pragma": Operation("/api/store/pragma/{name}", pragma, "a setting of the store's writer"),
    }
)


def _limit(arguments: Arguments) -> int:
    text = arguments.get("limit")
    if text is None:
        return LIMIT
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LIMIT_MAX):
        raise Refused(
            arguments,
            (f"'{text}' is no limit", f"write a number from 1 to {LIMIT_MAX}"),
            (f"'{text}' no es un límite", f"escribe un número de 1 a {LIMIT_MAX}"),
        )
    return int(text)
