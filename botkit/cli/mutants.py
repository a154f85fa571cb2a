"""What `botkit test --mutate` shows: the changes that no test noticed, and a line for each flow."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from botkit.cli.coverage import at_least, shown_percent
from botkit.cli.messages import Language, count, say
from botkit.cli.shown import one_line

if TYPE_CHECKING:
    from botkit.project import Project
    from botkit.testing.mutants.trial import Trial, Verdict
    from botkit.testing.result import Result

#: How a shell tells that a command was stopped by Ctrl-C.
INTERRUPTED = 130


def show_mutants(
    project: Project, results: Sequence[Result], least: float | None, lang: Language, *, whole: bool
) -> int:
    """Try a bot's mutants and print what tests noticed; return the exit status.

    `whole` says that these are all tests; else only flows that they come through count. Ctrl-C ends it early: what is
    known by then is shown.
    """
    from botkit.testing.mutants.trial import Trial

    trial = Trial(project, results, whole=whole)
    verdicts: list[Verdict] = []
    try:
        for verdict in trial.verdicts():
            verdicts.append(verdict)
            _progress(f"{len(verdicts)}/{len(trial.mutants)}")
        _progress("")
    except KeyboardInterrupt:
        _progress("")
        click.echo(say("mutants interrupted", lang, n=len(verdicts), of=len(trial.mutants)))
        _show(trial, verdicts, lang)
        return INTERRUPTED
    return 0 if at_least("mutants", _show(trial, verdicts, lang), least, lang) else 1


def _progress(text: str) -> None:
    """Tell on a terminal how far it is."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", err=True, nl=False)


def _show(trial: Trial, verdicts: Sequence[Verdict], lang: Language) -> tuple[int, int]:
    """Print what became of mutants; return how many were noticed, and of how many."""
    sound = [verdict for verdict in verdicts if verdict.sound]
    missed = [verdict for verdict in sound if not verdict.noticed]
    click.echo()
    click.echo(say("mutants missed" if missed else "mutants all", lang))
    for line in _missed(trial, missed, lang):
        click.echo(line)
    click.echo()
    flows = list(dict.fromkeys(verdict.mutant.flow for verdict in sound))
    rows = {flow: [verdict.noticed for verdict in sound if verdict.mutant.flow == flow] for flow in flows}
    rows[say("coverage total", lang)] = [verdict.noticed for verdict in sound]
    width = max(map(len, rows))
    for name, noticed in rows.items():
        share = shown_percent(sum(noticed), len(noticed))
        told = say("mutants row", lang, n=sum(noticed), of=len(noticed), percent=share)
        click.echo(f"{name.ljust(width)}  {told}")
    if len(sound) < len(verdicts):
        click.echo(count("mutants refused", len(verdicts) - len(sound), lang))
    return sum(verdict.noticed for verdict in sound), len(sound)


def _missed(trial: Trial, missed: Sequence[Verdict], lang: Language) -> Iterator[str]:
    """Yield a line for each; one for all of a flow that no test comes through."""
    untested = {verdict.mutant.flow for verdict in missed if not trial.is_tested(verdict.mutant.flow)}
    for flow in sorted(untested):
        n = sum(verdict.mutant.flow == flow for verdict in missed)
        yield f"  {trial.place(flow)}  {count('mutants untested', n, lang, flow=flow)}"
    for mutant in (verdict.mutant for verdict in missed if verdict.mutant.flow not in untested):
        yield f"  {mutant.place}  {one_line(mutant.was)} → {one_line(mutant.becomes)}"
