"""Everything in its order, within the limit, and to an end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.invariants.facts import CLOCK_S, Facts, Request, Seen


def arrival(facts: Facts) -> Iterator[str]:
    """Find events that were applied before an older one of their conversation; dead letters may be taken up later."""
    latest: dict[str, int] = {}
    for conversation, inbox in facts.rows(
        "SELECT j.conversation_id, j.inbox_id FROM journal j JOIN inbox i ON i.id = j.inbox_id"
        " WHERE j.leg > 0 AND i.attempts <= 5 ORDER BY j.conversation_id, j.version"
    ):
        if inbox < latest.get(conversation, 0):
            yield f"conversation {conversation} applied inbox row {inbox} after row {latest[conversation]}"
        latest[conversation] = max(inbox, latest.get(conversation, 0))


def numbers(facts: Facts) -> Iterator[str]:
    """Find lanes whose numbers have gaps."""
    for lane in ("talk", "bulk"):
        for conversation, given, count, last in facts.rows(
            f"SELECT c.id, c.{lane}_seq, count(o.id), coalesce(max(o.seq), 0) FROM conversation c"
            " LEFT JOIN outbox o ON o.conversation_id = c.id AND o.lane = ? GROUP BY c.id"
            f" HAVING c.{lane}_seq != count(o.id) OR c.{lane}_seq != coalesce(max(o.seq), 0)",
            lane,
        ):
            yield f"conversation {conversation} gave {given} numbers in {lane}; it has {count} rows, the last is {last}"


def order(facts: Facts) -> Iterator[str]:
    """Find messages of a lane that the gateway took after a later one; a copy may follow its original at once."""
    last: dict[tuple[str, str], Request] = {}
    for seen, request in _matched(facts):
        if not request.first:
            continue  # it went back, and its rows left later with another request
        lane = (request.conversation, request.lane)
        before = last.get(lane)
        if before is not None and before.id != request.id and request.first <= before.last:
            numbers = f"{request.first} of {request.lane} was taken after number {before.last}"
            yield f"conversation {request.conversation}: number {numbers} (gateway's id {seen.id})"
        if before is None or request.last > before.last:
            last[lane] = request


def _matched(facts: Facts) -> Iterator[tuple[Seen, Request]]:
    """Yield what the gateway took, with its request: by its id, else the last one of the same words that left."""
    by_id = {each.gateway_id: each for each in facts.requests.values() if each.gateway_id is not None}
    alike: dict[str, list[tuple[float, Request]]] = defaultdict(list)
    for request in facts.requests.values():
        alike[request.digest] += [(each.at, request) for each in facts.attempts.get(request.id, ())]
    for seen in sorted(facts.seen, key=lambda each: each.at):
        if seen.id is None:
            continue
        left = [each for each in alike[seen.digest] if each[0] <= seen.at + CLOCK_S]
        if seen.id in by_id:
            yield seen, by_id[seen.id]
        elif left:
            yield seen, max(left)[1]


def limit(facts: Facts) -> Iterator[str]:
    """Find windows in which the gateway got more requests than it allows."""
    if facts.window is None:
        return
    limit, period_s = facts.window
    times = sorted(each.at for each in facts.seen)
    for first, last in zip(times, times[limit:], strict=False):
        if last - first < period_s:
            came = f"{limit + 1} requests came within {last - first:.3f} s from {first:.3f} on"
            yield f"{came}; the limit is {limit} in {period_s:g} s"
            return


def ended(facts: Facts) -> Iterator[str]:
    """Find work that is left although nothing hinders it any more."""
    for row, status, attempts in facts.rows(
        "SELECT id, status, attempts FROM inbox WHERE status IN ('pending', 'open')"
    ):
        yield f"inbox row {row} is still {status} after {attempts} attempts"
    for row, status in facts.rows("SELECT id, status FROM outbox WHERE status IN ('pending', 'flying', 'uncertain')"):
        yield f"outbox row {row} is still {status}"
    for row, status in facts.rows("SELECT id, status FROM request WHERE status IN ('flying', 'uncertain')"):
        yield f"request {row} is still {status}"
    for conversation, name, due_at in facts.rows(
        "SELECT conversation_id, name, due_at FROM timer WHERE due_at < ?", facts.now
    ):
        yield f"timer {name} of conversation {conversation} is {facts.now - due_at:.1f} s overdue"
    for (request,) in facts.rows("SELECT request_id FROM ledger WHERE answered_at IS NULL"):
        yield f"request {request} holds a slot that is never given back"
