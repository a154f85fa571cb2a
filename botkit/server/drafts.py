"""A channel as far as it is written, for commands that help to write it and cannot wait until all of it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from botkit.errors import ProblemsFound, UsageError
from botkit.flow.problem import Problem, nearest
from botkit.flow.source import Map, Node, Seq, as_data
from botkit.flow.yaml_reader import read
from botkit.gateway.compose import compose, part_of
from botkit.gateway.problem import ProfileProblem, ProfileProblems
from botkit.gateway.profile import Profile
from botkit.gateway.ways_in import Poll, Webhook
from botkit.server.channels import located
from botkit.settings import Channel, Settings, load_settings

Path_ = tuple[str, ...]

#: What of config.yaml is read.
_READ = frozenset({"bot", "flows", "store", "server", "sandbox", "channels"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A channel, with its problems by their paths; `data` has variables filled in, so it holds secrets.

    A variable that is not set stands as it is written.
    """

    settings: Settings
    channel: Channel
    data: Mapping[str, Any] = field(repr=False)
    problems: Sequence[tuple[Path_, Problem]]

    def wrong(self, *keys: str) -> list[Problem]:
        """Return the problems that concern one of these dotted keys, what is around it or in it."""
        paths = [tuple(key.split(".")) for key in keys]
        return [each for at, each in self.problems if any(_touch(at, path) for path in paths)]

    def part(self, *keys: str) -> Profile:
        """Return a profile of which only these keys are the channel's; raises ProblemsFound where they are wrong."""
        profile = part_of(self.data, *keys)
        if profile is None:
            raise ProblemsFound(self.wrong("profile", *keys))
        return profile

    def way_in(self, *, polled: bool, with_auth: bool) -> Webhook | Poll:
        """Return the webhook, or what is polled where that is asked for or there is no webhook.

        Raises ProblemsFound where it is wrong or missing, UsageError where nothing is polled. Without `with_auth` a
        webhook has none: who only tries rules need not have its secret.
        """
        written, data = self.data.get("webhook"), dict(self.data)
        if not with_auth and isinstance(written, Mapping):
            data["webhook"] = {key: value for key, value in written.items() if key != "auth"}
        profile = part_of(data, "webhook", "inbound", "rate")
        if profile is None or (profile.webhook is None and profile.poll is None):
            raise ProblemsFound(self.wrong("profile", "webhook", "inbound", "rate"))
        if polled and profile.poll is None:
            raise UsageError(
                "this channel has no 'inbound.poll' in config.yaml",
                "este canal no tiene 'inbound.poll' en config.yaml",
            )
        way = profile.poll if polled or profile.webhook is None else profile.webhook
        assert way is not None
        return way


def open_draft(config: Path, env: Mapping[str, str], name: str | None) -> Draft:
    """Return a channel of config.yaml, the only one without a name; raises UsageError, ProblemsFound."""
    source = read(config.read_bytes(), str(config))
    settings, problems = load_settings(source, env, only=_READ)
    unset = [each for each in problems if each.code == "variable-unset"]
    if settings is None and unset:
        stand_ins = {each.values["name"]: f"${{{each.values['name']}}}" for each in unset}
        settings, _ = load_settings(source, {**env, **stand_ins}, only=_READ)
    if settings is None:
        raise ProblemsFound(problems)
    channel = _chosen(settings.channels, name)
    data = cast(dict[str, Any], as_data(channel.node))
    found = [(tuple(map(str, each.path)), located(each, channel)) for each in _composed(data)]
    missing = [(at, each) for each in unset if (at := _path_to(channel.node, each)) is not None]
    known = {at for at, _ in missing}  # what composing says of a stand-in is told better by the variable's name
    return Draft(settings, channel, data, [*missing, *(pair for pair in found if pair[0] not in known)])


def _composed(data: Mapping[str, Any]) -> Sequence[ProfileProblem]:
    try:
        compose(data)
    except ProfileProblems as error:
        return error.problems
    return ()


def _chosen(channels: Mapping[str, Channel], name: str | None) -> Channel:
    if name is None and len(channels) == 1:
        return next(iter(channels.values()))
    known = ", ".join(channels)
    if name is None:
        raise UsageError(
            f"there are several channels: {known}; choose one by --channel",
            f"hay varios canales: {known}; elige uno con --channel",
        )
    if name not in channels:
        near = nearest(name, list(channels))
        raise UsageError(
            f"there is no channel '{name}'" + (f"; did you mean '{near}'?" if near else f"; there are: {known}"),
            f"no hay un canal '{name}'" + (f"; ¿quisiste decir '{near}'?" if near else f"; hay: {known}"),
        )
    return channels[name]


def _touch(one: Path_, other: Path_) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _path_to(node: Node, problem: Problem, path: Path_ = ()) -> Path_ | None:
    """Return where in a node a problem stands, None if it is not there."""
    if isinstance(node, Map):
        inner = [(name, entry.value) for name, entry in node.entries.items()]
    elif isinstance(node, Seq):
        inner = [(str(index), item) for index, item in enumerate(node.items)]
    else:
        return path if node.place == problem.place else None
    return next((at for name, each in inner if (at := _path_to(each, problem, (*path, name))) is not None), None)
