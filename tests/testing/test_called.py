"""Web services and calls in conversation tests: stubs, attempts, and lines `called`."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project
from botkit.testing.play import run_tests
from tests.testing.playing import bot, played

FLOW = """flow: f
start: {words: [go]}
steps:
  - set: {id: "7/a", n: 3}
  - http: POST crm/quejas/{{ id }}
    query: {n: "{{ n }}", l: [a, b]}
    json: {n: "{{ n }}", quien: {nombre: Ana, edad: 40}}
    save: {codigo: response.json.id, sello: response.headers.etag, texto: response.text}
    retries: 2
    meanwhile: Un momento
    on_status: {404: falta}
    on_error: mal
  - say: "{{ codigo }} {{ sello }} {{ texto }}"
asides:
  falta: [say: no está]
  mal: [say: "mal: {{ error }}"]
---
flow: g
start: {words: [pide]}
steps:
  - run: x.precio
    with: {c: 1, d: dos}
    retries: 1
  - run: x.contexto
"""
HANDLERS = """from botkit import Context, handler

@handler("x.precio")
def precio(c: int, d: str) -> int: raise ValueError("caído")

@handler("x.contexto")
def contexto(ctx: Context) -> int: return 7
"""
CONFIG = """channels: {whatsapp: {base_url: sandbox}}
handlers: [handlers.py]
services: {crm: {url: https://crm.example}}
"""
STUB = "stubs: {POST crm/quejas/7%2Fa: "
WROTE = "      - user: go\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot of two flows that call out."""
    return bot(tmp_path, FLOW, HANDLERS, CONFIG)


def told(project: Project, line: str) -> list[str]:
    """Return `code` of each problem of a test file with this line."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(line)
    return [problem.code for problem in run_tests(project, [path])[1]]


@pytest.mark.parametrize(
    ("stub", "said"),
    [
        ("{json: {id: R-1}, headers: {ETag: 5}}", """'R-1 5 {"id":"R-1"}'"""),
        ("{text: hola}", "hola"),
        ("{status: 201, text: hola}", "hola"),
        ("{status: 404}", "no está"),
        ("{status: 400, json: {id: 1}}", "'mal: HTTP 400'"),
        ("[{status: 500}, {text: hola}]", "hola"),
        ("[{error: sin línea}, {text: hola}]", "hola"),
        ("[{status: 429}, {status: 503}, {text: hola}]", "['Un momento', 'hola']"),
        ("{error: sin línea}", "['Un momento', 'mal: sin línea']"),
    ],
)
def test_http_stub(project: Project, stub: str, said: str) -> None:
    """A stub is a web service's answer; further attempts take the next one, on the clock of the test."""
    result = played(project, f"{WROTE}      - bot: {said}\n", f"{STUB}{stub}}}\n")
    assert result.passed, result.report("en")


def test_http_stub_as_written(project: Project) -> None:
    """A stub may be named as the step is written, templates and all."""
    head = "stubs: {'POST crm/quejas/{{ id }}': {text: hola}}\n"
    assert played(project, f"{WROTE}      - bot: hola\n", head).passed


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (f"{WROTE}      - bot: 'mal: no'\n", "POST crm/quejas/7%2Fa"),
        ("      - user: pide\n", "x.contexto"),
    ],
)
def test_unstubbed(project: Project, script: str, name: str) -> None:
    """A web service, or a handler that takes `ctx`, without a stub fails the test by name; nothing leaves."""
    result = played(project, script, "stubs: {x.precio: {return: 1}}\n")
    assert result.difference is not None
    report = result.report("es")
    assert "'stubs'" in report
    assert report.partition("  [")[0].endswith(f": {name}")
    assert "f.yaml:" in report.partition("  [")[2]


@pytest.mark.parametrize(
    "line",
    [
        "{http: POST crm/quejas/7%2Fa}",
        "{http: 'POST crm/quejas/{{ id }}'}",
        "{http: POST crm/quejas/7%2Fa, json: {n: 3}}",
        "{http: POST crm/quejas/7%2Fa, json: {quien: {nombre: Ana}}, query: {n: 3}}",
        "{http: POST crm/quejas/7%2Fa, query: {l: [a, b]}}",
    ],
)
def test_called(project: Project, line: str) -> None:
    """`called` finds a call by its name and the keys it gives."""
    result = played(project, f"{WROTE}      - bot: hola\n      - called: {line}\n", STUB + "{text: hola}}\n")
    assert result.passed, result.report("en")


@pytest.mark.parametrize(
    "line",
    [
        "{http: GET crm/quejas/7%2Fa}",
        "{run: x.precio}",
        "{http: POST crm/quejas/7%2Fa, json: {n: '3'}}",
        "{http: POST crm/quejas/7%2Fa, json: {m: }}",
        "{http: POST crm/quejas/7%2Fa, json: {quien: {edad: 41}}}",
        "{http: POST crm/quejas/7%2Fa, query: {n: 4}}",
    ],
)
def test_not_called(project: Project, line: str) -> None:
    """Another method, kind or value is another call; the difference shows those made."""
    result = played(project, f"{WROTE}      - bot: hola\n      - called: {line}\n", STUB + "{text: hola}}\n")
    assert result.difference is not None
    assert "POST crm/quejas/7%2Fa json:" in result.report("en")


@pytest.mark.parametrize(("attempts", "passed"), [(1, True), (3, True), (4, False)])
def test_attempts_counted(project: Project, attempts: int, passed: bool) -> None:
    """Each attempt is a call: three of them answer three lines and not a fourth."""
    lines = "      - called: {http: POST crm/quejas/7%2Fa}\n" * attempts
    script = f"{WROTE}      - bot: ['Un momento', 'mal: no']\n{lines}"
    assert played(project, script, STUB + "{error: no}}\n").passed is passed


def test_handler_called(project: Project) -> None:
    """A real handler that fails is tried again, and `called` sees what it was given."""
    script = "      - user: pide\n      - called: {run: x.precio, with: {d: dos}}\n      - called: {run: x.precio}\n"
    assert played(project, f"{script}      - bot: /./\n").passed
    assert not played(project, f"{script}      - called: {{run: x.precio}}\n").passed


def test_since_the_last_input(project: Project) -> None:
    """A call before the last input is not seen."""
    script = f"{WROTE}      - bot: hola\n      - user: go\n      - bot: hola\n"
    line = "      - called: {http: POST crm/quejas/7%2Fa}\n"
    assert played(project, script + line, STUB + "{text: hola}}\n").passed
    assert not played(project, script + line * 2, STUB + "{text: hola}}\n").passed


@pytest.mark.parametrize(
    "line",
    [
        "tests: [{name: a, script: [], stubs: {GET a/b: {return: 1}}}]",
        "tests: [{name: a, script: [], stubs: {GET a/b: {json: 1, text: a}}}]",
        "tests: [{name: a, script: [], stubs: {GET a/b: {status: 99}}}]",
        "tests: [{name: a, script: [], stubs: {GET a/b: {headers: a}}}]",
        "tests: [{name: a, script: [], stubs: {a.b: {status: 200}}}]",
        "tests: [{name: a, script: [], stubs: {x.precio: []}}]",
        "stubs: {GET a/b: []}\ntests: [{name: a, script: []}]",
        "tests: [{name: a, script: [operator: {reply: a, release: true}]}]",
        "tests: [{name: a, script: [called: x]}]",
        "tests: [{name: a, script: [called: {run: a, http: GET b}]}]",
    ],
)
def test_wrong(project: Project, line: str) -> None:
    """A stub, a `called` or an `operator` of another shape is a mistake in the file."""
    assert told(project, line) == ["wrong-type"]


def test_unknown_part(project: Project) -> None:
    """A handler's call has no `json`."""
    assert told(project, "tests: [{name: a, script: [called: {run: a, json: 1}]}]") == ["unknown-key"]


@pytest.mark.parametrize(
    ("stub", "said"),
    [
        ("{status: 200, json: {id: 1}, delay: 1.9s}", ["/^1/"]),
        ("{status: 200, json: {id: 1}, delay: 3s}", ["Un momento", "/^1/"]),
        ("{delay: 3s}", ["Un momento", ""]),
        ("{error: down, delay: 3s}", ["Un momento", "mal: down"]),
        ("{delay: 1h}", ["Un momento", "mal: no answer within 10 s"]),
        ("[{delay: 3s, status: 503}, {json: {id: 1}, delay: 3s}]", ["Un momento", "/^1/"]),
    ],
)
def test_delay(project: Project, stub: str, said: list[str]) -> None:
    """A stub's `delay` passes on the test's clock: `meanwhile` is said once, and the timeout of an attempt holds."""
    bubbles = "".join(f"      - bot: '{text}'\n" for text in said if text)
    result = played(project, WROTE + bubbles, f"{STUB}{stub}}}\n")
    assert result.passed, result.report("en")


def test_delay_of_a_handler(project: Project) -> None:
    """A handler's stub may take its time, too; what is no duration is a mistake."""
    head = "stubs: {x.precio: {return: 1, delay: 29s}, x.contexto: {delay: 1s}}\n"
    script = "      - user: pide\n      - called: {run: x.precio, with: {c: 1}}\n      - expect: {outcome: done}\n"
    assert played(project, script, head).passed
    path = project.folder / "flows" / "g.test.yaml"
    path.write_text("tests:\n  - {name: a, stubs: {x.precio: {return: 1, delay: 5}}, script: []}\n")
    assert [problem.code for problem in run_tests(project, [path])[1]] == ["bad-duration"]


@pytest.mark.parametrize("name", ["POST crm/quejas/7%2Fa", "POST crm/quejas/7/a", "POST crm/quejas/{{ id }}"])
def test_names_of_a_request(project: Project, name: str) -> None:
    """A request is known as it was written, as it left, and as people read its path."""
    head = f"stubs:\n  '{name}': {{json: {{id: 1}}}}\n"
    script = f"{WROTE}      - bot: /^1/\n      - called: {{http: '{name}'}}\n"
    result = played(project, script, head)
    assert result.passed, result.report("en")
