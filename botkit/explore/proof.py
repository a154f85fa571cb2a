"""From a finding to a test that fails, and that passes once the flow is mended.

The test is written from what the whole runtime says, played with a real store, and must fail: what does not is no
finding. Up to the last move it expects what is said today; of the last one only what must not be.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any
from zoneinfo import ZoneInfo

from botkit.explore.finding import Finding
from botkit.explore.scene import Move, Scene, inbound, named
from botkit.flow.duration import show_duration
from botkit.flow.yaml_reader import read
from botkit.project import Project
from botkit.testing.clock import FakeClock
from botkit.testing.play import play
from botkit.testing.rehearsal import Heard, Rehearsal
from botkit.testing.script import read_scripts
from botkit.testing.stubs import StubbedCalls
from botkit.testing.written import Talk, bot_line, write_tests
from botkit.turn.event import Release

#: So often a talk comes to the same question that it goes round.
REVISITS = 4


@dataclass(frozen=True, slots=True)
class Proved:
    """A finding with its test, and what was said in it: lines of people and of the bot."""

    finding: Finding
    talk: Talk
    said: tuple[str, ...]


async def prove(project: Project, finding: Finding, language: str) -> Proved | None:
    """Return a finding with a test that fails; None where the whole runtime does not show it."""
    try:
        async with asyncio.timeout(60):
            lines, said = await _perform(project, finding)
    except TimeoutError:
        return None
    scene = finding.scene
    start = scene.start
    before = scene.before.given if scene.before is not None else {}
    # What only the last move called is perhaps not called any more, once the flow is mended.
    stubs = {name: _in_order(results, optional=name not in before) for name, results in scene.given.items() if results}
    contact = {key: start[key] for key in ("name", "language") if key in start}
    talk = Talk(name_of(finding, language), start["at"], contact, stubs=stubs, lines=lines)
    return Proved(finding, talk, tuple(said)) if await asyncio.to_thread(_fails, project, talk) else None


def name_of(finding: Finding, language: str) -> str:
    """Return what the test is called: what goes wrong, and where."""
    file, line = finding.place.split(":")[-3:-1] if finding.place.count(":") >= 2 else (finding.place, "")
    return f"{finding.message(language)} ({PurePath(file).name}:{line})"


def _fails(project: Project, talk: Talk) -> bool:
    scripts, problems = read_scripts(read(write_tests([talk]), "explore.test.yaml"))
    return not problems and all(not play(project, script).passed for script in scripts)


def _in_order(results: Sequence[Mapping[str, Any]], *, optional: bool) -> Any:
    """Return results as a test lists them; the last repeats."""
    results = [{**each, "optional": True} if optional else each for each in results]
    kept = [_written(each) for each in results]
    while len(kept) > 1 and kept[-1] == kept[-2]:
        kept.pop()
    return kept[0] if len(kept) == 1 else kept


def _written(stub: Mapping[str, Any]) -> dict[str, Any]:
    return {**stub, "delay": show_duration(stub["delay"])} if "delay" in stub else dict(stub)


# ── playing it on the whole runtime ──


async def _perform(project: Project, finding: Finding) -> tuple[list[dict[str, Any]], list[str]]:
    """Play the talk; return the lines of its test, and what people and bot said."""
    assert project.flows is not None  # who explores has checked that the flows are sound
    scene, start = finding.scene, finding.scene.start
    clock = FakeClock(start["at"].replace(tzinfo=ZoneInfo(project.flows.bot.timezone)).timestamp())
    stubs = {name: results for name, results in scene.given.items() if results}
    calls = StubbedCalls(project.handlers, stubs, clock.advance)
    rehearsal = Rehearsal(project.flows, calls, clock, start.get("name"))
    lines: list[dict[str, Any]] = []
    said: list[str] = []
    try:
        await rehearsal.open({key: start[key] for key in ("language",) if key in start})
        menus: list[Any] = []
        moves, is_loose = scene.path(), finding.kind == "round" or _goes_round(scene)
        for number, move in enumerate(moves):
            heard = await _make(rehearsal, move, menus, start)
            lines.append(_loose(move) if is_loose else move.line())
            said += [_of_person(move), *(f"bot: {_of_bot(row['message'])}" for row in heard.rows)]
            if number == len(moves) - 1:
                lines += _expected(finding, move)
            else:
                lines.append({"bot": {"any": True}} if is_loose else bot_line(heard.rows))
    finally:
        await rehearsal.close()
        await calls.real.close()
    return lines, said


async def _make(rehearsal: Rehearsal, move: Move, menus: list[Any], start: Mapping[str, Any]) -> Heard:
    if move.kind == "wait":
        heard = await rehearsal.wait(move.told)
    elif move.kind == "event":
        heard = await rehearsal.happen(named(move.told))
    elif move.kind == "operator":
        heard = await rehearsal.happen(Release())
    else:
        conversation = rehearsal.seen.conversation
        message = inbound(move, Scene(conversation, 0.0, menus=tuple(menus), start=start)) if conversation else None
        message = message or inbound(Move("user", str(move.told)), Scene(conversation, 0.0, start=start))  # type: ignore[arg-type]
        assert message is not None
        heard = await rehearsal.say(message)
    menus += [row["message"]["options"] for row in heard.rows if "options" in row["message"]]
    return heard


def _expected(finding: Finding, move: Move) -> Iterator[dict[str, Any]]:
    """Yield the lines that say what must come of the last move."""
    wrong = finding.wrong
    if "never" in wrong or "some" in wrong:
        yield {"bot": {key: wrong[key] for key in ("some", "never") if key in wrong}}
        return
    yield {"bot": {"any": True}}
    if "fails" in wrong:
        yield {"expect": {"failed": False}}
    elif "step" in wrong:
        yield {"expect": {"step": wrong["step"]}}
    elif "slots" in wrong:
        yield {"expect": {"slots": wrong["slots"]}}
    elif "deaf" in wrong:
        yield {"wait": "30d"}
        yield {"bot": {"some": r"\S"}}
    elif "nags" in wrong:
        yield {"wait": show_duration(wrong["nags"])}
        yield {"bot": []}


def _goes_round(scene: Scene) -> bool:
    """Tell whether a talk comes to one question again and again: once mended, it is left on the way there."""
    places = Counter(each.at for each in scene.back() if each.at is not None)
    return max(places.values(), default=0) >= REVISITS


def _loose(move: Move) -> dict[str, Any]:
    """Return the line of a move that may come when its question is not asked any more."""
    return {"user": move.told} if move.kind == "tap" else move.line()


def _of_person(move: Move) -> str:
    value = move.line()[move.kind]
    text = " ".join(str(value).split())
    return f"{move.kind}: {text if len(text) <= 80 else text[:77] + '…'}"


def _of_bot(message: Mapping[str, Any]) -> str:
    text = " ⏎ ".join(str(message.get("text") or message.get("caption") or f"[{message['type']}]").split("\n"))
    titles = " | ".join(option["title"] for option in message.get("options", ()))
    text = text if len(text) <= 160 else text[:157] + "…"
    return f"{text} [{titles}]" if titles else text


def save(path: Path, proved: Sequence[Proved], comment: str) -> int:
    """Append the tests that a file does not hold yet; return how many these are. Raises as `add_tests` does."""
    from botkit.testing.written import add_tests

    known: set[str] = set()
    if path.exists():
        known = {script.name for script in read_scripts(read(path.read_bytes(), str(path)))[0]}
    new = [each.talk for each in proved if each.talk.name not in known]
    if new:
        add_tests(path, new, "" if path.exists() else comment)
    return len(new)
