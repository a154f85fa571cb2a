"""What stays of events whose person was forgotten: hashes by which they are known should a gateway tell them again."""

from __future__ import annotations

import hmac
import sqlite3

from botkit.store.queries import SQL

#: Channel, kind, the gateway's id and discriminator of an event.
Identity = tuple[str, str, str, str]

#: Name of the fact that hashes are salted by; a store that forgot nobody has none.
SALT = "forgetting_salt"
#: The kind under which messages of ours are marked, and the kinds of a gateway's events that tell of one.
SENT, TELLS_OF_SENT = "sent", frozenset(("status", "echo"))
#: Bytes of a mark.
SIZE = 16


def mark_of(salt: str, identity: Identity) -> bytes:
    """Return what is kept of an event."""
    told = "\0".join(identity).encode("utf-8", "surrogatepass")
    return hmac.digest(salt.encode(), told, "sha256")[:SIZE]


def sent(channel: str, gateway_id: str) -> Identity:
    """Return the identity under which a message that went to a forgotten person is marked."""
    return channel, SENT, gateway_id, ""


def is_forgotten(db: sqlite3.Connection, salt: str, identity: Identity, since: float, until: float) -> bool:
    """Tell whether an event was seen between two times, or is about a message, of somebody who was forgotten."""
    known = [identity]
    channel, kind, gateway_id, _ = identity
    if kind in TELLS_OF_SENT:
        known.append(sent(channel, gateway_id))
    return any(db.execute(SQL["find_mark"], (mark_of(salt, each), since, until)).fetchone() for each in known)
