"""A talk as a conversation test, beside the flow it began with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from botkit.chat.calls import Kept
from botkit.chat.session import Session
from botkit.flow.flowset import FlowSet
from botkit.flow.yaml_reader import read
from botkit.project import Project
from botkit.testing.play import play
from botkit.testing.result import Result
from botkit.testing.script import read_scripts
from botkit.testing.written import Talk, bot_line, end_line, write_tests
from botkit.turn.event import Begin

#: The file of a talk in which no flow of the bot's own spoke.
NO_FLOW = "chat.test.yaml"


def talk_of(session: Session, name: str) -> Talk:
    """Return a talk as a test: what was put in, what the bot said to it, what its calls gave."""
    began = datetime.fromtimestamp(session.began, ZoneInfo(session.first_flows.bot.timezone)).replace(tzinfo=None)
    entries = [entry for entry in session.entries if not isinstance(entry.input, FlowSet)]
    begun = next((_given(entry.input) for entry in entries if isinstance(entry.input, Begin)), {})
    lines: list[Mapping[str, Any]] = []
    for entry in entries:
        lines += [entry.line] if entry.line is not None else []
        lines += [] if isinstance(entry.input, str) else [bot_line(entry.rows)]  # a level is no input of a test
    lines.append(end_line(session.rehearsal.facts()))
    stubs = _stubs([kept for entry in entries for kept in entry.calls], session.first_flows)
    return Talk(name, began, session.contact, given=begun, stubs=stubs, lines=lines)


def failures(session: Session) -> list[Kept]:
    """Return the calls of a talk that really failed, one for each name: their stubs fail, too."""
    failed = [kept for entry in session.entries for kept in entry.calls if kept.failure is not None]
    return list({kept.name: kept for kept in failed}.values())


def file_for(session: Session, project: Project) -> Path:
    """Return the file of tests beside the flow with which a talk began."""
    folder = project.folder / (project.settings.flows if project.settings else "flows")
    begun = [entry.input.flow for entry in session.entries if isinstance(entry.input, Begin)]
    said = [str(row["flow"]) for entry in session.entries for row in entry.rows]
    known = [flow for name in (*begun, *said) if (flow := session.flows.present(name)) and not flow.builtin]
    file = Path(known[0].place.file) if known else None
    return file.with_name(f"{file.stem}.test.yaml") if file else folder / NO_FLOW


def rehearse(talk: Talk, project: Project) -> Result:
    """Play a talk as the test that it would be; raises ValueError for one that cannot be written as a test."""
    scripts, problems = read_scripts(read(write_tests([talk]), "chat"))
    if problems:
        raise ValueError(problems[0].message("en"))
    return play(project, scripts[0])


def _given(begin: Begin) -> dict[str, Any]:
    return {"flow": begin.flow, **({"with": begin.inputs} if begin.inputs else {})}


def _stubs(kept: Sequence[Kept], flows: FlowSet) -> dict[str, Any]:
    """Return what calls gave, by their names, in order; what always gave the same stands once."""
    stubs: dict[str, list[dict[str, Any]]] = {}
    for each in kept:
        stubs.setdefault(each.name, []).append(_with_headers(each.stub, flows))
    return {name: given[0] if all(one == given[0] for one in given) else given for name, given in stubs.items()}


def _with_headers(stub: dict[str, Any], flows: FlowSet) -> dict[str, Any]:
    """Return a stub with those headers that some flow reads: services send dozens."""
    texts = [flow.text.lower() for flow in flows.flows.values() if "headers" in flow.text]
    headers = {name: value for name, value in stub.get("headers", {}).items() if any(name in text for text in texts)}
    rest = {name: value for name, value in stub.items() if name != "headers"}
    return {**rest, "headers": headers} if headers else rest or {"status": 200}
