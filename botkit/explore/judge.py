"""What is wrong with what came of one move."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from botkit.explore.asked import Asked
from botkit.explore.finding import Finding
from botkit.explore.marks import MARK
from botkit.explore.player import MOST_FIRED
from botkit.explore.results import FAILURE
from botkit.explore.scene import Beat, Move
from botkit.explore.texts import LONGEST
from botkit.flow.flowset import FlowSet
from botkit.flow.model import Step
from botkit.turn.clocks import clocks_of
from botkit.turn.effect import Note
from botkit.turn.kinds.wait import Wait
from botkit.turn.options import OptionList

#: A longer option cannot be tapped, in characters: what WhatsApp takes for a row of a list. Days that the filter `date`
#: prints are a little longer in Spanish.
LONG_OPTION, LONG_DAY = 24, 40
#: Answers from this length on are what makes a message too long.
LONG_ANSWER = 1000
_DATA = re.compile(r"\{\"|\[\{|\bNone\b|\{\{|\{%")
#: A failure over a value of the wrong type, but for one that is not there.
_OTHER_TYPE = re.compile(r"not (?!nothing)\w+|cannot be")
#: Ways out of a question by which an answer was taken.
TAKEN = ("answered", "chosen")
#: Ways that time takes.
_BY_TIME = ("silence", "idle", "elapsed", "timeout")


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges what came of moves by the flows of a bot."""

    flows: FlowSet

    def findings(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        """Yield what is wrong; `asked` is what the conversation waited for."""
        if beat.crash:
            yield Finding("crash", self._where(beat), beat.after, {"reason": beat.crash}, {"fails": True})
        failed = next((note for note in beat.notes if note.event == "turn_failed"), None)
        if failed is not None:
            yield from self._failure(beat, failed)
        if failed is not None or beat.after.odd:
            return
        for judge in _JUDGES:
            yield from judge(self, beat, asked)

    def step(self, flow: str, step: str) -> Step | None:
        """Return a step of the bot's own flows."""
        known = self.flows.flows.get(flow)
        return known.steps.get(step) if known is not None and not known.builtin else None

    def _where(self, beat: Beat) -> str:
        at = beat.after.at or beat.before.at
        step = self.step(*at) if at else None
        return str(step.place) if step else ""

    # ── failures ──

    def _failure(self, beat: Beat, note: Note) -> Iterator[Finding]:
        reason, row = str(note.fields["reason"]), str(note.fields["place"])
        step = self.step(str(note.fields.get("flow")), str(note.fields.get("step")))
        place = str(step.place) if step is not None else row
        failed = next((result for result in beat.results if result[3] is not None), None)
        wrong = {"fails": True}
        if (failed is not None and failed[2] == FAILURE) or (failed is None and self._refused(beat)):
            name = next(result[0] for result in beat.results if result[2] == FAILURE)
            if step is not None and not step.leads("error") and reason.startswith(f"{name}: "):
                yield Finding("unhandled", place, beat.after, {"name": name}, wrong)
                return
        long = self._long_answer(beat)
        if long is not None and ("characters" in reason or "too large" in reason):
            yield Finding("too-long", str(long.place), beat.after, {"message": row}, wrong)
            return
        if not (beat.after.guessed and _OTHER_TYPE.search(reason)):
            yield Finding("fails", place, beat.after, {"reason": reason}, wrong, cause=row)

    def _refused(self, beat: Beat) -> bool:
        return any(result[2] == FAILURE for result in beat.results)

    def _long_answer(self, beat: Beat) -> Step | None:
        """Return the question that took a very long answer, the last one that did."""
        for scene in beat.after.back():
            told = scene.move.told if scene.move else None
            if isinstance(told, str) and len(told) >= LONG_ANSWER and scene.before and scene.before.at:
                return self.step(*scene.before.at)
        return None

    # ── what is said ──

    def _words(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        sent = self._typed(beat)
        for send in beat.said:
            step = self.step(send.flow, send.step)
            text = str(send.message.get("text") or send.message.get("caption") or "")
            if step is None:
                continue
            shown = text.replace(MARK, "")
            if MARK in text and _gapes(text):
                wrong = {"never": f"(?m)^{re.escape(shown.strip())}$"}
                yield Finding("hole", str(step.place), beat.after, {"text": _short(text.replace(MARK, "▢"))}, wrong)
            elif _DATA.search(shown) and not any(part in each for each in sent for part in ("{{", "{%", '{"', "None")):
                wrong = {"never": f"(?m)^{re.escape(shown.strip())}$"}
                yield Finding("raw", str(step.place), beat.after, {"text": _short(shown)}, wrong)

    @staticmethod
    def _typed(beat: Beat) -> list[str]:
        moves = (scene.move for scene in beat.after.back())
        return [move.told for move in moves if move and move.kind == "user" and isinstance(move.told, str)]

    def _options(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        top = beat.after.conversation.top
        step = self.step(top.flow, top.step) if top is not None else None
        if top is None or step is None or not any("options" in send.message for send in beat.said):
            return
        twin = next((row for row in top.shown if "title" in row), None)
        # Who wrote the same twice gets it twice: with a number, as all twins.
        if twin is not None and not any(told in twin["label"] for told in self._typed(beat)):
            wrong = {"never": f"(?m)^\\[{re.escape(twin['title'])}\\]$"}
            yield Finding("twins", str(step.place), beat.after, {"label": twin["label"]}, wrong)
        longest = max((row["label"] for row in top.shown), key=len, default="")
        limit = LONG_DAY if any("date" in each for each in _labels(step)) else LONG_OPTION
        typed = any(told in longest for told in self._typed(beat)) and len(longest) < LONG_ANSWER
        if len(longest) > limit and not typed and _labels(step):
            cause = self._long_answer(beat) if len(longest) > LONG_ANSWER else None
            values = {"label": _short(longest), "length": len(longest), "message": step.place.row}
            kind, at = ("too-long", cause) if cause is not None else ("long-option", step)
            wrong = {"never": f"(?m)^\\[.{{{limit + 1},}}\\]$"}
            yield Finding(kind, str(at.place), beat.after, values, wrong)

    # ── where it leads ──

    def _silence(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        if beat.said or beat.move.kind not in ("user", "tap") or not beat.ways or beat.after.conversation.handoff:
            return
        last = beat.ways[-1]
        step, top = self.step(last.flow, last.step), beat.after.conversation.top
        told = self._told(beat.move)
        if top is None:
            left = any(way.target in ("@quit", "@resume") for way in beat.ways)
            if step is not None and not left and beat.move.aim != "word":
                yield Finding("mute", str(step.place), beat.after, {"told": told}, {"some": r"\S"})
            return
        here = self.step(top.flow, top.step)
        if here is not None and here.asks and last.target == top.step and last.flow == top.flow:
            yield Finding("wordless", str(here.place), beat.after, {}, {"some": r"\S"})

    def _deafness(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        top = beat.after.conversation.top
        if beat.said or beat.move.kind != "user" or top is None or beat.after.at != beat.before.at:
            return
        step = self.step(top.flow, top.step)
        is_waiting = step is not None and isinstance(step.body, Wait) and step.body.event is not None
        if step is not None and is_waiting and not clocks_of(beat.after.conversation):
            yield Finding("deaf", str(step.place), beat.after, {}, {"deaf": True})

    def _nagging(self, beat: Beat, asked: Asked | None) -> Iterator[Finding]:
        if beat.move.kind != "wait" or beat.fired < MOST_FIRED or len(beat.said) < MOST_FIRED // 3:
            return
        way = next((way for way in reversed(beat.ways) if way.trigger in _BY_TIME), None)
        step = self.step(way.flow, way.step) if way is not None else None
        if step is not None:
            text = _short(str(beat.said[-1].message.get("text", "")).replace(MARK, ""))
            wrong = {"nags": beat.move.told}
            yield Finding("nags", str(step.place), beat.after, {"text": text}, wrong)

    @staticmethod
    def _told(move: Move) -> str:
        return f"'{_short(str(move.told))}'"


_JUDGES: tuple[Callable[[Judge, Beat, Asked | None], Iterator[Finding]], ...] = (
    Judge._words,
    Judge._options,
    Judge._silence,
    Judge._deafness,
    Judge._nagging,
)


def _labels(step: Step) -> list[str]:
    """Return how the labels are written that a question makes of a list."""
    lists = (each for each in getattr(step.body, "options", ()) if isinstance(each, OptionList))
    return [(each.label or each.source).text for each in lists]


def _gapes(text: str) -> bool:
    """Tell whether a gap is seen: not where nothing else stands on the line, nor behind a word that ends the line."""
    return any(MARK in line and line.replace(MARK, "").strip(" •-*_") for line in text.split("\n"))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 else f"{text[:97]}…"


assert LONG_ANSWER < LONGEST
