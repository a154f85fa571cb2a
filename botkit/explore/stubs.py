"""What the bot's own tests let handlers and web services give: nobody knows better how that looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botkit.project import Project, read_file
from botkit.testing.files import test_files
from botkit.testing.script import read_scripts

#: Tests that are saved here are this command's own, and show nothing new.
OWN_FILE = "explore.test.yaml"


def stubs_of(project: Project) -> dict[str, list[Mapping[str, Any]]]:
    """Return the stubs of all tests of a bot, by name, each result once; files that cannot be read are left out."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for path in test_files(project, ()):
        if path.name != OWN_FILE:
            for script in read_scripts(read_file(path, project))[0]:
                for name, results in script.stubs.items():
                    found.setdefault(name, {}).update((repr(each), each) for each in results)
    return {name: list(results.values()) for name, results in found.items()}
