"""One slice of the proof: a place, its kills, the end of all work, and the checker's word."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botkit.crash import VARIABLE
from tests.crash.bot import LIMIT, PERIOD_S
from tests.crash.people import People
from tests.crash.place import DRAIN_S, Place
from tests.crash.processes import Birth, Bot, Process
from tests.crash.tally import RANDOM, Tally
from tests.invariants import Seen, Violation, Window, violations

#: How long a process lives before a kill at random, in seconds after it is ready; one in some dies while it starts, and
#: one in some while it stops.
LIFE_S = (0.0, 0.7)
DYING_YOUNG, YOUNG_S = 5, (0.05, 0.6)
DYING_LATE, LATE_S = 6, (0.0, 0.05)
#: How long a process has to come to the point that is armed.
REACH_S = 12.0
#: The time at which a point ends the process, at most.
MOST_TIMES = 3
#: What must be before a point can be reached: an answer of the gateway, or a kill elsewhere.
NEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "resend": ("reset", {"when": "after", "count": 1}),
    "decide": ("not_json", {"count": 1}),
}
#: Points of a bot that asks.
POLLED = frozenset({"poll-taken", "poll-marked"})
AFTER = {"ground": "send-written", "claim": "leg-before"}
#: What goes wrong at the gateway meanwhile, and how often: one kill in so many. A 503 holds the key for 15 s.
FAULTS: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (8, "slow", {"when": "after", "delay_s": 0.3, "count": 3}),
    (16, "reset", {"when": "before", "count": 1}),
    (16, "reset", {"when": "after", "count": 1}),
    (24, "error", {"when": "after", "count": 1}),
    (48, "not_json", {"count": 1}),
    (120, "unavailable", {"count": 1}),
)
#: Lines of level error that speak of the gateway's faults.
EXPECTED = frozenset({"alert"})
#: What no artefact may show: what the gateway's keys begin with, people's numbers, and what they write.
PLANTED = ("sandbox-key", "sandbox-secret", "5917000", "plato ", "asunto ")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which kills, in order: names of points, or RANDOM; `quick` and `broken` are those of a `Birth`.

    People write until `events` were answered; all work must have ended `drain_s` after. With `news` the gateway tells
    what it took. A bot that `polls` asks for what people write. A folder in which something was found stays in `keep`.
    """

    kills: Sequence[str]
    seed: int
    quick: bool = False
    broken: str | None = None
    events: int = 20
    drain_s: float = DRAIN_S
    news: bool = False
    polls: bool = False
    keep: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    def run(self, bots: Process) -> Tally:
        """Kill, drain and check; what is found keeps the folder."""
        began = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="botkit-crash-"))
        place = Place(
            bots, Birth(str(folder), {}, self.quick, self.broken), self.seed, news=self.news, polls=self.polls
        )
        tally = Tally(slices=1)
        found: list[Violation] = []
        try:
            self._kill_all(place, tally)
            if not place.drain(self.events, self.drain_s):
                found.append(Violation("drain", "stuck", f"work was left after {self.drain_s:g} s"))
        except NotReady:
            found.append(Violation("start", "stuck", "the bot did not start again"))
        except BaseException:
            place.close()
            raise
        seen, status = place.seen(), place.close()
        if status != 0:
            found.append(Violation("stop", "stuck", f"the bot ended with {status} after SIGTERM"))
        _check(place, seen, found, tally)
        tally.seconds = time.monotonic() - began
        if tally.failed:
            kept = self.keep / folder.name
            (folder / "kills.json").write_text(json.dumps({"kills": list(self.kills), "seed": self.seed}))
            if kept != folder:
                shutil.move(folder, kept)
            tally.lines.append(f"kept: {kept}")
        else:
            shutil.rmtree(folder)
        return tally

    def _kill_all(self, place: Place, tally: Tally) -> None:
        """Kill as often as is asked for, and start once more; raises NotReady."""
        chance = random.Random(self.seed)
        for name in self.kills:
            if not self.quick:
                _meet_faults(place, chance)
            _kill(place, name, chance, tally)
        place.reset()
        _start(place)


class NotReady(Exception):
    """A bot that was not killed ended, or did not become ready."""


def _start(place: Place) -> Bot:
    bot = place.start()
    if not bot.wait_ready():
        raise NotReady
    return bot


def _meet_faults(place: Place, chance: random.Random) -> None:
    for rare, kind, body in FAULTS:
        if chance.randrange(rare) == 0:
            place.arm(kind, **body)


def _kill(place: Place, name: str, chance: random.Random, tally: Tally) -> None:
    """Start a process and end it: at random, or where it is armed to end itself."""
    if name == RANDOM:
        if chance.randrange(DYING_YOUNG) == 0:
            bot = place.start()
            time.sleep(chance.uniform(*YOUNG_S))
        else:
            bot = _start(place)
            time.sleep(chance.uniform(*LIFE_S))
            if chance.randrange(DYING_LATE) == 0:
                bot.stop()
                time.sleep(chance.uniform(*LATE_S))
        bot.end()
        tally.kills[RANDOM] += 1
        return
    kind = name.partition("-")[0]
    if kind in AFTER:
        _kill(place, AFTER[kind], chance, tally)
    if kind in NEEDS:
        fault, body = NEEDS[kind]
        place.arm(fault, **body)
    times = 1 if kind in AFTER or kind in NEEDS else chance.randint(1, MOST_TIMES)
    bot = place.start(**{VARIABLE: f"{name}:{times}"})
    reached = bot.wait_ended(REACH_S)
    if bot.end() != -signal.SIGKILL:
        raise NotReady
    (tally.kills if reached else tally.missed)[name] += 1


# ── what came of it ─────────────────────────────────────────────────────────────────────────────────────────────────


def _check(place: Place, seen: Sequence[Seen], found: list[Violation], tally: Tally) -> None:
    people = place.people
    heard = list(people.heard)
    found += violations(place.store, seen, heard, now=time.time(), window=Window(LIMIT, PERIOD_S))
    with closing(sqlite3.connect(f"file:{place.store}?mode=ro", uri=True)) as db:
        found += _story(db, people.orders)
        found += _helped(db, people)
        found += [Violation("answers", "lost", line) for line in people.refused]
        found += [Violation("log", "defect", line) for line in _defects(place.folder / "botkit.log")]
        found += [Violation("secret", "defect", line) for line in _shown(place.folder)]
        calls = [line.split()[0] for line in _lines(place.folder / "calls.txt")]
        tally.uncertain = _number(db, "SELECT coalesce(sum(http_status IS NULL OR http_status = 500), 0) FROM ledger")
        tally.merged = _number(
            db, "SELECT count(*) FROM (SELECT 1 FROM outbox GROUP BY request_id HAVING count(*) > 1)"
        )
        tally.failures["dead"] += _number(db, "SELECT count(*) FROM inbox WHERE status = 'dead'")
    taken = Counter(each.digest for each in seen if each.id is not None)
    tally.sent, tally.answered = len(people.sent), len(heard)
    tally.messages, tally.copies = len(taken), taken.total() - len(taken)
    tally.helped = people.helped.total()
    tally.recalled = len(calls) - len(set(calls))
    for each in found:
        tally.failures[each.meaning] += 1
    tally.lines += map(str, found)


def _story(db: sqlite3.Connection, orders: dict[str, list[str]]) -> list[Violation]:
    """Return whose recorded orders are not those that they confirmed, each once and in order."""
    recorded: dict[str, list[str]] = {contact: [] for contact in orders}
    for contact, row in db.execute(
        "SELECT c.contact, r.row FROM result r JOIN conversation c ON c.id = r.conversation_id"
        " WHERE r.flow = 'pedido' ORDER BY r.id"
    ):
        recorded[contact].append(json.loads(row)["plato"])
    return [
        Violation("story", "torn", f"{contact} confirmed {len(wanted)} orders, recorded are {recorded[contact]}")
        for contact, wanted in orders.items()
        if recorded[contact] != wanted
    ]


def _helped(db: sqlite3.Connection, people: People) -> list[Violation]:
    """Return where flows did not go on, once and in order, behind each handoff, and where the bot answered in one."""
    went_on: dict[str, list[int]] = {contact: [] for contact in people.helped}
    for contact, row in db.execute(
        "SELECT c.contact, r.row FROM result r JOIN conversation c ON c.id = r.conversation_id"
        " WHERE r.flow = 'ayuda' ORDER BY r.id"
    ):
        went_on.setdefault(contact, []).append(json.loads(row)["ayuda"])
    torn = [
        Violation("handoff", "torn", f"{contact} was given back {people.helped[contact]} times, went on are {numbers}")
        for contact, numbers in went_on.items()
        if numbers != list(range(1, people.helped[contact] + 1))
    ]
    answered = db.execute(
        "SELECT s.gateway_id FROM seen s JOIN outbox o ON o.inbox_id = s.inbox_id WHERE s.kind = 'message'"
        " AND s.gateway_id IN (SELECT value FROM json_each(?))",
        (json.dumps(people.asides),),
    )
    return torn + [Violation("handoff", "defect", f"the bot answered {name}") for (name,) in answered]


def _defects(path: Path) -> list[str]:
    """Return the lines of a log that tell of a defect of ours; a kill may leave the last one of a process cut off."""
    entries = [json.loads(line) for line in _lines(path) if line.endswith("}")]
    return [str(each)[:500] for each in entries if each["level"] == "error" and each["event"] not in EXPECTED]


def _shown(folder: Path) -> list[str]:
    """Return which files for those who mend a bot show a secret or something of a person."""
    files = [*folder.glob("botkit.log*"), folder / "bot.txt"]
    return [f"{path.name} shows {word!r}" for path in files for word in PLANTED if word in path.read_text()]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _number(db: sqlite3.Connection, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])
