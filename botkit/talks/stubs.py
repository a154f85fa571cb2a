"""Results of calls on record as `stubs` of a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from botkit.flow.duration import show_duration
from botkit.retries import WAITS_S
from botkit.talks.calls import Given
from botkit.talks.recorded import Called
from botkit.testing.stub_reader import is_request

#: Headers of answers that no flow reads.
_NOISE = frozenset("date server connection content-length content-type transfer-encoding vary via".split())


def stubs_of(given: Sequence[Given]) -> dict[str, Any]:
    """Return name -> what it gives, in order; the last repeats, as in a test."""
    stubs: dict[str, list[Mapping[str, Any]]] = {}
    for each in given:
        attempts = each.attempts if _tried_again(each.call) else 1
        stubs.setdefault(each.call.name, []).extend([_stub(each, attempts)] * attempts)
    return {name: _short(results) for name, results in stubs.items()}


def _stub(given: Given, attempts: int) -> dict[str, Any]:
    call = given.call
    delay = {"delay": show_duration(_delay_s(given, attempts))} if call.told else {}
    if call.error is not None:
        return {"error": call.error, **delay}
    if not is_request(call.name):
        return {"return": call.value, **delay}
    answer = call.value
    headers = {name: value for name, value in answer.get("headers", {}).items() if name not in _NOISE}
    told = {"status": answer["status"]} if answer["status"] != 200 else {}
    body = _body(answer["text"])
    return {**(told if told or body else {"status": 200}), **body, **({"headers": headers} if headers else {}), **delay}


def _delay_s(given: Given, attempts: int) -> float:
    """Return how long an attempt must take for all of them to take as long as they did; none as long as it may."""
    pauses_s = sum(WAITS_S[min(number, len(WAITS_S) - 1)] for number in range(attempts - 1))
    seconds = round(max(0.0, given.call.took_s - pauses_s) / attempts + 0.05, 1)
    ran_out = str(given.call.error or "").startswith("no answer within")
    return seconds if ran_out else min(seconds, round(0.9 * given.timeout_s, 3))


def _body(text: str) -> dict[str, Any]:
    """Return a body as JSON where it is some, as a text where it is none."""
    try:
        value = orjson.loads(text)
    except ValueError:
        return {"text": text} if text else {}
    return {"json": value} if isinstance(value, (dict, list)) else {"text": text}


def _tried_again(call: Called) -> bool:
    """Tell whether every attempt of a call ended so: the last result is that of all attempts."""
    status = call.value.get("status", 200) if is_request(call.name) and isinstance(call.value, Mapping) else 200
    return call.error is not None or status == 429 or status >= 500


def _short(results: list[Mapping[str, Any]]) -> Any:
    """Return results without repetitions of the last one; one alone is no list."""
    while len(results) > 1 and results[-1] == results[-2]:
        results.pop()
    return results[0] if len(results) == 1 else results
