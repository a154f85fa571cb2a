"""The words by which people want no more messages: few, and the same in every bot."""

from __future__ import annotations

#: Folded words of Spanish and English that opt out, as the whole message.
OPT_OUT_WORDS: tuple[str, ...] = (
    *("stop", "stop all", "unsubscribe", "opt out"),
    *("baja", "dar de baja", "darme de baja", "desuscribir", "desuscribirme", "desuscribirse"),
)
