"""A talk as the YAML of a conversation test: what `chat`, `explore` and `transcript` save.

What is written is read back to the same by `script.read_scripts`, whatever people wrote: `add_tests` reads the file as
it would be before it touches it, and only ever appends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from botkit.errors import ProblemsFound
from botkit.flow.level import Level
from botkit.flow.message import MEDIA
from botkit.flow.source import Map, Seq, Source, as_data
from botkit.flow.yaml_reader import read
from botkit.testing.said import file_name, file_of
from botkit.testing.script import Script, read_scripts
from botkit.testing.yaml_writer import below, block_lines, comment_lines, entry_lines, indented, item_lines
from botkit.turn.event import Inbound


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that was held. `lines` are those of a script, as mappings: `{"user": "hola"}`.

    `at` is when it began, in the bot's time zone; `config`, `given` and `stubs` as they stand in a test, and `load`,
    where it is not green.
    """

    name: str
    at: datetime | None = None
    contact: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    load: Level = "green"


def lines_of(message: Inbound) -> dict[str, Any]:
    """Return the line of a script that sends this message: `{"tap": …}` or `{"user": …}`."""
    if message.choice is not None:
        title = message.choice.title
        return {"tap": title} if title.strip() else {"user": message.choice.id}
    if message.media is not None:
        kind = str(message.media.get("type"))
        kind = kind if kind in MEDIA else "document"
        caption = str(message.media.get("caption") or "")
        said = {kind: _name_of({"type": kind, "media": message.media})}
        return {"user": said | {"caption": caption} if caption.strip() else said}
    if message.location is not None:
        return {"user": {"location": [message.location["latitude"], message.location["longitude"]]}}
    return {"user": message.text or ""}


def bot_line(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the line `bot` that expects exactly these rows of the outbox; `[]` for none."""
    bubbles = [_bubble(row["message"]) for row in rows]
    return {"bot": bubbles[0] if len(bubbles) == 1 else bubbles}


def end_line(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line `expect` that says where a talk has come to, by the facts of its rehearsal."""
    if facts["running"]:
        return {"expect": {"flow": facts["flow"], "step": facts["step"]}}
    return {"expect": {"running": False, **({"outcome": facts["outcome"]} if facts["outcome"] else {})}}


def write_tests(talks: Sequence[Talk], comment: str = "") -> str:
    """Return a file of tests; raises ValueError for a text that no conversation holds: NUL, half a surrogate."""
    lines = [line for talk in talks for line in ("", *indented(_test_lines(talk, 2), 2))][1:]
    return "\n".join([*comment_lines(comment), "tests:", *lines]) + "\n"


def add_tests(path: Path, talks: Sequence[Talk], comment: str = "") -> list[str]:
    """Append tests to a file, or make it; return their names, with a number where one is taken.

    What stands in the file stays as it is, to the byte. Raises ProblemsFound for a file that cannot be read as tests,
    ValueError as `write_tests` does, OSError.
    """
    before = path.read_bytes() if path.exists() else b""
    source = read(before, str(path))
    if not source.documents and not source.problems:
        named = numbered(talks)
        more = write_tests(named, comment)
    else:
        scripts, problems = read_scripts(source)
        if problems:
            raise ProblemsFound(problems)
        named = numbered(talks, [script.name for script in scripts])
        more = _addition(before, source, scripts, named, comment)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(more.encode())
    return [talk.name for talk in named]


def _test_lines(talk: Talk, dent: int) -> list[str]:
    """Return a test as an item of a list; lists stand `dent` below their keys."""
    lines = entry_lines("name", talk.name)
    if talk.at is not None:
        lines.append(f"at: {_moment(talk.at)}")
    if talk.load != "green":
        lines.append(f"load: {talk.load}")
    for key in ("contact", "config", "given"):
        if value := getattr(talk, key):
            lines += entry_lines(key, value, dent)
    if talk.stubs:
        lines += ["stubs:", *indented(block_lines(talk.stubs, dent), 2)]
    if not talk.lines:
        return item_lines([*lines, "script: []"])
    script = [line for each in talk.lines for line in item_lines(_line(each, dent))]
    return item_lines([*lines, "script:", *indented(script, dent)])


def _line(line: Mapping[str, Any], dent: int) -> list[str]:
    """Return a line of a script; bubbles are blocks, as prose stands alone on its line."""
    said = line.get("bot")
    if isinstance(said, Mapping) and len(said) > 1:
        return ["bot:", *indented(block_lines(said, dent), 2)]
    if isinstance(said, (list, tuple)) and said:
        return ["bot:", *indented([each for bubble in said for each in _bubble_lines(bubble)], dent)]
    return block_lines(line, dent)


def _bubble_lines(bubble: Any) -> list[str]:
    if isinstance(bubble, Mapping) and len(bubble) > 1:
        return item_lines(block_lines(bubble))
    return below("-", bubble)


def _moment(at: datetime) -> str:
    seconds = "" if not (at.second or at.microsecond) else f":{at:%S}" if not at.microsecond else f":{at:%S.%f}"
    return f"{at:%Y-%m-%d %H:%M}{seconds}"


def _bubble(message: Mapping[str, Any]) -> Any:
    """Return what a message must be: a text where that says all, else its parts."""
    kind = message["type"]
    if kind in MEDIA:
        caption = str(message.get("caption") or "").strip()
        said = {kind: _name_of(message)}
        return said | {"caption": caption} if caption else said
    if kind == "location":
        return {"location": [message["latitude"], message["longitude"]]}
    text = str(message.get("text") or "").strip()
    titles = [option["title"] for option in message.get("options", ())]
    if titles:
        return {**({"text": text} if text else {}), "options": titles}
    return {"text": text} if len(text) > 2 and text.startswith("/") and text.endswith("/") else text


def _name_of(message: Mapping[str, Any]) -> str:
    """Return a medium's file name; where no gateway told one, its kind stands for it."""
    name = file_of(message)
    return name if name.strip() and name == file_name(name) else str(message["type"])


def numbered(talks: Sequence[Talk], taken: Sequence[str] = ()) -> list[Talk]:
    """Return talks under names that are nobody else's, with a number where one is taken."""
    names, named = set(taken), []
    for talk in talks:
        name, number = talk.name, 1
        while name in names:
            number += 1
            name = f"{talk.name} {number}"
        names.add(name)
        named.append(replace(talk, name=name))
    return named


def _addition(before: bytes, source: Source, scripts: list[Script], talks: Sequence[Talk], comment: str) -> str:
    """Return what to append: further tests of the last list, or a document of its own where they mean the same."""
    alone = _meanings(read_scripts(read(write_tests(talks), ""))[0])
    for more in _additions(before, source, talks, comment):
        found, problems = read_scripts(read(before + more.encode(), source.file))
        if not problems and found[: len(scripts)] == scripts and _same(_meanings(found[len(scripts) :]), alone):
            return more
    raise ValueError("nothing can be appended to this file")


def _additions(before: bytes, source: Source, talks: Sequence[Talk], comment: str) -> Iterator[str]:
    """Yield what might be appended, the plainest first."""
    eol = "\r\n" if b"\r\n" in before else "\n"
    start = "" if before.endswith(b"\n") else eol
    root = source.documents[-1].root
    tests = root.get("tests") if isinstance(root, Map) else None
    if isinstance(tests, Seq) and not tests.in_flow and tests.items:
        dent = _dent(tests)
        said = [each for talk in talks for each in ("", *comment_lines(comment), *_test_lines(talk, dent))]
        lines = indented(said, tests.place.column - 1)
        yield start + eol.join(lines) + eol
        yield start + eol.join(line for line in lines if line) + eol
    yield start + eol.join(["---", *write_tests(talks, comment).splitlines()]) + eol


def _dent(tests: Seq) -> int:
    """Return how much deeper than its key a list stands in the first test."""
    test = tests.items[0]
    entry = test.entries.get("script") if isinstance(test, Map) else None
    if entry is None or not isinstance(entry.value, Seq) or entry.value.in_flow:
        return 2
    return max(0, entry.value.place.column - entry.key.place.column)


def _meanings(scripts: Sequence[Script]) -> list[dict[str, Any]]:
    """Return what scripts say, wherever they stand."""
    apart = ("place", "row", "own_stubs", "config", "lines")
    return [
        {each.name: getattr(script, each.name) for each in fields(Script) if each.name not in apart}
        | {"config": as_data(script.config) if script.config else None}
        | {"lines": [(line.kind, line.value) for line in script.lines]}
        for script in scripts
    ]


def _same(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    """Tell whether tests mean the same; a stub that the file gives besides harms nobody."""
    return len(found) == len(wanted) and all(
        {**one, "stubs": {name: one["stubs"].get(name) for name in other["stubs"]}} == other
        for one, other in zip(found, wanted, strict=True)
    )
