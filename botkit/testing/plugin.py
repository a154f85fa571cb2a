"""The pytest plugin: every test of a `*.test.yaml` below a bot's config.yaml is an item of its own.

It is loaded wherever botkit is installed, so it imports nothing but pytest until there is such a file, and leaves a
`*.test.yaml` of anybody else's alone. `-p no:botkit` leaves it out.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    import pluggy

    from botkit.flow.problem import Problem
    from botkit.project import Project
    from botkit.testing.result import Result
    from botkit.testing.script import Script
    from botkit.testing.variants import Variants

SUFFIX, CONFIG = ".test.yaml", "config.yaml"
#: What every config.yaml of a bot has and hardly another one.
SIGN = "channels"
#: Marks the failure of a conversation on its way between processes.
MARK = "$botkit_conversation"
_BOTS = pytest.StashKey[dict[Path, "Variants"]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ConversationFile | None:
    """Take a file of conversation tests."""
    config = bot_of(file_path) if file_path.name.endswith(SUFFIX) else None
    if config is None:
        return None
    file: ConversationFile = ConversationFile.from_parent(parent, path=file_path)
    file.bot = config
    return file


def bot_of(file: Path) -> Path | None:
    """Return the nearest config.yaml above a file; None where there is none, or it is not that of a bot."""
    config = next((folder / CONFIG for folder in file.parents if (folder / CONFIG).is_file()), None)
    try:
        return config if config and SIGN in config.read_text("utf-8") else None
    except (OSError, UnicodeDecodeError):
        return None


class ConversationFile(pytest.File):
    """A file of conversation tests, and the config.yaml of its `bot`."""

    bot: Path

    def collect(self) -> Iterator[ConversationTest]:
        """Yield the tests of the file; raises CollectError for a file or a bot with mistakes."""
        from botkit.project import read_file  # heavy

        variants = self._variants()
        project = variants.project
        if project.flows is None:
            raise self.CollectError(_told(project.problems, project))
        scripts, problems = variants.read(read_file(self.path, project))
        if any(problem.severity == "error" for problem in problems):
            raise self.CollectError(_told(problems, project))
        for script in scripts:
            test: ConversationTest = ConversationTest.from_parent(self, name=" ".join(script.name.split()))
            test.script, test.project = script, variants.of(script)
            yield test

    def _variants(self) -> Variants:
        """Return the bots of this file's config.yaml, which are loaded once in a session."""
        from os import environ

        from botkit.project import load_project
        from botkit.testing.variants import Variants

        known = self.config.stash.setdefault(_BOTS, {})
        if self.bot not in known:
            known[self.bot] = Variants(load_project(self.bot, environ))
        return known[self.bot]


def _told(problems: list[Problem], project: Project) -> str:
    from botkit.cli.trouble import told

    return told(problems, dict(project.lines))


class ConversationTest(pytest.Item):
    """A conversation test, or one row of it."""

    script: Script
    project: Project

    def runtest(self) -> None:
        """Play it; raises ConversationFailed."""
        from botkit.cli.messages import language
        from botkit.testing.play import play
        from botkit.testing.watchdog import watchdog

        capture = self.config.pluginmanager.getplugin("capturemanager")
        with watchdog(language(), capture.suspend_global_capture if capture else lambda: None):
            result = play(self.project, self.script)
        if not result.passed:
            raise ConversationFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return what was said and the first difference, as `botkit test` shows it."""
        if isinstance(excinfo.value, ConversationFailed):
            return ConversationShown(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the test stands, its line from 0."""
        place = self.script.row or self.script.place
        return self.path, place.line - 1, self.name


class ConversationShown:
    """A failure as pytest shows it: whole where it is told, its first line in the short summary.

    With CI set in the environment pytest's summary gives messages whole, which would tell every failure twice.
    """

    def __init__(self, told: str) -> None:
        self.told = told
        self.reprcrash = SimpleNamespace(message=told.partition("\n")[0])

    def __str__(self) -> str:
        return self.told

    def toterminal(self, writer: Any) -> None:
        """Write it down, as pytest asks of what a failure is shown with."""
        writer.line(self.told)


@pytest.hookimpl(hookwrapper=True)
def pytest_report_to_serializable(
    report: pytest.CollectReport | pytest.TestReport,
) -> Generator[None, pluggy.Result[dict[str, Any] | None], None]:
    """Mark a conversation's failure that goes to another process: pytest sends its text alone."""
    data = (yield).get_result()
    if data is not None and isinstance(report.longrepr, ConversationShown):
        data[MARK] = True


@pytest.hookimpl(hookwrapper=True)
def pytest_report_from_serializable(
    data: dict[str, Any],
) -> Generator[None, pluggy.Result[pytest.CollectReport | pytest.TestReport | None], None]:
    """Show a failure that came from another process as one of this process."""
    is_ours = data.pop(MARK, False)
    report = (yield).get_result()
    if is_ours and report is not None:
        report.longrepr = cast(Any, ConversationShown(str(report.longrepr)))


class ConversationFailed(AssertionError):
    """A conversation did not go as its test says."""

    def __init__(self, result: Result) -> None:
        from botkit.cli.messages import language

        super().__init__(result.report(language()))
