"""The loop guard: what is fresh, what is muted, what parks a conversation, and how it comes back."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botkit.turn.conversation import dump_state
from botkit.turn.effect import Mute, Note
from botkit.turn.event import Inbound, Named, Release, Tap, Told
from botkit.turn.guard import PARKED_S
from botkit.turn.handover import LOOP
from botkit.turn.loops import HEARD, MEMORY_S, NOTHING, REQUESTS, SAYINGS, WITHIN_S, Loop, goes_round, hear, say
from tests.turn.samples import Talk, talk

NOW = 1_750_000_000.0
#: A bot that does not understand, and one whose answers are always others.
DEAF = "flow: f\nstart: {any: true}\nsteps: [{say: No te entendí}]\n"
COUNTS = """
flow: f
start: {any: true}
steps:
  - set: {contact.n: "{{ (contact.n or 0) + 1 }}"}
  - say: "Mensaje {{ contact.n }}"
"""
#: A flow that goes round by itself.
CLOCK = """
flow: f
start: {words: [go]}
steps:
  - id: otra
    set: {contact.n: "{{ (contact.n or 0) + 1 }}"}
  - say: "Vuelta {{ contact.n }}"
  - wait: 1s
  - goto: otra
"""
MENU = """
flow: f
start: {words: [go]}
steps:
  - choose: ¿Qué quieres?
    id: menu
    options: {Pan: pan, Agua: agua}
asides:
  pan: [{say: Pan}, {goto: menu}]
  agua: [{say: Agua}, {goto: menu}]
"""


# ── the decision ──


def heard(*texts: str, every_s: float = 1.0) -> Loop:
    """Return what is remembered after some texts, none of them on offer."""
    loop = NOTHING
    for number, text in enumerate(texts):
        loop = hear(loop, text, NOW + number * every_s, False, lambda: False)
    return loop


@pytest.mark.parametrize(
    ("texts", "is_fresh"),
    [
        (("hola",), True),
        (("hola", "hola"), False),
        (("hola", "HOLA "), False),
        (("hola", "holas"), True),
        (("hola", "b", "c", "d", "e", "hola"), False),
        (("hola", "b", "c", "d", "e", "f", "hola"), True),
        (("hola", "hola", "b"), True),
        (("hola", "hola", "b", "hola"), False),
    ],
)
def test_fresh_text(texts: tuple[str, ...], is_fresh: bool) -> None:
    """A text is fresh that is not among the last five."""
    assert heard(*texts).fresh is is_fresh


@pytest.mark.parametrize(
    ("surely", "offered", "is_fresh"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_fresh_otherwise(surely: bool, offered: bool, is_fresh: bool) -> None:
    """A tap, media and what is on offer are fresh, whatever was written before."""
    assert hear(heard("sí"), "sí", NOW + 1, surely, lambda: offered).fresh is is_fresh


def test_without_words() -> None:
    """What has no words is fresh."""
    assert hear(heard("a"), None, NOW, False, lambda: False).fresh


def test_forgotten() -> None:
    """A text is fresh again after an hour: who writes `hola` each morning repeats nothing."""
    assert heard("hola", "hola", every_s=MEMORY_S - 1).fresh is False
    assert heard("hola", "hola", every_s=MEMORY_S).fresh is True


def test_clock_set_back() -> None:
    """What a clock noted that ran ahead is of no time: it neither repeats, nor mutes, nor parks."""
    ahead = NOW + MEMORY_S
    loop = hear(NOTHING, "hola", ahead, False, lambda: False)
    assert hear(loop, "hola", NOW, False, lambda: False).fresh
    for _ in range(REQUESTS):
        loop, _ = say(loop._replace(fresh=False), ["a"] * (len(loop.said) < SAYINGS), ahead)
    assert not say(loop, ["a"], NOW)[1]
    assert not goes_round(loop._replace(requests=[int(ahead)] * REQUESTS), NOW)


def test_fourth_is_muted() -> None:
    """The fourth turn that says a text is muted, and so are those after it; another text is not."""
    loop, last = NOTHING, list[list[int]]()
    for number in range(6):
        loop, muted = say(loop, ["No te entendí", f"otro {number}"], NOW + number)
        last.append(list(muted))
    assert last == [[]] * SAYINGS + [[0]] * 3


def test_once_a_turn() -> None:
    """However often one turn says a text, it counts once."""
    loop, muted = say(NOTHING, ["–"] * 9, NOW)
    assert not muted
    assert not say(loop, ["–"], NOW)[1]


def test_sayings_age() -> None:
    """What was said over an hour ago does not count: a reminder that nobody answers is said each day."""
    loop = NOTHING
    for hour in range(10):
        loop, muted = say(loop, ["Toma tu pastilla"], NOW + hour * MEMORY_S / 3)
        assert not muted


def test_fresh_forgives() -> None:
    """A fresh message begins the count anew."""
    loop = NOTHING
    for _ in range(SAYINGS):
        loop, _ = say(loop, ["a"], NOW)
    loop = hear(loop, "algo nuevo", NOW, False, lambda: False)
    assert not say(loop, ["a"], NOW)[1]


@pytest.mark.parametrize(
    ("count", "every_s", "rounds"), [(19, 1.0, False), (20, 1.0, True), (40, 3.2, False), (40, 3.0, True)]
)
def test_goes_round(count: int, every_s: float, rounds: bool) -> None:
    """Twenty requests within a minute are the most."""
    loop = NOTHING
    for number in range(count):
        loop, _ = say(loop, [f"otro {number}"], NOW + number * every_s)
    assert goes_round(loop, NOW + (count - 1) * every_s + 0.5) is rounds


def test_a_catalogue_is_one() -> None:
    """What a fresh message brings counts as one request, however much it is."""
    loop = hear(NOTHING, "catálogo", NOW, False, lambda: False)
    loop, muted = say(loop, [f"producto {number}" for number in range(60)], NOW)
    assert (list(muted), loop.requests) == ([], [int(NOW)])


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40), st.booleans()), max_size=120))
def test_any_talk(events: list[tuple[str, int, bool]]) -> None:
    """Whatever comes: what is kept is bounded and JSON, fresh begins anew, and nobody who is fresh is stopped."""
    loop, now = NOTHING, NOW
    for text, pause_s, surely in events:
        now += pause_s
        loop = hear(loop, text, now, surely, lambda: False)
        assert not (loop.fresh and goes_round(loop, now))
        said = 0 if goes_round(loop, now) else 2
        loop, muted = say(loop, [text, f"{text}{now}"][:said], now)
        assert not (loop.fresh and muted)
        assert Loop(**orjson.loads(orjson.dumps(loop._asdict()))) == loop
    assert len(loop.heard) <= 2 * HEARD
    assert len(loop.requests) <= REQUESTS
    assert len(orjson.dumps(list(loop))) < 2000


# ── in a conversation ──


def parked(found: Talk) -> bool:
    """Tell whether the conversation is parked."""
    return found.conversation.handoff is not None and found.conversation.handoff.to == LOOP


def round_and_round(found: Talk, turns: int, every_s: float = 0.0) -> list[list[str]]:
    """Let another bot write the same again and again; return what each turn said."""
    said = []
    for _ in range(turns):
        said.append(found.say("Gracias por su mensaje"))
        found.now += every_s
    return said


def test_two_bots() -> None:
    """A bot that repeats itself is answered three times, and then in silence."""
    found = talk(DEAF)
    assert round_and_round(found, 6) == [["No te entendí"]] * 3 + [[]] * 3
    assert [type(each) for each in found.effects if isinstance(each, (Mute, Note))] == [Mute, Note]


def test_answers_that_differ() -> None:
    """Where each answer is another one, twenty within a minute are the last; then people have the conversation."""
    found = talk(COUNTS)
    said = round_and_round(found, 25)
    assert said == [[f"Mensaje {number}"] for number in range(1, 21)] + [[]] * 5
    assert parked(found)


def test_slow_bots() -> None:
    """Whoever answers every four seconds is no loop that needs stopping."""
    found = talk(COUNTS)
    assert all(round_and_round(found, 40, every_s=3.0))
    assert not parked(found)


def test_a_fast_typist() -> None:
    """A person who types fast is never parked: no text is the one before."""
    found = talk(COUNTS)
    assert all(found.say(f"mensaje {number}") for number in range(100))


def test_a_fast_tapper() -> None:
    """Whoever chooses from a menu, by tap, label or number, is never muted."""
    found = talk(MENU)
    found.say("go")
    for _ in range(10):
        assert found.say("Pan") == ["Pan", "¿Qué quieres?"]
        assert found.say("1") == ["Pan", "¿Qué quieres?"]
        assert found.tap("Agua") == ["Agua", "¿Qué quieres?"]


def test_a_flow_that_goes_round() -> None:
    """A flow that says something each second is stopped after twenty, and its clock stands still."""
    found = talk(CLOCK)
    found.say("go")
    said = found.wait(120)
    assert 19 <= len(said) <= 20
    assert parked(found)
    assert set(found.timers) == {"handoff"}


def test_back_by_a_fresh_message() -> None:
    """The next new text takes the conversation back, and is answered as ever."""
    found = talk(COUNTS)
    round_and_round(found, 25)
    assert found.say("¿Hay alguien?") == ["Mensaje 21"]
    assert not parked(found)
    assert found.say("Gracias por su mensaje") == ["Mensaje 22"]


def test_clocks_go_on() -> None:
    """A flow's clock that stood still while it was parked goes on when the person writes."""
    found = talk(CLOCK)
    found.say("go")
    found.wait(120)
    found.say("hola")
    assert found.wait(2)[:1] == ["Vuelta 21"]


def test_back_by_hand() -> None:
    """Who runs the bot can give it back, and the count begins anew."""
    found = talk(COUNTS)
    round_and_round(found, 25)
    found.take(Release())
    assert not parked(found)
    assert len([said for said in round_and_round(found, 25) if said]) == REQUESTS


def test_back_after_a_day() -> None:
    """Nobody need do anything: after a day it is over."""
    found = talk(COUNTS)
    round_and_round(found, 25)
    found.wait(PARKED_S)
    assert not parked(found)


def test_business_is_heard() -> None:
    """What the business says is sent to a parked contact, and never counts; events wait until it is back."""
    found = talk(COUNTS)
    for number in range(30):
        assert found.take(Told("Hola")) == ["Hola"], number
    assert not parked(found)
    round_and_round(found, 25)
    assert found.take(Told("Hola")) == ["Hola"]
    found.take(Named("pago"))
    assert len(found.conversation.held) == 1


def test_alert() -> None:
    """Parking is noted once, as an error."""
    found = talk(COUNTS)
    notes = []
    for _ in range(25):
        found.say("Gracias por su mensaje")
        notes += [each for each in found.effects if isinstance(each, Note) and each.event == "conversation_parked"]
    assert [(note.level, note.fields) for note in notes] == [("error", {"requests": 20, "within_s": WITHIN_S})]


def test_nothing_of_a_secret() -> None:
    """Of the answer to a sensitive step not even a checksum is kept."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps: [{ask: q, save: x, sensitive: true}, {ask: p, save: y}]\n")
    found.say("go")
    before = dump_state(found.conversation)["loop"][0]
    found.say("4711")
    assert dump_state(found.conversation)["loop"][0] == before


def test_media_and_taps() -> None:
    """Media, places and taps are fresh each time."""
    found = talk(COUNTS)
    photo = {"type": "image", "id": "1"}
    events = [
        Inbound("wa", "message", "5", media=photo),
        Inbound("wa", "message", "5", text="foto", media=photo),
        Inbound("wa", "message", "5", location={"latitude": 1.0, "longitude": 2.0}),
        Inbound("wa", "message", "5", text="Sí", choice=Tap("x", "Sí")),
    ]
    for event in events:
        assert all(found.take(event) for _ in range(30))
