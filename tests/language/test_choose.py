"""`choose`: its options, how an answer is read, pages, taps, and what a chosen slot is."""

from __future__ import annotations

from typing import Any

import pytest

from botkit.gateway.ladder import fit
from botkit.ports import Capabilities
from botkit.turn.conversation import Conversation, load_state
from botkit.turn.event import Inbound, Tap
from botkit.turn.menu import ROWS, offers
from tests.flow.samples import told_of_steps
from tests.turn.samples import EMPTY, Talk, begun, talk, texts


def titles(found: Talk) -> list[str]:
    """Return the options of the last message."""
    return [option["title"] for option in found.sent[-1].message["options"]]


def asked(options: str, rest: str = "") -> Talk:
    """Return a conversation that stands at a `choose` with these options, which saves `c`."""
    return begun(f"  - choose: q\n    save: c\n    options: {options}\n{rest}")


# ── forms of options ──


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("{Sí: end, No: end}", ["Sí", "No"]),
        ("[Sí, No]", ["Sí", "No"]),
        ("[{Sí: end}, No]", ["Sí", "No"]),
        ("[{label: Sí, value: 1}, {No: [{say: x}]}]", ["Sí", "No"]),
        ("[{label: {es: Sí, en: 'Yes'}}, {label: No, if: false}]", ["Sí"]),
        ("[{from: [1, 2]}]", []),
        ("[{from: '[1, 2]'}, Otro]", ["1", "2", "Otro"]),
        ("['{{ 1 + 1 }} personas', Otro]", ["2 personas", "Otro"]),
        ("[{from: '[1, 2, 3]', if: item != 2}]", ["1", "3"]),
        ('[{label: " dos\\n líneas "}]', ["dos líneas"]),
    ],
)
def test_forms(options: str, shown: list[str]) -> None:
    """Options are a mapping or a list of texts, targets, full forms and lists of values, mixed; guards count."""
    if shown:
        assert titles(asked(options)) == shown
    else:
        assert told_of_steps(f"  - choose: q\n    save: c\n    options: {options}\n") == ["5:22 expression-unquoted"]


@pytest.mark.parametrize(("words", "text"), [("'item'", "a"), ("'[item, item]'", "b"), ("'item | length'", "1")])
def test_words_of_items(words: str, text: str) -> None:
    """`words` of a list is an expression that gives a text or a list of texts."""
    found = asked(f"[{{from: \"['a', 'b']\", label: item + 'xxxxx', value: 0, words: {words}}}]")
    assert not any(option["label"] == text for option in found.top.shown)
    found.say(text)
    assert found.running is False


def test_words_of_another_kind() -> None:
    """Words that are no text go to `error`."""
    assert texts(asked("[{from: '[1]', words: '{\"a\": item}'}]")) == ["error"]


def test_option_leads() -> None:
    """An option goes its own way, or on to the step below."""
    steps = "  - choose: q\n    save: c\n    options: [{A: fin}, {label: B, then: [{say: b}]}, C]\n  - say: below\n"
    rest = "asides:\n  fin:\n    - say: fin\n"
    assert [begun(steps, rest).say(label) for label in "ABC"] == [["fin"], ["b", "below"], ["below"]]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("\n      A:\n      B: end", "6:7 option-without-way"),
        ("{A: , B: end}", "5:15 split-by-comma"),
        ("[]", "5:14 no-options"),
        ("[{A: nada}]", "5:19 unknown-target"),
        ("[A, a]", "5:18 duplicate-option"),
        ("[STOP, Seguir]", "5:15 opt-out-option"),
        ("[Seguir, {label: Baja}]", "5:31 opt-out-option"),
        ("[2, 4, 6]", "5:15 number-option"),
        ("[Seguir, {label: Fin, words: [chau, Baja]}]", "5:50 opt-out-option"),
        ("[A, {label: B, words: [x]}, {label: C, words: [X]}]", "5:61 duplicate-option"),
        ("[A, {label: B, words: [a]}]", "5:37 duplicate-option"),
        ("[{a: end, b: end}]", "5:15 wrong-type"),
    ],
)
def test_mistakes(options: str, problem: str) -> None:
    """What is wrong with options is told at its place."""
    assert told_of_steps(f"  - choose: q\n    id: c\n    options: {options}\n")[:1] == [problem]


@pytest.mark.parametrize(
    "options",
    ["[A+, A-]", "[1, 2, 3]", "[Baja presión, Alta]", "[{label: A, if: x}, A]", "[{label: A, words: [a]}, B]"],
)
def test_no_mistakes(options: str) -> None:
    """Labels that differ by a sign, numbers in order, an opt-out word in a phrase, one label under a guard are fine."""
    assert told_of_steps(f"  - set: {{x: 1}}\n  - choose: q\n    id: c\n    options: {options}\n") == []


def test_twins_are_numbered() -> None:
    """Two items of one label are told apart by numbers; the label alone is neither, and the slot prints it."""
    found = begun("""  - set: {l: [{n: Ana, id: 1}, {n: ana, id: 2}, {n: Eva, id: 3}]}
  - choose: q
    save: c
    options: [{from: l, label: item.n, value: item.id}]
  - say: "{{ c }} {{ c.value }}"
""")
    assert titles(found) == ["Ana (1)", "ana (2)", "Eva"]
    assert found.say("ana") == ["q"]
    assert found.say("ana (2)") == ["ana 2"]


# ── reading, in this order ──


@pytest.mark.parametrize(
    ("options", "text", "value"),
    [
        ("[B, A]", "1", "B"),
        ("['3', '2', '1']", "1", "3"),
        ("[A, B]", "la opción 2", "B"),
        ("[A, B]", "2️⃣", "B"),
        ("[Sí señor, No señor]", "si SEÑOR!", "Sí señor"),
        ("[🍕 Pizza, 🥟 Empanada]", "pizza", "🍕 Pizza"),
        ("[1️⃣ Pizza, 2️⃣ Empanada]", "empanada", "2️⃣ Empanada"),
        ("[👍, 👎]", "👎", "👎"),
        ("[A+, A-]", "a-", "A-"),
        ("[A+, A-]", "a", None),
        ("[{label: A, value: abierto}, B]", "Abierto", "abierto"),
        ("[{label: A, words: [uno, primera opción]}, B]", "uno.", "A"),
        ("[{from: \"['A', 'B']\", words: \"'x'\"}]", "x", None),
        ("[{from: \"['A']\", words: \"'b'\"}, B]", "b", "B"),
        ("[Otro, La primera]", "la primera", "La primera"),
        ("[A, B, C]", "la segunda", "B"),
        ("[A, B, C]", "la segunda opción", "B"),
        ("[A, B, C]", "2da", "B"),
        ("[A, B, C]", "el 3er", "C"),
        ("[A, B, C]", "the second one", "B"),
        ("[A, B, C]", "el último", "C"),
        ("[A, B, C]", "penúltima", "B"),
        ("[A, B, C]", "la cuarta", None),
        ("['Sí, quiero', 'No, gracias']", "dale", "Sí, quiero"),
        ("['✅ Sí', '❌ No']", "claro", "✅ Sí"),
        ("[Claro, Oscuro]", "sí", None),
        ("[Salteña, Silpancho]", "saltena", "Salteña"),
        ("[Salteña, Silpancho]", "saltenia", "Salteña"),
        ("[Zapatos, Botas]", "sapatos", "Zapatos"),
        ("[Activo, Otro]", "inactivo", None),
        ("[Disponible, Otro]", "no disponible", None),
        ("[Con queso extra, Otro]", "sin queso extra", None),
        ("[Lunes 12, Martes 13]", "lunes 13", None),
        ("[Lunes 12, Martes 13]", "lunes", None),
        ("[Salteña, Silpancho]", "salteña1", None),
        ("[Sur, Norte]", "sud", None),
        ("[A, B]", "  ", None),
    ],
)
def test_reading_order(options: str, text: str, value: str | None) -> None:
    """Number, then label, value and word, an ordinal, a yes/no phrase, the only close spelling; no guesses."""
    found = asked(options)
    found.say(text)
    slot = found.slots.get("c")
    assert (slot and slot["value"]) == value


def test_a_medium_is_no_option() -> None:
    """A picture is a wrong answer, whatever its caption says."""
    found = asked("[A, B]")
    photo = {"id": "1", "type": "image", "caption": "A"}
    found.take(Inbound("wa", "message", "59170000001", text="A", media=photo))
    assert found.top.tries == 1


# ── taps ──


def test_stale_tap_while_waiting() -> None:
    """A tap on an old menu is a wrong answer of the waiting step, also where nothing is on show."""
    found = begun("  - choose: q\n    save: c\n    options: [A, B]\n  - {ask: r, save: x}\n")
    old = found.top.shown[0]["id"]
    found.tap("A")
    assert found.tap_id(old, "A") == ["r"]
    assert found.top.tries == 1


def test_stale_tap_with_nothing_running() -> None:
    """With nothing running it begins `unknown`, although its title is a start word."""
    found = talk("flow: f\nstart: {words: [go]}\nsteps:\n  - {choose: q, save: c, options: [go, B]}\n")
    found.say("go")
    old = found.top.shown[0]["id"]
    found.tap("B")
    assert found.tap_id(old, "go", text=True) == ["unknown"]


def test_a_gateway_without_ids() -> None:
    """Where a gateway tells only the title of what was tapped, the title counts as a text."""
    found = asked("[A, B]")
    found.take(Inbound("wa", "message", "59170000001", choice=Tap("B", "B")))
    assert found.slots["c"]["value"] == "B"


# ── pages ──


def paged(count: int, rest: str = "") -> Talk:
    """Return a conversation that stands at a menu of so many options, d1, d2, …"""
    return begun(f"""  - set: {{l: [{", ".join(f"d{number}" for number in range(1, count + 1))}]}}
  - choose: q
    save: c
    options: [{{from: l}}]
    invalid: h
{rest}""")


def days(first: int, last: int) -> list[str]:
    """Return the labels of a page."""
    return [f"d{number}" for number in range(first, last + 1)]


def test_ten_are_one_page() -> None:
    """Ten options are shown at once."""
    assert titles(paged(ROWS)) == days(1, 10)


def test_pages() -> None:
    """Over ten are shown nine at a time; the last row turns the page, and behind the last page comes the first."""
    found = paged(20)
    assert titles(found) == [*days(1, 9), "Ver más"]
    assert found.tap_id(found.sent[-1].message["options"][-1]["id"], "Ver más") == ["q"]
    assert titles(found) == [*days(10, 18), "Ver más"]
    found.say("ver mas")
    assert titles(found) == ["d19", "d20", "Volver al inicio"]
    found.say("volver al inicio")
    assert titles(found) == [*days(1, 9), "Ver más"]
    found.say("siguiente")
    found.say("10")
    assert titles(found) == ["d19", "d20", "Volver al inicio"]
    found.say("3")
    assert titles(found) == [*days(1, 9), "Ver más"]
    assert found.top.tries == 0


def test_page_survives() -> None:
    """The page is kept: a number means a row of the page on show, also after a restart."""
    found = paged(20)
    found.say("10")
    again = Talk(found.flows, found.conversation)
    again.say("2")
    assert again.slots["c"]["value"] == "d11"


@pytest.mark.parametrize(("text", "value"), [("d1", "d1"), ("d20", "d20"), ("el último", "d18"), ("la primera", "d10")])
def test_other_pages(text: str, value: str) -> None:
    """A label counts on whatever page; an ordinal means a row of the page on show."""
    found = paged(20)
    found.say("más")
    found.say(text)
    assert found.slots["c"]["value"] == value


def test_tap_on_another_page() -> None:
    """A tap on another page of the same menu counts; its `Ver más` shows the page behind it again."""
    found = paged(30)
    first = found.sent[-1].message["options"]
    found.say("más")
    found.say("más")
    found.tap_id(first[-1]["id"], "Ver más")
    assert titles(found)[0] == "d10"
    found.tap_id(first[0]["id"], "d1")
    assert found.slots["c"]["value"] == "d1"


def test_hint_keeps_the_page() -> None:
    """A wrong answer shows the hint over the page on show; entered again, the menu begins at its first page."""
    found = paged(20, "  - goto: c\n")
    found.say("más")
    assert found.say("nada") == ["h"]
    assert titles(found)[0] == "d10"
    found.say("d3")
    assert titles(found)[0] == "d1"


def test_see_more_in_english() -> None:
    """The row is told in the contact's language."""
    known = paged(20).flows
    found = Talk(known, Conversation("c9", "wa", "591", fields={"language": "en"}))
    found.say("go")
    assert titles(found)[-1] == "See more"


@pytest.mark.parametrize(
    ("capabilities", "form"),
    [(Capabilities(list_rows=ROWS), "list"), (Capabilities(), None), (Capabilities(4096, 3), None)],
)
def test_a_page_fits_every_gateway(capabilities: Capabilities, form: str | None) -> None:
    """A page is a list where there are lists, else numbered text whose numbers are the rows."""
    found = paged(20)
    [message] = fit(found.sent[-1].message, capabilities)
    assert message.get("shown") == form
    if form is None:
        assert message["text"].endswith("9. d9\n10. Ver más")
    found.say("10")
    assert titles(found)[0] == "d10"


def test_an_option_called_more() -> None:
    """An option of the author's goes before the row that turns."""
    found = begun(f"  - choose: q\n    save: c\n    options: [más, {', '.join(days(1, 12))}]\n")
    found.say("mas")
    assert found.slots["c"]["value"] == "más"


def test_old_states_load() -> None:
    """A state that was stored before menus had pages still loads."""
    found = asked("[A, B]")
    frame = {"flow": "f", "digest": found.top.digest, "step": "c", "shown": [dict(row) for row in found.top.shown]}
    old = Talk(found.flows, load_state(EMPTY, {"frames": [frame]}))
    old.say("2")
    assert old.slots["c"]["value"] == "B"


# ── what is sent ──


@pytest.mark.parametrize(
    ("question", "sent"),
    [
        ("q", [("choices", "q")]),
        ('["a", "b"]', [("text", "a"), ("choices", "b")]),
        ("[{text: a}, {text: b, if: false}]", [("choices", "a")]),
        ("{image: https://x.bo/a.png, caption: c}", [("image", ""), ("choices", "c")]),
        ("{image: https://x.bo/a.png}", [("image", ""), ("choices", "Elige una opción:")]),
        ("[{text: a}, {location: [1, 2]}]", [("text", "a"), ("location", ""), ("choices", "Elige una opción:")]),
    ],
)
def test_options_go_with_the_last(question: str, sent: list[tuple[str, str]]) -> None:
    """The options go with the last bubble shown; a medium is followed by its words with the options."""
    found = begun(f"  - choose: {question}\n    id: c\n    options: [A, B]\n")
    assert [(each.message["type"], each.message.get("text", "")) for each in found.sent] == sent
    assert "caption" not in found.sent[0].message


@pytest.mark.parametrize(
    ("text", "exactly"),
    [("Lunes", True), ("l", True), ("1", False), ("el último", False), ("lune", False), ("", False)],
)
def test_exactly_offered(text: str, exactly: bool) -> None:
    """A label, a value, a word and a button are exactly an option, which goes before other words of the bot."""
    found = asked("[{label: Lunes, words: [l]}, Martes]")
    message = Inbound("wa", "message", "59170000001", text=text)
    assert offers(found.top.shown, message) is exactly
    assert offers(found.top.shown, message._replace(choice=Tap(found.top.shown[0]["id"], "x")))
    assert not offers(found.top.shown, message._replace(choice=Tap("0.0.9", "Lunes")))


# ── what a chosen slot is ──


def chosen(then: str) -> Talk:
    """Return a conversation in which Lunes (value 12) was chosen."""
    found = begun(f"  - choose: q\n    save: c\n    options: [{{label: Lunes, value: 12}}, B]\n{then}")
    found.say("lunes")
    return found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ c }}", "Lunes"),
        ("{{ c.label }} {{ c.value }}", "Lunes 12"),
        ("{{ [c, c] | join }}", "Lunes, Lunes"),
        ("{{ [c] | join('; ') }}", "Lunes"),
        ("{{ c == 12 }} {{ c == 'Lunes' }}", "sí no"),
        ("{{ c in [12, 13] }} {{ 12 in [c] }} {{ c > 11 }}", "sí sí sí"),
        ("{{ c + 1 }}", "13"),
        ("{% for x in [c] %}{{ x }}{% endfor %}", "Lunes"),
    ],
)
def test_chosen_slot(text: str, said: str) -> None:
    """In messages it prints its label, in lists too; compared and reckoned with it is its value."""
    assert texts(chosen(f'  - say: "{text}"\n')) == [said]


def test_set_takes_the_value() -> None:
    """`set` takes the value; in a list that is kept an option still prints its label."""
    found = chosen(
        '  - set: {x: "{{ c }}", l: "{{ [] | append(c) }}"}\n  - say: "{{ x }} {{ l | join }}"\n  - record: [x, l]\n'
    )
    assert texts(found) == ["12 Lunes"]
    assert found.records == [{"x": 12, "l": [12]}]


def test_options_from_chosen_ones() -> None:
    """Chosen options that are offered again show their labels and are worth their values."""
    again = '  - set: {l: "{{ [c] }}"}\n  - {choose: r, save: d, options: [{from: l}]}\n'
    found = chosen(again)
    assert titles(found) == ["Lunes"]
    found.say("lunes")
    assert found.slots["d"]["value"] == 12


def test_a_call_gets_the_value() -> None:
    """A handler is given the value."""
    found = chosen('  - run: agenda.libres\n    with: {dia: "{{ c }}", hora: ["{{ c }}"]}\n')
    assert found.call.arguments == {"dia": 12, "hora": [12]}


def test_value_in_the_bots_language() -> None:
    """By default the value is the label in the bot's own language, whatever the person reads."""
    known = asked("[{label: {es: Sí, en: 'Yes'}}]").flows
    found = Talk(known, Conversation("c9", "wa", "591", fields={"language": "en"}))
    found.say("go")
    found.say("yes")
    assert {key: found.slots["c"][key] for key in ("label", "value")} == {"label": "Yes", "value": "Sí"}


def test_save_expressions() -> None:
    """`save` may name slots and say what they take, over `value` and `label`."""
    steps = "  - choose: q\n    id: c\n    save: {a: value + 1, contact.b: label | upper}\n"
    found = begun(steps + "    options: [{label: x, value: 4}]\n")
    found.say("x")
    assert found.slots == {"a": 5}
    assert found.conversation.fields == {"b": "X"}


def test_check() -> None:
    """`check` refuses an option by its value; what it says stands over the same options."""
    steps = "  - choose: q\n    save: c\n    options: [{label: A, value: 1}, B]\n"
    found = begun(steps + '    check: {if: answer == 1, say: "{{ answer }} no"}\n')
    assert found.say("a") == ["1 no"]
    assert titles(found) == ["A", "B"]
    assert found.top.tries == 1
    found.say("b")
    assert found.slots["c"]["value"] == "B"


def test_too_large_a_menu() -> None:
    """Options that no state should keep go to `error`."""
    grown = "".join(f'      l{n}: "{{{{ l{n - 1} + l{n - 1} }}}}"\n' for n in range(1, 13))
    steps = f"  - set:\n      l0: [{'x' * 90}]\n{grown}"
    found: Any = begun(steps + "  - choose: q\n    id: c\n    options: [{from: l12}]\n")
    assert texts(found) == ["error"]
