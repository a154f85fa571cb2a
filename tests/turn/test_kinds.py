"""What each kind of step does in a turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from botkit.turn.effect import CLASSES
from botkit.turn.event import CallResult
from botkit.turn.step import MAX_STEPS
from tests.flow.samples import at, loading
from tests.turn.samples import EMPTY, NOW, Talk, begun, talk, texts


def test_say() -> None:
    """`say` sends its bubbles in order, trimmed; one whose `if` is false or whose text is empty is left out."""
    found = begun("""  - set: {nada: }
  - say:
      - "  Uno  "
      - {text: Dos, if: false}
      - "{{ nada }}"
      - |
        Tres
        {% if true %}
        y cuatro
        {% endif %}
      - {text: Cinco, if: true}
""")
    assert texts(found) == ["Uno", "Tres\ny cuatro", "Cinco"]
    assert {(send.flow, send.step, send.place, send.rank, send.lane) for send in found.sent} == {
        ("f", "say_1", "a.yaml:5:5", CLASSES["interactive"], "talk")
    }
    assert (found.running, found.outcome) == (False, "done")


def test_say_too_long() -> None:
    """A text over WhatsApp's limit goes to `error`."""
    assert texts(begun(f"  - say: {'x' * 4096}\n")) == ["x" * 4096]
    assert texts(begun(f"  - say: {'x' * 4097}\n")) == ["error"]


def test_ask() -> None:
    """`ask` waits; its answer is trimmed and stored; blank text, media and old taps are wrong answers."""
    found = begun(
        "  - {ask: ¿Nombre?, save: nombre}\n  - say: Hola {{ nombre }}\n".replace("H", '"H').replace("}}\n", '}}"\n')
    )
    assert texts(found) == ["¿Nombre?"]
    assert found.say("  ") == ["¿Nombre?"]
    assert found.tap_id("0.1.2", "Ana", text=True) == ["¿Nombre?"]
    assert found.say("  Ana \n") == ["Hola Ana"]
    assert found.slots == {"nombre": "Ana"}


@pytest.mark.parametrize(
    ("keys", "answer", "value"),
    [
        ("type: integer", "tengo 40 años", 40),
        ("type: integer", "1-15", None),
        ("type: integer, min: 1, max: 20", "20", 20),
        ("type: integer, min: 1, max: 20", "21", None),
        ("type: integer, min: 1, max: 20", "0", None),
        ("type: integer, min: -3", "-3", -3),
        ("type: yes_no", "dale", True),
        ("type: yes_no", "no, gracias", False),
        ("type: yes_no", "tal vez", None),
        ("min: 3", "ab", None),
        ("min: 3, max: 4", "abcd", "abcd"),
        ("max: 4", "abcde", None),
        ("type: text", "5", "5"),
        ("check: {if: answer == 'x'}", "x", None),
        ("check: [{if: answer | length > 3}, {if: answer == 'a'}]", "a", None),
    ],
)
def test_answer_types(keys: str, answer: str, value: object) -> None:
    """An answer is read by its type, and counts within `min` and `max` if no `check` refuses it."""
    found = begun(f"  - {{ask: q, save: x, {keys}}}\n")
    said = found.say(answer)
    assert (said, found.running) == (["q"], True) if value is None else ([], False)
    assert found.slots.get("x") == value


HINTS = """  - ask: q
    save: x
    type: integer
    check: {if: answer > 9, say: too much}
"""


@pytest.mark.parametrize(
    ("invalid", "said"),
    [
        ("", [["q"], ["q"], ["too much"]]),
        ("invalid: h", [["h"], ["h"], ["too much"]]),
        ("invalid: {es: h, en: i}", [["h"], ["h"], ["too much"]]),
        ('invalid: ["h1", "h2"]', [["h1"], ["h2"], ["too much"]]),
        ('invalid: ["h1", {text: h2, if: false}]', [["h1"], ["q"], ["too much"]]),
        ("invalid: ignore", [[], [], ["too much"]]),
        ("invalid: {say: h, show: question}", [["h", "q"], ["h", "q"], ["too much", "q"]]),
        ("invalid: {say: h, show: nothing}", [["h"], ["h"], ["too much"]]),
        ("invalid: {say: h, tries: forever}", [["h"], ["h"], ["too much"]]),
        ("invalid: {say: h, tries: 3, then: fin}", [["h"], ["h"], ["bye"]]),
        ("invalid: {tries: 1, then: fin}", [["bye"], ["unknown"], ["unknown"]]),
    ],
)
def test_wrong_answers(invalid: str, said: list[list[str]]) -> None:
    """Hints escalate and the last repeats; a refused `check` counts too, with its own words; then the tries are up."""
    fin = "asides:\n  fin:\n    - say: bye\n" if "fin" in invalid else ""
    found = begun(HINTS + (f"    {invalid}\n" if invalid else ""), fin)
    assert [found.say("a"), found.say("b"), found.say("10")] == said


def test_last_hint_repeats() -> None:
    """After the last hint it is said again and again."""
    found = begun('  - {ask: q, id: x, type: integer, invalid: ["h1", "h2"]}\n')
    assert [found.say("a") for _ in range(4)] == [["h1"], ["h2"], ["h2"], ["h2"]]


def test_tries_begin_anew() -> None:
    """The tries count from entering the step, not from the first time."""
    steps = "  - {ask: q, id: x, type: integer, invalid: {tries: 2, then: end}}\n  - goto: x\n"
    found = begun(steps)
    assert [found.say("a"), found.say("1"), found.say("a")] == [["q"], ["q"], ["q"]]
    assert found.say("a") == []
    assert not found.running


MENU = """  - choose: q
    id: c
    save: c
    options:
      - {label: Sí, value: 1}
      - {label: No, value: {a: [2]}}
      - {label: Tal vez, words: [quizás], then: fin}
      - {label: Nunca, if: false}
    invalid: {say: h}
  - say: "{{ c }} {{ c.value }}"
"""
FIN = "asides:\n  fin:\n    - say: bye\n"


def test_choose_shows() -> None:
    """`choose` sends its options under the question; what was shown is stored, each with an id of its own."""
    found = begun(MENU, FIN)
    message = found.sent[0].message
    assert (message["type"], message["text"]) == ("choices", "q")
    assert [option["title"] for option in message["options"]] == ["Sí", "No", "Tal vez"]
    assert [option["id"] for option in message["options"]] == [option["id"] for option in found.top.shown]
    assert len({option["id"] for option in found.top.shown}) == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("1", ["Sí 1"]),
        ("no", ['No {"a": [2]}']),
        ("QUIZAS", ["bye"]),
        ("tal ves", ["bye"]),
        ("el último", ["bye"]),
        ("dale", ["Sí 1"]),
        ("4", ["h"]),
        ("nunca", ['No {"a": [2]}']),
        ("hola", ["h"]),
    ],
)
def test_choose_text(answer: str, said: list[str]) -> None:
    """A text means one of the options on show, or is a wrong answer."""
    assert begun(MENU, FIN).say(answer) == said


@pytest.mark.parametrize("text", [True, False])
def test_choose_tap(text: bool) -> None:
    """A tap means the option whose id it has, whatever its title says."""
    assert begun(MENU, FIN).tap("Tal vez", text=text) == ["bye"]


def test_stale_tap() -> None:
    """A tap on an old menu is a wrong answer, although its title is on show; the same menu comes again."""
    found = begun(MENU, FIN)
    shown = found.top.shown
    assert found.tap_id("0.0.9", "Sí", text=True) == ["h"]
    assert found.top.shown == shown
    assert [option["id"] for option in found.sent[0].message["options"]] == [option["id"] for option in shown]


def test_menu_ids_differ() -> None:
    """The same menu shown twice is two menus."""
    found = begun("  - choose: q\n    id: c\n    options: {A: c, B: end}\n")
    first = found.top.shown
    found.tap("A")
    assert not {option["id"] for option in first} & {option["id"] for option in found.top.shown}
    assert found.tap_id(first[1]["id"], "B") == ["q"]


def test_choose_from() -> None:
    """Options come from a list: label, value and words are expressions over `item`; others may stand beside them."""
    found = begun("""  - set: {dias: [{n: lunes, id: a}, {n: martes, id: b, w: [ayer]}, {n: x, id: c}]}
  - choose: q
    save: dia
    options:
      - {from: dias, label: item.n | upper, value: item.id, words: item.w, if: item.id != 'c'}
      - Otro: dia
""")
    assert [option["label"] for option in found.top.shown] == ["LUNES", "MARTES", "Otro"]
    found.say("ayer")
    assert found.slots["dia"]["value"] == "b"
    assert found.ended.outcome == "done"


def test_choose_items() -> None:
    """By default an item is its own label and value, and the slot holds both."""
    found = begun("  - set: {l: [x, 5]}\n  - {choose: q, save: c, options: [{from: l}]}\n  - {record: [c]}\n")
    found.say("5")
    assert found.records == [{"c": 5}]


@pytest.mark.parametrize("value", ["", "[]"])
def test_choose_nothing(value: str) -> None:
    """A question without options goes to `error`."""
    assert texts(begun(f"  - set: {{l: {value}}}\n  - {{choose: q, id: c, options: [{{from: l}}]}}\n")) == ["error"]


@pytest.mark.parametrize("option", ["{from: l, label: item.b}", "{label: '{{ l[0].b }}'}"])
def test_choose_without_a_label(option: str) -> None:
    """An option whose label comes out empty goes to `error`: a gateway would refuse it, and nobody would hear."""
    steps = f"  - set: {{l: [{{a: 1}}]}}\n  - choose: q\n    id: c\n    options:\n      - {option}\n"
    assert texts(begun(steps)) == ["error"]


def test_choose_bubbles() -> None:
    """With several bubbles the options go with the last one shown."""
    found = begun('  - choose: ["a", {text: b, if: true}, {text: c, if: false}]\n    id: x\n    options: [A]\n')
    assert [(send.message["type"], send.message["text"]) for send in found.sent] == [("text", "a"), ("choices", "b")]


@pytest.mark.parametrize(("show", "said"), [("options", ["h"]), ("question", ["h", "q"]), ("nothing", ["h"])])
def test_choose_wrong(show: str, said: list[str]) -> None:
    """After a wrong answer the hint stands over the same options, before the question, or alone."""
    found = begun(f"  - choose: q\n    id: c\n    options: [A]\n    invalid: {{say: h, show: {show}}}\n")
    assert found.say("z") == said
    assert ("options" in found.sent[-1].message) == (show != "nothing")


def test_set() -> None:
    """`set` assigns from top to bottom; one expression keeps its type, a written value has its own."""
    found = begun("""  - set:
      a: 5
      b: "{{ a + 1 }}"
      c: "{{ b }} y {{ a }}"
      d: [1, "{{ a }}", {e: true, f: 007, g: "1"}]
      h: "{{ d[2].g }}"
      i: " {{ d }} "
      j: no
      k: +591
      l: 1.5
      m:
      contact.email: "{{ a }}"
""")
    assert found.slots == {
        **{"a": 5, "b": 6, "c": "6 y 5", "d": [1, 5, {"e": True, "f": "007", "g": "1"}], "h": "1"},
        **{"i": [1, 5, {"e": True, "f": "007", "g": "1"}], "j": "no", "k": "+591", "l": 1.5, "m": None},
    }
    assert found.conversation.fields == {"email": 5}


def test_unset_contact() -> None:
    """Setting a field of the contact to nothing forgets it."""
    found = begun("  - set: {contact.a: 1}\n  - set: {contact.a: }\n")
    assert found.conversation.fields == {}


def test_values_that_grow() -> None:
    """A value that holds one list many times over is refused, not kept."""
    lines = "".join(f'      l{n}: "{{{{ [{", ".join([f"l{n - 1}"] * 9)}] }}}}"\n' for n in range(1, 9))
    assert texts(begun("  - set:\n      l0: [x, y, z]\n" + lines)) == ["error"]


@pytest.mark.parametrize(("value", "said"), [("1", "yes"), ("0", "no"), ("", "no"), ("[]", "no"), ("x", "yes")])
def test_if(value: str, said: str) -> None:
    """`if` goes one way or the other, and both meet behind it."""
    steps = f"  - set: {{x: {value}}}\n  - if: x\n    then: [{{say: 'yes'}}]\n    else: [{{say: 'no'}}]\n  - say: z\n"
    assert texts(begun(steps)) == [said, "z"]


def test_guard() -> None:
    """A step with `if` is skipped unless it is true, also when jumped to."""
    steps = "  - goto: b\n  - {say: b, id: b, if: contact.nada}\n  - {say: c}\n"
    assert texts(begun(steps)) == ["c"]


def test_goto_flow() -> None:
    """Going to another flow ends this one; slots do not go along."""
    found = talk("flow: a\nstart: {words: [go]}\nsteps: [{set: {x: 1}}, {goto: b}]\n---\n"
                 "flow: b\nsteps: [{ask: q, save: y}]\n")  # fmt: skip
    assert found.say("go") == ["q"]
    assert (found.ended.flow, found.ended.outcome, len(found.conversation.frames)) == ("a", "done", 1)
    assert (found.top.flow, found.top.slots) == ("b", {})


@pytest.mark.parametrize(
    ("step", "outcome"),
    [("end: booked", "booked"), ("end:", "done"), ("end: {outcome: x}", "x"), ("goto: quit", "cancelled")],
)
def test_end(step: str, outcome: str) -> None:
    """A flow ends with its outcome, which is `done` unless it says otherwise."""
    found = begun(f"  - {step}\n")
    assert (found.running, found.outcome, found.ended.outcome) == (False, outcome, outcome)


def test_record() -> None:
    """`record` gives a row of plain values, written as a mapping or as a list of slots."""
    found = begun("  - {choose: q, save: c, options: [{label: A, value: 1}]}\n  - {record: [c, contact.name]}\n"
                  "  - record: {a: \"{{ c }}\", b: \"{{ c }}!\", t: \"{{ today }}\", n: 3}\n")  # fmt: skip
    found.say("a")
    assert found.records == [{"c": 1, "name": None}, {"a": 1, "b": "A!", "t": "2025-11-23", "n": 3}]


RUN = """  - set: {dia: lunes}
  - say: espera
  - run: agenda.libres
    with: {dia: "{{ dia }}", hora: 5}
    save: libres
    timeout: 2s
    ON_ERROR
  - say: "{{ libres }}"
"""


def test_run() -> None:
    """`run` says what stands before it, asks for the call, and goes on with its result."""
    found = begun(RUN.replace("    ON_ERROR\n", ""))
    call = found.call
    assert (texts(found), found.open) == (["espera"], True)
    assert (call.handler, call.arguments, call.timeout_s) == ("agenda.libres", {"dia": "lunes", "hora": 5}, 2.0)
    assert (call.flow, call.step, call.place) == ("f", "libres", "a.yaml:6:5")
    pending = found.top.pending_call
    assert pending is not None
    assert (pending.key, pending.deadline) == (call.key, NOW + 1 + 2)
    assert found.returns(["10:00", "11:00"]) == ["10:00, 11:00"]
    assert not found.open


def test_run_saves_parts() -> None:
    """`save` may take parts of a result."""
    found = begun("  - {run: agenda.nada, save: {a: result.x, b: result | length, contact.c: result.nada}}\n")
    found.returns({"x": 1})
    assert found.slots == {"a": 1, "b": 1}


def test_saves_in_order() -> None:
    """The expressions of a `save` run top to bottom, each seeing the slots above; an empty mapping is a mistake."""
    found = begun("  - run: agenda.nada\n    save:\n      a: result.x\n      b: a + 1\n")
    found.returns({"x": 1})
    assert found.slots == {"a": 1, "b": 2}
    wrong = loading("flow: f\nsteps:\n  - run: agenda.nada\n    save: {}\n").problems
    assert [at(problem) for problem in wrong if problem.severity == "error"] == ["4:11 empty-value"]


def test_run_error() -> None:
    """A failed call takes its `on_error`, which knows the error; without one it goes to the `error` flow."""
    aside = 'asides: {mal: [{say: "mal: {{ error }}"}]}\n'
    found = begun(RUN.replace("ON_ERROR", "on_error: mal"), aside)
    assert found.returns(error="down") == ["mal: down"]
    assert found.notes == ["handler_failed"]
    found = begun(RUN.replace("    ON_ERROR\n", ""))
    assert found.returns(error="down") == ["error"]
    assert (found.running, found.outcome) == (False, "error")
    assert found.notes == ["handler_failed", "turn_failed"]
    assert [send.rank for send in found.sent] == [CLASSES["system"]]


def test_other_result() -> None:
    """A result with another key is ignored, with a note."""
    found = begun(RUN.replace("    ON_ERROR\n", ""))
    top = found.top
    assert found.take(CallResult("otra", 5), same=True) == []
    assert (found.top, found.open, found.notes) == (top, True, ["call_result_unexpected"])
    done = begun("  - say: x\n")
    assert done.take(CallResult("otra", 5)) == []


def test_idempotency_key() -> None:
    """The key of a call is the same for the same input, and another for another visit, event or contact."""
    loop = "  - {run: agenda.nada, id: r, save: x}\n  - {goto: r, if: x}\n"
    one, two = begun(loop), begun(loop)
    assert one.call.key == two.call.key
    keys = [one.call.key]
    for _ in range(3):
        one.returns(True)
        keys.append(one.call.key)
    again = begun("  - {run: agenda.nada, save: x}\n  - {goto: f, if: x}\n")
    keys.append(again.call.key)
    again.returns(True)
    keys.append(again.call.key)
    other = Talk(one.flows, replace(EMPTY, id="c2"))
    other.say("go")
    assert len({*keys, other.call.key}) == 7


@pytest.mark.parametrize(
    "steps",
    [
        "  - {say: a, id: x}\n  - {if: not contact.name, then: x}\n",
        "  - {goto: f, if: not contact.name}\n",
        "  - {set: {a: '{{ (a or 0) + 1 }}'}, id: x}\n  - {if: a < 1000, then: x}\n",
    ],
)
def test_loop(steps: str) -> None:
    """A loop without a question that the check cannot prove to be endless stops after a hundred steps."""
    found = begun(steps)
    assert texts(found)[-1] == "error"
    assert len(texts(found)) <= MAX_STEPS + 1
    assert found.outcome == "error"


def test_loop_of_calls() -> None:
    """A loop of calls stops too: a call is no wait for the person."""
    found = begun("  - {run: agenda.nada, id: r}\n  - {if: not contact.name, then: r}\n")
    for _ in range(MAX_STEPS):
        if not found.open:
            break
        found.returns(1)
    assert (texts(found), found.running) == (["error"], False)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ('  - say: a\n  - say: "{{ now + 1 }}"\n', ["a", "error"]),
        ("  - {say: a, if: 1 + contact.nada}\n", ["error"]),
        ('  - {set: {x: "{{ now / 2 }}"}}\n', ["error"]),
    ],
)
def test_error(steps: str, said: list[str]) -> None:
    """A value that does not fit keeps what was said, ends all that runs and apologizes, noting the place."""
    found = begun(steps)
    assert texts(found) == said
    note: Any = next(effect for effect in found.effects if getattr(effect, "event", "") == "turn_failed")
    assert note.fields["place"].startswith("a.yaml:")
    assert (found.running, found.outcome) == (False, "error")


@pytest.mark.parametrize("error", ['flow: error\nsteps: [{say: "{{ now / 2 }}"}]\n', "flow: error\nsteps: []\n", ""])
def test_error_in_error(error: str) -> None:
    """An apology that fails itself, says nothing or is switched off is silence."""
    builtin = (error,) if error else ()
    found = talk('flow: f\nstart: {words: [go]}\nsteps: [{say: "{{ now / 2 }}"}]\n', builtin=builtin)
    assert found.say("go") == []
    assert (found.running, found.outcome) == (False, "error")


def test_languages() -> None:
    """A text comes in the contact's language, else in the bot's; a change counts at once."""
    found = begun("  - say: {es: hola, en: hello}\n  - set: {contact.language: en}\n  - say: {es: uno, en: one}\n"
                  "  - set: {contact.language: pt}\n  - say: {es: dos, en: two}\n")  # fmt: skip
    assert texts(found) == ["hola", "one", "dos"]


def test_option_value_by_language() -> None:
    """The value of an option without one is its label in the bot's own language."""
    found = begun("  - set: {contact.language: en}\n  - choose: q\n    save: c\n"
                  "    options: [{label: {es: Rojo, en: Red}}]\n  - say: \"{{ c }} {{ c.value }}\"\n")  # fmt: skip
    assert found.say("red") == ["Red Rojo"]
    assert (
        begun("  - choose: q\n    id: c\n    options: [{label: {es: Rojo, en: Red}}]\n").top.shown[0]["label"] == "Rojo"
    )


def test_names() -> None:
    """Templates know the contact, the bot, the message and the time of the bot's clock."""
    names = (
        "contact.phone contact.new contact.language bot.name bot.currency message.text today today.weekday now now.hour"
    )
    template = "|".join(f"{{{{ {name} }}}}" for name in names.split())
    expected = "+59170000001|sí|es|Sol|BOB|go|2025-11-23|7|2025-11-23T11:00|11"
    assert texts(begun(f"  - say: '{template}'\n")) == [expected]


def test_omit() -> None:
    """`omit` drops a key of `with`, at any depth; a key that is none stays."""
    given = "{a: '{{ contact.nada or omit }}', b: '{{ contact.nada }}', c: [{d: '{{ omit }}'}]}"
    found = begun(f"  - run: agenda.todo\n    with: {given}\n")
    assert found.call.arguments == {"b": None, "c": [{}]}


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - set: {x: '{{ contact.nada | read(\"integer\") }}'}\n  - say: '<{{ x }}>'\n", ["<>"]),
        ("  - set: {x: '{{ message.text | read(\"yes_no\") }}'}\n  - say: '<{{ x }}>'\n", ["<>"]),
        ("  - set: {x: '{{ \"tengo 40 años\" | read(\"integer\") }}'}\n  - say: '{{ x + 1 }}'\n", ["41"]),
        ("  - say: '{{ contact.phone | phone }} {{ contact.phone | phone(\"digits\") }}'\n", ["70000001 59170000001"]),
    ],
)
def test_filters_of_the_bot(steps: str, said: list[str]) -> None:
    """`read` reads by the bot's types of answers, `phone` as the bot's country dials."""
    assert texts(begun(steps)) == said
