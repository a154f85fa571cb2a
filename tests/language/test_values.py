"""Values: the rulings of the language, each as a conversation sees it."""

from __future__ import annotations

import pytest

from botkit.flow.scope import NAMES
from tests.flow.samples import told_of_steps
from tests.turn.samples import begun, talk, texts

#: What the steps before say nothing of: slots of every kind.
GIVEN = """  - set:
      uno: 1
      lista: [3, 1, 2]
      mapa: {b: 1, a: 2}
      filas: [{n: Ana, p: 10, ok: true}, {n: Luz, p: 20}]
      nada:
"""


def said(text: str, given: str = GIVEN) -> list[str]:
    """Return what a message says, written as a block of YAML."""
    block = "".join(f"      {line}\n" for line in text.split("\n"))
    return texts(begun(f"{given}  - say: |\n{block}"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ uno + 1 }} y {{ 'a' ~ uno }}", "2 y a1"),
        ("{% if uno > 1 %}a{% elif uno == 1 %}b{% else %}c{% endif %}", "b"),
        (
            "{% for x in lista %}{{ loop.index }}:{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1:3, 2:1, 3:2",
        ),
        ("{% for x in nada %}x{% else %}vacía{% endfor %}", "vacía"),
        ("{% for k, v in mapa %}{{ k }}={{ v }} {% endfor %}", "b=1 a=2"),
        ("{% for k, v in mapa | items %}{{ k }}={{ v }} {% endfor %}", "b=1 a=2"),
        ("Lista:\n{% for f in filas %}\n• {{ f.n }}\n{% endfor %}\nFin", "Lista:\n• Ana\n• Luz\nFin"),
        ('{{ filas | where("item.ok") | pick("item.n") | join }}', "Ana"),
        ("{{ filas | pick('item.p') | sum | money }}", "Bs 30"),
        ("{{ 'tengo 40 años' | read('integer') + 1 }}", "41"),
        ("{{ contact.phone | phone }} {{ contact.phone | phone('digits') }}", "70000001 59170000001"),
        ("<{{ nada }}{{ nada.x }}{{ nada[0] }}{{ nada | upper }}{{ nada | length }}>", "<>"),
        ("{{ nada < 1 }} {{ nada > 1 }} {{ nada <= nada }}", "no no no"),
        ("{{ nada | append(1) }} {{ nada | put('k', 2) }}", '1 {"k": 2}'),
        ("{{ today }} {{ today.year }}-{{ today.month }} {{ now.hour >= 0 }}", "2025-11-23 2025-11 sí"),
        ("{{ 3 if uno else 4 }} {{ not uno }} {{ 2 in lista }} {{ 9 not in lista }}", "3 no sí sí"),
        ("{{ message.text }}{{ message.args }}", "go"),
    ],
)
def test_templates(text: str, message: str) -> None:
    """Expressions, `{% if %}`, `{% for %}` and filters; lines that hold only tags vanish; none prints as nothing."""
    assert said(text) == [message]


def test_a_value_keeps_its_type() -> None:
    """A value that is one expression keeps its type; with anything beside it, it is a text."""
    found = begun(
        "  - set: {l: '{{ [1, 2] }}', n: ' {{ 1 + 1 }} ', t: 'x{{ 1 }}', o: '{{ contact.nada }}', b: '{{ true }}'}\n"
    )
    assert found.slots == {"l": [1, 2], "n": 2, "t": "x1", "o": None, "b": True}


def test_a_list_is_kept() -> None:
    """`append` begins a list and makes it longer, turn by turn."""
    found = begun(
        "  - {ask: a, save: x}\n  - {id: más, set: {l: '{{ l | append(x) }}'}}\n"
        "  - {ask: b, save: x, id: otra}\n  - goto: más\n"
    )
    found.say("uno")
    found.say("dos")
    assert found.slots["l"] == ["uno", "dos"]


def test_put_keeps_the_order_of_keys() -> None:
    """A new key comes last, a known one keeps its place, and the store keeps that order."""
    found = begun(
        "  - set: {m: {b: 1}}\n  - set: {m: \"{{ m | put('a', 2) | put('b', 3) }}\"}\n  - ask: a\n    save: x\n"
    )
    assert list(found.slots["m"].items()) == [("b", 3), ("a", 2)]


def test_types_that_do_not_fit_go_to_error() -> None:
    """Types that do not fit end the flow with an apology, and the place is noted."""
    found = begun("  - say: Hola\n  - say: '{{ contact.phone + 1 }}'\n")
    assert texts(found) == ["Hola", "error"]
    assert found.outcome == "error"


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("say: \"{{ 'a' + 1 }}\"", "cannot-compute"),
        ("say: \"{{ -'a' }}\"", "cannot-compute"),
        ("say: \"{{ 'a' | round }}\"", "cannot-compute"),
        ("say: '{{ nadie }}'", "unknown-name"),
        ("say: '{{ x }}'", "never-set"),
        ("set: {load: green}", "reserved-name"),
        ("say: '{{ answer }}'", "name-elsewhere"),
        ("say: '{{ question }}'", "name-elsewhere"),
        ("say: '{{ item }}'", "name-elsewhere"),
        ("say: '{{ omit }}'", "name-elsewhere"),
        ("set: {y: '{{ omit }}'}", "name-elsewhere"),
        ("record: {y: '{{ omit }}'}", "name-elsewhere"),
        ("{run: agenda.todo, with: {y: ['{{ omit }}']}}", "name-elsewhere"),
        ("say: \"{{ '5' | read('numero') }}\"", "not-a-choice"),
        ("say: '{{ contact.name.upper() }}'", "no-calls"),
        ("say: '{{ contact.name | capitalize }}'", "unknown-filter"),
        ("say: '{% set y = 1 %}'", "not-in-language"),
        ("say: '{{ contact.name is defined }}'", "no-tests"),
    ],
)
def test_check(step: str, problem: str) -> None:
    """What can be known to be wrong is told before anyone talks to the bot."""
    found = told_of_steps(f"  - {step}\n  - set: {{x: 1}}\n")
    assert [line.partition(" ")[2] for line in found] == [problem]


@pytest.mark.parametrize("name", [*NAMES, "load"])
def test_names_are_no_slots(name: str) -> None:
    """The fixed names cannot be saved under."""
    assert told_of_steps(f"  - set: {{{name}: 1}}\n") == ["3:11 reserved-name"]


@pytest.mark.parametrize(
    ("keys", "sends"),
    [
        ("check: [{if: answer < 18, say: 'No {{ answer }}'}]", ["No 5"]),
        ("check: [{if: answer < 18}], invalid: 'Eso. {{ question }}'", ["Eso. Edad"]),
    ],
)
def test_names_of_a_place(keys: str, sends: list[str]) -> None:
    """`answer` is known in `check`, `question` in `invalid`."""
    found = talk(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {{ask: Edad, save: x, type: integer, {keys}}}\n")
    found.say("go")
    assert found.say("5") == sends


def test_error_after_on_error() -> None:
    """`error` says what went wrong, after `on_error`."""
    found = begun("  - {run: agenda.nada, on_error: [{say: 'Falló: {{ error }}'}, end: ]}\n")
    assert found.returns(error="cerrado") == ["Falló: cerrado"]
