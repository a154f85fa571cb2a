"""Every attack of the table, smaller than `python -m tests.hostile` makes it, on a real process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.__main__ import MOST_S, attack, wrong_after
from tests.hostile.attacks import ATTACKS
from tests.hostile.target import Target

#: How much of an attack is made, and how much longer than its figure a step may work: other tests run beside it.
SHARE, SLACK = 0.03, 4


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    """A bot that is watched."""
    made = Target(tmp_path)
    yield made
    made.close()


def test_attacks(target: Target) -> None:
    """Each is refused or taken as the table says, none holds the loop, and nothing of ours fails by it."""
    outcomes = list(attack(target, SHARE))
    assert [each.name for each in outcomes] == list(ATTACKS)
    odd = {each.name: each.answers for each in outcomes if not ATTACKS[each.name].may.issuperset(each.answers)}
    assert odd == {}
    assert {each.name: each.held for each in outcomes if each.held.worked_s > SLACK * MOST_S} == {}
    assert wrong_after(target) == []
    assert any(each.held.took_s for each in outcomes)
