"""The command `explore`: made-up talks with the flows, and what goes wrong in them."""

from __future__ import annotations

import asyncio
import io
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from botkit.cli.messages import count, say
from botkit.cli.options import config_option, lang_option, sound, spoken
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.explore.hunt import Hunt
    from botkit.explore.proof import Proved
    from botkit.explore.search import Search
    from botkit.project import Project

WRONG = 1
#: How many turns are played unless it is said: some ten seconds.
TURNS = 10_000
#: How often a terminal is told how far it is, in seconds.
TELL_S = 0.5


@click.command("explore", help=say("explore"))
@click.argument("names", metavar="[FLOW]...", nargs=-1)
@click.option("--seed", type=click.IntRange(0), metavar="N", help=say("option seed"))
@click.option(
    "--turns", type=click.IntRange(1), default=TURNS, show_default=True, metavar="N", help=say("option turns")
)
@click.option("--for", "lasts", metavar="TIME", help=say("option for"))
@click.option("--save", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=say("option save"))
@click.option("--no-save", is_flag=True, help=say("option no-save"))
@config_option()
@lang_option()
@click.pass_context
def explore(
    ctx: click.Context,
    names: tuple[str, ...],
    seed: int | None,
    turns: int,
    lasts: str | None,
    save: Path | None,
    no_save: bool,
    config: Path,
) -> None:
    """Explore flows, print what goes wrong and save it as tests; exit 1 for a finding."""
    from botkit.explore.hunt import Hunt
    from botkit.logs import show_warnings
    from botkit.testing.enclosed import Printed, enclosed
    from botkit.testing.watchdog import watchdog

    show_warnings(io.BytesIO())  # what is made to fail on purpose is no news
    project, _, _ = sound(config)
    _refuse_unknown(project, names)
    seconds = _seconds(lasts)
    hunt = Hunt(project, seed if seed is not None else secrets.randbelow(1_000_000), names, spoken())
    with _stopping() as stopped, watchdog(spoken()), enclosed(Printed()):
        asyncio.run(hunt.run(_goes_on(turns, seconds, stopped)))
    _tell("")
    _show(hunt)
    if hunt.proved and not no_save:
        _save(project, hunt.proved, save)
    ctx.exit(WRONG if hunt.proved else 0)


def _refuse_unknown(project: Project, names: Sequence[str]) -> None:
    own = [flow.name for flow in project.flows.flows.values() if not flow.builtin] if project.flows else []
    unknown = next((name for name in names if name not in own), None)
    if unknown is not None:
        raise UsageError(*(say("explore a flow", language, name=unknown) for language in ("en", "es")))


def _seconds(text: str | None) -> float | None:
    from botkit.flow.duration import parse_duration

    seconds = parse_duration(text) if text is not None else None
    if text is not None and not seconds:
        raise UsageError(*(say("explore a duration", language, value=text) for language in ("en", "es")))
    return seconds


@contextmanager
def _stopping() -> Iterator[list[bool]]:
    """Let Ctrl-C end the search and keep what it found; a second one ends the command."""
    stopped: list[bool] = []

    def stop(number: int, frame: Any) -> None:
        stopped.append(True)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo(f"\n{say('explore stopped', spoken())}", err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _goes_on(turns: int, seconds: float | None, stopped: Sequence[bool]) -> Callable[[Search], bool]:
    """Return what tells a search to go on, and a terminal how far it is."""
    from botkit.explore.search import until

    enough, told_at = until(turns, seconds), [time.monotonic()]
    is_terminal = sys.stderr.isatty()

    def goes_on(search: Search) -> bool:
        on = not stopped and enough(search)
        if is_terminal and (not on or time.monotonic() - told_at[0] > TELL_S):
            told_at[0] = time.monotonic()
            line = say("explore going", spoken(), turns=search.turns, n=len(search.found))
            _tell(line if on else say("explore proving", spoken()))
        return on

    return goes_on


def _tell(line: str) -> None:
    """Show a terminal a line that the next one takes the place of."""
    if sys.stderr.isatty():
        click.echo(f"\r{line:<60}\r", err=True, nl=False)


def _show(hunt: Hunt) -> None:
    """Print what was found: to the byte the same for the same seed, bot and number of turns."""
    for each in hunt.proved:
        click.echo(f"{each.finding.place}: {each.finding.message(spoken())} [{each.finding.kind}]")
        for line in each.said:
            click.echo(f"    {line}")
        click.echo()
    values = {"turns": hunt.search.turns, "seed": hunt.seed}
    if hunt.proved:
        click.echo(count("explore found", len(hunt.proved), spoken(), **values))
    else:
        click.echo(say("explore nothing", spoken(), **values))


def _save(project: Project, proved: Sequence[Proved], path: Path | None) -> None:
    from botkit.explore.proof import save
    from botkit.explore.stubs import OWN_FILE
    from botkit.folder import shown

    assert project.settings is not None  # who explores has a sound bot
    path = path or project.folder / project.settings.flows / OWN_FILE
    new = save(path, proved, say("explore comment", spoken()))
    click.echo(count("explore saved", new, spoken(), path=shown(path)))
