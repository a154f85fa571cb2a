"""The bot that is simulated: its flows, its channel, and its handlers, which do what a plan says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from botkit.clock import SystemClock
from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import BotInfo, ServiceInfo
from botkit.flow.yaml_reader import read
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.inbound import Reader
from botkit.gateway.profile import Profile
from botkit.handlers import Handler, describe
from botkit.project import shipped_flows
from botkit.turn.kinds import KINDS
from tests.simulate.flows import FLOWS, VERSIONS

CHANNEL = "wa"
#: A web service of the bot, and where it stands.
SERVICE, SERVICE_URL = "caja", "http://127.0.0.1:9"
#: How long people have a conversation that they took, in seconds.
HANDOFF_S = 45.0

#: How a handler may end, each with its weight.
ENDINGS = {"well": 70, "slow": 12, "raises": 10, "hangs": 8}
#: Longer than any time limit.
HANGS_S = 3600.0

Anotar = Callable[[str], str]


@cache
def _loaded(version: str) -> FlowSet:
    signatures = {name: known.signature for name, known in handlers_of(lambda key: "well").items()}
    shipped = list(shipped_flows().values())
    bot = BotInfo(services={SERVICE: ServiceInfo()}, handoff_s=HANDOFF_S)
    found = load([read(FLOWS % VERSIONS[version], "flow.yaml")], shipped, bot, signatures, KINDS)
    assert found.flows is not None, found.problems
    return found.flows


def flows_of(version: str) -> FlowSet:
    """Return a version's flows, as a process that has just read them has."""
    flows = _loaded(version)
    return replace(flows, by_digest=dict(flows.by_digest), machines=dict(flows.machines), unsound=set(flows.unsound))


def handlers_of(ending: Anotar) -> Mapping[str, Handler]:
    """Return the handlers; `ending` says how the next call ends, given what it is about."""

    async def anotar(que: str) -> int:
        match ending(que):
            case "slow":
                await asyncio.sleep(3.0)
            case "raises":
                raise ValueError(que)
            case "hangs":
                await asyncio.sleep(HANGS_S)
            case _:
                await asyncio.sleep(0.05)
        return len(que)

    return {"caja.anotar": describe("caja.anotar", anotar)}


class Way(NamedTuple):
    """A channel's profile, and what every process compiles of it alike: what it sends and how it reads."""

    profile: Profile
    gateway: HttpGateway
    reader: Reader


@cache
def way_of(limit: int, period_s: float, burst: int, policy: str) -> Way:
    """Return the channel: the sandbox's dialect, with a limit."""
    rate: dict[str, Any] = {"limit": limit, "per": f"{period_s:g}s", "burst": burst}
    profile = compose({"profile": "sandbox", "base_url": "sandbox", "rate": rate, "on_uncertain": policy})
    assert profile.webhook is not None
    return Way(profile, HttpGateway(profile, SystemClock()), Reader(CHANNEL, profile.webhook, SystemClock().now))
