"""`file` of `http`: what may be sent as a file, and what beside it; the mistakes are found before anybody writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.flow.problem import Problem
from tests.flow.samples import told_of_steps
from tests.testing.playing import bot, loaded, played

ASKED = "  - {ask: q, save: foto"


@pytest.mark.parametrize(
    ("keys", "problems"),
    [
        ("file: a.pdf", []),
        ("file: '{{ foto }}'", []),
        ("file: 'docs/{{ foto }}.pdf'", []),
        ("file: {acta: a.pdf, foto: '{{ foto }}'}, form: {a: 1}", []),
        ("file: a.pdf, json: {a: 1}", ["4:25 two-bodies"]),
        ("json: {a: 1}, form: {a: 1}, file: a.pdf", ["4:39 two-bodies"]),
        ("file: https://x.bo/a.pdf", ["4:31 upload-from-url"]),
        ("file: ", ["4:31 empty-value"]),
        ("file: {}", ["4:31 empty-value"]),
        ("file: {acta: }", ["4:38 empty-value"]),
        ("file: [a.pdf]", ["4:31 wrong-type"]),
        ("file: '{{ fot }}'", ["4:35 unknown-name"]),
        ("file: a.pdf, headers: {content-type: a/b}", ["4:48 bad-header"]),
    ],
)
def test_checked(keys: str, problems: list[str]) -> None:
    """A file goes with the fields of a form and with no JSON; it is a slot or a path, and no address."""
    assert told_of_steps(f"{ASKED}, type: image}}\n  - {{http: POST agenda, {keys}}}\n") == problems


def test_not_sent() -> None:
    """A GET has no body."""
    assert told_of_steps("  - {http: GET agenda, file: a.pdf}\n") == ["3:24 body-not-sent"]


@pytest.mark.parametrize(
    ("asked", "problems"),
    [
        (", type: image}", []),
        (", type: media}", []),
        (", type: any}", []),
        ("}", ["4:35 not-a-medium"]),
        (", type: integer}", ["4:35 not-a-medium"]),
        (", type: location}", ["4:35 not-a-medium"]),
        (", options: [{label: A, value: a.pdf}]}", []),
        ("}\n  - set: {foto: a.pdf}", []),
    ],
)
def test_not_a_medium(asked: str, problems: list[str]) -> None:
    """A slot that only ever holds a text or a number is no file."""
    found = told_of_steps(f"{ASKED}{asked}\n  - {{http: POST agenda, file: '{{{{ foto }}}}'}}\n")
    assert [each.replace("5:", "4:") for each in found] == problems


FLOW = """flow: f
start: {words: [go]}
steps:
  - {ask: Foto, type: image, save: foto}
  - http: POST crm/fotos
    form: {de: "{{ contact.name }}"}
    file: {foto: "{{ foto }}", menu: docs/menu.pdf}
    save: id
  - say: "Listo {{ id }}"
"""
CONFIG = """channels: {whatsapp: {base_url: sandbox}}
services: {crm: {url: https://crm.example}}
"""


def codes(folder: Path) -> list[str]:
    """Return the codes of what is wrong with the bot of a folder."""
    problems: list[Problem] = loaded(folder, FLOW, "", CONFIG).problems
    return [problem.code for problem in problems if problem.severity == "error"]


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not in the flows folder is found with all other mistakes."""
    assert codes(tmp_path) == ["media-missing"]


@pytest.mark.parametrize(
    ("called", "passed"),
    [
        ("form: {de: Ana}, file: {foto: golpe.png, menu: menu.pdf}", True),
        ("file: {foto: golpe.png}", True),
        ("file: {foto: otra.png}", False),
        ("file: golpe.png", False),
    ],
)
def test_played(tmp_path: Path, called: str, passed: bool) -> None:
    """A test sees files by field and name; nothing is fetched or read."""
    (tmp_path / "flows" / "docs").mkdir(parents=True)
    (tmp_path / "flows" / "docs" / "menu.pdf").write_bytes(b"%PDF")
    script = "      - user: go\n      - bot: Foto\n      - user: {image: fotos/golpe.png}\n      - bot: Listo 7\n"
    head = "contact: {name: Ana}\nstubs: {POST crm/fotos: {json: 7}}\n"
    result = played(
        bot(tmp_path, FLOW, "", CONFIG), f"{script}      - called: {{http: POST crm/fotos, {called}}}\n", head
    )
    assert result.passed is passed, result.report("en")
