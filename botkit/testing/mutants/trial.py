"""Trying mutants: which of them do the tests notice?

Only tests that came to a changed step can notice the change, so no others are played; first those that noticed the
latest ones, and the first that fails decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from botkit.flow.problem import Place
from botkit.project import Project
from botkit.testing.mutants.find import BEGIN, TITLE, Mutant, mutants_of, mutated
from botkit.testing.play import play
from botkit.testing.result import Result
from botkit.testing.script import Script
from botkit.testing.trail import passed
from botkit.testing.variants import Variants

#: Flows that read this show the titles of the others.
SHOWS_TITLES = "bot.flows"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: whether it is one (else `botkit check` finds an error), and whether a test failed."""

    mutant: Mutant
    sound: bool
    noticed: bool = False


class Trial:
    """The mutants of a bot's own flows, and the tests that passed without them, with their trails.

    Unless these are the `whole` of the tests, flows that they do not come through have no mutants.
    """

    def __init__(self, project: Project, results: Sequence[Result], *, whole: bool = True) -> None:
        assert project.flows is not None  # its tests were played
        assert project.loading is not None
        self._project = project
        self._loading = project.loading
        self._variants = Variants(project)
        self._tests = [(result.script, result.trail.steps(project.flows)) for result in results]
        self._flows = project.flows.flows
        self._latest: dict[int, int] = {}
        self._trails = [result.trail for result in results]
        asked = [name for name in self._own() if whole or self.is_tested(name)]
        self.mutants = [mutant for name in asked for mutant in mutants_of(self._loading, name)]

    def verdicts(self) -> Iterator[Verdict]:
        """Try one mutant after the other."""
        for number, mutant in enumerate(self.mutants):
            flows = mutated(self._loading, mutant)
            if flows is None:
                yield Verdict(mutant, sound=False)
                continue
            bots = _Bots(self._variants, {id(self._project): replace(self._project, flows=flows)}, mutant)
            failed = next((script for script in self._concerned(mutant) if bots.fails(script)), None)
            if failed is not None:
                self._latest[id(failed)] = number
            yield Verdict(mutant, sound=True, noticed=failed is not None)

    def place(self, flow: str) -> Place:
        """Return where a flow begins."""
        return self._flows[flow].place

    def is_tested(self, flow: str) -> bool:
        """Tell whether a test came through a flow."""
        return passed(flow, self._trails)

    def _own(self) -> list[str]:
        return [reader.name.value for reader in self._loading.own if reader.name]

    def _concerned(self, mutant: Mutant) -> list[Script]:
        """Return the tests that may notice a mutant, the likeliest first."""
        found = [script for script, steps in self._tests if self._may_notice(mutant, steps)]
        return sorted(found, key=lambda script: (-self._latest.get(id(script), -1), len(script.lines)))

    def _may_notice(self, mutant: Mutant, steps: set[tuple[str, str]]) -> bool:
        if mutant.steps:
            return any((mutant.flow, step) in steps for step in mutant.steps)
        if mutant.where == BEGIN or any(flow == mutant.flow for flow, _ in steps):
            return True
        return mutant.where == TITLE and any(
            SHOWS_TITLES in self._flows[flow].text for flow, _ in steps if flow in self._flows
        )


class _Bots:
    """The bots of tests with a mutant in them, by the id of the bot without."""

    def __init__(self, variants: Variants, known: dict[int, Project], mutant: Mutant) -> None:
        self._variants = variants
        self._known = known
        self._mutant = mutant

    def fails(self, script: Script) -> bool:
        """Tell whether a test fails with the mutant; it does where only its own bot cannot be loaded with it."""
        bot = self._variants.of(script)
        if id(bot) not in self._known:
            flows = mutated(bot.loading, self._mutant) if bot.loading is not None else None
            self._known[id(bot)] = replace(bot, flows=flows)
        changed = self._known[id(bot)]
        return changed.flows is None or not play(changed, script).passed
