"""`choose`: sends options, reads which one. Only its options count.

What was shown is kept in the frame, with an id for each option, so that "2" means the same after a restart and a tap
on an old menu is known as old.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botkit.answers.fold import fold
from botkit.errors import EvaluationError
from botkit.flow.fields import Fields
from botkit.flow.kind import StepFields
from botkit.flow.scope import Scope
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Data, Expression, Template, Wording
from botkit.flow.values import is_choice, make_choice, plain, show
from botkit.turn.event import Inbound
from botkit.turn.kind import StepKind
from botkit.turn.leg import Leg
from botkit.turn.match import match_option
from botkit.turn.question import QUESTION_KEYS, Question, read_question, render
from botkit.turn.wrong import Invalid, read_invalid, refuse

OPTION_KEYS = ("label", "value", "words", "if", "then")
LIST_KEYS = ("from", "label", "value", "words", "if", "then")


@dataclass(frozen=True, slots=True)
class Option:
    """An option as written; `key` tells its way out."""

    key: str
    label: Wording
    value: Data | None = None
    words: tuple[str, ...] = ()
    guard: Expression | None = None


@dataclass(frozen=True, slots=True)
class OptionList:
    """Options made from a list of values; `label`, `value` and `words` are expressions over `item`."""

    key: str
    source: Expression
    label: Expression | None
    value: Expression | None
    words: Expression | None = None
    guard: Expression | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """A question with options."""

    question: Question
    slot: str | None
    options: tuple[Option | OptionList, ...]
    invalid: Invalid


# ── reading ──


def read(fields: StepFields) -> Choose:
    """Read the question and its options."""
    fields.require("options")
    options = tuple(_read_options(fields))
    _check_twins(fields, options)
    return Choose(
        read_question(fields, "choose"),
        fields.save(),
        options,
        read_invalid(fields, ("options", "question", "nothing")),
    )


def _read_options(fields: StepFields) -> Iterator[Option | OptionList]:
    node = fields.get("options")
    if isinstance(node, Map):
        for number, entry in enumerate(node.entries.values()):
            yield _short(fields, str(number), node, entry.key, entry.value)
    elif isinstance(node, Seq):
        for number, item in enumerate(node.items):
            option = _read_option(fields, str(number), item)
            if option is not None:
                yield option
    elif node is not None:
        fields.reading.wrong_type(node, "options", "una lista o un mapa", "a list or a mapping")
    if isinstance(node, (Map, Seq)) and not (node.entries if isinstance(node, Map) else node.items):
        fields.report("no-options", node)


def _read_option(fields: StepFields, key: str, node: Node) -> Option | OptionList | None:
    if isinstance(node, Text):
        fields.exit("chosen", key=key)
        return _labelled(fields, key, node)
    if isinstance(node, Map) and "from" in node.entries:
        return _read_list(fields, key, node)
    if isinstance(node, Map) and "label" in node.entries:
        return _read_full(fields, key, node)
    if isinstance(node, Map) and len(node.entries) == 1:
        entry = next(iter(node.entries.values()))
        return _short(fields, key, node, entry.key, entry.value)
    fields.reading.wrong_type(node, "options", "un texto o {label: …}", "a text or {label: …}")
    return None


def _short(fields: StepFields, key: str, node: Map, label: Text, target: Node) -> Option:
    if isinstance(target, Text) and target.empty:
        fields.report("split-by-comma" if node.in_flow else "empty-value", label, key=label.value)
        return _labelled(fields, key, label)
    fields.exit("chosen", target, key)
    return _labelled(fields, key, label)


def _labelled(fields: StepFields, key: str, label: Text) -> Option:
    if not label.value.strip():
        fields.report("empty-value", label, key="options")
    if label.comment:
        fields.report("comment-in-text", label, key="options")
    return Option(key, Wording({"": fields.reading.template(label)}))


def _read_full(fields: StepFields, key: str, node: Map) -> Option | None:
    inner = Fields(fields.reading, node, "una opción", "an option")
    label = fields.reading.wording(node.entries["label"].value, "label")
    value = inner.get("value")
    words = tuple(fold(word.value) for word in inner.texts("words"))
    guard = inner.expression("if")
    fields.exit("chosen", inner.get("then"), key)
    inner.finish(OPTION_KEYS)
    data = fields.reading.data(value) if value is not None else None
    return Option(key, label, data, words, guard) if label else None


def _read_list(fields: StepFields, key: str, node: Map) -> OptionList | None:
    inner = Fields(fields.reading, node, "una lista de opciones", "a list of options")
    source = inner.expression("from")
    parts = [inner.expression(name, ("item",)) for name in ("label", "value", "words", "if")]
    fields.exit("chosen", inner.get("then"), key)
    inner.finish(LIST_KEYS)
    return OptionList(key, source, *parts) if source else None


def _check_twins(fields: StepFields, options: tuple[Option | OptionList, ...]) -> None:
    seen: dict[str, Template] = {}
    for option in options:
        if isinstance(option, Option) and option.guard is None:
            for language, label in option.label.texts.items():
                folded = f"{language}:{fold(label.text)}"
                if folded in seen and label.parsed is None:
                    where = Text(label.text, label.place)
                    fields.report("duplicate-option", where, label=label.text, first=seen[folded].place.line)
                seen.setdefault(folded, label)


# ── in a leg ──


def enter(leg: Leg, choose: Choose) -> None:
    """Show the options and wait."""
    leg.current.shown = tuple(_menu(leg, choose))
    if not leg.current.shown:
        raise EvaluationError("a question without options", leg.step.place)
    _show(leg, choose, None)
    leg.rest()


def _menu(leg: Leg, choose: Choose) -> Iterator[dict[str, Any]]:
    """Yield the options to show: id, label, value, words, key. Ids differ from every other menu of the conversation."""
    menu, number, scope = f"{leg.conversation.version:x}.{leg.current.visits:x}", 0, leg.scope()
    for option in choose.options:
        expanded = _expand_list(leg, option) if isinstance(option, OptionList) else _expand(leg, option, scope)
        for label, value, words in expanded:
            shown = {"id": f"{menu}.{number}", "label": label, "value": value, "key": option.key}
            if words:
                shown["words"] = words
            yield shown
            number += 1


def _expand(leg: Leg, option: Option, scope: Scope) -> Iterator[tuple[str, Any, list[str]]]:
    if option.guard is None or option.guard.holds(scope):
        own_language = leg.flows.bot.language
        label = option.label.render(scope, own_language)
        if not label:
            raise EvaluationError("an option without a label", option.label.pick(own_language, "").place)
        if option.value is not None:
            value = plain(option.value.value(scope))
        elif leg.language == own_language:
            value = label
        else:
            value = option.label.pick(own_language, "").render(scope).strip()
        yield label, value, list(option.words)


def _expand_list(leg: Leg, option: OptionList) -> Iterator[tuple[str, Any, list[str]]]:
    items = option.source.evaluate(leg.scope())
    if items is not None and not isinstance(items, list):
        raise EvaluationError("'from' needs a list", option.source.place)
    for item in items or []:
        scope = leg.scope(item=item)
        if option.guard is not None and not option.guard.holds(scope):
            continue
        label = show(option.label.evaluate(scope) if option.label else item, leg.language).strip()
        if not label:  # a gateway refuses it, and the person would wait for an answer that never comes
            raise EvaluationError("an option without a label", (option.label or option.source).place)
        value = option.value.evaluate(scope) if option.value else item
        words = option.words.evaluate(scope) if option.words else []
        yield label, plain(value), [str(word) for word in words or []]


def _show(leg: Leg, choose: Choose, hint: str | None) -> None:
    """Send the question, or a hint in its place, with the options under the last bubble."""
    messages = [{"type": "text", "text": hint}] if hint is not None else render(leg, choose.question)
    last = messages.pop() if messages and messages[-1]["type"] == "text" else {"text": ""}
    for message in messages:
        leg.send(message)
    options = [{"id": option["id"], "title": option["label"]} for option in leg.current.shown]
    leg.send({**last, "type": "choices", "options": options})


def offered(menu: tuple[dict[str, Any], ...], message: Inbound, language: str) -> dict[str, Any] | None:
    """Return the option on show that a message means, by tap or by text."""
    if message.choice is not None and message.choice.id:
        return next((option for option in menu if option["id"] == message.choice.id), None)
    text = message.text or (message.choice.title if message.choice else "")
    found = match_option(menu, text, language)
    return dict(found) if found else None


def answer(leg: Leg, choose: Choose, message: Inbound) -> None:
    """Read which option; store it and go its way, or say that it is none."""
    option = offered(leg.current.shown, message, leg.language)
    if option is None:
        refuse(leg, choose.invalid, choose.question, lambda hint: _show(leg, choose, hint))
        return
    if choose.slot:
        value = option["value"]
        leg.assign(choose.slot, value if is_choice(value) else make_choice(option["label"], value))
    leg.move("chosen", option["key"])


CHOOSE = StepKind(
    "choose",
    "sends options, reads which one",
    {
        "choose": "the question",
        "options": "the options: a mapping of label to target, or a list",
        "save": "the slot that takes the chosen option",
        "invalid": "what an answer that is no option gets",
        **QUESTION_KEYS,
    },
    read,
    speaks=True,
    waits=True,
    enter=enter,
    answer=answer,
)
