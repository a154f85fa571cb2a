"""The outbox as lines for people: how a channel stands, what waits and when it leaves, the story of one message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from botkit.cli.messages import MESSAGES, say
from botkit.cli.options import spoken
from botkit.cli.shown import date, one_line, text, visible

Row = dict[str, Any]
#: What leaves within so many seconds leaves now.
NOW_S = 1.5
#: A time behind this many seconds is told with its day.
DAY_S = 43_200.0


def channel_lines(row: Row, zone: ZoneInfo, now: float) -> Iterator[str]:
    """Yield how a channel stands, and below it why nothing leaves."""
    language = spoken()
    learnt = row["configured_limit"] != row["limit"]
    waiting = [f"{name} {number}" for name, number in row["waiting"].items() if number]
    total = sum(row["waiting"].values())
    yield say(
        "channel stands",
        language,
        channel=row["channel"],
        limit=row["limit"],
        period=f"{row['period_s']:g}",
        learnt=say("channel learnt", language, limit=row["configured_limit"]) if learnt else "",
        level=say(f"level {row['level']}", language),
        waiting=f"{total} ({', '.join(waiting)})" if waiting else total,
        air=say("channel air", language, **row) if row["flying"] or row["uncertain"] else "",
    )
    if row["paused_at"] is not None:
        yield "  " + say("channel paused", language, since=date(row["paused_at"], zone), channel=row["channel"])
    elif row["held"] is not None:
        key = "channel probed" if row["held_until"] is not None else "channel held"
        yield "  " + say(key, language, why=reason(row["held"]), at=leaves(row["held_until"], zone, now))
    if row.get("deaf"):
        yield "  " + say("channel deaf", language, since=date(row["deaf"]["since"], zone), why=unheard(row["deaf"]))


def unheard(deaf: Row) -> str:
    """Return why nothing is heard, as far as the gateway's answer says it."""
    return say("deaf answered" if deaf["status"] else "deaf", spoken(), status=deaf["status"])


def waiting_line(row: Row, zone: ZoneInfo, now: float) -> str:
    """Return a row that waits on a line: number, whose, class, state, when it leaves and why not yet, what it says."""
    when = leaves(row["at"], zone, now)
    told = [f"{row['id']:>8}", f"{visible(row['contact']):<12}", f"{row['class']:<11}", f"{state(row['status']):<9}"]
    return "  ".join([*told, f"{when}: {reason(row['why'])}", text(row["message"])])


def ended_line(row: Row, zone: ZoneInfo) -> str:
    """Return a row that has come to an end on a line."""
    why = f" {because}" if (because := ended_because(row)) else ""
    told = [f"{row['id']:>8}", str(date(row["created_at"], zone)), f"{visible(row['contact']):<12}"]
    return "  ".join([*told, f"{state(row['status']):<11}", f"{row['lane']:<4}", text(row["message"])]) + why


def reason(why: str) -> str:
    """Return why a row has not left."""
    return say(f"reason {why}", spoken())


def leaves(at: float | None, zone: ZoneInfo, now: float) -> str:
    """Return when a row is expected to leave: now, `in about 2m (09:14:20)`, or `–` where it does not by itself."""
    if at is None:
        return "–"
    if at - now < NOW_S:
        return say("leaves now", spoken())
    from botkit.cli.talk_lines import rough  # heavy

    local = datetime.fromtimestamp(at, zone)
    clock = f"{local:%H:%M:%S}" if at - now < DAY_S else f"{local:%Y-%m-%d %H:%M}"
    return say("leaves in", spoken(), time=rough(at - now), at=clock)


def story(row: Row, zone: ZoneInfo, now: float) -> Iterator[tuple[str, str]]:
    """Yield what is known of a message: labels and texts."""
    from botkit.testing.result import shown  # heavy

    def line(key: str, told: object) -> tuple[str, str]:
        return say(f"one {key}", spoken()), str(told)

    yield line("message", say("one of", spoken(), id=row["id"], lane=row["lane"], seq=row["seq"], rank=row["class"]))
    yield line("to", f"{visible(row['contact'])} ({row['channel']})")
    ended = f" {date(row['settled_at'], zone)}" if row["settled_at"] else ""
    yield line("state", state(row["status"]) + ended + ended_because(row))
    if row["flow"]:
        yield line("said", f"{row['flow']}/{row['step']}" + (f", {row['place']}" if row["place"] else ""))
    yield line("queued", date(row["created_at"], zone))
    if "why" in row:
        at = leaves(row["at"], zone, now) if row["at"] is not None else say("one never", spoken())
        yield line("leaves", f"{at}: {reason(row['why'])}")
    if row["expires_at"]:
        yield line("expires", date(row["expires_at"], zone))
    if row["delivery"]:
        yield line("delivery", row["delivery"])
    for request in row["requests"]:
        yield say("one request", spoken(), id=request["id"]), _request(request, zone)
    yield line("text", visible(shown(row["message"])))


def _request(row: Row, zone: ZoneInfo) -> str:
    """Return what became of a request; only one with an HTTP status was answered."""
    http = row["http_status"]
    status = f"{state(row['status'])} ({http})" if http else state(row["status"])
    times = {"sent": date(row["sent_at"], zone), "answered": date(row["answered_at"], zone)}
    key = "one returned" if row["status"] == "returned" else "one answered" if http else "one silent"
    told = say(key, spoken(), status=status, tries=tries(row["attempts"]), **times)
    names = f", {row['gateway_id']}" if row["gateway_id"] else ""
    return told + names + (f" [{detail(row['detail'])}]" if row["detail"] else "")


def state(status: str) -> str:
    """Return the state of a message or a request in words."""
    return say(f"state {status}", spoken())


def tries(attempts: int | None) -> str:
    """Return how often a message was tried; one without a request now, yet in doubt, had one that was given up."""
    key = f"tried {attempts or 0}" if attempts in (None, 0, 1, 2) else "tried"
    return say(key, spoken(), n=attempts or 0)


def detail(told: str) -> str:
    """Return why a message or a request ended so: ours in words, a gateway's as it came."""
    key = f"detail {told}"
    return say(key, spoken()) if key in MESSAGES else one_line(told)


def ended_because(row: Row) -> str:
    """Return why a message ended, in brackets behind a blank; empty where its state says it."""
    return f" [{detail(row['reason'])}]" if row["reason"] and row["reason"] != row["status"] else ""
