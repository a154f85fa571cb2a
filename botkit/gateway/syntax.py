"""A webhook's body as JSON values, whatever bytes came.

orjson reads what is plain. It turns integers over 64 bits into floats, and refuses lone surrogates; such bodies go to
the standard parser, or a good event would be lost to its gateway's manners. Such integers come back as text.
"""

from __future__ import annotations

import json
import math
from typing import Any

import orjson

from botkit.errors import IntakeError

#: Nested lists and objects, counted together.
DEPTH_LIMIT = 32

#: Each digit as 0 and all else as blank: so a long integer is found in a third of the time that a pattern takes.
_DIGITS = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x20 for byte in range(256))
_LONG_INTEGER = b"0" * 19
_INT64 = range(-(2**63), 2**64)


def parse_body(body: bytes) -> Any:
    """Return the JSON value in `body`; raises IntakeError(400) for what is no JSON or nested too deeply."""
    value = _parse(body)
    if body.count(b"{") + body.count(b"[") > DEPTH_LIMIT and _deeper(value, DEPTH_LIMIT):
        raise IntakeError(400, f"the body is nested more than {DEPTH_LIMIT} deep")
    return value


def dump_value(value: Any) -> bytes:
    """Return a parsed value as JSON again, lone surrogates and all."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _parse(body: bytes) -> Any:
    if _LONG_INTEGER not in body.translate(_DIGITS):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass
    try:
        text = body.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        return json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise IntakeError(400, "the body is not JSON") from None


def _integer(digits: str) -> int | str:
    # Beyond 4,300 digits int() refuses; nobody computes with so long a number anyway.
    return number if len(digits) <= 20 and (number := int(digits)) in _INT64 else digits


def _float(digits: str) -> float | str:
    return number if math.isfinite(number := float(digits)) else digits


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _deeper(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_deeper(item, left - 1) for item in value.values())
    if isinstance(value, list):
        return left == 0 or any(_deeper(item, left - 1) for item in value)
    return False
