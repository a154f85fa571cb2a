"""The bot of a chat, as it stands on disk: loaded at the beginning, and anew whenever a file of it is saved."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from botkit.flow.flowset import FlowSet
from botkit.flow.model import KEEP, MOVE
from botkit.flow.problem import Problem
from botkit.http_steps import HttpSteps
from botkit.project import Project, load_project, read_file
from botkit.services import http_steps
from botkit.settings import load_settings
from botkit.turn.kinds.http import Http


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that can be talked with. `http` asks its services; `unfilled` says what these lack."""

    project: Project
    flows: FlowSet
    http: HttpSteps
    unfilled: tuple[Problem, ...] = ()


class Loader:
    """Loads the bot of a config file."""

    def __init__(self, config: Path, env: Mapping[str, str]) -> None:
        self.config, self._env = config, env

    def load(self, *, fresh: bool = False) -> Bot | Project:
        """Return the bot; the project with its problems where something is wrong. `fresh` as in `load_project`."""
        project = load_project(self.config, self._env, fresh=fresh)
        if project.flows is None or project.settings is None:
            return project
        source = read_file(self.config, Project(self.config.parent))
        settings, problems = load_settings(source, self._env, only=frozenset({"services", "http"}))
        # Secrets that services lack hinder nobody who talks about something else.
        http = http_steps(settings, time.time) if settings is not None else HttpSteps({})
        return Bot(project, moving(project.flows), http, tuple(problems))


def moving(flows: FlowSet) -> FlowSet:
    """Return flows in which whoever is in the middle goes on in the new definition, as with `on_change: move`.

    An author who changes a text wants to see it; by itself a flow lets people finish on the old one.
    """
    moved = FlowSet(flows.bot, flows.answer_types)
    for flow in flows.flows.values():
        on_change = MOVE if flow.on_change == KEEP else flow.on_change
        moved.add(replace(flow, on_change=on_change), flows.machines[flow.digest])
    return moved


def called_services(flows: FlowSet) -> list[str]:
    """Return the services and hosts that the bot's own flows ask, each once.

    A service is told by its name: its address may hold a key.
    """
    steps = [step for flow in flows.flows.values() if not flow.builtin for step in flow.steps.values()]
    targets = [step.body.target for step in steps if isinstance(step.body, Http) and step.body.target]
    return list(dict.fromkeys(target.host.partition("://")[2] or target.host for target in targets))


def changed(before: FlowSet, after: FlowSet) -> list[str]:
    """Return the names of flows that are new, gone or different."""
    had, have = ({name: flow.digest for name, flow in each.flows.items()} for each in (before, after))
    return sorted(name for name in {*had, *have} if had.get(name) != have.get(name))
