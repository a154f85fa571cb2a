"""What changes a key besides the answers to its requests (`retry.py`), and how its state is stored."""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace

from botkit.outbox.rate import KeyState, Learned

#: What an operator may have mended when the configuration is read again.
MENDED = frozenset(("redirect", "unauthorized", "refused"))


def forget_taken(key: KeyState, request_id: int) -> KeyState:
    """Return the key once a request that counted as taken is closed."""
    return replace(key, taken=tuple(each for each in key.taken if each != request_id))


def reload(key: KeyState, now: float) -> KeyState:
    """Return the key after its configuration was read again: what a person may have mended is probed at once."""
    if key.stopped or key.why in MENDED:
        return replace(key, stopped=False, probing=True, held_until=min(key.held_until, now))
    return key


def link(key: KeyState, *, is_linked: bool, at: float | None = None) -> KeyState:
    """Return the key once the gateway's session was linked to a phone, or lost it; only the former ends the latter.

    `at` is when, by the gateway's clock: what comes after later news was over when they were made.
    """
    if at is not None and at < key.session_at:
        return key
    told = tuple(alert for alert in key.told if alert != "unlinked")
    session_at = key.session_at if at is None else at
    return replace(key, is_linked=is_linked, session_at=session_at, told=told if is_linked else (*told, "unlinked"))


def rest(key: KeyState, until: float) -> KeyState:
    """Return a key whose gateway says that nothing is left of its limit; that never lets out more than is known."""
    if key.stopped or until <= key.held_until:
        return key
    return replace(key, held_until=until, why=key.why or "limit")


def dump_key(key: KeyState) -> bytes:
    """Return a key's state as JSON."""
    return json.dumps(asdict(key), separators=(",", ":")).encode()


def load_key(data: bytes | None) -> KeyState:
    """Return the state that `dump_key` wrote; None is a key never used."""
    if data is None:
        return KeyState()
    known = {field.name for field in fields(KeyState)}
    values = {name: value for name, value in json.loads(data).items() if name in known}
    values["refusals"] = tuple((who, at) for who, at in values["refusals"])
    values["learned"] = Learned(**values.get("learned", {}))
    values["before"] = Learned(**values["before"]) if values.get("before") else None
    lists = ("errors_at", "failing", "taken", "told", "asked")
    return KeyState(**values | {name: tuple(values.get(name, ())) for name in lists})
