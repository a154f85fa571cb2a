"""Write the golden texts anew: `python -m tests.errors.golden`. What is expected of a case is written by hand.

Read the difference before you commit it: these are the words that authors get.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.errors.cases import as_golden, cases, golden_file, told


def main() -> None:
    """Write a file for each case, and remove those of cases that are gone."""
    kept = {golden_file(case) for case in cases()}
    folder = next(iter(kept)).parent
    folder.mkdir(exist_ok=True)
    for path in set(folder.iterdir()) - kept:
        path.unlink()
    here = Path.cwd()
    for case in cases():
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            golden_file(case).write_text(as_golden(told(case, Path(name))[1]), encoding="utf-8")
            os.chdir(here)


if __name__ == "__main__":
    main()
