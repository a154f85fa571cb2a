"""What is wrong with a flow, and where: every mistake at the words that are wrong."""

from __future__ import annotations

import pytest

from botkit.flow.codes import CODES
from botkit.flow.problem import by_place, nearest, render
from botkit.flow.yaml_reader import read
from tests.flow.samples import loading, told, told_of_steps


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ("  - say: a\n    then: end\n", ["4:5 unknown-key"]),
        ("  - ask: a\n    id: x\n    tipo: integer\n", ["5:5 unknown-key"]),
        ("  - ask: a\n    id: x\n    type: número\n", ["5:11 not-a-choice"]),
        ("  - ask: a\n    save: mi nombre\n    id: x\n", ["4:11 bad-name"]),
        ("  - ask: a\n    save: contact.new\n    id: x\n", ["4:11 reserved-name"]),
        ("  - ask: a\n    save: today\n    id: x\n", ["4:11 reserved-name"]),
        ("  - ask: a\n    save: a.b\n    id: x\n", ["4:11 bad-name"]),
        ("  - ask: a\n    id: 1x\n    save: y\n", ["4:9 bad-name"]),
        ("  - ask: a\n", ["3:5 no-lasting-id"]),
        ("  - decir: Hola\n", ["3:5 unknown-kind"]),
        ("  - preguntar: a\n    guardar: x\n", ["3:5 unknown-kind"]),
        ("  - id: x\n    sy: a\n", ["4:5 unknown-kind"]),
        ("  - {}\n", ["3:5 unknown-kind"]),
        ("  - say: Hola\n    goto: end\n", ["4:5 two-kinds"]),
        ("  - hola\n", ["3:5 not-a-step"]),
        ("  - [say, hola]\n", ["3:5 not-a-step"]),
        ("  - say: a\n    id: a\n  - say: b\n    id: a\n", ["6:9 duplicate-id"]),
        ("  - say: a\n    id: end\n", ["4:9 reserved-target"]),
        ("  - say: a\n    id: back\n", ["4:9 reserved-target"]),
        ("  - say: a\n    id: f\n", ["4:9 name-clash"]),
        ("  - goto: nada\n", ["3:11 unknown-target"]),
        (
            "  - ask: a\n    id: x\n    save: n\n  - ask: b\n    id: y\n    save: n\n  - goto: n\n",
            ["9:11 target-of-several"],
        ),
        ("  - goto: nada de nada\n", ["3:11 text-as-target"]),
        ("  - image: a.png\n", ["3:5 unknown-kind"]),
        ("  - say: 'loop {{ loop.index }}'\n", ["3:19 name-elsewhere"]),
        ("  - set: {x: [1]}\n  - say: \"{{ x | sum(attribute='a') }}\"\n", ["4:18 filter-keyword"]),
        ("  - goto: stuck\n", ["3:11 builtin-off"]),
        ("  - goto:\n", ["3:10 empty-value"]),
        ("  - goto: [end]\n", ["3:11 wrong-type"]),
        ("  - if: true\n    then: [end, quit]\n", ["4:12 not-a-step", "4:17 not-a-step"]),
        ("  - if: true\n    then: {say: a}\n", ["4:11 step-without-dash"]),
        ("  - if: true\n    then: {dicho: a}\n", ["4:11 bad-target"]),
        ("  - choose: a\n    id: c\n    options:\n      Sí:\n        goto: c\n", ["7:9 step-without-dash"]),
        ("  - say:hola\n", ["3:5 colon-without-blank"]),
        ("  -\n  - say: a\n", ["3:4 empty-step"]),
        ("  say: hola\n", ["3:3 step-without-dash"]),
        ("  - if: true\n", ["3:5 missing-key"]),
        ("  - if: true\n    then: end\n    else: end\n  - say: b\n", ["6:5 unreachable"]),
        ("  - end: a\n  - say: b\n", ["4:5 unreachable"]),
        ("  - say: a\n    if: dia = 3\n", ["4:13 bad-expression"]),
        ("  - say: a\n    if: today < 2026-12-01\n", ["4:17 bare-date"]),
        ("  - say: '{{ today.dia }}'\n", ["3:20 unknown-part"]),
        (
            "  - ask: a\n    save: n\n  - say: Hola {n}, {contact.name} {otro}\n",
            ["5:15 single-braces", "5:20 single-braces"],
        ),
        ("  - ask: a\n    save: n\n    skip: no, paso\n", ["5:11 one-word-with-commas"]),
        ("  - ask: a\n    save: n\n    invalid: []\n", ["5:14 empty-value"]),
        ("  - ask: a\n    save: n\n  - if: n >= 18\n    then: end\n", ["5:9 text-as-number"]),
        (
            "  - ask: a\n    save: n\n  - say: '{{ n * 2 }} {{ 1 < n }}'\n",
            ["5:14 text-as-number", "5:28 text-as-number"],
        ),
        ("  - ask: a\n    save: n\n  - say: \"{{ n == 5 and n | read('number') > 3 }}\"\n", ["5:14 text-as-number"]),
        ("  - ask: a\n    save: n\n    type: integer\n  - if: n >= 18\n    then: end\n", []),
        ("  - ask: a\n    save: {n: value | length}\n    id: n\n  - if: n >= 18\n    then: end\n", []),
        ("  - ask: a\n    save: n\n  - set: {n: 3}\n  - if: n >= 18\n    then: end\n", []),
        ("  - ask: a\n    save: n\n  - say: '{% for n in [1, 2] %}{{ n + 1 }}{% endfor %} {{ n ~ 1 }}'\n", []),
        ("  - say: '{{ message.texto or now.hour }}'\n", ["3:22 unknown-part"]),
        ("  - say: '{{ load }}'\n    if: load == 'black' or 'yellow' == load\n", []),
        ("  - say: a\n    if: load in ['yellow', 'negro']\n", ["4:29 not-a-choice"]),
        ("  - say: a\n    if: \"'verde' != load\"\n", ["4:11 not-a-choice"]),
        ("  - say: '{{ load == 3 }}'\n", ["3:22 not-a-choice"]),
        ("  - say: a\n    if: load == none\n", []),
        ("  - say: a\n    if: load\n", ["4:9 load-compared"]),
        ("  - say: a\n    if: bot.open and not load\n", ["4:26 load-compared"]),
        ("  - say: a\n    if: load >= 'yellow'\n", ["4:9 load-compared"]),
        ("  - say: '{% if load %}a{% endif %}'\n", ["3:17 load-compared"]),
        ("  - say: '{{ 1 if load else 2 }}'\n", ["3:19 load-compared"]),
        ("  - say: '{{ contact.name or load }}'\n", []),
        ("  - say: '{% for load in [1, 2] %}{{ load > 1 }}{% endfor %}'\n", []),
        ("  - say: '{{ bot.name }} {{ bot.telefno }}'\n", ["3:33 unknown-part"]),
        ("  - say: a\n    if: '{{ dia }}'\n", ["4:10 braces-in-expression"]),
        ("  - say: a\n    if: dia\n", ["4:9 unknown-name"]),
        ("  - say: 'dia: {{ dia }}'\n", ["3:19 unknown-name"]),
        ("  - set: {nombre: a}\n  - say: '{{ nombre | uper }}'\n", ["4:23 unknown-filter"]),
        ("  - set: {nombre: a}\n  - say: 'upper: {{ nombre.upper() }}'\n", ["4:28 no-calls"]),
        ("  - say: |\n      Hola\n      {% set a = 1 %}\n", ["5:10 not-in-language"]),
        ("  - say: '{{ \"a\" | default }}'\n", ["3:20 filter-arguments"]),
        ("  - say:\n", ["3:9 empty-value"]),
        ("  - say: ''\n", ["3:10 empty-value"]),
        ("  - say: []\n", ["3:10 empty-value"]),
        ("  - say: [Hola, amigo]\n", ["3:11 text-in-brackets", "3:17 text-in-brackets"]),
        ("  - say: Depto # 5\n", ["3:10 comment-in-text"]),
        ("  - say:\n      - Horario: lunes\n", ["4:9 text-became-mapping"]),
        ("  - say:\n      Horario: lunes\n", ["4:7 text-became-mapping"]),
        ("  - say: {texto: Hola, otro: x}\n", ["3:10 wrong-type"]),
        ("  - say: {text: Hola, iff: x}\n", ["3:23 unknown-key"]),
        ("  - say:\n      es: [a]\n      en: b\n", ["4:11 wrong-type"]),
        ("  - choose: a\n    id: c\n", ["3:5 missing-key"]),
        ("  - choose: a\n    id: c\n    options: []\n", ["5:14 no-options"]),
        ("  - choose: a\n    id: c\n    options: ['']\n", ["5:15 empty-value"]),
        ("  - choose: a\n    id: c\n    options: {'': end}\n", ["5:15 empty-value"]),
        ("  - choose: a\n    id: c\n    options:\n      - Sí # no\n", ["6:9 comment-in-text"]),
        ("  - choose: a\n    id: c\n    options: Sí\n", ["5:14 wrong-type"]),
        ("  - choose: a\n    id: c\n    options: {Sí, No}\n", ["5:15 split-by-comma", "5:19 split-by-comma"]),
        ("  - choose: a\n    id: c\n    options: {No, otro: end}\n", ["5:15 split-by-comma"]),
        ("  - choose: a\n    id: c\n    options:\n      - {label: Sí, quiero}\n", ["6:21 split-by-comma"]),
        ("  - choose: a\n    id: c\n    options:\n      Sí:\n      No: end\n", ["6:7 option-without-way"]),
        ("  - choose: a\n    id: c\n    options: [Sí, si]\n", ["5:19 duplicate-option"]),
        ("  - choose: a\n    id: c\n    options: [{label: a, color: rojo}]\n", ["5:26 unknown-key"]),
        ("  - choose: a\n    id: c\n    options: [{from: lista}]\n", ["5:22 unknown-name"]),
        ("  - choose: a\n    id: c\n    options: [{Sí: nada}]\n", ["5:20 unknown-target"]),
        ("  - choose: a\n    id: c\n    options: [[a]]\n", ["5:15 wrong-type"]),
        ("  - ask: a\n    id: x\n    invalid: {tries: 2}\n", ["5:15 builtin-off"]),
        ("  - ask: a\n    id: x\n    invalid: {tries: 0, then: end}\n", ["5:22 wrong-type"]),
        ("  - ask: a\n    id: x\n    invalid: {say: b, show: options}\n", ["5:29 not-a-choice"]),
        ("  - ask: a\n    id: x\n    invalid: {hint: b}\n", ["5:15 unknown-key"]),
        ("  - ask: a\n    id: x\n    invalid: [Escribe un día, por favor.]\n", ["5:15 text-in-brackets"] * 2),
        ("  - ask: a\n    id: x\n    check: answer > 3\n", ["5:12 wrong-type"]),
        ("  - ask: a\n    id: x\n    check: {say: b}\n", ["5:12 missing-key"]),
        ("  - ask: a\n    id: x\n    min: tres\n", ["5:10 bad-bound"]),
        ("  - ask: a\n    id: x\n    type: yes_no\n    max: 3\n", ["6:5 bound-without-measure"]),
        ("  - ask: a\n    id: x\n    min: '{{ nada }}'\n", ["5:14 unknown-name"]),
        ("  - ask: a\n    id: x\n    silence: {after: 2h}\n", ["5:14 silence-without-effect"]),
        ("  - wait: 2h\n", ["3:5 no-lasting-id"]),
        ("  - end: {outcome: a, return: b}\n", ["3:31 wrong-type"]),
        ("  - end: {salida: a}\n", ["3:11 unknown-key"]),
        ("  - set: x\n", ["3:10 wrong-type"]),
        ("  - set: {mi dato: 1}\n", ["3:11 bad-name"]),
        ("  - record: x\n", ["3:13 wrong-type"]),
        ("  - record: {}\n", ["3:13 empty-value"]),
        ("  - record: [[a]]\n", ["3:14 wrong-type"]),
        ("  - run: agenda.libre\n", ["3:10 unknown-handler"]),
        ("  - run: agenda.libres\n", ["3:10 missing-argument"]),
        ("  - run: agenda.libres\n    with: {dia: 1, ora: 2}\n", ["4:20 unknown-argument"]),
        ("  - run: agenda.nada\n    timeout: 30\n", ["4:14 bad-duration"]),
        ("  - run: agenda.nada\n    save: {x: resultado.id}\n", ["4:15 unknown-name"]),
        ("  - run: agenda.nada\n    on_error: nada\n", ["4:15 unknown-target"]),
        ("  - run: agenda.nada\n    retries: 6\n", ["4:14 wrong-type"]),
        ("  - run: agenda.nada\n    retries: -1\n", ["4:14 wrong-type"]),
        ("  - run: agenda.nada\n    meanwhile:\n", ["4:15 empty-value"]),
        ("  - say: a\n    retries: 1\n", ["4:5 unknown-key"]),
        ("  - http: GET agenda/citas\n    on_error: nada\n", ["4:15 unknown-target"]),
        ("  - http: GET agend/citas\n", ["3:15 unknown-service"]),
        ("  - http: GET agenda\n", []),
        ("  - http: GET\n", ["3:11 bad-request"]),
        ("  - http: agenda/citas\n", ["3:11 bad-request"]),
        ("  - http: get agenda/citas\n", ["3:11 not-a-choice"]),
        ("  - http: FETCH agenda/citas\n", ["3:11 not-a-choice"]),
        ("  - http: [GET, agenda]\n", ["3:11 wrong-type"]),
        ("  - http: GET agenda/citas#uno\n", ["3:27 bad-request"]),
        ("  - http: GET agenda citas\n", ["3:22 bad-request"]),
        ("  - http: GET agenda /citas\n", ["3:22 bad-request"]),
        ("  - http: GET ftp://x/y\n", ["3:11 bad-request"]),
        ("  - http: GET http://x.example/y\n", ["3:22 plain-http"]),
        ("  - http: GET http://NAS.local:8080/y\n", []),
        ("  - http: GET https://x.example/y\n", []),
        ("  - http: GET https://a:b@x.example/y\n", ["3:23 bad-request"]),
        ("  - http: GET https://{{ contact.name }}/y\n", ["3:11 bad-request"]),
        ("  - http: GET https://x.{{ contact.name }}/y\n", ["3:11 template-in-host"]),
        ("  - http: GET agenda{{ contact.name }}/y\n", ["3:11 template-in-host"]),
        ("  - http: '{{ contact.name }} agenda/y'\n", ["3:11 bad-request"]),
        ("  - http: GET agenda/{{ nombre }}\n", ["3:25 unknown-name"]),
        ("  - http: GET agenda/{{ nombre\n", ["3:22 bad-expression"]),
        ("  - http: GET agenda/{% if true %}x{% endif %}\n", ["3:22 tag-in-path"]),
        ("  - http: GET agenda\n    json: {a: 1}\n", ["4:5 body-not-sent"]),
        ("  - http: HEAD agenda\n    form: {a: 1}\n", ["4:5 body-not-sent"]),
        ("  - http: POST agenda\n    json: {a: 1}\n    form: {a: 1}\n", ["5:5 two-bodies"]),
        ("  - http: POST agenda\n    form: [[a]]\n", ["4:12 wrong-type"]),
        ("  - http: GET agenda\n    query: x\n", ["4:12 wrong-type"]),
        ("  - http: GET agenda\n    headers: {Host: x}\n", ["4:15 bad-header"]),
        ("  - http: GET agenda\n    headers: {X Y: x}\n", ["4:15 bad-header"]),
        ("  - http: GET agenda\n    headers: {Authorization: x}\n", ["4:15 key-in-flow"]),
        ("  - http: GET agenda\n    on_status: {4xx: end}\n", ["4:17 bad-status"]),
        ("  - http: GET agenda\n    on_status: {600: end}\n", ["4:17 bad-status"]),
        ("  - http: GET agenda\n    on_status: {404: nada}\n", ["4:22 unknown-target"]),
        ("  - http: GET agenda\n    on_status: {404: }\n", ["4:17 empty-value"]),
        ("  - http: GET agenda\n    on_status: end\n", ["4:16 wrong-type"]),
        ("  - http: GET agenda\n    save: {x: respuesta.json}\n", ["4:15 unknown-name"]),
        ("  - http: GET agenda\n    save: {x: response.json.id}\n", []),
        ("  - http: GET agenda\n    timeout: 5\n", ["4:14 bad-duration"]),
    ],
)
def test_steps(steps: str, problems: list[str]) -> None:
    """Each mistake in a step is an error with its own code, under the words that are wrong."""
    assert [line.partition(" ")[2] for line in told_of_steps(steps)] == [p.partition(" ")[2] for p in problems]
    assert told_of_steps(steps)[:1] == problems[:1]


@pytest.mark.parametrize(
    "steps",
    [
        "  - say: {es: Hola, en: Hello}\n",
        "  - say:\n      - Uno\n      - {text: Dos, if: true}\n      - es: Tres\n        en: Three\n",
        "  - goto: end\n",
        "  - goto: quit\n",
        "  - {ask: a, id: x, silence: {after: 1h, then: end}}\n  - goto: f\n",
        "  - run: agenda.todo\n    with: {lo: 1, que: 2, sea: 3}\n",
        "  - run: agenda.nada\n    save: {x: result.id}\n",
        "  - choose: a\n    id: c\n    options: [Sí, No]\n",
        "  - choose: a\n    id: c\n    options: {No: end, Sí: quit, on: f}\n",
        "  - end:\n",
        "  - set: {x: }\n",
        "  - if: contact.name and now.hour > 3\n    then: []\n",
        "  - say: '{% for x in bot.flows %}{{ x.word }}{{ loop.index }}{% endfor %}'\n",
        "  - ask: a\n    save: contact.name\n",
        "  - say: a\n    id: a\n    if: x\n  - ask: b\n    save: x\n    skip: no\n  - goto: a\n    if: x\n",
        "  - say: a # el saludo\n".replace(" #", "\n    # "),
    ],
)
def test_good_steps(steps: str) -> None:
    """What the language allows brings no problem."""
    assert told_of_steps(steps) == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("hola", ["1:1 not-a-flow"]),
        ("- say: x\n", ["1:1 not-a-flow"]),
        ("flow: f\n", ["1:1 missing-key"]),
        ("flujo: a\npasos: []\n", ["1:1 unknown-key", "2:1 unknown-key"]),
        ("flow: mi flujo\nsteps: []\n", ["1:7 bad-name"]),
        ("flow: end\nsteps: []\n", ["1:7 reserved-target"]),
        ("flow: f\nsteps:\n", ["2:7 wrong-type"]),
        ("flow: f\nsteps: hola\n", ["2:8 wrong-type"]),
        ("flow: f\ntitle: Citas # y turnos\nsteps: []\n", ["2:8 comment-in-text"]),
        ("flow: f\nstart: cita\nsteps: []\n", ["2:8 wrong-type"]),
        ("flow: f\nstart: {palabras: [a]}\nsteps: []\n", ["2:9 unknown-key"]),
        ("flow: f\nstart: {words: [a, A]}\nsteps: []\n", ["2:20 duplicate-word"]),
        ("flow: f\nsteps: []\nasides: []\n", ["3:9 wrong-type"]),
        ("flow: f\nsteps: []\nasides: {a: hola}\n", ["3:13 wrong-type"]),
        ("flow: f\nsteps: [{goto: a}]\nasides:\n  a: [{say: 'x'}]\n  b: [{say: 'x'}]\n", ["5:7 unreachable"]),
        ("flow: f\nsteps: [{goto: f2}]\nasides:\n  back: []\n  f2: []\n", ["4:3 reserved-target"]),
        ("flow: f\nsteps:\n  - {say: x, id: a}\n  - goto: a\nasides: {a: [{say: y}]}\n", ["5:10 duplicate-id"]),
        ("flow: f\nsteps: []\n---\nflow: f\nsteps: []\n", ["4:7 duplicate-flow"]),
    ],
)
def test_flows(text: str, problems: list[str]) -> None:
    """Each mistake in a flow's own keys is an error with its own code, under the words that are wrong."""
    assert told(text) == problems


def test_shared_words() -> None:
    """Two flows may share a start word only if each has an `if`, and then it is a warning."""
    one = "flow: a\nstart: {words: [Cita]}\nsteps: []\n"
    two = "flow: b\nstart: {words: [¡cita!]}\nsteps: []\n"
    assert told(one, two) == ["2:17 duplicate-word"]
    guarded = [text.replace("]}", "], if: contact.vip}") for text in (one, two)]
    assert told(*guarded) == ["2:17 shared-word"]
    assert loading(*guarded).flows is not None


def test_all_at_once() -> None:
    """Every problem of every file is told at once, and nothing half good is taken."""
    loaded = loading("flow: a\nsteps: [{goto: x}]\n", "flow: b\nsteps: [{sai: x}]\n", "flow: c\nsteps: []\n")
    errors = [problem for problem in by_place(loaded.problems) if problem.severity == "error"]
    assert [problem.place.file for problem in errors] == ["a.yaml", "b.yaml"]
    assert loaded.flows is None


def test_override() -> None:
    """A flow of the bot's own takes the place of the built-in one of its name."""
    loaded = loading("flow: hello\nsteps: []\n", builtin=("flow: hello\nsteps: [{goto: x}]\n",))
    assert loaded.problems == ()
    assert loaded.flows is not None
    assert not loaded.flows.flows["hello"].builtin


RENDERED = """\
a.yaml:5:11: error: no hay ningún paso, aparte ni flujo que se llame 'confirmr' [unknown-target]
      - goto: confirmr
              ^^^^^^^^
    sugerencia: ¿quisiste decir 'confirmar' (línea 3)?"""


def test_nearest_target() -> None:
    """An unknown target is shown under a caret, with the nearest name and its line."""
    text = "flow: a\nsteps:\n  - say: x\n    id: confirmar\n  - goto: confirmr\n"
    problem = loading(text).problems[0]
    assert render(problem, text.split("\n"), "es") == RENDERED
    assert problem.advice("en") == "did you mean 'confirmar' (line 3)?"


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("uper", ["upper", "lower"], "upper"),
        ("preguntar", ["run", "ask"], None),
        ("es", ["say", "if"], None),
        ("titel", ["title", "flow"], "title"),
        ("", ["a"], None),
        ("x", [], None),
    ],
)
def test_nearest(name: str, known: list[str], near: str | None) -> None:
    """Only a name that is really near is offered."""
    assert nearest(name, known) == near


def test_sentences() -> None:
    """Every code has its sentences in both languages, with the same values, and no brace left over."""
    for code, entry in CODES.items():
        assert entry.es, code
        assert entry.en, code
        assert bool(entry.hint_es) == bool(entry.hint_en), code


@pytest.mark.parametrize("steps", ["  - say: a\n    x: b\n", "  - ask: a\n    id: q\n    type: fecha\n"])
def test_one_language(steps: str) -> None:
    """An English sentence holds no Spanish, and no value is missing from it."""
    problem = loading("flow: f\nsteps:\n" + steps).problems[0]
    assert "un paso" not in problem.message("en") + problem.advice("en")
    assert "?" not in problem.message("en") + problem.message("es")


def test_long_lines() -> None:
    """A long line is cut around its caret."""
    text = "flow: f\nsteps:\n  - say: '" + "x" * 500 + "{{ nada }}" + "y" * 500 + "'\n"
    told = render(loading(text).problems[0], read(text, "a").lines, "en").split("\n")
    caret = told[2].index("^")
    assert told[1][caret : caret + 4] == "nada"
    assert len(told[1]) < 200


USED = "flow: f\nstart: {words: [hola]}\nsteps:\n  - goto: g\n---\nflow: g\nsteps:\n  - say: a\n"


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        (USED, []),
        (USED.replace("  - goto: g", "  - say: b"), ["a.yaml:6:7"]),
        ("flow: hello\nsteps:\n  - say: a\n", []),
    ],
)
def test_flow_unused(text: str, unused: list[str]) -> None:
    """A flow that no word and no step begins is a warning, save those that begin by their name."""
    found = [str(problem.place) for problem in loading(text).problems if problem.code == "flow-unused"]
    assert [place.rpartition("/")[2] for place in found] == unused


@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ("  - ask: a\n    save: b\n    type: integer\n    min: 9\n    max: 1\n", ["6:10 min-over-max"]),
        (
            "  - choose: a\n    id: b\n    options:\n      - {from: '[1]', words: [item]}\n",
            ["6:30 expression-unquoted"],
        ),
    ],
)
def test_late_mistakes(steps: str, problems: list[str]) -> None:
    """What would only show when somebody answers is said before."""
    assert told_of_steps(steps) == problems


@pytest.mark.parametrize(("written", "name"), [("fecha", "date"), ("Foto", "image"), ("bool", "yes_no")])
def test_names_in_other_words(written: str, name: str) -> None:
    """A type by a name of another language is guessed, which spelling alone could not do."""
    loaded = loading(f"flow: a\nstart: {{words: [a]}}\nsteps:\n  - ask: q\n    save: x\n    type: {written}\n")
    assert [problem.values["near"] for problem in loaded.problems] == [name]


@pytest.mark.parametrize(("written", "name"), [("float", "read"), ("map", "pick"), ("uper", "upper")])
def test_filters_in_other_words(written: str, name: str) -> None:
    """A filter of another template language is guessed, and one that is misspelt."""
    loaded = loading(f"flow: a\nsteps:\n  - say: '{{{{ today | {written} }}}}'\n")
    assert [problem.values["near"] for problem in loaded.problems] == [name]


def test_a_form_that_is_no_step() -> None:
    """A picture as a step is told to stand in `say`."""
    problem = loading("flow: a\nsteps:\n  - image: a.png\n").problems[0]
    assert problem.advice("es") == "¿quisiste decir 'say: {image: …}'?"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("x" * 4096, []),
        ("x" * 4097, ["3:10 text-too-long"]),
        ("x" * 4090 + "{{ contact.name }}", []),
        ("x" * 4090 + "{{ contact.name }}" + "y" * 7, ["3:10 text-too-long"]),
        ("{% if contact.new %}" + "x" * 5000 + "{% endif %}", []),
    ],
)
def test_long_texts(text: str, problems: list[str]) -> None:
    """A text that cannot be shorter than a message may be is a warning."""
    assert told_of_steps(f"  - say: '{text}'\n") == problems
