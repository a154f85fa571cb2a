"""What the flows of a bot cost at each of its channels, and which of them cost more than config.yaml allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from botkit.budget import Dearest, Tally, tally
from botkit.budget.sample import Fit, Outgoing
from botkit.flow.problem import Problem
from botkit.gateway.ladder import fit
from botkit.ports import Capabilities
from botkit.project import Project
from botkit.server.channels import compose_channels
from botkit.settings import Settings

#: limit of config.yaml -> what it limits, in Spanish and English
LIMITS = {"turn": ("un turno", "a turn"), "conversation": ("una conversación", "a conversation")}


@dataclass(frozen=True, slots=True)
class ChannelBudget:
    """What the flows cost at a channel whose key takes `limit` requests in `period_s` seconds."""

    channel: str
    limit: int
    period_s: float
    flows: tuple[Tally, ...]
    polls_a_minute: float = 0.0

    def turns_a_minute(self, requests: int) -> float:
        """Return how many turns of so many requests the key serves, besides asking for what people write."""
        return (self.limit * 60 / self.period_s - self.polls_a_minute) / requests


def budgets(project: Project) -> list[ChannelBudget]:
    """Return what the own flows of a bot cost at each channel; nothing for a bot with errors."""
    if project.settings is None or project.flows is None:
        return []
    profiles, _ = compose_channels(project.settings.channels)
    return [
        ChannelBudget(
            name,
            profile.rate.limit,
            profile.rate.period_s,
            tuple(tally(project.flows, ladder(profile.shown))),
            60 / profile.poll.every if profile.poll else 0.0,
        )
        for name, profile in profiles.items()
    ]


def ladder(shown: Capabilities) -> Fit:
    """Return how a gateway that shows so much shows a message."""
    return partial(_fit, shown)


def _fit(shown: Capabilities, message: Outgoing) -> Sequence[Outgoing]:
    return fit(message, shown)


def over_budget(project: Project) -> Iterator[Problem]:
    """Yield a problem for each flow that may cost more than `budget` allows, at its dearest channel."""
    if project.settings is None or project.flows is None:
        return
    limits = [key for key in LIMITS if _limit(project.settings, key) is not None]
    counted = budgets(project) if limits else []
    for key in limits:
        limit = _limit(project.settings, key)
        for tallies in zip(*(each.flows for each in counted), strict=True):
            most, number = max((_most(each, key), number) for number, each in enumerate(tallies))
            if limit is not None and most > limit:
                yield _problem(project, tallies[number], key, most, limit)


def _limit(settings: Settings, key: str) -> int | None:
    return settings.budget.turn if key == "turn" else settings.budget.conversation


def _most(flow: Tally, key: str) -> int:
    return flow.cost.turn.most if key == "turn" else flow.cost.conversation.most


def _problem(project: Project, found: Tally, key: str, most: int, limit: int) -> Problem:
    assert project.flows is not None
    what, what_en = LIMITS[key]
    step: Dearest | None = found.in_turn if key == "turn" else found.in_conversation
    place = step.step.place if step else project.flows.flows[found.flow].place
    values = {"what": what, "what_en": what_en, "flow": found.flow, "most": most, "key": key, "limit": limit}
    return Problem("over-budget", place, {**values, "requests": step.requests if step else most})
