"""From what gateways write to neutral values: texts, numbers, times and contacts.

Every function takes any JSON value and returns None for one that makes no sense; none raises.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

#: Where a linked session names a person by phone; the part before it is the number.
_PERSON = ("@c.us", "@s.whatsapp.net")
#: Where it names many people at once.
_CROWD = ("@g.us", "@broadcast", "@newsletter")

_SCHEME = re.compile(r"(?:whatsapp|tel):", re.IGNORECASE)
_PHONE = re.compile(r"[+(0-9][0-9 ().-]*")
_NOT_DIGIT = re.compile(r"[^0-9]")

#: Above these a time is in milli-, micro- or nanoseconds: 1e11 s is the year 5138.
_TIME_UNITS = ((1e11, 1e3), (1e14, 1e6), (1e17, 1e9))
_LAST_TIME_S = 1e10

#: Characters; a longer contact key is no address.
CONTACT_LIMIT = 200
#: Characters of a name that are kept; WhatsApp's own have 25. It stands in messages, which have an end.
NAME_LIMIT = 200


def to_text(value: Any) -> str | None:
    """Return a string or a number as text that every store can hold: no NUL, no lone surrogate."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return None


def _clean(text: str) -> str:
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_number(value: Any) -> float | None:
    """Return a finite float from a number or from text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def to_time(value: Any) -> float | None:
    """Return UTC seconds from seconds, milliseconds (or finer), or ISO 8601; text or number."""
    if type(value) is int and 0 < value < _LAST_TIME_S:  # what most gateways send
        return float(value)
    number = to_number(value)
    if number is None:
        return _iso(value) if isinstance(value, str) else None
    for above, unit in reversed(_TIME_UNITS):
        if number >= above:
            number /= unit
            break
    return number if 0 < number < _LAST_TIME_S else None


def _iso(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def to_truth(value: Any) -> bool:
    """Return whether a flag is set; text and numbers count as they read."""
    return value is True or value == 1 or (isinstance(value, str) and value.strip().lower() in ("true", "1"))


def to_name(value: Any) -> str | None:
    """Return what a person is called, as much of it as a name has."""
    text = to_text(value)
    return None if text is None else text[:NAME_LIMIT]


def to_contact(value: Any) -> str | None:
    """Return the contact key: a person's digits however they were written, else the id as it came.

    `591…@c.us`, `…:12@s.whatsapp.net`, `whatsapp:+591 …` and 591… are one person; a hidden id (`…@lid`) is opaque.
    """
    text = None if isinstance(value, bool) else to_text(value)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= CONTACT_LIMIT:
        return text
    text = _SCHEME.sub("", text.strip(), count=1)
    name, at, domain = text.partition("@")
    if at + domain.lower() in _PERSON:
        text = name.partition(":")[0]
    if _PHONE.fullmatch(text):
        text = _NOT_DIGIT.sub("", text)
    return text if 0 < len(text) <= CONTACT_LIMIT else None


def is_crowd(contact: str) -> bool:
    """Return whether a contact key names a group or a broadcast list."""
    return "@" in contact and contact.lower().endswith(_CROWD)
