"""Whom an operation is about, as people write it: a contact, a flow; and how one that cannot be done is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from botkit.errors import UsageError
from botkit.ports import DeskStore

Arguments = Mapping[str, str]

#: Country -> how its numbers begin in WhatsApp; Argentina and Mexico have a digit more before a mobile number.
CALLING_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BO": ("591",), "PE": ("51",), "AR": ("549", "54"), "CL": ("56",), "BR": ("55",), "PY": ("595",),
        "EC": ("593",), "CO": ("57",), "MX": ("521", "52"), "ES": ("34",), "US": ("1",),
    }
)  # fmt: skip
#: A control character at an end, as of a line that was read whole, and what stands for bytes that are no text.
_NO_TEXT = re.compile(r"\A[\x01-\x1f\x7f-\x9f]|[\x01-\x1f\x7f-\x9f]\Z|[\x00\ud800-\udfff]")
_SEPARATORS = str.maketrans("", "", "+ -().\u00a0")


#: Where a wrong value stands -> the sentence names it by itself: a command leaves the path of the JSON body out.
_SAID = frozenset(("$.ids", "$.channel", "$.contact"))


def without_path(told: str, path: str) -> str:
    """Return a refusal of the API as a command tells it."""
    return told.removeprefix(f"{path}: ") if path in _SAID else told


class Refused(UsageError):
    """An operation cannot be done with these arguments; `hint` says what to do, `status` is the HTTP answer.

    `en` and `es` are each what is wrong and what to do; `message` and `hint` are those in the language of `lang`.
    `path` is where the wrong value stands in a JSON body: `$.contact`.
    """

    def __init__(
        self, arguments: Arguments, en: tuple[str, str], es: tuple[str, str], *, status: int = 400, path: str = ""
    ) -> None:
        super().__init__("; ".join(filter(None, en)), "; ".join(filter(None, es)))
        self.message, self.hint = es if arguments.get("lang") == "es" else en
        self.status, self.path = status, path


async def conversations(store: DeskStore, arguments: Arguments) -> list[dict[str, Any]]:
    """Return the conversations of `contact`, in all channels or in `channel`; raises Refused if there is none.

    A contact is a number, or the id of a conversation, which the log tells. A number that is unknown as it is given is
    looked for as one of `country`, too.
    """
    contact, channel = named(arguments, "contact"), arguments.get("channel")
    for spelling in spellings(contact, arguments.get("country", "")):
        if found := await store.conversation(channel, spelling):
            return found
        if channel is not None and (others := await store.conversation(None, spelling)):
            raise _elsewhere(arguments, channel, ", ".join(sorted(row["channel"] for row in others)))
    raise Refused(
        arguments,
        ("there is no conversation with this contact", "check the number, with its country"),
        ("no hay ninguna conversación con este contacto", "revisa el número, con su país"),
        status=404,
    )


def _elsewhere(arguments: Arguments, channel: str, others: str) -> Refused:
    return Refused(
        arguments,
        (f"there is no conversation with this contact in channel '{channel}'", f"there is one in: {others}"),
        (f"no hay una conversación con este contacto en el canal '{channel}'", f"la hay en: {others}"),
        status=404,
    )


def spellings(contact: str, country: str) -> list[str]:
    """Return a contact as it is given, then as a number of `country` that was written without its calling code."""
    bare = contact.translate(_SEPARATORS)
    if contact.strip().startswith("+") or not (bare.isascii() and bare.isdigit()):
        return [contact]
    return [contact, *(code + bare.lstrip("0") for code in CALLING_CODES.get(country, ()))]


def named(arguments: Arguments, name: str) -> str:
    """Return the argument `name`, contact or flow; raises Refused if it is empty or no text.

    An empty one is a mistake, as of a shell variable that is not set, and never means all.
    """
    value = arguments.get(name, "")
    empty_en, empty_es, give_en, give_es = _NAMED[name]
    if not value.strip():
        raise Refused(arguments, (empty_en, give_en), (empty_es, give_es))
    if _NO_TEXT.search(value):
        en, es = _UNREADABLE[name]
        raise Refused(arguments, (en, give_en), (es, give_es))
    return value


#: Argument -> what is wrong without it, in English and Spanish, and what to do.
_NAMED: Mapping[str, tuple[str, str, str, str]] = MappingProxyType(
    {
        "contact": (
            "the contact is empty", "el contacto está vacío",
            "give a number with its country: 59171234567", "da un número con su país: 59171234567",
        ),
        "flow": (
            "the flow is empty", "el flujo está vacío", "give the name of a flow", "da el nombre de un flujo",
        ),
    }
)  # fmt: skip
#: Argument -> what is wrong with one that holds bytes or signs that are no text.
_UNREADABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "contact": ("the contact cannot be read", "el contacto no se puede leer"),
        "flow": ("the flow's name cannot be read", "el nombre del flujo no se puede leer"),
    }
)
