"""Making the plan of a failing run small: fewer items, then simpler ones, as long as the same thing goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from tests.simulate.plan import Item, Plan

#: Runs that a shrinking may take.
BUDGET = 400

Fails = Callable[[Plan], bool]


class _Spent(Exception):
    """No more runs."""


def shrink(plan: Plan, fails: Fails, budget: int = BUDGET) -> Plan:
    """Return a small plan for which `fails` still holds; it must hold for `plan`, which is returned at worst."""
    best = plan
    left = budget

    def holds(items: Sequence[Item]) -> bool:
        nonlocal best, left
        if left <= 0:
            raise _Spent
        left -= 1
        candidate = plan._replace(items=tuple(items))
        if fails(candidate):
            best = candidate
            return True
        return False

    with suppress(_Spent):
        _simplify(_reduce(list(plan.items), holds), holds)
    return best


def _reduce(items: list[Item], holds: Callable[[Sequence[Item]], bool]) -> list[Item]:
    """Leave items out (delta debugging): halves, quarters … single ones, until none can be spared."""
    size = len(items)
    while size:
        size = min(size, len(items))
        first, has_shrunk = 0, False
        while first < len(items):
            without = items[:first] + items[first + size :]
            if len(without) < len(items) and holds(without):
                items, has_shrunk = without, True
            else:
                first += size
        size = size if has_shrunk and size == 1 else size // 2
    return items


def _simplify(items: list[Item], holds: Callable[[Sequence[Item]], bool]) -> None:
    for index in range(len(items)):
        for simpler in _simpler(items[index]):
            tried = [*items[:index], simpler, *items[index + 1 :]]
            if holds(tried):
                items = tried


def _simpler(item: Item) -> Iterator[Item]:
    """Yield simpler forms of an item."""
    values = item.values
    if len(values.get("copies", ())) > 1:
        yield item._replace(
            values={name: value for name, value in values.items() if name != "changed"} | {"copies": [0.0]}
        )
    if values.get("share", 1.0) != 1.0:
        yield item._replace(values=values | {"share": 1.0})
