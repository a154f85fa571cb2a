"""What each kind of step sends: when the conversation arrives there, and in turns of its own while it stays there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from botkit.budget.request import NOTHING, Sent, Speech, count
from botkit.budget.sample import Fit, Outgoing, requests, samples, texts
from botkit.flow.message import Message
from botkit.flow.model import Step
from botkit.flow.text import Wording
from botkit.turn.checks import Checks
from botkit.turn.kinds.ask import Ask
from botkit.turn.kinds.calling import Calling
from botkit.turn.kinds.choose import Choose
from botkit.turn.kinds.handoff import HandOver
from botkit.turn.menu import BARE, ROWS
from botkit.turn.options import OptionList, Options
from botkit.turn.question import Question
from botkit.turn.wrong import Invalid

_EMPTY: Outgoing = {"type": "text", "text": ""}


class Reply(NamedTuple):
    """A turn after which the conversation stands where it stood: how often at most, None without end."""

    speech: Speech
    times: int | None


@dataclass(frozen=True, slots=True)
class Saying:
    """What a step sends: `first` on arrival; `hints` for wrong answers and further pages, `reminders` for none."""

    first: Speech = NOTHING
    hints: tuple[Reply, ...] = ()
    reminders: tuple[Reply, ...] = ()

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Return the turns that leave the conversation at the step."""
        return self.hints + self.reminders

    @property
    def dearest(self) -> int:
        """Return the most requests that the step makes in one turn by itself."""
        turns = (self.first, *(reply.speech for reply in self.replies))
        return max(count(speech.most, merged=False) for speech in turns)


def saying(step: Step, fit: Fit) -> Saying:
    """Return what a step sends."""
    read = SAYINGS.get(step.kind)
    found = read(step.body, fit) if read else Saying()
    silence = step.silence
    if silence is None or not silence.say:
        return found
    tries = step.body.invalid.tries or 1  # each wrong answer starts the clock anew
    return Saying(found.first, found.hints, (Reply(speech(silence.say, fit), (1 + silence.again) * tries),))


def speech(message: Message, fit: Fit) -> Speech:
    """Return what bubbles take to send."""
    found = samples(message, fit)
    return Speech(
        requests([each.least for each in found if not each.maybe], fit), requests([each.most for each in found], fit)
    )


def _say(body: Message, fit: Fit) -> Saying:
    return Saying(speech(body, fit))


def _calling(body: Any, fit: Fit) -> Saying:
    calling: Calling = body.calling
    return Saying(Speech((), speech(calling.meanwhile, fit).most))


def _handoff(body: HandOver, fit: Fit) -> Saying:
    return Saying(speech(body.say, fit))


# ── questions ──


def _ask(body: Ask, fit: Fit) -> Saying:
    return _question(body.question, body.options, body.invalid, body.checks, fit)


def _choose(body: Choose, fit: Fit) -> Saying:
    return _question(body.question, body.options, body.invalid, body.checks, fit)


def _question(question: Question, options: Options, invalid: Invalid, checks: Checks, fit: Fit) -> Saying:
    menus = list(_menus(options))
    asked = _asked(question, menus, fit)
    hints = [*_hints(asked, menus, invalid, checks, fit), *_pages(question, options, menus, fit)]
    return Saying(asked, tuple(hints))


def _asked(question: Question, menus: Sequence[list[Outgoing]], fit: Fit) -> Speech:
    found = samples(question.message, fit)
    frame = {"header": question.header, "footer": question.footer}
    least = [each.least for each in found if not each.maybe]
    most = [each.most for each in found]
    return _under(_framed(least, frame, -1), _framed(most, frame, 0), menus, fit)


def _framed(messages: list[Outgoing], frame: dict[str, Wording | None], which: int) -> list[Outgoing]:
    """Return messages with the longest (0) or the shortest (-1) header and footer, which go with the last text."""
    found = {name: _longest_first(wording)[which] for name, wording in frame.items() if wording}
    given = {name: text for name, text in found.items() if text}
    if not given:
        return messages
    last = max((index for index, message in enumerate(messages) if message["type"] == "text"), default=-1)
    if last < 0:
        return [*messages, {**_EMPTY, **given}]
    return [*messages[:last], {**messages[last], **given}, *messages[last + 1 :]]


def _longest_first(wording: Wording) -> list[str]:
    found = [text for text, _ in texts(wording)]
    if any(maybe for _, maybe in texts(wording)):
        found.append("")
    return sorted(found, key=len, reverse=True)


def _under(
    least: list[Outgoing], most: list[Outgoing], menus: Sequence[list[Outgoing]], fit: Fit, *, show: bool = True
) -> Speech:
    """Return messages with options under the last words, as `turn/menu.py` sends them."""
    if not menus or not show:
        return Speech(requests(least, fit), requests(most, fit))
    return Speech(
        min((requests(_menu(least, menu), fit) for menu in menus), key=_rank),
        max((requests(_menu(most, menu), fit) for menu in menus), key=_rank),
    )


def _rank(sent: Sequence[Sent]) -> tuple[int, int]:
    return len(sent), sum(not each.joins for each in sent)


def _menu(messages: list[Outgoing], menu: list[Outgoing]) -> list[Outgoing]:
    *before, last = messages or [_EMPTY]
    if last["type"] != "text":
        before.append({name: value for name, value in last.items() if name != "caption"})
        last = {**_EMPTY, "text": last.get("caption", "")}
    return [*before, {**last, "type": "choices", "text": last["text"] or BARE["es"], "options": menu}]


def _menus(options: Options) -> Iterator[list[Outgoing]]:
    """Yield the fewest and the most options of a page: lists are as short, or as long, as can be."""
    if not options:
        return
    sure = [option for option in options if isinstance(option, OptionList) or option.guard is None]
    few = [_row(option) for option in sure][:ROWS]
    many = [_row(option) for option in options]
    if any(isinstance(option, OptionList) for option in options):
        many += [{"id": "", "title": "…"}] * ROWS
    yield few or many[:1]
    yield many[:ROWS]


def _row(option: Any) -> Outgoing:
    return {"id": "", "title": "…" if isinstance(option, OptionList) else _longest_first(option.label)[0]}


# ── what follows an answer that is none ──


def _hints(
    asked: Speech, menus: Sequence[list[Outgoing]], invalid: Invalid, checks: Checks, fit: Fit
) -> Iterator[Reply]:
    """Yield what wrong answers get: hints in their order, of which the last repeats as often as there are tries."""
    refusals = [_hint(check.say, asked, menus, invalid, fit) for check in checks if check.say]
    hints = [] if invalid.ignore else [_hint(each, asked, menus, invalid, fit) for each in invalid.hints or ((),)]
    ways = [_either([hint, *refusals]) for hint in hints] or ([_either([NOTHING, *refusals])] if refusals else [])
    left = None if invalid.tries is None else invalid.tries - 1
    for number, way in enumerate(ways, 1):
        times = left if left is None or number == len(ways) else min(left, 1)
        yield Reply(way, times)
        left = None if left is None or times is None else left - times


def _hint(say: Message, asked: Speech, menus: Sequence[list[Outgoing]], invalid: Invalid, fit: Fit) -> Speech:
    """Return a hint with what `show` puts under it; the question where there are no words."""
    found = samples(say, fit)
    least, most = [each.least for each in found if not each.maybe], [each.most for each in found]
    if not most:
        return asked
    hint = _under(least, most, menus, fit, show=invalid.show == "options")
    if invalid.show == "question":
        return Speech(hint.least + asked.least, hint.most + asked.most)
    return hint if least else _either([asked, hint])


def _either(ways: Sequence[Speech]) -> Speech:
    return Speech(
        min((way.least for way in ways), key=_rank),
        max((way.most for way in ways), key=_rank),
    )


def _pages(question: Question, options: Options, menus: Sequence[list[Outgoing]], fit: Fit) -> Iterator[Reply]:
    """Yield the turn that shows another page, where there may be one."""
    if len(options) > ROWS or any(isinstance(option, OptionList) for option in options):
        words = [each for each in samples(question.message, fit) if each.most["type"] == "text"][-1:]
        page = _under([each.least for each in words], [each.most for each in words], menus, fit)
        yield Reply(page, None)


#: kind of step -> how what it sends is read from its body; other kinds send nothing themselves.
SAYINGS: dict[str, Callable[[Any, Fit], Saying]] = {
    "say": _say,
    "ask": _ask,
    "choose": _choose,
    "run": _calling,
    "http": _calling,
    "handoff": _handoff,
}
