"""The file of `--junit`: where results are written, and what must not be written over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from botkit.cli.messages import say
from botkit.cli.options import spoken
from botkit.errors import UsageError

if TYPE_CHECKING:
    from botkit.flow.problem import Problem
    from botkit.testing.result import Result

#: How a JUnit file begins, whoever wrote it; many begin with their first suite.
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<testsuite")
#: Bytes of a file that tell what it is.
_HEAD = 500


def refuse_other(path: Path) -> None:
    """Raise UsageError if a file that stands there is no results, so that no flow is lost to a forgotten name.

    An empty one is nobody's work, and what is no file, `/dev/stdout`, holds nothing.
    """
    if not path.name:
        raise UsageError(*(say("junit without file", language) for language in ("en", "es")))
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise _cannot_write(path, error) from None
    if head and not _BEGINS.match(head):
        raise UsageError(*(say("not results", language, path=path) for language in ("en", "es")))


def write_junit(path: Path, outcomes: Sequence[Result], problems: Sequence[Problem]) -> None:
    """Write results as JUnit XML, in a folder that is made if need be; raises UsageError."""
    from botkit.testing.junit import junit

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(junit(outcomes, problems, spoken()))
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cannot_write(path: Path, error: OSError) -> UsageError:
    return UsageError(*(say("cannot write", language, path=path, why=error.strerror) for language in ("en", "es")))
