"""The sending budget as `botkit check --budget` shows it: a table for each channel, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from botkit.cli.messages import Language, count, say

if TYPE_CHECKING:
    from botkit.budget import Cost, Span, Tally
    from botkit.project import Project
    from botkit.server.budget import ChannelBudget

#: Heads of the columns, by their keys in the table of messages.
HEADS = ("flow", "turn", "merged", "conversation", "merged", "round", "merged", "dearest")


def budget_text(project: Project, has: Callable[[str], bool], lang: Language) -> str:
    """Return the tables of the flows whose file `has`, with what their dearest turn means at the channel's rate."""
    return "\n\n".join("\n".join(_lines(each, flows, lang)) for each, flows in _shown(project, has))


def budget_json(project: Project, has: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Return the same as JSON types: a mapping for each channel."""
    return [
        {
            "channel": each.channel,
            "limit": each.limit,
            "period_s": each.period_s,
            "polls_a_minute": round(each.polls_a_minute, 2),
            "flows": [_flow_json(flow, each) for flow in flows],
        }
        for each, flows in _shown(project, has)
    ]


def _shown(project: Project, has: Callable[[str], bool]) -> Iterator[tuple[ChannelBudget, list[Tally]]]:
    from botkit.server.budget import budgets

    for each in budgets(project):
        assert project.flows is not None
        own = project.flows.flows
        yield each, [flow for flow in each.flows if has(own[flow.flow].place.file)]


# ── text ──


def _lines(each: ChannelBudget, flows: list[Tally], lang: Language) -> Iterator[str]:
    from botkit.flow.duration import show_duration

    rate = f"{each.limit}/{'min' if each.period_s == 60 else show_duration(each.period_s)}"
    yield say("budget channel", lang, channel=each.channel, rate=rate)
    if each.polls_a_minute:
        asked = {"polls": f"{each.polls_a_minute:g}", "limit": f"{each.limit * 60 / each.period_s:g}"}
        yield say("budget polls", lang, **asked)
    yield from _table([[say(f"budget {head}", lang) for head in HEADS], *(_row(flow, lang) for flow in flows)])
    dearest = max(flows, key=lambda flow: flow.cost.turn.most, default=None)
    if dearest is not None and dearest.cost.turn.most:
        most, merged = dearest.cost.turn.most, dearest.merged.turn.most
        served = {"turns": _rounded(each.turns_a_minute(most)), "merged": _rounded(each.turns_a_minute(merged))}
        yield count("budget rate", most, lang, flow=dearest.flow, rate=rate, **served)
    yield say("budget merged when", lang)


def _rounded(turns: float) -> str:
    return str(int(turns)) if turns >= 1 else f"{turns:.1f}"


def _row(flow: Tally, lang: Language) -> list[str]:
    cost, merged, step = flow.cost, flow.merged, flow.dearest
    place = say("budget step", lang, place=step.step.place.row, step=step.step.id, n=step.requests) if step else "–"
    spans = (cost.turn, merged.turn, cost.conversation, merged.conversation)
    return [flow.flow, *(_span(span, flow) for span in spans), _round(cost), _round(merged), place]


def _span(span: Span, flow: Tally) -> str:
    more = "+" if flow.cut else ""
    return f"{span.least}{more}" if span.least == span.most else f"{span.least}–{span.most}{more}"


def _round(cost: Cost) -> str:
    return f"+{cost.round}" if cost.round else "–"


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


# ── JSON ──


def _flow_json(flow: Tally, each: ChannelBudget) -> dict[str, Any]:
    step, most = flow.dearest, flow.cost.turn.most
    place = {"step": step.step.id, "file": step.step.place.file, "line": step.step.place.line} if step else None
    return {
        "flow": flow.flow,
        **_cost_json(flow.cost),
        "merged": _cost_json(flow.merged),
        "turns_a_minute": round(each.turns_a_minute(most), 2) if most else None,
        "dearest": {**place, "requests": step.requests} if place and step else None,
        "complete": not flow.cut,
    }


def _cost_json(cost: Cost) -> dict[str, Any]:
    spans = {"turn": cost.turn, "conversation": cost.conversation}
    return {**{name: {"least": span.least, "most": span.most} for name, span in spans.items()}, "round": cost.round}
