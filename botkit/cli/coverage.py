"""What `botkit test --coverage` shows: the ways that no test took, and a line for each flow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING

import click

from botkit.cli.messages import Language, say
from botkit.cli.shown import one_line

if TYPE_CHECKING:
    from botkit.flow.flowset import FlowSet
    from botkit.project import Project
    from botkit.testing.coverage import Covered
    from botkit.testing.result import Result


def show_coverage(project: Project, results: Sequence[Result], least: float | None, lang: Language) -> bool:
    """Print what tests took of a bot's flows; tell whether it is at least so many per cent."""
    from botkit.testing.coverage import cover

    assert project.flows is not None  # its tests were played
    covered = cover(project.flows, [result.trail for result in results])
    click.echo()
    for line in _missing(project.flows, covered, lang):
        click.echo(line)
    counts = [(each.flow.name, each.taken, each.total) for each in covered]
    return show_table(counts, least, lang)


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


# ── tables, of coverage and of mutants ──


def show_table(counts: Sequence[tuple[str, int, int]], least: float | None, lang: Language) -> bool:
    """Print how much of how many for each flow, and in total; tell whether that is at least so many per cent."""
    from botkit.testing.coverage import percent

    done, of = sum(row[1] for row in counts), sum(row[2] for row in counts)
    rows = [(name, f"{some}/{all}", f"{shown_percent(percent(some, all))} %") for name, some, all in counts]
    rows.append((say("coverage total", lang), f"{done}/{of}", f"{shown_percent(percent(done, of))} %"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    click.echo()
    for name, share, told in rows:
        click.echo(f"{name.ljust(widths[0])}  {share.rjust(widths[1])}  {told.rjust(widths[2])}")
    total = percent(done, of)
    if least is not None and total < least:
        click.echo(say("fail-under", lang, percent=shown_percent(total), least=f"{least:g}"))
        return False
    return True


def shown_percent(share: float) -> str:
    """Return a percentage as people read it, never rounded up: 100 says that nothing is missing."""
    return str(floor(share))
