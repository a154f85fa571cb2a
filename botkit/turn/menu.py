"""Options as a person sees them: made from what is written, shown in pages, found by a tap or a text.

The whole menu is kept in the frame, with an id for each option, so that "2" means the same after a restart and a tap
on an old menu is known as old. A menu of more than ROWS options is shown in pages; its last row turns them. A number
means a row of the page on show; a label, a value or a word means its option on whatever page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botkit.answers.fold import flatten
from botkit.errors import EvaluationError
from botkit.flow.problem import Place
from botkit.flow.scope import Scope
from botkit.flow.values import fits, plain, show
from botkit.turn.event import Inbound
from botkit.turn.leg import Leg, Running
from botkit.turn.match import match_exactly, match_option, match_suggestion
from botkit.turn.options import Option, OptionList, Options

#: Most rows of a menu: what a WhatsApp list holds.
ROWS = 10

#: language -> what the last row of a page says, and what else turns to the next page
MORE: dict[str, tuple[str, ...]] = {"es": ("Ver más", "más", "siguiente"), "en": ("See more", "more", "next")}
#: language -> what the last row of the last page says
FIRST: dict[str, tuple[str, ...]] = {"es": ("Volver al inicio",), "en": ("Back to the start",)}
#: What stands over options that come with no words of the author's.
BARE: dict[str, str] = {"es": "Elige una opción:", "en": "Choose an option:"}

Row = Mapping[str, Any]


# ── making ──


def make(leg: Leg, options: Options) -> tuple[dict[str, Any], ...]:
    """Return the menu: `{id, label, value, key, words, title, given}` each. Ids differ from every other menu's.

    `title` is what is shown where that is not the label, `given` tells a value that is not but the label.
    Raises EvaluationError for an option without a label and for a menu too large to keep.
    """
    menu = f"{leg.conversation.version:x}.{leg.current.visits:x}"
    made = [each for option in options for each in _expand(leg, option)]
    for number, each in enumerate(made):
        each["id"] = f"{menu}.{number}"
    _tell_twins_apart(made)
    if not fits(made):
        raise EvaluationError("the options are too many, or too large", leg.step.place)
    return tuple(made)


def _expand(leg: Leg, option: Option | OptionList) -> Iterator[dict[str, Any]]:
    if isinstance(option, OptionList):
        yield from _expand_list(leg, option)
        return
    scope, own_language = leg.scope(), leg.flows.bot.language
    if option.guard is None or option.guard.holds(scope):
        label = option.label.render(scope, own_language)
        place = option.label.pick(leg.language, own_language).place
        if option.value is not None:
            value = plain(option.value.value(scope))
        elif leg.language == own_language:
            value = _one_line(label)
        else:
            value = _one_line(option.label.pick(own_language, "").render(scope))
        yield _row(
            option.key, label, value, [word.value for word in option.words], place, given=option.value is not None
        )


def _expand_list(leg: Leg, option: OptionList) -> Iterator[dict[str, Any]]:
    items = plain(option.source.evaluate(leg.scope()))
    if items is not None and not isinstance(items, list):
        raise EvaluationError("'from' needs a list", option.source.place)
    for item in items or []:
        scope = leg.scope(item=item)
        if option.guard is None or option.guard.holds(scope):
            label = show(option.label.evaluate(scope) if option.label else item, leg.language)
            value = plain(option.value.evaluate(scope) if option.value else item)
            words = _list_words(option, scope)
            place = (option.label or option.source).place
            yield _row(option.key, label, value, words, place, given=not isinstance(value, str) or bool(option.value))


def _list_words(option: OptionList, scope: Scope) -> list[str]:
    words = plain(option.words.evaluate(scope)) if option.words else None
    if isinstance(words, (str, int, float)):
        words = [words]
    if words is not None and not isinstance(words, list):
        assert option.words is not None
        raise EvaluationError("'words' needs a text or a list of texts", option.words.place)
    return [str(word) for word in words or []]


def _row(key: str, label: str, value: Any, words: list[str], place: Place, *, given: bool) -> dict[str, Any]:
    label = _one_line(label)
    if not label:  # a gateway refuses it, and the person would wait for an answer that never comes
        raise EvaluationError("an option without a label", place)
    row = {"id": "", "label": label, "value": value, "key": key}
    if words:
        row["words"] = words
    if given:
        row["given"] = True
    return row


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tell_twins_apart(made: list[dict[str, Any]]) -> None:
    """Number the options of one label, "Ana (1)", "Ana (2)": gateways refuse twins, and people cannot tell them."""
    counts = Counter(flatten(each["label"]) for each in made)
    seen: Counter[str] = Counter()
    for each in made:
        name = flatten(each["label"])
        if counts[name] > 1:
            seen[name] += 1
            each["title"] = f"{each['label']} ({seen[name]})"


# ── showing ──


def rows(running: Running, language: str) -> list[Row]:
    """Return what is on show of a menu: its page, and the row that turns to the next, behind the last to the first."""
    menu = running.shown
    if len(menu) <= ROWS:
        return list(menu)
    size, page = ROWS - 1, min(running.page, _pages(menu) - 1)
    following = (page + 1) % _pages(menu)
    told = MORE if following else FIRST
    words = [word for texts in told.values() for word in texts]
    label = told.get(language, told["en"])[0]
    turning = {"id": _turning_id(menu, following), "label": label, "words": words, "page": following}
    return [*menu[page * size : (page + 1) * size], turning]


def _pages(menu: tuple[dict[str, Any], ...]) -> int:
    return 1 if len(menu) <= ROWS else -(-len(menu) // (ROWS - 1))


def _turning_id(menu: tuple[dict[str, Any], ...], page: int) -> str:
    return f"{menu[0]['id'].rpartition('.')[0]}.p{page}"


def send(leg: Leg, messages: list[dict[str, Any]]) -> None:
    """Send messages with the options on show, if there are any, under the last one that has words."""
    if not leg.current.shown:
        for message in messages:
            leg.send(message)
        return
    options = [{"id": row["id"], "title": row.get("title") or row["label"]} for row in rows(leg.current, leg.language)]
    *before, last = messages or [{"type": "text", "text": ""}]
    if last["type"] != "text":  # the words of a medium go under it, with the options
        before.append({name: value for name, value in last.items() if name != "caption"})
        last = {"type": "text", "text": last.get("caption", "")}
    for message in before:
        leg.send(message)
    text = last["text"] or BARE.get(leg.language, BARE["en"])
    leg.send({**last, "type": "choices", "text": text, "options": options})


def turn_to(leg: Leg, page: int, question: list[dict[str, Any]]) -> None:
    """Show another page under the last words of the question, and wait."""
    leg.current.page = page
    send(leg, [message for message in question if message["type"] == "text"][-1:])
    leg.rest()


# ── finding ──


def offered(running: Running, message: Inbound, language: str) -> Row | None:
    """Return the row of a `choose` that a message means, by tap or by text; one with `page` turns to that page.

    A tap on an older menu means none.
    """
    if tapped_id(message):
        return _tapped(running.shown, tapped_id(message))
    on_show, text = rows(running, language), _text(message)
    return match_option(running.shown, text, language, on_show) or match_exactly(on_show[ROWS - 1 :], text)


def suggested(running: Running, message: Inbound, language: str, answers: Callable[[str], bool]) -> Row | None:
    """Return the row of an `ask` that a message means: by tap, exactly, else by number or yes and no.

    `answers` tells of a text whether it is an answer of its own, that goes before the latter.
    """
    if tapped_id(message):
        return _tapped(running.shown, tapped_id(message))
    on_show, text = rows(running, language), _text(message)
    if not text:
        return None
    exactly = match_exactly(running.shown, text) or match_exactly(on_show[ROWS - 1 :], text)
    if exactly is not None or answers(text):
        return exactly
    return match_suggestion(running.shown, text, language, on_show)


def offers(shown: tuple[dict[str, Any], ...], message: Inbound) -> bool:
    """Tell whether a message is exactly an offered option: its button, its label, its value or one of its words."""
    if tapped_id(message):
        return _tapped(shown, tapped_id(message)) is not None
    return match_exactly(shown, _text(message)) is not None


def tapped_id(message: Inbound) -> str:
    """Return the id of what was tapped, empty for no tap; a gateway that tells no ids gives the title in its place."""
    tap = message.choice
    return tap.id if tap is not None and tap.id != tap.title else ""


def _tapped(shown: tuple[dict[str, Any], ...], tapped: str) -> Row | None:
    turns = ({"id": _turning_id(shown, page), "page": page} for page in range(_pages(shown))) if shown else ()
    return next((row for row in (*shown, *turns) if row["id"] == tapped), None)


def _text(message: Inbound) -> str:
    if message.media or message.location:  # no option, whatever its caption says
        return ""
    return message.text or (message.choice.title if message.choice else "")
