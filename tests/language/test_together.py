"""`together`: messages that come close together are one answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from botkit.turn.effect import CLASSES, Forget
from botkit.turn.event import Due, Inbound
from botkit.turn.gather import MAX_MESSAGES
from tests.flow.samples import told_of_steps
from tests.turn.samples import Talk, begun, talk

#: A turn of `Talk` takes a second.
WAIT = 5.0


def asked(keys: str = "", rest: str = "") -> Talk:
    """Return a conversation at a question that joins what comes within 5 s."""
    return begun(f'  - {{ask: q, save: x, together: 5s{keys}}}\n  - say: "{{{{ x }}}}|{{{{ message.text }}}}"\n', rest)


def test_joined() -> None:
    """What comes within the time of one another is one text, a line each; nothing is said before."""
    found = asked()
    assert [found.say(text) for text in ("hola", "quiero", "un turno")] == [[], [], []]
    assert found.wait(WAIT - 1) == []
    assert found.wait(1) == ["hola\nquiero\nun turno|hola\nquiero\nun turno"]
    assert not found.running
    assert found.timers == {}


def test_a_reply_like_any_other() -> None:
    """What follows is an answer to the person: it goes as one, and no reminder."""
    found = asked()
    found.say("hola")
    found.wait(WAIT)
    assert {send.rank for send in found.sent} == {CLASSES["interactive"]}


def test_each_starts_the_time_anew() -> None:
    """The time counts from the last message."""
    found = asked()
    for text in "abc":
        assert found.say(text) == []
        assert found.wait(WAIT - 2) == []
    assert found.wait(2) == ["a\nb\nc|a\nb\nc"]


def test_enough_is_enough() -> None:
    """Somebody who never stops is answered all the same."""
    found = asked()
    said = [found.say("a") for _ in range(MAX_MESSAGES)]
    assert said[:-1] == [[]] * (MAX_MESSAGES - 1)
    assert len(said[-1]) == 1


@pytest.mark.parametrize("answer", [Talk.tap, Talk.say])
def test_a_tap_never_waits(answer: Callable[[Talk, str], list[str]]) -> None:
    """A tap, or a text that is exactly an option, is the answer at once; what came before it is let go."""
    found = asked(", options: [Sí, No]")
    assert found.say("bueno") == []
    assert answer(found, "Sí")[0].startswith("Sí|")
    assert found.timers == {}


def test_what_does_not_wait() -> None:
    """`anywhere` words and commands are no part of an answer."""
    found = talk(
        "flow: f\nstart: {words: [go]}\nanywhere: {humano: aparte}\nsteps:\n"
        "  - {ask: q, save: x, together: 5s, invalid: h}\nasides: {aparte: [{say: voy}]}\n"
    )
    found.say("go")
    found.say("hola")
    assert found.say("/nada") == ["h"]
    assert found.say("humano") == ["voy"]
    assert found.timers == {}


def test_a_wrong_answer() -> None:
    """The whole is wrong or right: one hint for it, and one try."""
    found = asked(", type: integer, invalid: h")
    found.say("son")
    found.say("muchos")
    assert found.wait(WAIT) == ["h"]
    assert found.top.tries == 1
    found.say("son")
    found.say("7")
    assert found.wait(WAIT)[0].startswith("7|")


def test_media_with_words() -> None:
    """A photo and the text behind it are one answer of type `any`."""
    found = begun("  - {ask: q, save: x, type: any, together: 5s}\n  - say: '{{ x.text }} {{ x.media.id }}'\n")
    assert found.take(Inbound("wa", "message", "59170000001", media={"id": "m1", "type": "image"})) == []
    assert found.say("esta es") == []
    assert found.wait(WAIT) == ["esta es m1"]


def test_sensitive() -> None:
    """Each part is forgotten where it came in, and the whole with its question."""
    found = asked(", sensitive: true")
    found.say("1234")
    assert any(isinstance(effect, Forget) for effect in found.effects)
    assert found.conversation.last["message"]["text"] is None
    assert found.wait(WAIT) == ["1234|"]
    assert "1234" not in str(found.conversation)


def test_a_stale_clock() -> None:
    """A clock of a question that is answered already does nothing."""
    found = asked(", options: [Sí, No]", "  - {ask: r, id: r}\n")
    found.say("bueno")
    found.tap("Sí")
    assert found.take(Due("together/0", "together")) == []
    assert found.top.step == "r"


def test_silence_goes_on() -> None:
    """The question's own silence counts from the last message as ever."""
    found = asked(", silence: {after: 1m, say: ¿Sigues?}, type: integer, invalid: h")
    found.say("hola")
    assert found.wait(WAIT) == ["h"]
    assert found.wait(60) == ["¿Sigues?"]


@pytest.mark.parametrize("value", ["2", "dos", "-1s"])
def test_a_bad_time(value: str) -> None:
    """It takes a duration."""
    assert told_of_steps(f"  - {{ask: q, id: x, together: {value}}}\n") == ["3:31 bad-duration"]
