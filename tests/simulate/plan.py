"""What a run is made of: a setting, and a list of what happens when. One seed draws one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from bench.rate_servers import SERVERS

#: What a gateway does for a while instead of answering well -> with which weight it is drawn.
GATEWAY = {
    "throttled": 2,  # 429
    "throttled with a pause": 2,
    "unavailable": 3,  # 503
    "error before": 2,  # 500, and nothing was taken
    "error after": 2,  # 500, and it was taken
    "silent before": 2,  # no answer, and nothing was taken
    "silent after": 2,
    "reset before": 2,
    "reset after": 2,
    "garbage": 2,  # 200 that nobody can read
    "unauthorized": 1,
    "unreachable": 2,
    "refused": 1,
    "moved": 1,  # 302: nothing leaves until the configuration is read again
    "slow": 3,
}
#: What a disk does for a while instead of its work.
DISK = {"full": 2, "broken": 2, "unsure": 3, "slow": 2, "locked": 2}
#: What a web service does for a while instead of answering well.
SERVICE = {
    "unreachable": 2,
    "reset": 2,
    "silent": 2,
    "slow": 3,
    "error": 2,  # 500
    "busy": 3,  # 503, with a pause
    "refused": 1,  # 404
    "garbage": 1,  # 200 that is no JSON
    "large": 1,
    "cut": 1,  # the body breaks off
    "cut packed": 1,
}
#: What those who run the bot do, at the desk or on the phone.
DEEDS = {"reply": 4, "release": 4, "send": 1, "event": 2, "broadcast": 1, "phone": 2, "phone back": 2}
#: In how many of the runs everybody writes at once.
RUSHES = 0.4
#: How many faults a run has: one of these.
FAULTS = (0, 1, 2, 3, 5, 8)
CONTACTS = tuple(f"5917{number:07}" for number in range(4))
#: What a process dies at: a moment, or the next of these.
DEATHS = ("moment", "commit", "commit", "send", "answer", "call", "webhook")


class Item(NamedTuple):
    """Something that happens at `at` seconds, by its kind's own values."""

    at: float
    kind: str
    values: dict[str, Any]

    def __str__(self) -> str:
        told = " ".join(f"{name}={_short(value)}" for name, value in self.values.items())
        return f"{self.at:8.3f}  {self.kind}  {told}"


class Setting(NamedTuple):
    """What does not change in a run: the key's limit and what it does in doubt, how the server counts and talks."""

    limit: int
    period_s: float
    burst: int
    server: str
    trip_s: float
    status_share: float
    echo_share: float
    late_s: float
    policy: str
    skew_s: float


class Plan(NamedTuple):
    """One run: its seed, its setting, its items in order of time."""

    seed: int
    setting: Setting
    items: tuple[Item, ...]


def draw(seed: int, faults: Sequence[int] = FAULTS) -> Plan:
    """Return the plan of a seed, with one of these numbers of faults."""
    dice = Random(seed)
    length_s = dice.choice((15.0, 40.0, 90.0))
    items = [_message(dice, number, length_s) for number in range(dice.randint(2, 13))]
    items += [each for item in tuple(items) for each in _desk(dice, item)]
    if dice.random() < RUSHES:
        items += _rush(dice, len(items), length_s)
    for _ in range(dice.choice(faults)):
        kind = dice.choices(tuple(_DRAWN), tuple(weight for weight, _ in _DRAWN.values()))[0]
        items.append(Item(round(dice.uniform(0, length_s), 3), kind, _DRAWN[kind][1](dice)))
    return Plan(seed, _setting(dice), tuple(sorted(items, key=lambda item: item.at)))


def _setting(dice: Random) -> Setting:
    limit, period_s = dice.choice(((30, 60.0), (10, 20.0), (4, 10.0), (4, 10.0), (60, 60.0)))
    return Setting(
        limit,
        period_s,
        min(limit, dice.choice((1, 2, 5, 5, 10))),
        dice.choice(tuple(SERVERS)),
        dice.choice((0.02, 0.2, 0.2, 1.0)),
        dice.choice((0.0, 0.5, 1.0)),
        dice.choice((0.0, 0.0, 0.3, 1.0)),
        dice.choice((0.5, 5.0, 30.0)),
        dice.choice(("resend_once", "resend_once", "resend_once", "drop")),
        dice.choice((0.0, 0.0, -1.5, 1.5)),
    )


def _message(dice: Random, number: int, length_s: float) -> Item:
    """Draw what a person writes: a word that begins a flow, or an answer; each text is said only once."""
    word = dice.choice(("pedido", "pedido", "pedido", "pedido", "persona", "hola", "sí", "dos panes", "baja"))
    contact = dice.choice(CONTACTS)
    copies = [round(dice.choice((0.0, 0.001, 0.5, 3.0, 40.0)) * dice.random(), 3) for _ in range(_copies(dice))]
    text = word if word == "baja" else f"{word} zq{number}"
    values: dict[str, Any] = {"id": f"in{number}", "contact": contact, "text": text, "copies": copies}
    if len(copies) > 1 and dice.random() < 0.2:
        values["changed"] = True
    return Item(round(dice.uniform(0, length_s), 3), "message", values)


def _rush(dice: Random, number: int, length_s: float) -> Iterator[Item]:
    """Draw a moment at which everybody writes, and the end of the process in the midst of it."""
    at = dice.uniform(0, length_s)
    for each in range(dice.randint(4, 10)):
        yield _message(dice, number + each, 1.0)._replace(at=round(at + dice.random(), 3))
    yield Item(round(at + dice.uniform(0, 5), 3), *dice.choice((("death", _death(dice)), ("stop", {"down_s": 0.1}))))


def _desk(dice: Random, message: Item) -> Iterator[Item]:
    """Draw what those who run the bot do some time after a message: mostly after one that asks for a person."""
    share = 0.8 if message.values["text"].startswith("persona") else 0.1
    for _ in range(3):
        if dice.random() < share:
            values = _deed(dice) | {"contact": message.values["contact"]}
            yield Item(round(message.at + dice.uniform(0, 30), 3), "desk", values)


def _deed(dice: Random) -> dict[str, Any]:
    deed = dice.choices(tuple(DEEDS), tuple(DEEDS.values()))[0]
    return {"deed": deed, "contact": dice.choice(CONTACTS), "number": dice.randrange(10**9)}


def _copies(dice: Random) -> int:
    return dice.choices((1, 2, 3, 5), (12, 3, 1, 1))[0]


def _weather(table: dict[str, int]) -> Callable[[Random], dict[str, Any]]:
    def drawn(dice: Random) -> dict[str, Any]:
        what = dice.choices(tuple(table), tuple(table.values()))[0]
        return {"what": what, "for_s": dice.choice((0.5, 3.0, 12.0, 45.0)), "share": dice.choice((0.3, 1.0, 1.0))}

    return drawn


def _death(dice: Random) -> dict[str, Any]:
    after_s = dice.choice((0.0, 0.0, 0.0005, 0.003, 0.2))
    return {
        "on": dice.choice(DEATHS),
        "after_s": round(after_s * dice.random(), 6),
        "passes": dice.randrange(25),
        "down_s": dice.choice((0.1, 1.0, 10.0)),
    }


def _jump(dice: Random) -> dict[str, Any]:
    # Uneven, so that no moment after it has the wall time of one before it.
    return {"by_s": dice.choice((-7200.0, -60.0, -3.0, 3.0, 60.0, 7200.0)) + round(dice.random() / 1000, 6)}


#: kind -> its weight among the faults, and what draws its values.
_DRAWN: dict[str, tuple[int, Callable[[Random], dict[str, Any]]]] = {
    "gateway": (8, _weather(GATEWAY)),
    "disk": (4, _weather(DISK)),
    "service": (6, _weather(SERVICE)),
    "death": (10, _death),
    "stop": (2, lambda dice: {"down_s": dice.choice((0.1, 2.0))}),
    "jump": (2, _jump),
    "suspend": (1, lambda dice: {"for_s": dice.choice((5.0, 90.0, 4000.0))}),
    "set and dead": (2, lambda dice: _jump(dice) | _death(dice) | {"on": "moment"}),
    # News of one second have no order: a gateway tells whole ones.
    "unlinked": (1, lambda dice: {"for_s": dice.choice((1.5, 20.0))}),
    "desk": (3, _deed),
    "fetch": (3, lambda dice: {"count": dice.choice((1, 3, 12))}),
    "deploy": (2, lambda dice: {"version": dice.choice(("a", "b"))}),
}


def _short(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) and " " in value else str(value)
