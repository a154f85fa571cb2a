"""Whatever flows, whatever happens: a conversation keeps its promises (`Talk` proves those of each turn)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import orjson
import pytest

from botkit.turn.conversation import dump_state
from botkit.turn.effect import Note
from botkit.turn.event import Begin, Delivery, Due, Inbound, Named, OperatorSaid, Release, Told
from botkit.turn.kinds import KINDS
from tests.flow.samples import flows
from tests.turn.random_flows import random_flows
from tests.turn.samples import NOW, SHIPPED, Talk

WORDS = "go a b c 1 x info atrás cancelar,ayuda,empezar de nuevo,gg,hh,pat7,stop,alta,/info,/cancelar,otra vez,salir"
MEDIUM = {"id": "m", "type": "image/png"}
#: Most bytes of a state; none here says or keeps anything long.
MOST = 8_000
#: What a flow may do to itself; the author is told in the log, and the person gets an apology.
LOOPS = "more than"


def say(found: Talk, chance: Random) -> None:
    """Let the person write, tap or send something."""
    top = found.conversation.top
    if top is not None and top.shown and chance.random() < 0.2:
        found.tap(chance.choice(top.shown)["label"])
    elif chance.random() < 0.05:
        found.take(Inbound("wa", "message", "59170000001", media=MEDIUM))
    else:
        found.say(chance.choice(WORDS.replace(" ", ",", 7).split(",")))


def wait(found: Talk, chance: Random) -> None:
    """Let time pass: no timer fires without end, and none says anything while people have the conversation."""
    end, fired = found.now + chance.choice((3, 1800, 7200, 18_000, 90_000)), 0
    while not found.open and (due := [timer for timer in found.timers.values() if timer.due_at <= end]):
        first = min(due, key=lambda timer: timer.due_at)
        found.now = max(found.now, first.due_at) - 1
        handed, off = found.conversation.handoff is not None, found.conversation.opted_out
        said = found.take(Due(first.name, first.kind))
        assert not said or not handed or first.kind == "handoff"
        assert not said or not off or first.kind != "reminder"
        sound(found)
        fired += 1
        assert fired < 300, "a timer fires without end"
    found.now = max(found.now, end)


def stale(found: Talk, chance: Random) -> None:
    """Let a timer fire that is not due: nothing is said, and no clock changes."""
    kind = chance.choice(("silence/0", "idle/0", "idle/1", "wait/0", "together/0", "reminder/r1", "handoff", "held"))
    if kind not in found.timers:
        clocks = dict(found.timers)
        assert found.take(Due(kind, kind.partition("/")[0])) == []
        assert found.timers == clocks


def outside(found: Talk, chance: Random) -> None:
    """Let something happen that is no message; while people have the conversation the bot says nothing to it."""
    top, handed = found.conversation.top, found.conversation.handoff is not None
    event = chance.choice(
        (
            Named("pago", {"a": 1}),
            Named("paquete"),
            Begin(chance.choice("fgh")),
            Delivery(top.flow if top else "f", top.step if top else "f0", "failed", "nein", found.conversation.version),
        )
    )
    assert found.take(event) == [] or not handed


def people(found: Talk, chance: Random) -> None:
    """Let people of the business take the conversation, give it back or have something said."""
    found.take(chance.choice((OperatorSaid("hola", phone=True), Release(), Release(), Told("aviso"))))


def deploy(found: Talk, chance: Random) -> None:
    """Change all flows."""
    before, now = found.flows, flows(random_flows(chance), builtin=SHIPPED)
    while missing := now.missing(found.conversation.digests()):
        for digest in missing:
            now.adopt(digest, before.by_digest[digest].source(), KINDS)
    found.flows = now


HAPPENINGS: tuple[Callable[[Talk, Random], None], ...] = (say, wait, stale, outside, people, deploy)


def sound(found: Talk) -> None:
    """Prove what holds between any two turns."""
    conversation = found.conversation
    for note in found.effects:
        assert not isinstance(note, Note) or note.event != "turn_failed" or LOOPS in note.fields["reason"]
    assert len(orjson.dumps(dump_state(conversation))) < MOST
    steps = [found.flows.by_digest[frame.digest].steps[frame.step] for frame in conversation.frames]
    for frame, below in zip(conversation.frames[1:], steps, strict=False):
        assert frame.came or below.kind in ("call", "handoff"), "a flow that nobody called"
    if steps and not found.open:
        assert steps[-1].waits, "a conversation that waits for nothing"
        assert (steps[-1].kind == "handoff") <= (conversation.handoff is not None), "nobody has it"


def ends(found: Talk) -> None:
    """Prove that the person gets out, if it is the bot that listens."""
    copy = Talk(found.flows, found.conversation)
    copy.now, copy.timers = found.now, dict(found.timers)
    for _ in range(2):  # a parked flow says `welcome_back` first
        copy.say("cancelar")
    assert not copy.running


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens(seed: int) -> None:
    """No turn fails, nothing is said that must not be, no state grows, no caller is lost, and there is a way out."""
    chance = Random(seed)
    found = Talk(flows(random_flows(chance), builtin=SHIPPED))
    found.now = NOW
    found.say("go")
    for _ in range(70):
        if found.open:
            found.returns(1, chance.choice((None, None, "down")))
        else:
            chance.choices(HAPPENINGS, (60, 16, 5, 8, 5, 2))[0](found, chance)
        sound(found)
        if not found.open and found.conversation.handoff is None:
            ends(found)
