"""One real request to a gateway, for who wants to know whether it answers and takes the key: it is spent.

It goes through the channel's gate like any other that is no message, so it can break no limit; a held key is not
knocked with.
"""

from __future__ import annotations

import asyncio

from botkit.outbox.forecast import View, key_reason
from botkit.server.given import Given
from botkit.server.ingress import Ingress, Row
from botkit.server.ways import view_of

#: How long leave to send, and then the answer, is waited for, in seconds.
PATIENCE_S = 75.0
#: What is answered when the gate gave no leave in that time.
HELD = "held"


async def knock(ingress: Ingress, given: Given) -> Row:
    """Ask the gateway of `channel` for its first page, with the key; return the verdict and the HTTP status.

    With the verdict HELD nothing was asked: `why` is as in `outbox/forecast.py`, `until` UTC seconds or None.
    """
    channel = given.text("channel")
    given.finish()
    way = ingress.ways().get(channel)
    if way is None or way.knock is None:
        why = "no bot that runs has this channel", "ningún bot en marcha tiene este canal"
        hint = (
            "start it: only who sends knows when a request may leave",
            "arráncalo: solo él sabe cuándo puede salir uno",
        )
        raise given.refusal("$.channel", why, hint, status=409)
    view = await view_of(ingress.store, channel, way, ingress.now())
    if view.key.stopped or not view.key.is_linked or view.key.held_until > ingress.now() + PATIENCE_S:
        return _held(channel, view, ingress.now())
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer = await way.knock()
    except TimeoutError:
        return _held(channel, await view_of(ingress.store, channel, way, ingress.now()), ingress.now())
    return {"channel": channel, "verdict": answer.verdict, "status": answer.http_status}


def _held(channel: str, view: View, now: float) -> Row:
    until = view.key.held_until if view.key.held_until > now else None
    return {"channel": channel, "verdict": HELD, "status": None, "why": key_reason(view, now), "until": until}
