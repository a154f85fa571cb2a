"""A conversation that is in the middle of a flow, and a deploy."""

from __future__ import annotations

from botkit.turn.kinds import KINDS
from tests.flow.samples import HANDLERS, flows
from tests.turn.samples import BUILTIN, Talk, talk

OTHER = "flow: otro\nstart: {words: [otro]}\nsteps: [{say: otro}]\n"


def begun(text: str) -> Talk:
    """Return a conversation that was begun by the word `go`."""
    found = talk(text)
    found.say("go")
    return found


def deploy(found: Talk, text: str) -> None:
    """Give a conversation other flows; old definitions come from where they are kept."""
    before, now = found.flows, flows(text, builtin=BUILTIN, handlers=HANDLERS)
    while missing := now.missing(found.conversation.digests()):
        for digest in missing:
            assert now.adopt(digest, before.by_digest[digest].source(), KINDS) is not None
    found.flows = now


CALLER = """
flow: f
start: {words: [go]}
inputs: {quien: nadie}
steps:
  - ask: ¿Uno?
    save: uno
  - call: g
    id: llama
    save: {dos: outcome}
  - say: "viejo {{ uno }} {{ dos }}"
---
flow: g
steps:
  - ask: ¿Dentro?
    save: dentro
  - say: "adentro {{ dentro }}"
  - end: viejo
"""
