"""What people may answer to a question: made from all that it declares, and from what its own words say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from botkit.answers.types import ANSWER_TYPES, MESSAGE_TYPES
from botkit.explore.asked import Asked
from botkit.explore.patterns import beside, fitting
from botkit.explore.prose import bounds, examples, mentions
from botkit.explore.reading import Constants
from botkit.explore.scene import Move, Scene
from botkit.explore.texts import BESIDE, FILES, HOSTILE, LONG, LONGEST, READABLE, TYPICAL
from botkit.turn.kinds.ask import Ask

#: Days from today that are tried: the past, the present, soon, far away.
DAYS = (1, 3, 0, -1, 30, 400, -400, -9000)


@dataclass(slots=True)
class Answers:
    """Makes answers up. `constants` are what the bot compares with; `helps` what its own types of answers say."""

    zone: ZoneInfo
    constants: Constants
    helps: dict[str, str] = field(default_factory=dict)
    _known: dict[Any, list[Move]] = field(default_factory=dict)

    def moves(self, asked: Asked, scene: Scene) -> list[Move]:
        """Return the answers to a question, the plausible ones first, each once."""
        titles = tuple(row["title"] for row in asked.shown)
        key = (
            asked.at,
            asked.language,
            titles,
            asked.compared,
            repr(asked.least),
            repr(asked.most),
            scene.now // 86_400,
        )
        if key not in self._known:
            self._known[key] = self._moves(asked, scene)
        return [*self._known[key], *_old_taps(scene)]

    def _moves(self, asked: Asked, scene: Scene) -> list[Move]:
        # The same answers each time the question is asked, whatever came before: so they can be counted.
        random = Random(f"{asked.at}")
        made = [*self._options(asked), *(self._typed(asked, asked.ask, scene, random) if asked.ask else ())]
        made += self._wrong(asked)
        return list({move.key: move for move in reversed(made)}.values())[::-1]

    # ── options ──

    def _options(self, asked: Asked) -> Iterator[Move]:
        titles = [str(row["title"]) for row in asked.shown]
        for title in titles:
            yield Move("tap", title)
        for title in titles[:4]:
            yield Move("user", title, "edge")
        for number in range(1, min(len(titles), 3) + 1):
            yield Move("user", str(number), "edge")
        for title in titles[:3]:
            if len(title) > 4:
                yield Move("user", title[:-2] + title[-1], "edge")
        if titles:
            yield Move("user", str(len(titles) + 1), "wrong")

    # ── typed answers ──

    def _typed(self, asked: Asked, ask: Ask, scene: Scene, random: Random) -> Iterator[Move]:
        words = "\n".join([*asked.words, *asked.hints, self.helps.get(ask.expected.type, "")])
        if ask.expected.type in MESSAGE_TYPES:
            yield from self._messages(ask)
        else:
            yield from (Move("user", text) for text in self._good(asked, ask, scene, random, words))
            yield from (Move("user", text, "edge") for text in self._edges(asked, ask, scene, random, words))
        for word in ask.skip[:2]:
            yield Move("user", word)
        if ask.skips_all:
            yield Move("user", "no tengo")

    def _good(self, asked: Asked, ask: Ask, scene: Scene, random: Random, words: str) -> Iterator[str]:
        name = ask.expected.type
        given = [each for each in examples(words) if "{{" not in each]
        yield from asked.compared
        if ask.expected.pattern is not None:
            fits = fitting(ask.expected.pattern, random)
            yield from given
            yield from fits
            # A pattern is searched: what it fits may be but the end of an answer.
            yield from (f"ana{text}" for text in fits[:2])
            if not fits:
                yield from (*TYPICAL, *READABLE["integer"])
        elif name == "text":
            yield from _of_length(asked)
            yield from self.constants.texts
        elif name in ("date", "datetime"):
            yield from self._days(asked, scene, name)
        elif name in ("integer", "number", "money"):
            yield from (promise.answer for promise in bounds(words) if promise.taken)
            yield from _within(asked, READABLE[name])
            yield from (_number(each) for each in self.constants.numbers)
        yield from READABLE.get(name, ())
        yield from given
        if name not in ANSWER_TYPES:
            yield from mentions(words)
            yield from TYPICAL

    def _edges(self, asked: Asked, ask: Ask, scene: Scene, random: Random, words: str) -> Iterator[str]:
        name = ask.expected.type
        if name in ("integer", "number", "money"):
            for bound in (asked.least, asked.most):
                if isinstance(bound, (int, float)):
                    yield from (_number(bound + step) for step in (-1, 0, 1))
            for number in self.constants.numbers:
                yield from (_number(number + step) for step in (-1, 1))
            yield from (promise.answer for promise in bounds(words))
        elif name == "text":
            for bound in (asked.least, asked.most):
                if isinstance(bound, int) and 0 < bound < LONGEST:
                    yield from (("abcde fghij " * (bound // 8 + 2))[: bound + step].strip() for step in (-1, 0, 1))
            yield LONG
        if ask.expected.pattern is not None:
            for text in fitting(ask.expected.pattern, random)[:1]:
                yield from (each for each in beside(text) if each.strip())
        yield from BESIDE.get(name, ())

    def _days(self, asked: Asked, scene: Scene, name: str) -> Iterator[str]:
        today = datetime.fromtimestamp(scene.now, self.zone).date()
        days = [today + timedelta(days=number) for number in DAYS]
        for bound in (asked.least, asked.most):
            try:
                day = date.fromisoformat(str(bound)[:10])
            except ValueError:
                continue
            days += [day, day + timedelta(days=1), day - timedelta(days=1)]
        for each in days:
            text = f"{each:%d/%m/%Y}" if asked.language == "es" else f"{each.isoformat()}"
            yield text if name == "date" else f"{text} 15:30"

    def _messages(self, ask: Ask) -> Iterator[Move]:
        name = ask.expected.type
        if name in ("location", "any"):
            yield Move("user", {"location": [-16.5, -68.15]})
            yield Move("user", {"location": [0, 0]}, "edge")
        for kind, files in FILES.items():
            if name in (kind, "media", "any"):
                yield from (Move("user", {kind: file}) for file in [*_accepted(ask, kind), *files])
        if name == "any":
            yield Move("user", TYPICAL[0])

    # ── what is no answer ──

    def _wrong(self, asked: Asked) -> Iterator[Move]:
        yield from (Move("user", text, "wrong") for text in HOSTILE)
        yield Move("user", "asdf qwer", "wrong")
        yield Move("user", {"image": "foto.jpg", "caption": "mira"}, "wrong")
        yield Move("user", {"location": [-16.5, -68.15]}, "wrong")
        yield Move("user", {"audio": "voz.ogg"}, "wrong")


def _old_taps(scene: Scene) -> Iterator[Move]:
    """Yield taps on menus that were shown before: the first one, and the one before the last."""
    for number in sorted({1, len(scene.menus) - 1}):
        if 0 < number < len(scene.menus):
            yield Move("tap", str(scene.menus[number - 1][0]["title"]), "wrong", number)


def _of_length(asked: Asked) -> Iterator[str]:
    least = asked.least if isinstance(asked.least, int) else 0
    most = asked.most if isinstance(asked.most, int) else LONGEST
    for text in TYPICAL:
        longer = text if len(text) >= least else (text + " y algo más" * least)[: max(least, 1)].rstrip() + "s"
        if least <= len(longer) <= most:
            yield longer


def _within(asked: Asked, texts: tuple[str, ...]) -> Iterator[str]:
    """Yield numbers within the bounds: in the middle, and at both ends."""
    least, most = asked.least, asked.most
    if isinstance(least, (int, float)) and isinstance(most, (int, float)):
        yield _number((least + most) // 2)
    yield from (_number(bound) for bound in (least, most) if isinstance(bound, (int, float)))


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")


def _accepted(ask: Ask, kind: str) -> Iterator[str]:
    for each in ask.expected.accept:
        ending = each.rpartition("/")[2].lstrip(".")
        if ending.isalnum() and ending not in FILES and kind == ("image" if "image" in each else "document"):
            yield f"archivo.{ending}"
