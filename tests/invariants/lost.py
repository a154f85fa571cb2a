"""Nothing is lost, nothing comes twice: what was answered 200, what is marked sent, and how often it was taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.invariants.facts import CLOCK_S, Attempt, Facts, Request, Seen, listed


def stored(facts: Facts) -> Iterator[str]:
    """Find events that were answered 200 and have no inbox row."""
    for each in dict.fromkeys(facts.heard):
        if not facts.rows(
            "SELECT 1 FROM seen s JOIN inbox i ON i.id = s.inbox_id AND i.channel = s.channel AND i.kind = s.kind"
            " WHERE s.channel = ? AND s.kind = ? AND s.gateway_id = ? AND s.discriminator = ?",
            *each,
        ):
            yield f"{each.kind} {each.id!r} was answered 200 and is not in the inbox"


def stored_once(facts: Facts) -> Iterator[str]:
    """Find messages that have more than one inbox row."""
    for channel, gateway_id, ids in facts.rows(
        "SELECT channel, json_extract(CAST(event AS TEXT), '$.id') AS gateway_id, group_concat(id) FROM inbox"
        " WHERE source = 'webhook' AND kind = 'message' AND gateway_id IS NOT NULL"
        " GROUP BY channel, gateway_id HAVING count(*) > 1"
    ):
        yield f"message {gateway_id!r} of {channel} has the inbox rows {ids}"


def sent(facts: Facts) -> Iterator[str]:
    """Find requests that are marked sent and that the gateway never took."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for request in facts.requests.values():
        if request.status == "sent":
            wanted[request.digest].append(request.id)
    taken: dict[str, int] = defaultdict(int)
    for seen in facts.seen:
        taken[seen.digest] += seen.id is not None
    for digest, ids in wanted.items():
        if taken[digest] < len(ids):
            yield f"{len(ids)} requests of the same words ({listed(ids)}) are marked sent, {taken[digest]} were taken"


def copies(facts: Facts) -> Iterator[str]:
    """Find messages that the gateway took more often than attempts may have reached it by then."""
    made: dict[str, list[float]] = defaultdict(list)
    for request in facts.requests.values():
        attempts = facts.attempts.get(request.id, [])
        made[request.digest] += [each.at for each in attempts if _may_be_taken(request, each)]
    came: dict[str, list[Seen]] = defaultdict(list)
    for seen in facts.seen:
        if seen.id is not None:
            came[seen.digest].append(seen)
    for digest, copies in came.items():
        for number, seen in enumerate(sorted(copies, key=lambda each: each.at), 1):
            before = sum(at <= seen.at + CLOCK_S for at in made[digest])
            if number > before:
                who = [each.id for each in facts.requests.values() if each.digest == digest]
                yield f"copy {number} of {seen.id} was taken after {before} attempts (requests {listed(who)})"


def again(facts: Facts) -> Iterator[str]:
    """Find requests that were sent again although what came of them was clear, and attempts that were not counted."""
    for request in facts.requests.values():
        attempts = facts.attempts.get(request.id, [])
        if len(attempts) != request.attempts:
            yield f"request {request.id} counts {request.attempts} attempts, the ledger has {len(attempts)}"
        for number, attempt in enumerate(attempts[:-1], 1):
            if not _unclear(attempt):
                yield f"request {request.id} was sent again after attempt {number} was answered {attempt.status}"


def _may_be_taken(request: Request, attempt: Attempt) -> bool:
    """Tell whether an attempt may have reached the person."""
    status = attempt.status
    if status is not None and (300 <= status < 500 or status == 503):
        return False
    return not (attempt.is_last and request.status == "returned")


def _unclear(attempt: Attempt) -> bool:
    """Tell whether nobody knows what came of an attempt, so that another one may follow."""
    return attempt.status is None or (attempt.status >= 500 and attempt.status != 503)
