"""From the tree of config.yaml to settings, with every problem at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr, ValidationError
from rapidfuzz import fuzz

from botkit.flow.problem import Place, Problem
from botkit.flow.source import Map, Node, Seq, Source, Text, as_data
from botkit.settings.hours import HoursReader
from botkit.settings.model import BUILTIN, Bot, Channel, Settings
from botkit.settings.trouble import problem_of, shown_value
from botkit.settings.value import constant
from botkit.settings.variable import Filler

#: What names of services and channels look like.
SERVICE_NAME, CHANNEL_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,63}", r"[a-z][a-z0-9_-]{0,31}"
_SERVICE, _CHANNEL = re.compile(SERVICE_NAME), re.compile(CHANNEL_NAME)
_BOT_KEYS = tuple(name for name in Bot.model_fields if name != "constants")
#: What only a bot that runs needs: whom it talks with, by secrets that who writes flows need not have.
_TALK = frozenset({"channels", "admin"})
#: What flows read as `bot.x` without anybody writing it -> where it comes from.
GIVEN = MappingProxyType({"open": "hours", "flows": "flows"})
#: From this likeness on (0–100) an own constant is taken for a slip of a key of `bot`.
SLIP = 80.0


def load_settings(
    source: Source, env: Mapping[str, str], *, only: frozenset[str] | None = None, talks: bool = True
) -> tuple[Settings | None, list[Problem]]:
    """Return the settings that a read config.yaml gives, and every problem; None when a problem is an error.

    With `only` the other keys are passed over, as if they were not written. Without `talks` those are that only a bot
    that runs needs, and headers of services are not filled in: no secret need be set.
    """
    loader = _Loader(env, Path(source.file).parent, talks=talks)
    settings = None
    if source.problems:
        loader.problems += source.problems
    elif not source.documents or not isinstance(source.documents[0].root, Map):
        start = source.documents[0].root.place if source.documents else Place(source.file, 1, 1, 1, 1)
        loader.problems.append(Problem("missing-key", start, {"key": "channels", "where": "config.yaml"}))
    else:
        settings = loader.load(source.documents[0].root, only)
    failed = any(problem.severity == "error" for problem in loader.problems)
    return None if failed else settings, loader.problems


def load_channels(root: Node | None, env: Mapping[str, str], folder: Path) -> dict[str, Channel]:
    """Return the channels of a config.yaml in which something is wrong; what cannot be filled in stands as written."""
    written = root.get("channels") if isinstance(root, Map) else None
    channels = _Loader(env, folder, talks=True).channels(written) if written is not None else None
    return channels if isinstance(channels, dict) else {}


class _Loader:
    """Turns the tree into plain data, hands it to pydantic, and finds the places of its errors."""

    def __init__(self, env: Mapping[str, str], folder: Path, *, talks: bool) -> None:
        self.filler, self.talks = Filler(env, folder), talks
        self.problems = self.filler.problems

    def load(self, root: Map, only: frozenset[str] | None = None) -> Settings | None:
        """Return the settings, or None with problems said."""
        data: dict[str, Any] = {} if only is None and self.talks else {"channels": {}}
        for key, entry in root.entries.items():
            if (only is not None and key not in only) or (key in _TALK and not self.talks):
                continue
            if key not in Settings.model_fields:
                data[key] = None  # pydantic says that it does not belong here; its value matters to nobody
            elif key == "defaults":
                node = self.filler.fill(entry.value, literal=True)
                data[key] = node if isinstance(node, Map) else as_data(node)
            elif key == "channels":
                data[key] = self.channels(entry.value)
            elif key == "services" and isinstance(entry.value, Map):
                data[key] = self._services(entry.value)
            else:
                node = self.filler.fill(entry.value, key)
                self._empties(key, node)
                data[key] = self._READ.get(key, _Loader._plain)(self, node)
        try:
            return Settings.model_validate(data)
        except ValidationError as error:
            self._add_found(error, root)
        return None

    def _add_found(self, error: ValidationError, root: Map) -> None:
        """Add what pydantic found, but at places where something is known to be wrong already.

        A key that is missing because it is written in another way is one mistake.
        """
        told = {problem.place for problem in self.problems if problem.severity == "error"}
        found = [problem_of(detail, root) for detail in error.errors(include_url=False)]
        meant = {(each.values["where"], each.values["near"]) for each in found if each.code == "unknown-key"}
        self.problems += [
            each
            for each in found
            if each.place not in told
            and (each.code != "missing-key" or (each.values["where"], each.values["key"]) not in meant)
        ]

    def _plain(self, node: Node) -> Any:
        return as_data(node)

    def _hours(self, node: Node) -> Any:
        return HoursReader(self.problems).hours(node)

    def _quiet_hours(self, node: Node) -> Any:
        return HoursReader(self.problems).quiet(node)

    def _bot(self, node: Node) -> Any:
        if not isinstance(node, Map):
            return as_data(node)
        own = {key: entry for key, entry in node.entries.items() if key not in _BOT_KEYS}
        for key, entry in own.items():
            if key in GIVEN:
                self.problems.append(Problem("constant-given", entry.key.place, {"key": key, "means": GIVEN[key]}))
            near = max(_BOT_KEYS, key=lambda known: fuzz.ratio(key, known))
            if fuzz.ratio(key, near) >= SLIP:
                self.problems.append(Problem("constant-near", entry.key.place, {"key": key, "near": near}))
        known = {key: as_data(entry.value) for key, entry in node.entries.items() if key in _BOT_KEYS}
        return {**known, "constants": {key: constant(entry.value) for key, entry in own.items()}}

    def _builtin(self, node: Node) -> Any:
        switches = {"on": "true", "off": "false"}
        if isinstance(node, Text) and node.value in switches:
            return dict.fromkeys(BUILTIN, switches[node.value])
        if not isinstance(node, Map):
            return as_data(node)
        return {
            **dict.fromkeys(BUILTIN, "true"),
            **{
                key: switches.get(entry.value.value, entry.value.value) if isinstance(entry.value, Text) else None
                for key, entry in node.entries.items()
            },
        }

    #: key -> how it is read, where that takes more than its data
    _READ = MappingProxyType({"bot": _bot, "builtin": _builtin, "hours": _hours, "quiet_hours": _quiet_hours})

    def _services(self, node: Map) -> dict[str, Any]:
        services = {}
        for name, entry in node.entries.items():
            if not _SERVICE.fullmatch(name):
                self.problems.append(Problem("bad-name", entry.key.place, {"name": name}))
            elif not isinstance(entry.value, Map):
                self.problems.append(_group_expected(name, entry.value))
            else:
                services[name] = {key: self._service_key(key, each.value) for key, each in entry.value.entries.items()}
        return services

    def _service_key(self, key: str, node: Node) -> Any:
        if key == "headers" and isinstance(node, Map):
            return {name: self._header(name, entry.value) for name, entry in node.entries.items()}
        filled = self.filler.fill(node, key)
        self._empties(key, filled)
        return as_data(filled)

    def _header(self, name: str, node: Node) -> Any:
        """Return a header's value, as a secret unless it stands in config.yaml itself."""
        filled = self.filler.fill_header(node, name) if self.talks else node
        self._empties(name, filled)
        return SecretStr(filled.value) if isinstance(filled, Text) and filled is not node else as_data(filled)

    def channels(self, node: Node) -> Any:
        """Return the channels by their names, or what stands in their place."""
        if not isinstance(node, Map):
            return as_data(node)
        channels: dict[str, Channel] = {}
        for name, entry in node.entries.items():
            if not _CHANNEL.fullmatch(name):
                self.problems.append(Problem("channel-name", entry.key.place, {"name": name}))
            elif not isinstance(entry.value, Map):
                self.problems.append(_group_expected(name, entry.value))
            else:
                channels[name] = self._channel(name, entry.value)
        if not node.entries:
            self.problems.append(Problem("empty-value", node.place, {"key": "channels"}))
        return channels

    def _channel(self, name: str, node: Map) -> Channel:
        written = node.get("base_url")
        sandbox = isinstance(written, Text) and written.value == "sandbox"
        filled = self.filler.fill(node, literal=sandbox)
        assert isinstance(filled, Map)
        url = filled.get("base_url")
        if isinstance(url, Text) and url.value == "sandbox" and not sandbox:
            self.problems.append(Problem("sandbox-not-literal", url.place))
        return Channel(name, sandbox, filled)

    def _empties(self, key: str, node: Node) -> None:
        """Report keys without a value; an empty constant of one's own is one, too."""
        if isinstance(node, Map):
            for name, entry in node.entries.items():
                self._empties(name, entry.value)
        elif isinstance(node, Seq):
            for item in node.items:
                self._empties(key, item)
        elif node.empty or not node.value.strip():
            self.problems.append(Problem("empty-value", node.place, {"key": key}))


def _group_expected(key: str, node: Node) -> Problem:
    expected = {"expected": "un grupo de claves", "expected_en": "a group of keys"}
    values = {"key": key, **expected, "value": shown_value(node)}
    return Problem("wrong-type", node.place, values)
