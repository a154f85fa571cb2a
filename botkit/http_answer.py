"""What is read of an answer alike, whoever asked: its bytes, bounded, and when to ask again."""

from __future__ import annotations

import math
from datetime import UTC
from email.utils import parsedate_to_datetime

import aiohttp

#: Digits of a pause that are read: no longer number of seconds is any different.
DIGITS = 15


async def read_body(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """Return an answer's bytes, None once they are more than `most`; raises what the connection raises."""
    body = bytearray()
    while chunk := await response.content.read(most + 1 - len(body)):
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def named_pause(value: str, now: float) -> float | None:
    """Return the seconds from `now` (UTC seconds) that a `Retry-After` header names, as seconds or as a date.

    Negative for what is over, None for what is neither.
    """
    value = value.strip()
    try:
        seconds = float(value[:DIGITS] if value.isdecimal() else value)
        return seconds if math.isfinite(seconds) and "_" not in value else None
    except ValueError:
        pass
    moment = moment_of(value)
    return None if moment is None else moment - now


def moment_of(value: str) -> float | None:
    """Return the UTC seconds that a header's date names; None for anything else."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
