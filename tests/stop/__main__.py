"""Stop a real bot under load, again and again: `python -m tests.stop --times 100 [--twice 20]`.

People write, the gateway is well, and each life of the bot ends by SIGTERM at a moment of chance: it must end with
status 0 within 15 s, and leave no message in doubt. With `--twice` as many more lives end by a second signal right
behind the first, which is a kill: messages may be in doubt, but nothing is lost, torn or reordered. At the end the bot
does what is left, and the checker (`tests/invariants`) looks at the store and at what the gateway saw.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.bot import LIMIT, PERIOD_S
from tests.crash.place import Place
from tests.crash.processes import Birth, Bot, Process, nursery
from tests.invariants import Window, violations

#: Longest end of a process, in seconds; how long one lives, and how soon the second signal comes.
ENDS_S, LIFE_S, SECOND_S = 15.0, (0.0, 0.8), (0.0, 0.02)
#: Statuses of a process that a second SIGTERM ended: while it stopped, and when nothing was left but to leave.
CUT_OFF = (128 + signal.SIGTERM, -signal.SIGTERM)
_DOUBT = "SELECT count(*) FROM request WHERE status IN ('flying', 'uncertain')"


@dataclass(slots=True)
class Report:
    """How long the ends took, in seconds, and what was found wrong."""

    took_s: list[float] = field(default_factory=list)
    cut_off: int = 0
    messages: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ends = f"{len(self.took_s)} ends by SIGTERM"
        if self.took_s:
            ends += (
                f": median {statistics.median(self.took_s):.2f} s, longest {max(self.took_s):.2f} s (≤ {ENDS_S:g} s)"
            )
        cut = f"{self.cut_off} cut off by a second signal"
        return "\n".join([ends, cut, f"{self.messages} messages sent", *self.wrong, f"{len(self.wrong)} wrong"])


def prove(times: int, twice: int, seed: int, bots: Process) -> Report:
    """Stop a bot so often, let it end its work, and check what it did."""
    report, chance = Report(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="botkit-stop-") as folder:
        place = Place(bots, Birth(folder, {}, quick=twice > 0), seed, news=False)
        try:
            for number in range(times + twice):
                bot = _living(place, chance)
                if number < times:
                    _stop(bot, place, report)
                else:
                    _cut_off(bot, chance, report)
            _living(place, chance)
            if not place.drain(len(place.people.heard)):
                report.wrong.append("work was left")
            seen, heard = place.seen(), list(place.people.heard)
        finally:
            place.close()
        report.messages = len({each.digest for each in seen if each.id is not None})
        found = violations(place.store, seen, heard, now=time.time(), window=Window(LIMIT, PERIOD_S))
        report.wrong += [*map(str, found), *place.people.refused]
    return report


def _living(place: Place, chance: random.Random) -> Bot:
    bot = place.start()
    if not bot.wait_ready():
        raise RuntimeError("the bot did not start")
    time.sleep(chance.uniform(*LIFE_S))
    return bot


def _stop(bot: Bot, place: Place, report: Report) -> None:
    began = time.monotonic()
    status = bot.end(signal.SIGTERM)
    report.took_s.append(time.monotonic() - began)
    if status != 0 or report.took_s[-1] > ENDS_S:
        report.wrong.append(f"it ended with {status} after {report.took_s[-1]:.1f} s")
    if doubts := _number(place.store, _DOUBT):
        report.wrong.append(f"{doubts} messages in doubt, with a gateway that is well")


def _cut_off(bot: Bot, chance: random.Random, report: Report) -> None:
    bot.stop()
    time.sleep(chance.uniform(*SECOND_S))
    status = bot.end(signal.SIGTERM)
    report.cut_off += status in CUT_OFF
    if status not in (0, *CUT_OFF):  # it may have been quicker than the second signal
        report.wrong.append(f"a second signal ended it with {status}")


def _number(store: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        return int(db.execute(sql).fetchone()[0])


def main(arguments: list[str]) -> int:
    """Run what is asked for; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.stop", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--times", type=int, default=100, metavar="N", help="ends by one SIGTERM (default 100)")
    parser.add_argument("--twice", type=int, default=20, metavar="N", help="ends by two (default 20)")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bots = nursery(Path(folder))
        try:
            report = prove(options.times, options.twice, options.seed, bots)
        finally:
            bots.end()
    print(report, flush=True)
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
