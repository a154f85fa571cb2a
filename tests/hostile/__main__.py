"""Attack a real bot with everything in the table: `python -m tests.hostile [--only NAME]`.

Each line: the attack, its answers, the longest step of the bot's loop meanwhile, and the most that one worked, which
may be 100 ms. The status is 1 where an answer is one that may not be, a step worked longer, an event was given up, or
the log tells of a defect.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.hostile.attacks import ATTACKS, Answers
from tests.hostile.target import Held, Target

#: The longest that a step of the loop may work, in seconds.
MOST_S = 0.1


class Outcome(NamedTuple):
    """What an attack came to."""

    name: str
    answers: Answers
    held: Held

    @property
    def wrong(self) -> list[str]:
        """What may not be."""
        odd = [each for each in self.answers if each not in ATTACKS[self.name].may]
        return [f"answered {each}" for each in odd] + ["held the loop"] * (self.held.worked_s > MOST_S)

    def __str__(self) -> str:
        came = ", ".join(f"{count} × {answer}" for answer, count in sorted(self.answers.items()))
        held = f"loop held {self.held.took_s * 1e3:4.0f} ms, work {self.held.worked_s * 1e3:4.0f} ms"
        return f"{self.name:30} {came:28} {held}" + "".join(f"  WRONG: {each}" for each in self.wrong)


def attack(target: Target, share: float = 1.0, only: str = "") -> Iterator[Outcome]:
    """Yield what each attack came to, of `share` of its size."""
    for name, each in ATTACKS.items():
        if only in name:
            since = time.monotonic()
            answers = each.does(target, share)
            target.settle()
            yield Outcome(name, answers, target.held(since))


def wrong_after(target: Target) -> list[str]:
    """Return what is wrong once all is over: events that were given up, and defects in the log."""
    dead = target.count("SELECT count(*) FROM inbox WHERE status = 'dead'")
    return [f"{dead} dead letters"] * bool(dead) + target.defects()


def main(arguments: list[str]) -> int:
    """Attack and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", default="", metavar="NAME", help="attacks with this in their name")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="botkit-hostile-") as folder:
        target = Target(Path(folder))
        is_well = True
        try:
            for outcome in attack(target, only=options.only):
                print(outcome, flush=True)
                is_well = is_well and not outcome.wrong
            wrong = wrong_after(target)
        finally:
            target.close()
    print("\n".join([*wrong, f"{len(wrong)} wrong afterwards"]), flush=True)
    return 0 if is_well and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
