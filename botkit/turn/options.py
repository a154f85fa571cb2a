"""Options as an author writes them, of `choose` and `ask`: a mapping of label to target, or a list of several forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from botkit.answers.fold import flatten, fold
from botkit.flow.fields import Fields
from botkit.flow.kind import Label, Menu, StepFields
from botkit.flow.opt_out import OPT_OUT_WORDS
from botkit.flow.shape import ANYTHING, SCALAR, TARGET, TEXTS, WORDING, Key, any_of, group, list_of, map_of, told_by
from botkit.flow.source import Map, Node, Seq, Text
from botkit.flow.text import Data, Expression, Template, Wording

#: Keys of an option in full.
OPTION_KEYS: dict[str, Key] = {
    "label": Key("what the person sees", WORDING),
    "value": Key("what the slot takes (else: the label)", ANYTHING),
    "words": Key("what it is called besides", TEXTS),
    "if": Key("offered only where this is true", SCALAR),
    "then": Key("where to go (else: the next step)", TARGET),
}
#: Keys of options that are made from a list.
LIST_KEYS: dict[str, Key] = {
    "from": Key("an expression that gives the list", SCALAR),
    "label": Key("an expression over `item`: what the person sees", SCALAR),
    "value": Key("an expression over `item`: what the slot takes", SCALAR),
    "words": Key("an expression over `item`: what it is called besides", SCALAR),
    "if": Key("an expression over `item`: offered only where it is true", SCALAR),
    "then": OPTION_KEYS["then"],
}
_BEGINS = {"label": OPTION_KEYS["label"], "from": LIST_KEYS["from"]}
#: What `options` may hold; a mapping with `from` or `label` is an option in full, any other is `{label: target}`.
OPTION = told_by(
    "from",
    group(LIST_KEYS),
    told_by("label", group(OPTION_KEYS), {**group(_BEGINS), **map_of(TARGET, least=1), "maxProperties": 1}),
)
OPTIONS = any_of(map_of(TARGET), list_of(any_of(SCALAR, {"type": "object", **OPTION}), 1))


@dataclass(frozen=True, slots=True)
class Option:
    """An option as written; `key` tells its way out, `words` are what it is called besides."""

    key: str
    label: Wording
    value: Data | None = None
    words: tuple[Text, ...] = ()
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


class Options(tuple[Option | OptionList, ...]):
    """The options of a step. Most say the same to everybody: `rows` keeps what `expand` makes of these.

    By the contact's language and the bot's: the rows of the menu, without their ids.
    """

    rows: dict[tuple[str, str], tuple[dict[str, Any], ...]]

    def __new__(cls, options: Iterable[Option | OptionList] = ()) -> Self:
        made = super().__new__(cls, options)
        made.rows = {}
        return made

    @cached_property
    def is_constant(self) -> bool:
        """Tell whether nothing in them depends on who is asked, and when."""
        return all(
            isinstance(each, Option)
            and each.guard is None
            and each.label.is_constant
            and (each.value is None or each.value.is_constant)
            for each in self
        )


def read_options(fields: StepFields) -> Options:
    """Read the key `options`; each option is a way out by `chosen`."""
    node = fields.get("options")
    options: list[Option | OptionList | None] = []
    if isinstance(node, Map):
        entries = enumerate(node.entries.values())
        options = [_short(fields, str(number), node, entry.key, entry.value) for number, entry in entries]
    elif isinstance(node, Seq):
        options = [_read_option(fields, str(number), item) for number, item in enumerate(node.items)]
    elif node is not None:
        fields.reading.wrong_type(node, "options", "una lista o un mapa", "a list or a mapping")
    if isinstance(node, (Map, Seq)) and not options:
        fields.report("no-options", node)
    found = Options(option for option in options if option)
    written = [option for option in found if isinstance(option, Option)]
    fields.draft.menu = Menu(tuple(_labels(written)), len(found) if len(written) == len(found) else None)
    _check_names(fields, written)
    return found


def _labels(options: list[Option]) -> Iterator[Label]:
    for option in options:
        yield from (Label(option.key, Text(each.text, each.place)) for _, each in _constant_labels(option))


def _read_option(fields: StepFields, key: str, node: Node) -> Option | OptionList | None:
    if isinstance(node, Text):
        fields.exit("chosen", key=key, at=node)
        _check_arrow(fields, node)
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


def _short(fields: StepFields, key: str, node: Map, label: Text, target: Node) -> Option | None:
    if isinstance(target, Text) and target.empty:
        fields.report("split-by-comma" if node.in_flow else "option-without-way", label, key=label.value)
    else:
        fields.exit("chosen", target, key, at=label)
    return _labelled(fields, key, label)


def _labelled(fields: StepFields, key: str, label: Text) -> Option | None:
    """Return an option that is but its label, which may stand in `[ ]` unquoted."""
    wording = fields.reading.wording(replace(label, in_list=False), "options")
    return Option(key, wording) if wording else None


def _check_arrow(fields: StepFields, label: Text) -> None:
    """Report `Yes -> step`; an arrow of one sign (La Paz → El Alto) is a text's own."""
    for arrow in ("->", "=>"):
        before, _, behind = (part.strip() for part in label.value.rpartition(arrow))
        if before and behind:
            fields.report("arrow-in-option", label, label=before, target=behind)


def _read_full(fields: StepFields, key: str, node: Map) -> Option | None:
    inner = Fields(fields.reading, node, "una opción", "an option")
    written = node.entries["label"].value
    label = fields.reading.wording(written, "label")
    value = inner.get("value")
    words = tuple(inner.texts("words"))
    guard = inner.expression("if")
    fields.exit("chosen", inner.get("then"), key, at=written)
    inner.finish(OPTION_KEYS)
    data = fields.reading.data(value) if value is not None else None
    return Option(key, label, data, words, guard) if label else None


def _read_list(fields: StepFields, key: str, node: Map) -> OptionList | None:
    inner = Fields(fields.reading, node, "una lista de opciones", "a list of options")
    source = inner.expression("from")
    parts = [inner.expression(name, ("item",)) for name in ("label", "value", "words", "if")]
    fields.exit("chosen", inner.get("then"), key, at=node)
    inner.finish(LIST_KEYS)
    return OptionList(key, source, *parts) if source else None


# ── the same options in another definition ──


def counterparts(before: Options, after: Options) -> dict[str, str]:
    """Return the keys of options -> those of the options that say the same: a value, a label or word, a list.

    By place would be wrong: who was shown "Yes" first would be taken for what stands first now.
    """
    named = {name: option.key for option in reversed(after) for name in _names(option)}
    found = ((option.key, [named[name] for name in _names(option) if name in named]) for option in before)
    return {key: keys[0] for key, keys in found if keys}


def _names(option: Option | OptionList) -> list[str]:
    if isinstance(option, OptionList):
        return [f"from {option.source.text}"]
    given = [f"value {option.value.shape!r}"] if option.value is not None and not option.value.names else []
    words = [*(label.text for label in option.label.texts.values()), *(word.value for word in option.words)]
    return [*given, *(f"label {flatten(word)}" for word in words)]


# ── names of one menu ──


def _check_names(fields: StepFields, options: list[Option]) -> None:
    """Report a label or a word of two options, and one that stands for something else."""
    seen: dict[str, tuple[Option, int]] = {}
    for option in options:
        words = [("", word) for word in option.words]
        labels = [(language, Text(label.text, label.place)) for language, label in _constant_labels(option)]
        for language, text in (*labels, *words):
            if fold(text.value) in OPT_OUT_WORDS:
                fields.report("opt-out-option", text, label=text.value)
            if option.guard is not None:
                continue
            owner, line = seen.setdefault(f"{language}:{flatten(text.value)}", (option, text.place.line))
            if owner is not option:
                fields.report("duplicate-option", text, label=text.value, first=line)
    _check_numbers(fields, options)


def _constant_labels(option: Option) -> Iterator[tuple[str, Template]]:
    for language, label in option.label.texts.items():
        if label.parsed is None:
            yield language, label


def _check_numbers(fields: StepFields, options: list[Option]) -> None:
    """Report a label that is the number of another option: who writes it gets the other."""
    for position, option in enumerate(options, 1):
        for _, label in _constant_labels(option):
            digits = label.text.strip()
            if digits.isdigit() and 1 <= int(digits) <= len(options) and int(digits) != position:
                other = next(iter(options[int(digits) - 1].label.texts.values())).text
                fields.report("number-option", Text(label.text, label.place), label=digits, other=other)
