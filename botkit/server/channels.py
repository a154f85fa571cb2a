"""From the channels of config.yaml to profiles, with the place of every problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from botkit.flow.problem import Problem
from botkit.flow.source import as_data
from botkit.gateway.compose import SANDBOX_URL, compose
from botkit.gateway.problem import ProfileProblem, ProfileProblems
from botkit.gateway.profile import Profile
from botkit.project import Project, load_project
from botkit.server.menus import check_menus
from botkit.server.outgoing import check_media
from botkit.settings import Channel, load_channels
from botkit.settings.trouble import node_at, place_at


def compose_channels(
    channels: Mapping[str, Channel], sandbox_url: str = SANDBOX_URL
) -> tuple[dict[str, Profile], list[Problem]]:
    """Return the profile of each channel that has one, and what is wrong with the others."""
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    for name, channel in channels.items():
        try:
            profiles[name] = compose(cast(dict[str, Any], as_data(channel.node)), sandbox_url=sandbox_url)
        except ProfileProblems as error:
            problems += [located(each, channel) for each in _innermost(error.problems)]
    return profiles, problems + _same_paths(profiles, channels)


def load_bot(config: Path, env: Mapping[str, str], *, fresh: bool = False) -> tuple[Project, list[Problem]]:
    """Return all that a bot is made of, and all that is wrong with it, its channels included; `fresh` as there."""
    project = load_project(config, env, fresh=fresh, talks=True)
    problems = list(project.problems)
    settings = project.settings
    channels = settings.channels if settings is not None else load_channels(project.root, env, project.folder)
    profiles, wrong = compose_channels(channels)
    told = {problem.place for problem in problems if problem.severity == "error"}
    problems += [each for each in wrong if each.place not in told]
    problems += [*_open(profiles, channels), *check_menus(project.menus, profiles)]
    if settings is not None:
        problems += check_media(project.files, project.folder, settings, profiles)
    return project, problems


def secrets_of(profiles: Mapping[str, Profile]) -> list[str]:
    """Return every secret of the profiles, for a log that must not show them."""
    secrets = [profile.api_key for profile in profiles.values()]
    for profile in profiles.values():
        if profile.webhook is not None and profile.webhook.auth is not None:
            secrets += profile.webhook.auth.active_secrets
    return [secret.get_secret_value() for secret in secrets]


def _innermost(problems: Sequence[ProfileProblem]) -> list[ProfileProblem]:
    """Return problems without those that a problem further inside explains: a list is empty for its wrong items."""
    paths = [problem.path for problem in problems]
    return [
        problem
        for problem in problems
        if not any(len(path) > len(problem.path) and path[: len(problem.path)] == problem.path for path in paths)
    ]


def located(problem: ProfileProblem, channel: Channel) -> Problem:
    """Return what is wrong with a channel as a problem at its place in config.yaml."""
    path = [str(part) for part in problem.path]
    where = ".".join(["channels", channel.name, *path[:-1]])
    if problem.code == "missing":
        place = place_at(channel.node, path[:-1])
        named = {"key": path[-1], "where": where}
        if not problem.hint:
            return Problem("missing-key", place, named)
        return Problem("missing-of-gateway", place, {**named, "advice": problem.hint_es, "advice_en": problem.hint})
    key = ".".join(path)
    values = {"key": key, "why": problem.es, "why_en": problem.message}
    es, en = "'botkit explain config-value' muestra un canal", "'botkit explain config-value' shows a channel"
    values |= {"advice": problem.hint_es or es, "advice_en": problem.hint or en}
    return Problem("config-value", node_at(channel.node, path).place, values)


def _same_paths(profiles: Mapping[str, Profile], channels: Mapping[str, Channel]) -> list[Problem]:
    """Report webhooks that one path would have to serve."""
    taken: dict[str, str] = {}
    problems = []
    for name, profile in profiles.items():
        path = profile.webhook.path if profile.webhook else ""
        if path and (other := taken.setdefault(path, name)) != name:
            node = node_at(channels[name].node, ["webhook", "path"])
            problems.append(Problem("webhook-twice", node.place, {"path": path, "other": other}))
    return problems


def _open(profiles: Mapping[str, Profile], channels: Mapping[str, Channel]) -> Iterator[Problem]:
    """Yield a warning for each webhook of a real gateway that takes anything from anybody."""
    for name, profile in profiles.items():
        webhook = profile.webhook
        if webhook is not None and webhook.auth is not None and webhook.auth.kind == "none" and not profile.sandbox:
            place = node_at(channels[name].node, ["webhook", "auth"]).place
            yield Problem("webhook-open", place, {"path": webhook.path})
