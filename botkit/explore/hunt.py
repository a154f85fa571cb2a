"""A whole run: the search, then each finding by its shortest talk, proved by a test that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from botkit.explore.asked import asked
from botkit.explore.finding import Finding
from botkit.explore.marks import marked
from botkit.explore.proof import Proved, prove
from botkit.explore.scene import Beat
from botkit.explore.search import Search
from botkit.explore.shrink import Shows, shrink
from botkit.explore.stubs import stubs_of
from botkit.project import Project

#: Findings that show only once much was tried: their talks are not judged by one move.
AFTERWARDS = ("refused", "round", "never")


@dataclass(slots=True)
class Hunt:
    """A run over a sound bot, or over some of its flows. `proved` are the findings, by their place."""

    project: Project
    seed: int
    wanted: Sequence[str] = ()
    language: str = "es"
    proved: list[Proved] = field(default_factory=list)
    unproved: list[Finding] = field(default_factory=list)
    search: Search = field(init=False)

    def __post_init__(self) -> None:
        """Get the search ready."""
        flows = self.project.flows
        assert flows is not None  # who explores has checked that the flows are sound
        self.search = Search(flows, self.project.handlers, self.seed, stubs_of(self.project), self.wanted)

    async def run(self, goes_on: Callable[[Search], bool]) -> None:
        """Search, shrink and prove."""
        search = self.search
        try:
            with marked(search.flows):
                await search.run(goes_on)
                found = [await self._shrunk(each) for each in search.found.values()]
            for finding in sorted(found, key=lambda each: (each.place, each.kind)):
                await self._prove(finding)
        finally:
            await search.player.close()

    async def _shrunk(self, finding: Finding) -> Finding:
        """Return the shortest talk; one that goes round by every answer is as short as it can be."""
        if finding.kind == "round":
            return finding
        return await shrink(self.search.player, finding, self._shows(finding))

    async def _prove(self, finding: Finding) -> None:
        proved = await prove(self.project, finding, self.language)
        if proved is None:
            self.unproved.append(finding)
        else:
            self.proved.append(proved)

    def _shows(self, finding: Finding) -> Shows:
        if finding.kind in AFTERWARDS:
            return lambda beat: finding_at(beat, finding)
        search = self.search

        def shows(beat: Beat) -> Finding | None:
            waits = asked(search.player.flows, beat.before)
            return next((each for each in search.judged(beat, waits) if each.key == finding.key), None)

        return shows


def finding_at(beat: Beat, finding: Finding) -> Finding | None:
    """Return a finding of AFTERWARDS at the end of a talk that comes to the same: same question, same words."""
    before = finding.scene.before
    if before is None or (beat.before.at, beat.after.at) != (before.at, finding.scene.at):
        return None
    return Finding(finding.kind, finding.place, beat.after, finding.values, finding.wrong, finding.cause)
