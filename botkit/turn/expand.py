"""Options as they are written -> the rows of a menu, in the contact's language, with what they are worth now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from botkit.answers.fold import flatten
from botkit.errors import EvaluationError
from botkit.flow.problem import Place
from botkit.flow.scope import Scope
from botkit.flow.values import fits, is_choice, plain, show
from botkit.turn.leg import Leg
from botkit.turn.options import Option, OptionList, Options

#: languages for which a menu is kept at most: a contact's is whatever a flow has put there
LANGUAGES = 8


def expand(leg: Leg, options: Options) -> tuple[dict[str, Any], ...]:
    """Return the menu: `{id, label, value, key, words, title, given}` each. Ids differ from every other menu's.

    A question that is asked again keeps its menu while that says the same, so that a tap on either counts.
    `title` is what is shown where that is not the label, `given` tells a value that is not but the label.
    Raises EvaluationError for an option without a label and for a menu too large to keep.
    """
    if not options:
        return ()
    running, rows = leg.current, _rows(leg, options)
    if running.shown and _says_the_same(running.shown, rows):
        return running.shown
    menu = f"{leg.conversation.version:x}.{running.visits:x}"
    return tuple([{**row, "id": f"{menu}.{number}"} for number, row in enumerate(rows)])


def _rows(leg: Leg, options: Options) -> tuple[dict[str, Any], ...]:
    """Return the rows without their ids: those kept from another time, where nobody's differ."""
    languages = leg.language, leg.flows.bot.language
    if (kept := options.rows.get(languages)) is not None:
        return kept
    scope = leg.scope()
    made = [each for option in options for each in _expand(leg, option, scope)]
    _tell_twins_apart(made)
    if not fits(made):
        raise EvaluationError("the options are too many, or too large", leg.step.place)
    rows = tuple(made)
    if options.is_constant and len(options.rows) < LANGUAGES and not any(_can_change(row["value"]) for row in rows):
        options.rows[languages] = rows
    return rows


def _can_change(value: Any) -> bool:
    """Tell whether who is given a value could change it for others."""
    return isinstance(value, (list, dict))


def _says_the_same(shown: Sequence[dict[str, Any]], made: Sequence[dict[str, Any]]) -> bool:
    return [{**row, "id": ""} for row in shown] == list(made)


def _expand(leg: Leg, option: Option | OptionList, scope: Scope) -> Iterator[dict[str, Any]]:
    if isinstance(option, OptionList):
        yield from _expand_list(leg, option, scope)
        return
    own_language = leg.flows.bot.language
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


def _expand_list(leg: Leg, option: OptionList, scope: Scope) -> Iterator[dict[str, Any]]:
    items = option.source.evaluate(scope)
    if is_choice(items):
        items = plain(items)
    if items is not None and not isinstance(items, list):
        raise EvaluationError("'from' needs a list", option.source.place)
    for item in items or []:
        each = leg.scope(item=item)
        if option.guard is None or option.guard.holds(each):
            label = show(option.label.evaluate(each) if option.label else item, leg.language)
            value = plain(option.value.evaluate(each) if option.value else item)
            words = _list_words(option, each)
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
    names = [flatten(each["label"]) for each in made]
    if len(set(names)) == len(names):
        return
    counts, seen = Counter(names), Counter[str]()
    for each, name in zip(made, names, strict=True):
        if counts[name] > 1:
            seen[name] += 1
            each["title"] = f"{each['label']} ({seen[name]})"
