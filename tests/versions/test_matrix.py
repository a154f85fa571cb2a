"""What a deploy does to people inside a flow, whatever they wait in, for each change and each `on_change`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from botkit.ports import Arrival
from botkit.turn.codec import dump_filed
from botkit.turn.event import FILED_KINDS, Filed, Named, Release
from tests.runtime.stage import ANA, CHANNEL, Stage, flows_of
from tests.versions.samples import OTHER
from tests.waiting import forever

#: what is waited in -> the step that waits; `x` is known before it
WAITS = {
    "ask": "{ask: ¿Nombre?, save: x, id: espera}",
    "choose": "{choose: ¿Cuál?, save: x, id: espera, options: [Ana, Luz]}",
    "call": "{run: casa.lenta, save: x, id: espera}",
    "time": "{wait: 2h, id: espera}",
    "event": "{wait: {event: aviso}, save: x, id: espera}",
    "handoff": "{handoff: {to: caja, say: Te atienden.}, id: espera}",
}
#: Those in which the person answers.
ASKS = ("ask", "choose")
ANSWER = "Ana"


def old(kind: str, more: str = "") -> str:
    """Return the flow that people are in: it waits, then says what it was told."""
    return (
        f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - set: {{x: Ana}}\n  - {WAITS[kind]}\n{more}"
        "  - say: viejo {{ x }}\n  - {ask: ¿Viejo?, save: y}\n  - say: fin viejo {{ y }}\n"
    )


def new(kind: str, change: str, policy: str) -> str:
    """Return the bot after a deploy."""
    if change == "removed flow":
        return OTHER
    step = WAITS[kind]
    if change == "renamed step":
        step = step.replace("id: espera", "id: parada, was: espera")
    if change == "removed step":
        step = "{ask: ¿Algo?, save: x, id: otra}"
    return (
        f"flow: f\nstart: {{words: [go]}}\non_change: {policy}\nsteps:\n  - set: {{x: Ana}}\n  - {step}\n"
        "  - say: nuevo {{ x }}\n  - {ask: ¿Nuevo?, save: y}\n  - say: fin nuevo {{ y }}\n"
    )


class Deployed:
    """A bot with a person in a flow, stopped and started with other flows: what is said from then on."""

    def __init__(self, stage: Stage, kind: str) -> None:
        self.stage, self.kind = stage, kind
        self.before = 0

    async def park(self, text: str) -> None:
        """Bring a person to where the flow waits, and stop."""
        begun = asyncio.Event()

        async def hang() -> None:
            begun.set()
            await forever()

        handlers = {"casa.lenta": hang, "casa.ida": hang}
        await self.stage.start(flows_of(text, handlers), handlers)
        if self.kind == "call":
            self.stage.runtime.notify([await self.stage.arrive("go")])
            await begun.wait()
        else:
            await self.stage.write("go")
        await self.stage.runtime.stop(0.0)
        self.before = len(await self.stage.said())

    async def deploy(self, text: str, *gone: str) -> None:
        """Start with other flows, and without some handlers."""

        async def give() -> str:
            return ANSWER

        handlers: dict[str, Any] = {name: give for name in ("casa.lenta", "casa.ida") if name not in gone}
        await self.stage.start(flows_of(text, {"casa.lenta": give, "casa.ida": give}), handlers)
        await self.stage.runtime.idle()

    async def ends(self, *texts: str) -> list[str]:
        """Bring what the step waits for, then further messages, and return what is said since the deploy."""
        if self.kind in ASKS:
            await self.stage.write(ANSWER)
        elif self.kind == "time":
            self.stage.clock.at += 7200
            await self.stage.store.fire(self.stage.clock.at, 10)
            await self.stage.runtime.look_now()
        elif self.kind == "event":
            await self._file(Named("aviso", ANSWER))
        elif self.kind == "handoff":
            await self._file(Release())
        await self.stage.runtime.idle()
        for text in texts:
            await self.stage.write(text)
        return (await self.stage.said())[self.before :]

    async def _file(self, event: Filed) -> None:
        kind = FILED_KINDS[type(event)]
        await self.stage.store.accept(
            [Arrival(CHANNEL, "api", kind, ANA, kind, "", b"", dump_filed(event))], self.stage.clock.at
        )
        self.stage.clock.at += 60  # whoever claimed the row is gone
        await self.stage.runtime.look_now()


@pytest.fixture(params=WAITS)
async def deployed(request: pytest.FixtureRequest) -> AsyncIterator[Deployed]:
    """A person who waits in each kind."""
    stage = await Stage.open()
    yield Deployed(stage, request.param)
    await stage.close()


KEPT = ["viejo Ana", "¿Viejo?", "fin viejo sí"]
MOVED = ["nuevo Ana", "¿Nuevo?", "fin nuevo sí"]
#: Finished on the old definition as far as that was needed: the next question is one that the new one has.
LATE = ["viejo Ana", "¿Viejo?", "fin nuevo sí"]
#: Begun anew by the first message: by the answer itself where one is waited for, else by the next one.
ANEW = {
    "ask": ["¿Nombre?", "nuevo sí", "¿Nuevo?"],
    "choose": ["¿Cuál?", "¿Cuál?"],
    "call": ["viejo Ana", "¿Viejo?", "nuevo Ana", "¿Nuevo?"],
    "time": ["viejo Ana", "¿Viejo?"],
    "event": ["viejo Ana", "¿Viejo?"],
    "handoff": ["viejo Ana", "¿Viejo?", "Te atienden."],
}


def everywhere(said: list[str], **others: list[str]) -> dict[str, list[str]]:
    """Return what is said for each kind."""
    return {kind: others.get(kind, said) for kind in WAITS}


def anew_elsewhere() -> dict[str, list[str]]:
    """Return what is said where the flow begins with another question now."""
    asked = ["¿Algo?", "nuevo sí", "¿Nuevo?"]
    return {kind: asked if kind in ASKS else ["viejo Ana", "¿Viejo?", "¿Algo?"] for kind in WAITS}


#: (change, `on_change`) -> kind -> what is said from the deploy on. A pending call is finished first.
MATRIX: dict[tuple[str, str], dict[str, list[str]]] = {
    ("edited text", "keep"): everywhere(KEPT),
    ("edited text", "move"): everywhere(MOVED, call=LATE),
    ("edited text", "restart"): ANEW,
    ("renamed step", "keep"): everywhere(KEPT),
    ("renamed step", "move"): everywhere(MOVED, call=LATE),
    ("renamed step", "restart"): ANEW,
    ("removed step", "keep"): everywhere(KEPT),
    ("removed step", "move"): everywhere(LATE),
    ("removed step", "restart"): anew_elsewhere(),
    ("removed flow", "keep"): everywhere(KEPT),
    ("removed flow", "move"): everywhere(KEPT),
    ("removed flow", "restart"): everywhere(KEPT),
}


@pytest.mark.parametrize(("change", "policy"), MATRIX)
async def test_matrix(deployed: Deployed, change: str, policy: str) -> None:
    """Kept ones finish the old flow, moved ones the new one, restarted ones begin anew at their next message."""
    await deployed.park(old(deployed.kind))
    await deployed.deploy(new(deployed.kind, change, policy))
    assert await deployed.ends("sí") == MATRIX[change, policy][deployed.kind]


SORRY = ["Perdona, algo falló de nuestro lado y tuvimos que parar aquí. Por favor, escríbenos de nuevo."]
#: The same for a handler that the old definition needs and that is gone.
NO_HANDLER = {
    "keep": everywhere(SORRY),
    "move": everywhere(MOVED[:2], call=SORRY),
    "restart": everywhere(SORRY, ask=["¿Nombre?"], choose=["¿Cuál?"]),
}


@pytest.mark.parametrize("policy", NO_HANDLER)
async def test_removed_handler(deployed: Deployed, policy: str) -> None:
    """An old definition that needs a handler which is gone gets an error where it calls it: here the `error` flow."""
    more = "" if deployed.kind == "call" else "  - {run: casa.ida}\n"
    await deployed.park(old(deployed.kind, more))
    gone = "casa.lenta" if deployed.kind == "call" else "casa.ida"
    await deployed.deploy(new(deployed.kind, "edited text", policy), gone)
    assert await deployed.ends() == NO_HANDLER[policy][deployed.kind]


@pytest.mark.parametrize("kind", ["time", "event"])
async def test_a_message_while_it_waits(kind: str) -> None:
    """Who writes while a flow waits for no answer lets it begin anew, too."""
    deployed = Deployed(await Stage.open(), kind)
    await deployed.park(old(kind))
    await deployed.deploy(new(kind, "removed step", "restart"))
    await deployed.stage.write("hola")
    assert (await deployed.stage.said())[deployed.before :] == ["¿Algo?"]
    await deployed.stage.close()
