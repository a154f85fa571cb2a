"""Where conversation tests stand. Apart from the player, so that `botkit check` need not load what plays them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from botkit.project import Project


def test_files(project: Project, paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the test files below the given paths, or below the flows folder, each once."""
    folder = project.folder / (project.settings.flows if project.settings else "flows")
    # A folder of flows that is not there is told where it is named.
    known: set[Path] = set()
    for path in paths or [folder] * folder.is_dir():
        for file in sorted(path.rglob("*.test.yaml")) if path.is_dir() else [path]:
            if file.resolve() not in known:
                known.add(file.resolve())
                yield file
