"""Handlers that leave the process, close its output, write into it, or block the event loop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.playing import bot, played

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [handlers.py]\n"
FLOW = "flow: f\nstart: {words: [go]}\nsteps:\n  - run: x.hace\n    save: r\n  - say: '{{ r }}'\n"
HANDLERS = "import os, sys, time\nfrom botkit import handler\n\n@handler('x.hace')\n"
BLOCKS = HANDLERS + "async def hace() -> str:\n    while True:\n        time.sleep(0.05)\n"
#: The command line, with a dog that does not wait long.
FAST = """import sys
from botkit.testing import watchdog
watchdog.HANG_S, watchdog.GRACE_S, watchdog.LOOK_S = 0.6, 0.2, 0.05
import pytest
from botkit.chat import plain
from botkit.cli import main
plain.BEAT_S = 0.05
sys.exit(pytest.main(sys.argv[2:]) if sys.argv[1] == "pytest" else main())
"""


@pytest.mark.parametrize("function", ["def", "async def"])
def test_leaves(tmp_path: Path, function: str) -> None:
    """`os._exit` in a handler is an error of the handler."""
    project = bot(tmp_path, FLOW, HANDLERS + f"{function} hace() -> str:\n    os._exit(0)\n", CONFIG)
    leave = os._exit
    result = played(project, "      - user: go\n      - bot: nada\n")
    assert os._exit is leave
    assert "handler=x.hace error=SystemExit: os._exit(0)" in result.report("en")


def test_forked(tmp_path: Path) -> None:
    """A process that a handler forks may leave."""
    forks = "    pid = os.fork()\n    if not pid:\n        os._exit(3)\n"
    forks += "    return str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    project = bot(tmp_path, FLOW, HANDLERS + f"def hace() -> str:\n{forks}", CONFIG)
    result = played(project, "      - user: go\n      - bot: '3'\n")
    assert result.passed, result.report("en")


def test_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a handler prints stands in the transcript before what the bot says; it cannot close the output."""
    prints = (
        "    sys.stdout.close()\n    print('uno')\n    sys.stdout.buffer.write(b'dos\\xff\\n')\n    return 'listo'\n"
    )
    project = bot(tmp_path, FLOW, HANDLERS + f"async def hace() -> str:\n{prints}", CONFIG)
    result = played(project, "      - user: go\n      - bot: listo\n")
    assert result.passed
    assert result.transcript == ("user: go", "print: uno", "print: dos\ufffd", "bot:  listo")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "typed", "head"),
    [
        (("test", "--lang", "en"), "", "✗  flows/f.test.yaml:2:5  cuelga"),
        (("pytest", "-q", "flows"), "", "✗  flows/f.test.yaml:2:5  cuelga"),
        (("explore", "--turns", "50", "--lang", "en"), "", "✗  x.hace"),
        (("chat", "--lang", "en"), "go\n", "✗  go"),
    ],
)
def test_blocks(tmp_path: Path, arguments: tuple[str, ...], typed: str, head: str) -> None:
    """Who blocks the event loop ends the process with 1, and is told by file and line."""
    bot(tmp_path, FLOW, BLOCKS, CONFIG)
    (tmp_path / "flows" / "f.test.yaml").write_text("tests:\n  - name: cuelga\n    script: [user: go, bot: listo]\n")
    done = _run(tmp_path, *arguments, typed=typed)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert head in lines
    assert lines[lines.index(head) + 1].startswith("  handlers.py:7 has blocked everything for ")
    assert "Traceback" not in done.stderr


def test_waits(tmp_path: Path) -> None:
    """A handler that waits does not block, however long; nor does a chat in which nobody types."""
    waits = (
        "import asyncio\n" + HANDLERS + "async def hace() -> str:\n    await asyncio.sleep(1.5)\n    return 'listo'\n"
    )
    bot(tmp_path, FLOW, waits, CONFIG)
    done = _run(tmp_path, "chat", "--lang", "en", typed="go\n")
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "─ listo")


def _run(folder: Path, *arguments: str, typed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", FAST, *arguments]
    env = {**os.environ, "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, input=typed, cwd=folder, env=env, timeout=60, capture_output=True, text=True, check=False
    )
