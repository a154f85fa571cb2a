"""From names and texts to a bot's folder on disk, and what `botkit check` finds in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from botkit.cli.author import problems_of
from botkit.explain import STEPS, WHOLE
from botkit.flow.problem import Problem

#: Variables that wrong and right files may use; no other one is set.
ENV = {"API_KEY": "k" * 40, "ADMIN_TOKEN": "t" * 40}
CHANNELS = "channels: {whatsapp: {profile: waconecta, base_url: sandbox}}\n"
FLOW = "flow: ejemplo\nstart: {words: [hola]}\nsteps:\n"
_TIMES = re.compile(r"^(.*?) *# × (\d+)$", re.MULTILINE)
_NAME = re.compile(r"(?P<path>.+?)(?: (?:-> (?P<link>.+)|× (?P<times>\d+)|\((?P<encoding>[\w-]+)\)))?")


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files as `botkit.explain` describes them, and what they leave out: a config.yaml and a flow that are well.

    A config.yaml without `channels` gets them at its end, so that lines stay where they are.
    """
    for name, text in _whole(files).items():
        found = _NAME.fullmatch(name)
        assert found is not None
        path, content = folder / found["path"], _TIMES.sub(lambda line: "\n".join([line[1]] * int(line[2])), text)
        path.parent.mkdir(parents=True, exist_ok=True)
        if found["link"]:
            path.symlink_to(found["link"])
            continue
        times = int(found["times"] or 0)
        for each in [path.with_stem(f"{path.stem}_{number}") for number in range(times)] or [path]:
            each.write_bytes(content.encode(found["encoding"] or "utf-8"))


def _whole(files: Mapping[str, str]) -> dict[str, str]:
    whole = dict(files)
    if STEPS in whole:
        whole[WHOLE] = FLOW + whole.pop(STEPS)
    config = whole.get("config.yaml", "")
    if "channels:" not in config:
        whole["config.yaml"] = config + CHANNELS
    if not any(name.startswith("flows/") and ".test." not in name and "/lang/" not in name for name in whole):
        whole[WHOLE] = FLOW + "- say: Hola\n"
    return whole


def check(folder: Path) -> tuple[Sequence[Problem], dict[str, list[str]]]:
    """Return the problems of the bot in a folder, and the lines of its files."""
    project, problems = problems_of(folder / "config.yaml", ENV)
    return problems, project.lines
