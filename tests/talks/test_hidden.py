"""No value that tells who somebody is stands in what is written of a talk, however it was typed, wherever it stood."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from botkit.testing.clock import FakeClock
from botkit.testing.rehearsal import Rehearsal
from botkit.testing.written import write_tests
from botkit.turn.conversation import Conversation, PendingCall
from botkit.turn.event import CallResult, Inbound, Named
from tests.runtime.stage import flows_of
from tests.talks.held import exported

FLOW = """
flow: alta
start: {words: [alta]}
steps:
  - {ask: ¿Tu nombre?, save: nombre}
  - {ask: ¿Tu carnet?, save: ci}
  - {ask: ¿Algo más?, save: nota}
  - {run: agenda.libres, save: dado}
  - choose: "{{ nombre }} {{ ci }} {{ nota }} {{ dado.doc }} {{ dado.texto }}"
    options: [{from: dado.lista, label: item.hora, value: item.id}]
    save: hora
---
flow: aviso
start: {event: aviso, interrupts: true}
inputs: [dato]
steps: [{say: "{{ dato.doc }}: {{ dato.texto }}"}]
"""
#: Words that stand in no flow, message or stand-in of the test.
WORDS = ["Mamani", "Quispe", "Rosalía", "Ñancupil", "Yhamil", "Zuñagua", "Böhm"]
SIGNS = ["", "", "", " ", "-", ".", "·", "_", " - ", "–", "\u00a0"]


class People(NamedTuple):
    """What is planted."""

    name: list[str]
    number: str
    mail: str


class Results:
    """A handler that gives what it was made with."""

    def __init__(self, value: Any) -> None:
        self._value = value

    async def call(self, conversation: Conversation, call: PendingCall, contact: Any) -> CallResult:
        """Return the value."""
        return CallResult(call.key, self._value)


def libres() -> Any:
    """Return what is free."""
    raise AssertionError("it is not called")


@st.composite
def people(draw: st.DrawFn) -> People:
    """Return a person; nobody has a number that is a stand-in."""
    name = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
    number = str(draw(st.integers(123_457, 99_999_999).filter(lambda number: number % 100_000 > 999)))
    return People(name, number, f"{draw(st.from_regex('[a-z]{4,8}', fullmatch=True))}@correo.bo")


@st.composite
def typed(draw: st.DrawFn, whose: People) -> str:
    """Return a text that tells of a person, as it may be typed."""
    name = draw(st.sampled_from(SIGNS)).join(whose.name)
    name = draw(st.sampled_from([name, name.upper(), name.lower(), plain(name)]))
    size = draw(st.sampled_from([1, 3, 4]))  # six digits in pairs are a date
    number = draw(st.sampled_from(SIGNS)).join(re.findall(f".{{1,{size}}}", whose.number))
    around = draw(st.sampled_from(["{}", "CI{}", "{}LP", "+591 {}", "x_{}-1H", "({})"]))
    return f"eh {name}, {around.format(number)}, {whose.mail}"


def plain(text: str) -> str:
    """Return a text without accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


async def hold(whose: People, texts: list[str]) -> str:
    """Hold a talk in which a person is told of everywhere; return what is written of it."""
    number = int(whose.number)
    dado = {"doc": number, "texto": texts[0], texts[1]: float(number), "lista": [{"id": number, "hora": whose.number}]}
    flows = flows_of(FLOW, {"agenda.libres": libres})
    rehearsal = Rehearsal(flows, Results(dado), FakeClock(1_795_438_807.0), "Ana")
    await rehearsal.open({"barrio": texts[2]})
    try:
        for said in (texts[3], "alta", " ".join(whose.name), whose.number, texts[4]):
            await rehearsal.say(Inbound("test", "message", "59170000001", text=said))
        await rehearsal.happen(Named("aviso", {"dato": {"doc": number, "texto": texts[5]}}))
        tests = await exported(rehearsal.store, flows, personal=False)
    finally:
        await rehearsal.close()
    assert sum(len(test.talk.lines) for test in tests) > 10
    return write_tests([test.talk for test in tests])


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.data())
def test_hidden(data: st.DataObject) -> None:
    """Nothing that was planted is found again, with its signs or without them."""
    whose = data.draw(people())
    written = asyncio.run(hold(whose, [data.draw(typed(whose)) for _ in range(6)]))
    found = plain(written).casefold()
    assert [word for word in whose.name if plain(word).casefold() in found] == []
    assert whose.number not in re.sub(r"(?<=\d)\D{1,3}(?=\d)", "", written)
    assert whose.mail not in found
