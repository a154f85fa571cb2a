"""`ask`: what it takes, suggestions, words that skip, patterns, media, what is sensitive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import re2  # type: ignore[import-untyped]

from botkit.answers.media import accepts, kinds_of
from botkit.answers.types import AnswerType
from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.pattern import Pattern
from botkit.flow.yaml_reader import read
from botkit.turn.effect import Forget, Note
from botkit.turn.event import Inbound
from botkit.turn.kinds import KINDS
from tests.flow.samples import told_of_steps
from tests.turn.samples import Talk, begun

PHOTO = {"id": "m1", "type": "image", "caption": "mi foto"}
PLACE = {"latitude": -16.5, "longitude": -68.15}


def asked(keys: str, rest: str = "") -> Talk:
    """Return a conversation that stands at an `ask` with these keys, which saves `x`."""
    return begun(f"  - {{ask: q, save: x, {keys}}}\n{rest}")


def send(found: Talk, **parts: Any) -> Any:
    """Send a message of any kind; return what the slot holds then, `wrong` for a wrong answer."""
    found.take(Inbound("wa", "message", "59170000001", **parts))
    return "wrong" if found.running else found.slots["x"]


def say(found: Talk, text: str) -> Any:
    """Write a text; return what the slot holds then, `wrong` for a wrong answer."""
    return send(found, text=text)


# ── types of message ──


@pytest.mark.parametrize(
    ("type_", "parts", "stored"),
    [
        ("location", {"location": PLACE}, {**PLACE, "name": None}),
        ("location", {"text": "Calle Sucre 7"}, None),
        ("location", {"media": PHOTO}, None),
        ("image", {"media": PHOTO}, {**PHOTO, "name": None, "url": None}),
        ("image", {"media": {"id": "1", "type": "image/jpeg"}}, {"id": "1", "type": "image/jpeg"}),
        ("image", {"media": {"id": "1", "type": "document", "name": "A.JPG"}}, {"id": "1", "name": "A.JPG"}),
        ("image", {"media": {"id": "1", "type": "document", "name": "a.pdf"}}, None),
        ("image", {"media": {"id": "1", "type": "sticker"}}, None),
        ("document", {"media": {"id": "1", "type": "document"}}, {"id": "1"}),
        ("document", {"media": {"id": "1", "type": "application/pdf"}}, {"id": "1"}),
        ("document", {"media": PHOTO}, None),
        ("audio", {"media": {"id": "1", "type": "voice"}}, {"id": "1"}),
        ("video", {"media": {"id": "1", "type": "video"}}, {"id": "1"}),
        ("media", {"media": {"id": "1", "type": "sticker"}}, {"id": "1"}),
        ("media", {"text": "no tengo"}, None),
        ("any", {"text": " hola "}, {"text": "hola", "media": None, "location": None}),
        ("any", {"location": PLACE}, {"text": None}),
        ("any", {"media": PHOTO}, {"text": None}),
        ("any", {"text": "  "}, None),
        ("text", {"media": PHOTO}, None),
        ("text", {"media": PHOTO, "text": "mi foto"}, None),
        ("integer", {"location": PLACE}, None),
    ],
)
def test_types_of_message(type_: str, parts: dict[str, Any], stored: Mapping[str, Any] | None) -> None:
    """A place, a medium of a kind, a medium, anything; a medium is no text, whatever its caption says."""
    value = send(asked(f"type: {type_}"), **parts)
    if stored is None:
        assert value == "wrong"
    else:
        assert {key: value[key] for key in stored} == stored


def test_shapes() -> None:
    """A medium has always the same keys, and so has what `any` stores."""
    value = send(asked("type: any"), media=PHOTO)
    assert set(value) == {"text", "media", "location"}
    assert set(value["media"]) == {"id", "type", "name", "caption", "url"}


@pytest.mark.parametrize(
    ("accept", "medium", "taken"),
    [
        ("[]", {"type": "image"}, True),
        ("[pdf]", {"type": "document", "name": "a.PDF"}, True),
        ("[.pdf]", {"type": "application/pdf"}, True),
        ("[pdf]", {"type": "document", "name": "a.docx"}, False),
        ("[pdf]", {"type": "document"}, True),
        ("[pdf]", {"type": "image"}, False),
        ("[jpg]", {"type": "image", "name": "a.jpeg"}, True),
        ("[png]", {"type": "image/jpeg"}, False),
        ("[image/png]", {"type": "image/png"}, True),
        ("[image/png]", {"type": "image", "name": "a.png"}, True),
        ("[image/png]", {"type": "image"}, True),
        ("['image/*']", {"type": "document", "name": "a.png"}, True),
        ("['image/*']", {"type": "application/pdf"}, False),
        ("[image]", {"type": "image"}, True),
        ("[image, pdf]", {"type": "audio"}, False),
        ("[dwg]", {"type": "document", "name": "plano.dwg"}, True),
        ("[dwg]", {"type": "document", "name": "plano.pdf"}, False),
    ],
)
def test_accept(accept: str, medium: dict[str, Any], taken: bool) -> None:
    """`accept` names extensions, kinds, MIME types and families; what is not told is not held against it."""
    value = send(asked(f"type: media, accept: {accept}"), media={"id": "1", **medium})
    assert (value != "wrong") is taken


def test_refused_media_in_any() -> None:
    """`accept` holds for the media of `any`, also beside a text."""
    assert send(asked("type: any, accept: [pdf]"), media=PHOTO, text="toma") == "wrong"


@pytest.mark.parametrize("type_", ["image/jpeg; q=1", "", "IMAGE", "x/y"])
def test_odd_types(type_: str) -> None:
    """Whatever a gateway writes is read or is no kind; nothing is raised."""
    assert kinds_of({"type": type_}) <= {"image", "document"}
    assert accepts(["image"], {"type": type_}) is ("image" in type_.lower())


# ── text ──


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u00a0"])
def test_blank_text(text: str) -> None:
    """Blank text is a wrong answer."""
    assert say(asked("type: text"), text) == "wrong"


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        (r"pattern: '^[A-Z]{3}-\d+$'", "ABC-12", "ABC-12"),
        (r"pattern: '^[A-Z]{3}-\d+$'", "abc-12", "wrong"),
        (r"pattern: '(?i)^[a-z]{3}-\d+$'", "ABC-12", "ABC-12"),
        (r"pattern: '\d{4}'", "es el 1234, creo", "es el 1234, creo"),
        (r"type: integer, pattern: '^\d+$'", "40", 40),
        (r"type: integer, pattern: '^\d+$'", "tengo 40", "wrong"),
        ("pattern: '^ñ'", "ñandú", "ñandú"),
    ],
)
def test_pattern(keys: str, text: str, value: Any) -> None:
    """A pattern is searched in the raw text, besides the type."""
    assert say(asked(keys), text) == value


def test_pattern_of_odd_text() -> None:
    """A text that is no sound Unicode is searched all the same."""
    assert Pattern("a", re2.compile("a")).search("\ud800a") == {}


def test_check_list() -> None:
    """The first condition that holds refuses, with its own words or the hint."""
    steps = "type: integer, invalid: h, check: [{if: answer > 9, say: '{{ answer }} es mucho'}, {if: answer == 7}]"
    found = asked(steps)
    assert [found.say("10"), found.say("7"), found.say("x")] == [["10 es mucho"], ["h"], ["h"]]
    assert say(found, "8") == 8


def test_save_expressions() -> None:
    """`save` may name slots and say what they take, over `value`."""
    found = begun("  - {ask: q, id: x, type: integer, save: {a: value * 2, contact.age: value}}\n")
    found.say("4")
    assert (found.slots, found.conversation.fields) == ({"a": 8}, {"age": 4})


# ── options ──


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("options: [La Paz, Cochabamba]", "la paz", "La Paz"),
        ("options: [La Paz, Cochabamba]", "2", "Cochabamba"),
        ("options: [La Paz, Cochabamba]", "Oruro", "Oruro"),
        ("options: [La Paz, Cochabamba]", "cochabambaa", "cochabambaa"),
        ("options: [La Paz, Cochabamba]", "la primera", "la primera"),
        ("options: [Sí, No]", "dale", "Sí"),
        ("options: [{label: La Paz, value: LP, words: [lapaz]}]", "lapaz", "LP"),
        ("options: [{label: La Paz, value: LP}]", "3", "3"),
        ("type: integer, options: ['5', '10']", "2", 2),
        ("type: integer, options: ['5', '10']", "10", 10),
        ("type: integer, options: [{label: Ninguno, value: 0}, '5']", "ninguno", 0),
        ("type: integer, options: [No sé]", "no se", "No sé"),
        ("type: integer, max: 9, options: [A, B]", "2", 2),
        ("type: yes_no, options: ['Sí', 'No']", "sí", True),
        ("type: image, options: [Sin foto]", "1", "Sin foto"),
        ("type: text, options: [{label: A, if: false}]", "1", "1"),
        ("type: text, options: [{from: '[]'}]", "1", "1"),
        ("type: text, options: [{from: \"['a', 'b']\"}, C]", "3", "C"),
    ],
)
def test_suggestions(keys: str, text: str, value: Any) -> None:
    """An option counts and so does any other valid answer; of its label the slot gets what the type reads in it."""
    assert say(asked(keys), text) == value


def test_suggestions_are_shown() -> None:
    """They go with the question as options; a tap gives the option's value."""
    found = asked("type: integer, options: ['5', {label: Muchos, value: 100}]")
    assert [option["title"] for option in found.sent[0].message["options"]] == ["5", "Muchos"]
    found.tap("Muchos")
    assert found.slots["x"] == 100


def test_suggestions_lead() -> None:
    """An option with a target goes there; any other answer goes on below."""
    steps = "  - {ask: q, save: x, options: [{Cancelar: fin}]}\n  - say: below\n"
    rest = "asides:\n  fin:\n    - say: fin\n"
    assert begun(steps, rest).say("cancelar") == ["fin"]
    assert begun(steps, rest).say("otra cosa") == ["below"]


@pytest.mark.parametrize(("text", "said"), [("nueve", ["no"]), ("9", ["no"]), ("sin", []), ("no sé", []), ("8", [])])
def test_checks_of_suggestions(text: str, said: list[str]) -> None:
    """`check` sees what the type reads and the values of options; a label that is no such answer is not tested."""
    options = "[{label: Nueve, value: 9}, {label: Sin, value: 0}, No sé]"
    found = asked(f"type: integer, options: {options}, check: {{if: answer == 9 or answer > 100, say: 'no'}}")
    assert found.say(text) == said


def test_old_tap() -> None:
    """A tap on an old menu is a wrong answer, with options of its own or without."""
    for keys in ("type: text", "options: [A]"):
        found = asked(keys)
        found.tap_id("0.0.9", "A", text=True)
        assert found.top.tries == 1


def test_pages_of_suggestions() -> None:
    """Over ten are paged, and turning a page is no answer."""
    found = asked(f"options: [{', '.join(f'd{number}' for number in range(12))}]")
    assert found.say("Ver más") == ["q"]
    assert [option["title"] for option in found.sent[0].message["options"]] == ["d9", "d10", "d11", "Volver al inicio"]
    assert found.top.tries == 0
    assert say(found, "1") == "d9"


def test_hint_over_suggestions() -> None:
    """After a wrong answer the hint stands alone, or over the options where `show: options` says so."""
    assert "options" not in shown_after("invalid: h")
    assert "options" in shown_after("invalid: {say: h, show: options}")
    assert "options" in shown_after("invalid: {say: h, show: question}")


def shown_after(invalid: str) -> dict[str, Any]:
    """Return the last message after a wrong answer to a question with an option."""
    found = asked(f"type: integer, options: ['5'], {invalid}")
    found.say("x")
    return found.sent[-1].message


# ── skip ──


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        ("skip: [no tengo, ninguno]", "No tengo.", None),
        ("skip: ninguno", "NINGUNO", None),
        ("skip: [no tengo]", "no tengo correo", "no tengo correo"),
        ("type: integer, skip: [nada]", "nada", None),
        ("type: integer, skip: [nada]", "algo", "wrong"),
        ("type: integer, skip: ['0']", "0", None),
        ("type: integer, skip: anything", "no sé", None),
        ("type: integer, skip: anything", "5", 5),
        ("type: integer, skip: anything", " ", "wrong"),
        ("type: image, skip: anything", "luego", None),
        ("skip: ['1'], options: [A]", "1", None),
        ("skip: [a], options: [{label: A, value: v}]", "a", "v"),
        ("type: integer, max: 3, skip: anything", "5", None),
        ("type: integer, skip: anything, check: {if: answer > 3}", "5", "wrong"),
    ],
)
def test_skip(keys: str, text: str, value: Any) -> None:
    """A skip word leaves the slot empty, before the type reads it; so does with `anything` what is no valid answer."""
    assert say(asked(keys), text) == value


def test_skip_keeps_media_out() -> None:
    """A medium that `accept` refuses stays wrong, whatever may be skipped; so does one at a question for text."""
    assert send(asked("type: document, accept: [pdf], skip: anything"), media=PHOTO) == "wrong"
    assert send(asked("type: integer, skip: anything"), media=PHOTO) == "wrong"
    assert send(asked("type: document, skip: [mi foto]"), media=PHOTO, text="mi foto") == "wrong"


def test_skip_empties_the_slot() -> None:
    """What the slot held before goes."""
    found = begun("  - set: {x: 1}\n  - {ask: q, save: x, skip: [no]}\n")
    assert say(found, "no") is None


# ── sensitive ──


def test_sensitive() -> None:
    """The answer stands in the slot alone: nothing of the message is kept, right or wrong."""
    found = asked("type: integer, sensitive: true", "  - {ask: r, id: y}\n")
    for text in ("secreto", "1234"):
        found.say(text)
        assert Forget() in found.effects
        assert found.conversation.last["message"]["text"] is None
    assert found.slots == {"x": 1234}
    found.say("hola")
    assert Forget() not in found.effects


@pytest.mark.parametrize("keys", ["check: {if: 'answer + 1 > 3'}", "check: {if: answer | date}", "min: '{{ x }}'"])
def test_sensitive_errors(keys: str) -> None:
    """What goes wrong while a sensitive answer is checked or stored is told without it."""
    found = begun(f"  - set: {{x: hunter}}\n  - {{ask: q, save: x, sensitive: true, {keys}}}\n")
    assert found.say("hunter2") == ["error"]
    [note] = [effect for effect in found.effects if isinstance(effect, Note)]
    assert "hunter" not in str(note)


def test_no_words_in_the_log() -> None:
    """Nor does any other failure tell the log what a person wrote."""
    found = asked("type: text", '  - say: "{{ x | date }}"\n')
    assert found.say("hunter2") == ["error"]
    [note] = [effect for effect in found.effects if isinstance(effect, Note)]
    assert "hunter" not in str(note)


# ── own types ──


def own(reader: Any, type_: str = "ci", then: str = "{{ x }}") -> Talk:
    """Return a conversation that stands at a question of an own type, before a step that sets `y`."""
    types = {"ci": AnswerType("ci", "an identity card", reader)}
    text = f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {{ask: q, save: x, type: {type_}}}\n"
    text += f'  - set: {{y: "{then}"}}\n---\n'
    text += "flow: error\nsteps: [{say: error}]\n"
    flows = load([read(text, "a.yaml")], [], BotInfo(), {}, KINDS, answer_types=types).flows
    assert flows is not None
    found = Talk(flows)
    found.say("go")
    return found


def test_own_type() -> None:
    """A type of the bot's own reads the text."""
    found = own(lambda text, context: text[::-1] if text.isdigit() else None)
    assert say(found, "x") == "wrong"
    assert say(found, "123") == "321"


def nested(depth: int) -> Any:
    """Return lists in lists."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


BROKEN = [
    ZeroDivisionError("12345"),
    SystemExit(3),
    KeyboardInterrupt(),
    {1, 2},
    {1: 2},
    nested(2_000),
    "\ud800",
    2**70,
]


@pytest.mark.parametrize("value", BROKEN, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("read_by", ["ask", "filter"])
def test_own_type_that_fails(value: Any, read_by: str) -> None:
    """One that raises, or gives what no store keeps, goes to `error`; the log tells the place and not the text."""

    def reader(text: str, context: object) -> Any:
        if isinstance(value, BaseException):
            raise value
        return value

    found = own(reader, "ci" if read_by == "ask" else "text", "{{ x | read('ci') }}")
    assert found.say("12345") == ["error"]
    [note] = [effect for effect in found.effects if isinstance(effect, Note)]
    assert note.fields["place"] == ("a.yaml:4:5" if read_by == "ask" else "a.yaml:5:22")
    assert "12345" not in str(note)


def test_own_type_that_gives_a_date() -> None:
    """A date that one returns is kept as ISO text, like a handler's."""
    found = own(lambda text, context: date(2026, 5, 12))
    found.say("12 de mayo")
    assert found.ended.slots == {"x": "2026-05-12", "y": "2026-05-12"}


# ── mistakes ──


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("type: fecha", "not-a-choice"),
        ("type: image, min: 3", "bound-without-measure"),
        ("pattern: '('", "bad-pattern"),
        ("pattern: 'a(?=b)'", "bad-pattern"),
        ("type: image, pattern: a", "key-without-use"),
        ("accept: [pdf]", "key-without-use"),
        ("type: location, accept: [pdf]", "key-without-use"),
        ("type: image, accept: [una foto]", "wrong-type"),
        ("sensitive: sí", "not-a-choice"),
        ("sensitive: true, save: contact.pin", "sensitive-contact"),
        ("sensitive: true, save: {a: value, contact.pin: value}", "sensitive-contact"),
        ("invalid: {say: h, show: options}", "not-a-choice"),
        ("skip: [[a]]", "wrong-type"),
        ("options: {A: nada}", "unknown-target"),
        ("options: []", "no-options"),
        ("save: {a: answer.x}", "name-elsewhere"),
    ],
)
def test_mistakes(keys: str, problem: str) -> None:
    """What is wrong with a question is told."""
    assert [found.partition(" ")[2] for found in told_of_steps(f"  - {{ask: q, id: x, {keys}}}\n")][:1] == [problem]
