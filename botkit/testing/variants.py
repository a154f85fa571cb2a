"""The bots that tests are played with: that of config.yaml, and one for every `config` that tests merge into it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from botkit.flow.problem import Problem, by_place
from botkit.flow.source import Map, Node, Seq, Source, Text
from botkit.project import Project, load_project
from botkit.testing.named import check_given, check_stubs
from botkit.testing.script import Script, read_scripts


class Variants:
    """Gives each test its bot: `project`, or one of its own; one that several tests share is loaded once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._loaded: dict[Hashable, Project] = {}

    def of(self, script: Script) -> Project:
        """Return the bot of a test. Its flows are None where its `config` is wrong, which `problems` tells."""
        over = script.config
        if over is None:
            return self.project
        key = _key(over)
        if key not in self._loaded:
            self._loaded[key] = load_project(self.project.config, self.project.env, over=over)
        return self._loaded[key]

    def read(self, source: Source) -> tuple[list[Script], list[Problem]]:
        """Return the tests of a file, and what is wrong with it, and with it for this bot."""
        scripts, problems = read_scripts(source)
        for script in scripts if self.project.flows is not None else ():
            problems += self._check(script)
        if self.project.flows is not None:
            known = {name for script in scripts for name in self.of(script).handlers}
            problems += check_stubs(source, known | self.project.handlers.keys())
        return scripts, by_place(problems)

    def _check(self, script: Script) -> Iterator[Problem]:
        project = self.of(script)
        if project.flows is None and script.config is not None:
            yield from _wrong(project, script.config, script.place.file)
        elif project.flows is not None and script.given is not None:
            yield from check_given(script.given, project.flows)


def _wrong(project: Project, config: Map, file: str) -> Iterator[Problem]:
    """Yield what a `config` makes wrong: the mistakes in it, or else the first one in the bot that it makes."""
    errors = [problem for problem in project.problems if problem.severity == "error"]
    here = [problem for problem in errors if problem.place.file == file]
    yield from here
    if not here:
        first = errors[0]
        told = {"why": first.message("es"), "why_en": first.message("en"), "at": first.place}
        yield Problem("test-config", config.place, told)


def _key(node: Node) -> Hashable:
    """Return what is equal for settings that are written alike, wherever they stand."""
    if isinstance(node, Text):
        return node.value, node.plain
    if isinstance(node, Seq):
        return tuple(_key(item) for item in node.items)
    return frozenset((name, _key(entry.value)) for name, entry in node.entries.items())
