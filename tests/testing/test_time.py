"""Time in conversation tests: `wait` lets it pass."""

from __future__ import annotations

from pathlib import Path

from tests.testing.playing import bot, played

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\n"
HOUR = "flow: hora\nstart: {words: [hora]}\nsteps:\n  - say: '{{ now | time }}'\n"


def test_wait_moves_the_clock(tmp_path: Path) -> None:
    """`wait` lets so much time pass, before anybody wrote too."""
    script = "      - wait: 1h\n      - user: hora\n      - bot: '10:00'\n      - wait: 2.5h\n"
    assert played(bot(tmp_path, HOUR, "", CONFIG), script + "      - user: hora\n      - bot: '12:30'\n").passed


def test_wait_after_an_unexpected_message(tmp_path: Path) -> None:
    """Before time passes every message must be expected."""
    result = played(bot(tmp_path, HOUR, "", CONFIG), "      - user: hora\n      - wait: 1h\n")
    assert result.difference is not None
    assert result.difference.got == "09:00"
