"""The bot that is simulated: two versions of its flows, and its handlers, which do what a plan says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from botkit.flow.flowset import FlowSet
from botkit.flow.load import load
from botkit.flow.model import BotInfo
from botkit.flow.yaml_reader import read
from botkit.clock import SystemClock
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.inbound import Reader
from botkit.gateway.profile import Profile
from botkit.handlers import Handler, describe
from botkit.project import shipped_flows
from botkit.turn.kinds import KINDS

CHANNEL = "wa"

#: Every text says something that only one event has brought, so that no two messages to one contact are alike.
FLOWS = """
flow: pedido
start: {words: [pedido]}
on_change: %(on_change)s
steps:
  - ask: "%(mark)s ¿Qué quieres? {{ message.text }}"
    id: que
    save: que
    expires: 10m
    on_failed: mala
    silence: {after: 40s, say: "%(mark)s ¿Sigues? {{ now }}", then: adios}
  - run: caja.anotar
    with: [que]
    save: numero
    timeout: 6s
    retries: 1
    meanwhile: "Un momento, {{ que }}"
    on_error: mal
  - say: ["Anotado: {{ que }}", "%(mark)s Tu número es {{ numero }}"]
  - ask: "¿Algo más que {{ que }}?"
    id: mas
    save: mas
    silence: {after: 30s, then: adios}
  - record: [que, mas, numero]
  - wait: 15s
    id: espera
  - say: "%(mark)s ¿Cómo estuvo {{ que }}?"
  - schedule: {name: vuelta, flow: aviso, after: 25s, with: {que: "{{ que }}"}}
asides:
  mal:
    - say: "No se pudo: {{ que }}"
    - end: failed
  mala:
    - say: "No te llegó: {{ error }} {{ now }}"
    - end: unheard
  adios:
    - say: "Adiós, {{ que }} {{ now }}"
---
flow: aviso
inputs: [que]
steps:
  - say: "%(mark)s Vuelve por más {{ que }}"
---
flow: eco
start: {any: true}
steps:
  - say: ["%(mark)s eco {{ message.text }}", "y otra vez {{ message.text }}"]
"""
#: version -> what is put into FLOWS.
VERSIONS = {"a": {"mark": "a", "on_change": "keep"}, "b": {"mark": "b", "on_change": "move"}}
#: How a handler may end, each with its weight.
ENDINGS = {"well": 70, "slow": 12, "raises": 10, "hangs": 8}
#: Longer than any time limit.
HANGS_S = 3600.0

Anotar = Callable[[str], str]


@cache
def _loaded(version: str) -> FlowSet:
    signatures = {name: known.signature for name, known in handlers_of(lambda key: "well").items()}
    shipped = list(shipped_flows().values())
    found = load([read(FLOWS % VERSIONS[version], "flow.yaml")], shipped, BotInfo(), signatures, KINDS)
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
    return Way(profile, HttpGateway(profile, SystemClock()), Reader(CHANNEL, profile.webhook))
