"""The words by which people want no more messages: few, and the same in every bot."""

from __future__ import annotations

#: Folded words of Spanish and English that opt out, as the whole message.
OPT_OUT_WORDS: tuple[str, ...] = (
    *("stop", "stop all", "unsubscribe", "opt out"),
    *("baja", "dar de baja", "darme de baja", "desuscribir", "desuscribirme", "desuscribirse"),
)

#: flow -> what its beginning makes of `contact.opted_out`: whether the person wants no reminders and no broadcasts
OPTING: dict[str, bool] = {"opt_out": True, "opt_in": False}
