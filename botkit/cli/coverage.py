"""What `botkit test --coverage` shows: the ways that no test took, and a line for each flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING, Literal

import click

from botkit.cli.messages import Language, say
from botkit.cli.shown import one_line

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.project import Project
    from botkit.testing.coverage import Covered
    from botkit.testing.result import Result

#: What is held to `--fail-under`.
Measure = Literal["coverage", "mutants"]


def show_coverage(
    project: Project, results: Sequence[Result], least: float | None, lang: Language, *, whole: bool
) -> bool:
    """Print what tests took of a bot's flows; tell whether it is at least so many per cent.

    `whole` says that these are all tests; else only flows that they come through count.
    """
    from botkit.testing.coverage import cover
    from botkit.testing.trail import passed

    assert project.flows is not None  # its tests were played
    trails = [result.trail for result in results]
    covered = [each for each in cover(project.flows, trails) if whole or passed(each.flow.name, trails)]
    click.echo()
    for line in _missing(project.flows, covered, lang):
        click.echo(line)
    share = sum(each.taken for each in covered), sum(each.total for each in covered)
    counts = [*((each.flow.name, each.taken, each.total) for each in covered), (say("coverage total", lang), *share)]
    click.echo()
    for line in _table(counts):
        click.echo(line)
    return at_least("coverage", share, least, lang)


def _missing(flows: FlowSet, covered: Sequence[Covered], lang: Language) -> Iterator[str]:
    from botkit.flow.model import AT_ANY_TIME
    from botkit.graph.caption import Teller
    from botkit.graph.ways import tell_step, tell_way

    own = flows.bot.language
    teller = Teller(lang, own, {flow.name: flow.title(lang, own) for flow in flows.flows.values()})
    missing = [way for each in covered for way in each.missing]
    yield say("coverage missing" if missing else "coverage all", lang)
    for way in missing:
        told = tell_way(teller, way.flow, way.step, way.exit, flows.bot.handoff_s) or teller.phrase("on")
        of = way.flow.name if way.exit.trigger in AT_ANY_TIME else tell_step(teller, way.step)
        yield f"  {way.place}  {one_line(of)}: {one_line(told)}"


def _table(counts: Sequence[tuple[str, int, int]]) -> Iterator[str]:
    rows = [(name, f"{taken}/{total}", f"{shown_percent(taken, total)} %") for name, taken, total in counts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, share, told in rows:
        yield f"{name.ljust(widths[0])}  {share.rjust(widths[1])}  {told.rjust(widths[2])}"


# ── shares, of ways and of mutants ──


def at_least(of: Measure, share: tuple[int, int], least: float | None, lang: Language) -> bool:
    """Tell whether so many of so many are at least so many per cent; say of what they are less."""
    if least is None or percent(*share) >= least:
        return True
    click.echo(say(f"fail-under {of}", lang, percent=shown_percent(*share), least=f"{least:g}"))
    return False


def percent(some: int, total: int) -> float:
    """Return a share of 100; nothing of nothing is all of it."""
    return 100.0 * some / total if total else 100.0


def shown_percent(some: int, total: int) -> str:
    """Return a percentage as people read it, never rounded up: 100 says that nothing is missing."""
    return str(floor(percent(some, total)))
