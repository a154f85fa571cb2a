"""The flows that botkit ships: ordinary YAML in `botkit/patterns`, in Spanish and English.

A flow of the bot's own with the name of one takes its place, `start` included; config.yaml's `builtin` switches them
off.
"""

from __future__ import annotations

#: name -> what begins it; settings, checker and docs read this table.
BUILTIN_FLOWS: dict[str, str] = {
    "hello": "the contact's first message, when nothing else fits",
    "unknown": "a later message, when nothing else fits",
    "help": "its words, also at a question",
    "cancel": "its words at a question; everything that runs ends (`quit`)",
    "back": "its words at a question; the previous question is asked again (`back`)",
    "start_over": "its words at a question; the bottom flow begins anew (`restart`)",
    "stuck": "`tries` are used up and `invalid` has no `then`",
    "resumed": "a flow gets its place back, before its question is asked again; it says nothing as shipped",
    "welcome_back": "a message, after the flow's `silence` ran out without a `then`",
    "error": "something failed; all that ran has ended, outcome `error`",
    "handed_off": "a handoff without `say` begins",
    "opt_out": "an opt-out word, as the whole message; reminders and broadcasts stay off from then on",
    "opt_in": "its words; reminders and broadcasts are on again",
}
