"""A run as a whole: it repeats, it says the very same as the runtime, and says nothing of flows that are well."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botkit.explore.hunt import Hunt
from botkit.explore.rehearsed import rehearse
from botkit.explore.search import Search, until
from botkit.explore.shrink import replay
from botkit.explore.stubs import stubs_of
from botkit.project import Project, load_project
from tests.docs.pages import ROOT
from tests.explore.planted import PLANTED
from tests.explore.test_planted import explored, project_of

BOTS = ROOT / "tests" / "bots"


def loaded(config: Path) -> Project:
    """Return a sound bot."""
    project = load_project(config, {})
    assert project.flows is not None, project.problems
    return project


def search_of(project: Project, turns: int, seed: int = 1) -> Search:
    """Return a search that is over."""
    assert project.flows is not None
    search = Search(project.flows, project.handlers, seed, stubs_of(project))

    async def run() -> None:
        await search.run(until(turns))
        await search.player.close()

    asyncio.run(run())
    return search


def test_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is wrong with the example flows."""
    monkeypatch.setenv("EXAMPLE_DB", str(tmp_path / "example.db"))
    hunt = Hunt(loaded(ROOT / "config.yaml"), seed=1, language="en")
    asyncio.run(hunt.run(until(2000)))
    assert [proved.finding.message("en") for proved in hunt.proved] == []


def test_seed() -> None:
    """A seed repeats a run exactly; another one makes another run."""
    project = loaded(BOTS / "peluqueria" / "config.yaml")
    first, again, other = (search_of(project, 150, seed).made for seed in (3, 3, 4))
    assert first == again
    assert first != other


@pytest.mark.parametrize("bot", ["peluqueria", "seguro"])
def test_same_turn(bot: str) -> None:
    """What a search hears is what the whole runtime says, with a real store: words, options, in the same order."""
    project = loaded(BOTS / bot / "config.yaml")
    search = search_of(project, 400)
    scenes = sorted((kept.scene for kept in search.kept), key=lambda scene: len(scene.path()))[-12:]
    assert max(len(scene.path()) for scene in scenes) > 8

    async def both() -> None:
        for scene in scenes:
            start = list(scene.back())[-1]
            beats = await replay(search.player, start, scene.path(), scene.given)
            assert beats is not None
            heard = [[shown(row["message"]) for row in each.rows] for _, each in await rehearse(project, scene)]
            assert [[shown(send.message) for send in beat.said] for beat in beats] == heard

    asyncio.run(both())


def shown(message: dict[str, object]) -> object:
    """Return what people see of a message: ids of options differ."""
    options = message.get("options")
    titles = [option["title"] for option in options] if isinstance(options, list) else None
    return {**{key: value for key, value in message.items() if key != "options"}, "titles": titles}


def test_begun_by_others(tmp_path: Path) -> None:
    """A flow that only the API begins is explored, too; its test begins inside."""
    flow = PLANTED[0].flow.replace("start: {words: [dividir]}\n", "")
    hunt = explored(project_of(tmp_path, flow, ""))
    assert [(proved.finding.kind, proved.talk.given) for proved in hunt.proved] == [("fails", {"flow": "cuenta"})]


def test_load(tmp_path: Path) -> None:
    """What a flow reads of the load of its channel is tried: talks begin at every level, and go on at another."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: 'a {{ load }}', save: a}\n  - {say: 'b {{ load }}'}\n"
    search = search_of(project_of(tmp_path, flow, ""), 200)
    scenes = [kept.scene for kept in search.kept]
    assert {list(scene.back())[-1].load for scene in scenes} == {"green", "yellow", "black"}
    assert {(scene, key) for scene, key in search.made if key.startswith("load")} >= {
        (("f", "a"), "load 'black' "),
        (("f", "a"), "load 'green' "),
    }


def test_load_that_nobody_reads(tmp_path: Path) -> None:
    """Where no flow reads it, nothing is spent on it."""
    flow = "flow: f\nstart: {words: [f]}\nsteps:\n  - {ask: a, save: a}\n  - {say: b}\n"
    search = search_of(project_of(tmp_path, flow, ""), 100)
    assert not any(key.startswith("load") for _, key in search.made)
    assert {kept.scene.load for kept in search.kept} == {"green"}
