"""How many requests of the gateway messages take, counted as `botkit check --budget` does; none is merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botkit.budget.request import count
from botkit.budget.sample import Fit, requests
from botkit.flow.source import Map, as_data
from botkit.gateway.compose import capabilities_of
from botkit.ports import Capabilities
from botkit.project import Project
from botkit.server.budget import ladder
from botkit.settings.variable import Filler


def requests_of(project: Project, messages: Sequence[Mapping[str, Any]]) -> int:
    """Return the requests that messages take, at the channel of config.yaml where they take the most."""
    return max(count(requests(messages, fit), merged=False) for fit in _ladders(project))


def _ladders(project: Project) -> list[Fit]:
    """Return the ladder of every channel. No secret need be set: what is shown does not depend on one."""
    channels = project.root.get("channels") if isinstance(project.root, Map) else None
    filler = Filler(project.env, project.folder)
    filled = filler.fill(channels, literal=True) if isinstance(channels, Map) else None
    data = as_data(filled) if filled is not None else None
    known = [each for each in data.values() if isinstance(each, dict)] if isinstance(data, dict) else []
    return [ladder(capabilities_of(channel)) for channel in known] or [ladder(Capabilities())]
