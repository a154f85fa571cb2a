"""What conversation tests can play: media, places, taps of older menus, pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.project import Project, load_project
from botkit.testing.play import run_tests
from botkit.testing.result import Result

FLOW = """flow: f
start: {words: [go]}
steps:
  - {ask: ¿Foto?, save: foto, type: image, skip: [no], invalid: Solo una foto.}
  - {ask: ¿Dónde?, save: lugar, type: location}
  - say: [{image: "{{ foto }}", caption: Tu foto}, {location: "{{ lugar }}"}, {document: https://x.bo/a/menu.pdf?v=1}]
  - choose: ¿Cuál?
    save: c
    options: [a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2]
    invalid: Toca una opción.
  - {choose: ¿Seguro?, save: s, options: [Sí, No], invalid: ¿Sí o no?}
"""
START = """
      - user: go
      - bot: ¿Foto?
      - user: {image: fotos/yo.png, caption: yo}
      - bot: ¿Dónde?
      - user: {location: [-16.5, -68.15]}
"""
MEDIA = """
      - bot:
          - {image: yo.png, caption: Tu foto}
          - {location: [-16.5, -68.15]}
          - {document: menu.pdf}
          - ¿Cuál?
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a bot of one flow."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "f.yaml").write_text(FLOW)
    (tmp_path / "config.yaml").write_text("channels: {whatsapp: {base_url: sandbox}}\n")
    found = load_project(tmp_path / "config.yaml", {})
    assert found.flows is not None, found.problems
    return found


def played(project: Project, script: str) -> Result:
    """Play one test."""
    path = project.folder / "flows" / "f.test.yaml"
    path.write_text(f"tests:\n  - name: a\n    script:{script}")
    results, problems = run_tests(project, [path])
    assert problems == []
    return results[0]


@pytest.mark.parametrize(
    "script",
    [
        START + MEDIA + "      - expect: {slots: {foto: {name: yo.png, type: image}, lugar: {longitude: -68.15}}}\n",
        "\n      - user: go\n      - bot: ¿Foto?\n      - user: {document: a.pdf}\n      - bot: Solo una foto.\n",
        "\n      - user: go\n      - bot: ¿Foto?\n      - user: {document: yo.jpg}\n      - bot: ¿Dónde?\n",
        START + MEDIA + "      - tap: Ver más\n      - bot: {text: ¿Cuál?, options: [b1, b2, Volver al inicio]}\n"
        "      - restart: true\n      - user: la 2\n      - bot: ¿Seguro?\n      - expect: {slots: {c: b2}}\n",
        START + MEDIA + "      - tap: Ver más\n      - bot: ¿Cuál?\n      - {tap: a1, of: 1}\n      - bot: ¿Seguro?\n",
        START + MEDIA + "      - tap: a1\n      - bot: ¿Seguro?\n      - {tap: a2, of: 1}\n"
        "      - bot: ¿Sí o no?\n      - tap: Sí\n      - expect: {running: false}\n",
    ],
)
def test_plays(project: Project, script: str) -> None:
    """A person sends media and places and taps what was shown; what the bot sends is told by file names."""
    result = played(project, script)
    assert result.passed, result.report("en")


@pytest.mark.parametrize(
    ("line", "expected", "got"),
    [
        ("{image: otra.png}", "[image otra.png]", "[image yo.png] Tu foto"),
        ("{image: yo.png, caption: x}", "[image yo.png] x", "[image yo.png] Tu foto"),
        ("{document: yo.png}", "[document yo.png]", "[image yo.png] Tu foto"),
        ("Tu foto", "Tu foto", "[image yo.png] Tu foto"),
        ("[{contains: foto}, {location: [0, 0]}]", "[location 0, 0]", "[location -16.5, -68.15]"),
    ],
)
def test_differences(project: Project, line: str, expected: str, got: str) -> None:
    """A medium of another name, kind or caption, a text for a medium, another place: the test says so."""
    difference = played(project, START + f"      - bot: {line}\n").difference
    assert difference is not None
    assert (difference.expected, difference.got) == (expected, got)


@pytest.mark.parametrize("tap", ["tap: a2", "{tap: a2, of: 3}", "{tap: b1, of: 1}"])
def test_taps_of_what_was_not_shown(project: Project, tap: str) -> None:
    """A tap fails on a label that the menu does not have, and on a menu that was not shown."""
    difference = played(project, START + MEDIA + f"      - tap: a1\n      - bot: ¿Seguro?\n      - {tap}\n").difference
    assert difference is not None
    assert difference.line is not None
    assert difference.line.kind == "tap"
