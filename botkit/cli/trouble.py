"""How a command ends when it cannot go on: a sentence and a status, never a traceback."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from botkit.cli.messages import say
from botkit.cli.messages_store import PASSING
from botkit.cli.options import spoken
from botkit.cli.reasons import in_language
from botkit.errors import BotkitError, ProblemsFound, StoreReason, StoreUnavailable, TryLater, UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem

UNUSABLE, DEFECT = 2, 70
#: What cannot be done for now, as sysexits has it: whoever restarts programs may try again.
NOT_NOW = 75
#: Most problems that are told as text: nobody reads more in one go.
SHOWN = 100
#: Exit status of a command that a person broke off, as click's.
ABORTED = 1
#: What the system says of a disk that takes no more.
_FULL = (ENOSPC, EDQUOT)


@contextmanager
def guarded(ctx: click.Context) -> Iterator[None]:
    """Turn errors into sentences on standard error and exit statuses."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (click.Abort, KeyboardInterrupt):  # click itself would tell it in English
        click.echo("\n" + say("aborted", spoken()), err=True)
        ctx.exit(ABORTED)
    except ProblemsFound as error:
        click.echo(told(error.problems, {}), err=True)
        ctx.exit(UNUSABLE)
    except (TryLater, StoreUnavailable) as error:
        click.echo(say("error", spoken(), why=in_language(_why_not_now(error), spoken())), err=True)
        ctx.exit(NOT_NOW)
    except BotkitError as error:
        why = error.told(spoken()) if isinstance(error, UsageError) else str(error)
        click.echo(say("error", spoken(), why=in_language(why, spoken())), err=True)
        ctx.exit(UNUSABLE)
    except BrokenPipeError:  # `botkit logs … | head`
        sys.stderr.close()
        ctx.exit(0)
    except OSError as error:
        ctx.exit(no_room(error))
    except Exception as error:
        _tell_defect(error)
        ctx.exit(DEFECT)


def no_room(error: OSError) -> int:
    """Tell an error of the system, and return the exit status: a full disk is nobody's defect, all else is ours."""
    with suppress(OSError):  # standard error may be on the same disk
        if error.errno not in _FULL:
            _tell_defect(error)
        else:
            click.echo(say("error", spoken(), why=say("no room", spoken())), err=True)
    return NOT_NOW if error.errno in _FULL else DEFECT


def _why_not_now(error: TryLater | StoreUnavailable) -> str:
    if isinstance(error, TryLater):
        return error.told(spoken())
    return store_refuses(error.reason)


def store_refuses(reason: StoreReason) -> str:
    """Return why a store takes nothing, and what to do about it."""
    why, mend = (say(f"store {what} {reason}", spoken()) for what in ("why", "mend"))
    return say("store refuses", spoken(), why=why, mend=say("try again", spoken()) if reason in PASSING else mend)


def _tell_defect(error: Exception) -> None:
    what = type(error).__name__
    click.echo(say("defect", spoken(), what=what, path=_keep(error)), err=True)


def told(problems: Sequence[Problem], lines: dict[str, list[str]]) -> str:
    """Return problems as people read them, up to SHOWN, with a count; files that `lines` lacks are read."""
    from botkit.flow.problem import SECRET, by_place, covered, render

    found = by_place(problems)
    for place in (problem.place for problem in found if problem.code == SECRET):
        if 0 < place.line <= len(written := _lines(place.file, lines)):
            written[place.line - 1] = covered(written[place.line - 1], place)
    out = [render(problem, _lines(problem.place.file, lines), spoken()) for problem in found[:SHOWN]]
    if len(found) > SHOWN:
        out.append(say("more found", spoken(), n=len(found) - SHOWN, place=found[SHOWN].place))
    errors = sum(problem.severity == "error" for problem in found)
    out.append(say("found", spoken(), errors=errors, warnings=len(found) - errors))
    return "\n".join([*out, say("see explain", spoken(), code=found[0].code)])


def _lines(file: str, lines: dict[str, list[str]]) -> list[str]:
    from botkit.project import read_regular  # heavy

    if file not in lines:
        try:
            lines[file] = read_regular(Path(file)).decode().split("\n")
        except (OSError, UnicodeDecodeError):
            lines[file] = []
    return lines[file]


def _keep(error: Exception) -> Path:
    """Append a defect's traceback to a log file, cleaned like every line, and return where it is."""
    from botkit.logs.setup import crash_line

    line = crash_line(error)
    for folder in (Path(), Path(tempfile.gettempdir())):
        path = folder / "botkit.log"
        try:
            with path.open("ab") as file:
                file.write(line)
        except OSError:
            continue
        return path.resolve()
    return Path("nowhere")  # pragma: no cover - a machine without a writable folder
