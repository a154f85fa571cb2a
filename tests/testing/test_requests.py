"""`expect: {requests: …}`: what the bot said since the last input, as the gateway would be asked to send it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.playing import bot, played

FLOW = """flow: f
start: {words: [go]}
steps:
  - say: ["Uno", "Dos y tres, y después lo que todavía falta decir", {image: "https://x.bo/a.png", caption: Tres}]
  - choose: ¿Cuál?
    save: c
    options: [A, B, C, D]
    silence: {after: 1h, say: ¿Sigues?, then: quit}
  - if: c == 'A'
    then: [{say: Bien}]
"""
PLAIN = "{profile: waconecta, base_url: '${URL}', api_key: '${KEY}'}"
SANDBOX = "{base_url: sandbox}"
#: A gateway whose texts are so short that the second bubble takes two.
SMALL = "{base_url: sandbox, capabilities: {text: 40}}"


@pytest.mark.parametrize(
    ("channels", "counts"),
    [
        (f"whatsapp: {SANDBOX}", (4, 0, 1)),
        (f"whatsapp: {SMALL}", (5, 0, 1)),
        (f"whatsapp: {PLAIN}", (4, 0, 1)),
        (f"whatsapp: {SMALL}, other: {PLAIN}", (5, 0, 1)),
        (f"whatsapp: {PLAIN}, other: {SMALL}", (5, 0, 1)),
    ],
)
def test_requests(tmp_path: Path, channels: str, counts: tuple[int, int, int]) -> None:
    """Each input begins anew; of several channels the dearest counts, and no secret need be set."""
    project = bot(tmp_path, FLOW, "", f"channels: {{{channels}}}\n")
    asked, none, last = counts
    script = (
        f"      - user: go\n      - expect: {{requests: {asked}}}\n"
        "      - bot: ['Uno', '/Dos/', {image: a.png}, {text: '¿Cuál?'}]\n" + f"      - expect: {{requests: {asked}}}\n"
        f"      - wait: 30m\n      - expect: {{requests: {none}}}\n"
        f"      - tap: A\n      - bot: Bien\n      - expect: {{requests: {last}}}\n"
    )
    result = played(project, script)
    assert result.passed, result.report("en")


def test_wrong_count(tmp_path: Path) -> None:
    """Another number is a difference, shown with where the conversation stands."""
    project = bot(tmp_path, FLOW, "", f"channels: {{whatsapp: {SANDBOX}}}\n")
    report = played(project, "      - user: go\n      - expect: {requests: 3}\n").report("en")
    assert "expected (line 5): requests: 3\n  got: requests: 4  [" in report
    assert report.endswith("f.yaml:5:5]")
