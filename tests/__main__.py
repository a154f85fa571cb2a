"""Run every check and every test, in order, up to the first that fails: `python -m tests [PYTEST-ARGUMENT]...`.

Skipped tests are listed with the reason; the last line is pytest's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: Modules with their arguments, the quick ones first.
CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "botkit check",
    "botkit test",
    "pytest -rs -n auto --dist loadgroup",
)

#: Left out of the environment: the tests start a hundred processes, and each would compile botkit for itself.
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def main(arguments: list[str]) -> int:
    """Return the status of the first check that fails, else 0; `arguments` are pytest's."""
    environment = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    for check in CHECKS:
        print(f"── {check}", flush=True)
        command = [sys.executable, "-m", *check.split(), *(arguments if check.startswith("pytest") else [])]
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
