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

from botkit.explore.finding import Finding
from botkit.explore.rehearsed import rehearse
from botkit.explore.scene import Move, Scene
from botkit.flow.duration import show_duration
from botkit.flow.yaml_reader import read
from botkit.project import Project
from botkit.testing.play import play
from botkit.testing.rehearsal import Heard
from botkit.testing.script import read_scripts
from botkit.testing.written import Talk, add_tests, bot_line, write_tests

#: Longest that a talk may take on the whole runtime, in seconds: only to end a hang.
HANG_S = 60.0
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
        async with asyncio.timeout(HANG_S):
            played = await rehearse(project, finding.scene)
    except TimeoutError:
        return None
    talk = _talk(finding, played, language)
    fails = await asyncio.to_thread(_fails, project, talk)
    return Proved(finding, talk, tuple(_said(played))) if fails else None


def _talk(finding: Finding, played: Sequence[tuple[Move, Heard]], language: str) -> Talk:
    scene, start = finding.scene, finding.scene.start
    before = scene.before.given if scene.before is not None else {}
    # What only the last move called is perhaps not called any more, once the flow is mended.
    stubs = {name: _in_order(results, optional=name not in before) for name, results in scene.given.items() if results}
    contact = {key: start[key] for key in ("name", "language") if key in start}
    first = scene.path()[0]
    given = {"flow": first.told["flow"], "with": first.told["inputs"]} if first.kind == "begin" else {}
    given = {key: value for key, value in given.items() if value}
    lines = list(_lines(finding, played))
    load = start.get("load", "green")
    return Talk(name_of(finding, language), start["at"], contact, given=given, stubs=stubs, lines=lines, load=load)


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


# ── the lines of the test ──


def _lines(finding: Finding, played: Sequence[tuple[Move, Heard]]) -> Iterator[dict[str, Any]]:
    """Yield the lines of the test: what people do, what the bot says to it, of the last move what it must not."""
    is_loose = finding.kind == "round" or _goes_round(finding.scene)
    for number, (move, heard) in enumerate(played, 1):
        if move.kind != "begin":  # a test says that by `given`
            yield _loose(move) if is_loose else move.line()
        if number == len(played):
            yield from _expected(finding)
        elif move.kind != "load":  # the bot says nothing to it
            yield {"bot": {"any": True}} if is_loose else bot_line(heard.rows)


def _said(played: Sequence[tuple[Move, Heard]]) -> Iterator[str]:
    """Yield what was said, for people."""
    for move, heard in played:
        yield _of_person(move)
        yield from (f"bot: {_of_bot(row['message'])}" for row in heard.rows)


def _expected(finding: Finding) -> Iterator[dict[str, Any]]:
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
    known: set[str] = set()
    if path.exists():
        known = {script.name for script in read_scripts(read(path.read_bytes(), str(path)))[0]}
    new = [each.talk for each in proved if each.talk.name not in known]
    if new:
        add_tests(path, new, "" if path.exists() else comment)
    return len(new)
