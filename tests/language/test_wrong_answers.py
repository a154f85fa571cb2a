"""A wrong answer: hints, what is shown with them, how many tries there are and where they lead."""

from __future__ import annotations

import pytest

from botkit.turn.conversation import Conversation
from botkit.turn.event import Inbound
from tests.flow.samples import told_of_steps
from tests.turn.samples import Talk, begun, texts

FIN = "asides:\n  fin:\n    - say: bye\n"


def asked(invalid: str, more: str = "") -> Talk:
    """Return a conversation that stands at a question for a whole number."""
    rest = FIN if "fin" in invalid else ""
    return begun(f"  - ask: q\n    save: x\n    type: integer\n{more}    {invalid}\n", rest)


def chosen(invalid: str) -> Talk:
    """Return a conversation that stands at a menu."""
    rest = FIN if "fin" in invalid else ""
    return begun(f"  - choose: q\n    save: x\n    options: [A, B]\n    {invalid}\n", rest)


# ── forms ──


@pytest.mark.parametrize(
    ("invalid", "said"),
    [
        ("footer: f", ["q", "q", "q"]),
        ("invalid: h", ["h", "h", "h"]),
        ("invalid: {es: h, en: i}", ["h", "h", "h"]),
        ('invalid: ["h1", "h2"]', ["h1", "h2", "h2"]),
        ("invalid: ignore", ["", "", ""]),
        ("invalid: {say: h}", ["h", "h", "h"]),
        ('invalid: {say: ["h1", "h2"]}', ["h1", "h2", "h2"]),
        ("invalid: {say: {es: h, en: i}}", ["h", "h", "h"]),
        ("invalid: {say: h, tries: forever}", ["h", "h", "h"]),
        ("invalid: {say: h, tries: 3, then: fin}", ["h", "h", "bye"]),
        ("invalid: {tries: 2, then: fin}", ["q", "bye", "unknown"]),
        ("invalid: {say: h, tries: 2, then: [{say: list}]}", ["h", "list", "unknown"]),
        ("invalid: {tries: 1, then: end}", ["", "unknown", "unknown"]),
    ],
)
def test_forms(invalid: str, said: list[str]) -> None:
    """A text, a list of hints that escalate, `ignore`, or `{say, show, tries, then}`; without a hint the question."""
    found = asked(invalid)
    assert [" ".join(found.say("x")) for _ in range(3)] == said


def test_in_the_contacts_language() -> None:
    """A hint is said in the contact's language."""
    known = asked("invalid: {es: h, en: i}").flows
    found = Talk(known, Conversation("c9", "wa", "591", fields={"language": "en"}))
    found.say("go")
    assert found.say("x") == ["i"]


def test_question_in_a_hint() -> None:
    """`question` is the words of the question, without its header and footer."""
    found = begun(
        '  - ask: ["a", {text: b}, {image: https://x.bo/a.png}]\n'
        '    id: x\n    type: integer\n    header: h\n    invalid: "¿{{ question }}?"\n'
    )
    assert found.say("x") == ["¿a\nb?"]


def test_no_answer_in_a_hint() -> None:
    """`answer` is known to `check` and what it says, not to hints."""
    problems = told_of_steps('  - {ask: q, id: x, invalid: "{{ answer }}"}\n')
    assert len(problems) == 1


def test_media_as_a_hint() -> None:
    """A hint may be a medium; over options its words stand with these."""
    found = chosen("invalid: [{image: https://x.bo/a.png, caption: Así}]")
    found.say("x")
    assert [(each.message["type"], each.message.get("text")) for each in found.sent] == [
        ("image", None),
        ("choices", "Así"),
    ]


# ── what is shown ──


@pytest.mark.parametrize(
    ("invalid", "said", "options"),
    [
        ("invalid: h", ["h"], True),
        ("invalid: {say: h, show: options}", ["h"], True),
        ("invalid: {say: h, show: question}", ["h", "q"], True),
        ("invalid: {say: h, show: nothing}", ["h"], False),
        ("invalid: {show: nothing}", ["q"], True),
        ("footer: f", ["q"], True),
    ],
)
def test_show_of_choose(invalid: str, said: list[str], options: bool) -> None:
    """By default the hint stands over the same options; without a hint the question comes again."""
    found = chosen(invalid)
    before = [option["id"] for option in found.top.shown]
    assert found.say("x") == said
    assert ("options" in found.sent[-1].message) is options
    assert [option["id"] for option in found.top.shown] == before


@pytest.mark.parametrize(
    ("invalid", "said"),
    [
        ("invalid: h", ["h"]),
        ("invalid: {say: h, show: nothing}", ["h"]),
        ("invalid: {say: h, show: question}", ["h", "q"]),
        ("invalid: {show: question}", ["q"]),
    ],
)
def test_show_of_ask(invalid: str, said: list[str]) -> None:
    """By default the hint stands alone; the hint comes first, then what `show` says."""
    assert asked(invalid).say("x") == said


# ── tries ──


@pytest.mark.parametrize("wrong", ["x", "10", "  ", "medium", "tap"])
def test_what_counts(wrong: str) -> None:
    """A text of another kind, a refused `check`, blank text, a medium and an old tap each use up a try."""
    found = asked("invalid: {say: h, tries: 2, then: fin}", "    check: {if: answer > 9, say: much}\n")
    for _ in range(2):
        if wrong == "medium":
            found.take(Inbound("wa", "message", "59170000001", media={"id": "1", "type": "image"}))
        elif wrong == "tap":
            found.tap_id("0.0.9", "5")
        else:
            found.say(wrong)
    assert texts(found) == ["bye"]


def test_the_last_wrong_answer_has_no_hint() -> None:
    """With `tries: 3` the third wrong answer goes to `then` at once, also when a `check` would say something."""
    found = asked("invalid: {say: h, tries: 3, then: fin}", "    check: {if: answer > 9, say: much}\n")
    assert [found.say("10"), found.say("x"), found.say("10")] == [["much"], ["h"], ["bye"]]


def test_checks_and_hints_count_together() -> None:
    """A refused `check` without words of its own takes the next hint."""
    found = asked('invalid: ["h1", "h2"]', "    check: {if: answer > 9}\n")
    assert [found.say("x"), found.say("10")] == [["h1"], ["h2"]]


def test_ignored_answers() -> None:
    """What is ignored gets no word; a `check` that has words still says them."""
    found = asked("invalid: ignore", "    check: [{if: answer > 9, say: much}, {if: answer == 7}]\n")
    assert [found.say("x"), found.say("10"), found.say("7"), found.say("5")] == [[], ["much"], [], []]
    assert found.slots["x"] == 5


@pytest.mark.parametrize(
    ("steps", "way"),
    [
        ("  - {ask: q, id: x, type: integer, invalid: {tries: 2, then: x}}\n", ["a", "a", "a"]),
        ("  - {ask: q, id: x, type: integer, invalid: {tries: 2, then: end}}\n  - goto: x\n", ["a", "1", "a"]),
        ("  - {choose: q, id: x, options: [{Otra: x}], invalid: {tries: 2, then: end}}\n", ["a", "otra", "a"]),
    ],
)
def test_tries_begin_anew(steps: str, way: list[str]) -> None:
    """They count from when the step was entered, also where a jump leads back to it."""
    found = begun(steps)
    for text in way:
        found.say(text)
    assert (found.running, found.top.tries) == (True, 1)


def test_tries_survive() -> None:
    """They are kept with the conversation."""
    found = asked("invalid: {tries: 2, then: fin}")
    found.say("x")
    again = Talk(found.flows, found.conversation)
    assert again.say("x") == ["bye"]


def test_a_right_answer_after_wrong_ones() -> None:
    """Wrong answers leave nothing behind in the slot."""
    found = asked("invalid: {tries: 3, then: fin}")
    found.say("x")
    found.say("5")
    assert found.slots == {"x": 5}


# ── mistakes ──


@pytest.mark.parametrize(
    ("invalid", "problem"),
    [
        ("{tries: 2}", "builtin-off"),
        ("{say: h, then: end}", "missing-key"),
        ("{tries: 0, then: end}", "wrong-type"),
        ("{tries: mucho, then: end}", "wrong-type"),
        ("{tries: 2, then: nada}", "unknown-target"),
        ("{say: h, show: opciones}", "not-a-choice"),
        ("{hint: h}", "unknown-key"),
        ("[Escribe un día, por favor.]", "text-in-brackets"),
    ],
)
def test_mistakes(invalid: str, problem: str) -> None:
    """What is wrong with `invalid` is told."""
    steps = f"  - ask: q\n    id: x\n    invalid: {invalid}\n"
    assert [found.partition(" ")[2] for found in told_of_steps(steps)][:1] == [problem]


def test_forever_over_a_way_out() -> None:
    """`tries: forever` beside `then` is what remains of a default, and no mistake."""
    assert told_of_steps("  - ask: q\n    id: x\n    invalid: {tries: forever, then: end}\n") == []
