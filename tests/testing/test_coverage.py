"""Coverage: which ways out of steps the tests of a bot took, and which they did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from botkit.testing.coverage import Covered, cover
from botkit.testing.play import run_tests
from botkit.testing.trail import Listener
from tests.testing.playing import bot

CONFIG = "channels: {whatsapp: {base_url: sandbox}}\nhandlers: [handlers.py]\n"
HANDLERS = "from botkit import handler\n@handler('f')\ndef f() -> int:\n    return 1\n"
AFTER = ("say_1", "next", None)
CHOOSE = "  - choose: q\n    id: q\n    options: [{A: end}, {label: B, then: fin}, {from: l, label: item}]\n"


def covered(folder: Path, flows: str, scripts: str, config: str = "") -> list[Covered]:
    """Return what the tests of a bot took of its flows; all of them must pass."""
    project = bot(folder, flows, HANDLERS, CONFIG + config)
    (folder / "flows" / "f.test.yaml").write_text("tests:\n" + scripts)
    results, problems = run_tests(project, [], None, Listener())
    assert problems == []
    assert [each.difference for each in results if not each.passed] == []
    assert project.flows is not None
    return cover(project.flows, [result.trail for result in results])


def missing(found: list[Covered]) -> list[tuple[str, str, str | None]]:
    """Return step, trigger and key of what no test took."""
    return [(way.step.id, way.exit.trigger, way.exit.key) for each in found for way in each.missing]


def script(*lines: str) -> str:
    """Return a test of these lines."""
    return "  - name: t\n    script:\n" + "".join(f"      - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("steps", "lines", "left"),
    [
        ("  - say: a\n", ("bot: a",), []),
        ("  - ask: q\n    id: q\n", ("bot: q",), [("q", "answered", None)]),
        ("  - ask: q\n    id: q\n", ("bot: q", "user: x"), []),
        (
            "  - if: not contact.name\n    then: end\n  - say: b\n",
            (),
            [("if_1", "else", None), ("say_1", "next", None)],
        ),
        ("  - if: contact.name\n    then: end\n", (), [("if_1", "then", None)]),
        ("  - say: a\n  - end: x\n    if: contact.name\n", ("bot: a",), [("end_1", "ended", None)]),
        ("  - say: a\n  - end: x\n    if: not contact.name\n", ("bot: a",), [("end_1", "skipped", None)]),
        ("  - say: a\n    if: contact.name\n", (), [AFTER]),
        ("  - say: a\n    if: not contact.name\n", ("bot: a",), [("say_1", "skipped", None)]),
        ("  - run: f\n    on_error: end\n", (), [("run_1", "error", None)]),
        ("  - wait: {event: e, timeout: 1h, then: end}\n", ("event: e",), [("wait_1", "timeout", None)]),
        ("  - wait: {event: e, timeout: 1h, then: end}\n", ("wait: 1h",), [("wait_1", "event", None)]),
        (
            "  - say: a\n    on_failed: end\n  - wait: 1h\n",
            ("bot: a",),
            [("say_1", "failed", None), ("wait_1", "elapsed", None)],
        ),
        ("  - say: a\n    on_failed: end\n  - wait: 1h\n", ("bot: a", "undelivered: x"), [("wait_1", "elapsed", None)]),
        ("  - handoff: v\n", ("bot: /./", "operator: {release: true}"), [("handoff_1", "elapsed", None)]),
        ("  - handoff: v\n", ("bot: /./", "wait: 13h"), [("handoff_1", "released", None)]),
        (
            "  - ask: q\n    id: q\n    silence: {after: 1h, then: end}\n    invalid: {say: i, tries: 2, then: end}\n",
            ("bot: q", "user: x"),
            [("q", "silence", None), ("q", "exhausted", None)],
        ),
    ],
)
def test_left(tmp_path: Path, steps: str, lines: tuple[str, ...], left: list[tuple[str, str, str | None]]) -> None:
    """What was not taken is listed, and nothing else."""
    found = covered(tmp_path, f"flow: f\nstart: {{words: [f]}}\nsteps:\n{steps}", script("user: f", *lines))
    assert sorted(missing(found)) == sorted(left)
    assert found[0].total - found[0].taken == len(left)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("A", [("q", "chosen", "1"), ("q", "chosen", "2"), ("fin", "next", None)]),
        ("B", [("q", "chosen", "0"), ("q", "chosen", "2")]),
        ("2021", [("q", "chosen", "0"), ("q", "chosen", "1"), ("fin", "next", None)]),
    ],
)
def test_options(tmp_path: Path, said: str, left: list[tuple[str, str, str | None]]) -> None:
    """Each written option is a way; those of a list are one, whichever was chosen."""
    flow = f"flow: f\nstart: {{words: [f]}}\nsteps:\n  - set: {{l: ['2020', '2021']}}\n{CHOOSE}"
    flow += "asides: {fin: [{say: hola}]}\n"
    after = ["bot: hola"] if said == "B" else []
    found = covered(tmp_path, flow, script("user: f", "bot: q", f"tap: '{said}'", *after))
    assert missing(found) == left
    places = [way.place for way in found[0].missing if way.exit.trigger == "chosen"]
    columns = {"0": 16, "1": 33, "2": 48}
    assert [place.column for place in places] == [columns[str(key)] for _, trigger, key in left if trigger == "chosen"]


def test_defaults(tmp_path: Path) -> None:
    """A way that `defaults` give, of the flow or of config.yaml, is told at each step that has it."""
    flow = "flow: f\ndefaults: {run: {on_error: end}}\nstart: {words: [f]}\nsteps:\n  - run: f\n  - ask: q\n    id: q\n"
    more = "defaults: {invalid: {say: i, tries: 2, then: end}}\n"
    found = covered(tmp_path, flow, script("user: f", "bot: q", "user: x"), more)
    assert missing(found) == [("run_1", "error", None), ("q", "exhausted", None)]
    assert [(Path(way.place.file).name, way.place.line) for way in found[0].missing] == [("f.yaml", 5), ("f.yaml", 6)]


def test_at_any_time(tmp_path: Path) -> None:
    """A word of `anywhere` and the flow's `silence` are one way each, at whatever question they were taken."""
    flow = (
        "flow: f\nstart: {words: [f]}\nanywhere: {menú: [{say: m}], fin: quit}\nsilence: {after: 1d, then: quit}\n"
        "steps:\n  - {ask: q, id: q}\n  - {ask: r, id: r}\n"
    )
    found = covered(tmp_path, flow, script("user: f", "bot: q", "user: menú", "bot: ['m', 'q']", "user: x", "bot: r"))
    assert sorted(missing(found)) == [("r", "answered", None), ("r", "anywhere", "fin"), ("r", "idle", None)]
    assert [way.place.line for way in found[0].missing] == [3, 4, 7]


def test_calls(tmp_path: Path) -> None:
    """A call whose every outcome has a way of its own has no other: nothing can take it."""
    called = "---\nflow: g\nsteps:\n  - choose: q\n    id: q\n    options: {A: uno, B: dos}\n"
    called += "asides: {uno: [{end: uno}], dos: [{end: dos}]}\n"
    call = "flow: f\nstart: {words: [f]}\nsteps:\n  - call: g\n    on: "
    whole = covered(tmp_path, f"{call}{{uno: end, dos: end}}\n{called}", script("user: f", "bot: q", "tap: A"))
    assert ("call_1", "next", None) not in missing(whole)
    assert ("call_1", "returned", "dos") in missing(whole)
    part = covered(tmp_path, f"{call}{{uno: end}}\n{called}", script("user: f", "bot: q", "tap: A"))
    assert ("call_1", "next", None) in missing(part)


def test_untested(tmp_path: Path) -> None:
    """A flow that no test began is there with nothing; flows that come with botkit are not."""
    found = covered(
        tmp_path, "flow: f\nsteps: [{say: a}]\n---\nflow: g\nsteps: [{say: b}]\n", script("user: hola", "bot: /Hola/")
    )
    assert [(each.flow.name, each.taken, each.total) for each in found] == [("f", 0, 1), ("g", 0, 1)]


def test_overridden(tmp_path: Path) -> None:
    """A built-in flow that the author writes counts as any of the bot's own."""
    found = covered(tmp_path, "flow: hello\nsteps: [{say: Buenas}]\n", script("user: hola", "bot: Buenas"))
    assert [(each.flow.name, each.taken, each.total) for each in found] == [("hello", 1, 1)]


def test_steps(tmp_path: Path) -> None:
    """A trail knows every step that its test came to: those passed, the one where it waits, the first of a flow."""
    project = bot(
        tmp_path,
        "flow: f\nstart: {words: [f]}\nsteps:\n  - say: a\n  - {ask: q, id: q}\n  - say: b\n",
        HANDLERS,
        CONFIG,
    )
    (tmp_path / "flows" / "f.test.yaml").write_text("tests:\n" + script("user: f", "bot: ['a', 'q']"))
    (result,), _ = run_tests(project, [], None, Listener())
    assert project.flows is not None
    assert result.trail.steps(project.flows) >= {("f", "say_1"), ("f", "q")}
    assert ("f", "say_2") not in result.trail.steps(project.flows)


def test_unheard(tmp_path: Path) -> None:
    """Without a listener nothing is noted, and the bot's own machines are what they were."""
    project = bot(tmp_path, "flow: f\nstart: {words: [f]}\nsteps: [{say: a}]\n", HANDLERS, CONFIG)
    (tmp_path / "flows" / "f.test.yaml").write_text("tests:\n" + script("user: f", "bot: a"))
    assert project.flows is not None
    machines = dict(project.flows.machines)
    run_tests(project, [], None, Listener())
    (result,), _ = run_tests(project, [])
    assert result.trail.moves == []
    assert project.flows.machines == machines
