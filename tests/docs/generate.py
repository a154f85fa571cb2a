"""The parts of docs that tables of the code make: `python -m tests.docs.generate` writes them.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`; a test holds it to the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import get_args

from pydantic import BaseModel

from botkit.answers.types import ANSWER_TYPES, MESSAGE_TYPES
from botkit.cli.messages import MESSAGES
from botkit.cli.messages_held import HELD
from botkit.cli.messages_store import TAKES_NOTHING
from botkit.flow.builtin import BUILTIN_FLOWS
from botkit.flow.ebnf import printed
from botkit.flow.filters import FILTERS, Filter
from botkit.flow.flow_reader import FLOW_KEYS, LATER_FLOW_KEYS
from botkit.flow.kind import SPEAKING_KEYS, STEP_KEYS
from botkit.flow.message import FORMS
from botkit.flow.model import ON_CHANGE, RESERVED_TARGETS
from botkit.flow.scope import NAMES
from botkit.flow.shape import Key
from botkit.flow.silence import FLOW_SILENCE, STEP_SILENCE
from botkit.flow.source import Map, Seq, Source, Text
from botkit.flow.start import START_KEYS
from botkit.flow.steps import LATER_STEP_KEYS
from botkit.gateway.body import FIELDS
from botkit.gateway.fields import MEDIA_WAYS
from botkit.gateway.listing import NAMES as NAMES_OF_POLLS
from botkit.gateway.profile import Profile
from botkit.gateway.terms import AUTH_WORDS, EVENT_FIELDS, EVENT_NEEDS
from botkit.outbox.alert import ALERT_FIELDS, ALERTS, Alert
from botkit.plan import OUTCOMES, REASONS
from botkit.project import shipped_flows
from botkit.server.actions import ACTIONS
from botkit.server.asked import ASKED
from botkit.settings import describe
from botkit.testing.given import GIVEN_KEYS
from botkit.testing.line import EXPECT_KEYS, LINES
from botkit.testing.script import TEST_KEYS
from botkit.turn.kinds import KINDS
from botkit.turn.kinds.end import KEYS as END_KEYS
from botkit.turn.kinds.handoff import KEYS as HANDOFF_KEYS
from botkit.turn.kinds.schedule import CANCEL_KEYS
from botkit.turn.kinds.schedule import KEYS as SCHEDULE_KEYS
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "flows.md"
#: All that have such parts.
PAGES = (
    PAGE,
    ROOT / "docs" / "operate.md",
    ROOT / "docs" / "operar.md",
    ROOT / "docs" / "gateway.md",
    ROOT / "docs" / "conexion.md",
)

_PART = re.compile(r"(?<=<!-- generated: )(?P<name>[\w-]+)(?P<open> -->\n).*?(?=<!-- end -->)", re.DOTALL)

#: Fields of a profile that no author writes.
_OURS = ("name", "sandbox")


def filled(page: str) -> str:
    """Return the page with every part made anew."""
    return _PART.sub(lambda part: f"{part['name']}{part['open']}{PARTS[part['name']]()}", page)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return (
        "\n" + "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines) + "\n"
    )


def _of(head: str, table: Mapping[str, str | Key]) -> Callable[[], str]:
    rows = [(f"`{name}`", each.help if isinstance(each, Key) else each) for name, each in table.items()]
    return lambda: _table((head, ""), rows)


def _kinds() -> str:
    waits = {True: "●", False: ""}
    rows = ((f"`{kind.name}`", waits[kind.waits], kind.help) for kind in KINDS.values())
    return _table(("kind", "waits", "does"), rows)


def _alerts(head: str, fields: str, language: int) -> Callable[[], str]:
    def told(alert: Alert) -> str:
        return ", ".join(f"`{field}`" for field in ALERT_FIELDS[alert])

    return lambda: _table(
        (head, "", fields), ((f"`{name}`", texts[language], told(name)) for name, texts in ALERTS.items())
    )


def _held(head: str, does: str, language: int) -> Callable[[], str]:
    shown = MESSAGES["channel held"][language]

    def says(why: str) -> str:
        if why == "paused":
            return MESSAGES["channel paused"][language].partition(" {")[0] + " …"
        return shown.format(why=MESSAGES[f"reason {why}"][language])

    return lambda: _table((head, does), ((f"`{says(why)}`", texts[language]) for why, texts in HELD.items()))


def _takes_nothing(language: int, *head: str) -> Callable[[], str]:
    rows = TAKES_NOTHING.items()
    return lambda: _table(head, ((f"`{reason}`", why[language], mend[language]) for reason, (why, mend) in rows))


def _in(language: int, *head: str, table: Mapping[str, tuple[str, str]]) -> Callable[[], str]:
    return lambda: _table(head, ((f"`{name}`", texts[language]) for name, texts in table.items()))


def _auth_words(language: int, *head: str) -> Callable[[], str]:
    return lambda: _table(
        head,
        (
            (f"`{key}: {value}`", texts[language])
            for key, values in AUTH_WORDS.items()
            for value, texts in values.items()
        ),
    )


def _filters() -> str:
    return _table(("filter", ""), ((f"`{_call(name, each)}`", each.help) for name, each in FILTERS.items()))


def _call(name: str, each: Filter) -> str:
    arguments = ["x"] * each.least + ["[x]"] * (each.most - each.least)
    return f"{name}({', '.join(arguments)})" if arguments else name


#: What `min` and `max` bound, by an answer type's `measure`.
_BOUNDS = {None: "", "length": "characters", "value": "the number", "moment": "the moment"}


def _answer_types() -> str:
    read = [(f"`{name}`", each.help, _BOUNDS[each.measure]) for name, each in ANSWER_TYPES.items()]
    sent = [(f"`{name}`", help, "") for name, help in MESSAGE_TYPES.items()]
    return _table(("type", "takes", "`min` and `max` bound"), (*read, *sent))


def _builtin() -> str:
    words = {name: _words(source) for name, source in shipped_flows().items()}
    rows = ((f"`{name}`", help, words[name]) for name, help in BUILTIN_FLOWS.items())
    return _table(("flow", "begins by", "words"), rows)


def _words(source: Source) -> str:
    root = source.documents[0].root
    start = root.get("start") if isinstance(root, Map) else None
    words = start.get("words") if isinstance(start, Map) else None
    texts = [item.value for item in words.items if isinstance(item, Text)] if isinstance(words, Seq) else []
    return ", ".join(f"`{text}`" for text in texts)


def _settings() -> str:
    rows = ((f"`{row.key}`", row.type, _default(row.default), row.help) for row in describe())
    return _table(("key", "type", "default", ""), rows)


def _default(default: str | None) -> str:
    return "(must be given)" if default is None else f"`{default}`" if default else ""


def _channel() -> str:
    return _table(("key", ""), ((f"`{key}`", help) for key, help in _fields(Profile, "") if key not in _OURS))


def _fields(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for name, info in model.model_fields.items():
        alias = info.validation_alias
        written = prefix + (alias if isinstance(alias, str) else str(alias.choices[0]) if alias else name)  # type: ignore[union-attr]
        yield written, info.description or ""
        for inner, step in _models(info.annotation):
            yield from _fields(inner, f"{written}{step}.")


def _models(annotation: object) -> Iterator[tuple[type[BaseModel], str]]:
    """Yield the models in an annotation, and how a path goes into them: by a name in a dict, by `[]` in a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ""
    for argument in get_args(annotation):
        steps = {"dict": ".<type>", "tuple": "[]"}
        for inner, step in _models(argument):
            yield inner, steps.get(getattr(annotation, "__name__", ""), "") + step


def _bodies() -> str:
    rows = ((f"`{kind}`", ", ".join(f"`{name}`" for name in sorted(names))) for kind, names in FIELDS.items())
    return _table(("message", "names, besides `to` and `type`"), rows)


def _api() -> str:
    asked = [(f"`GET {each.path}`", each.help) for name, each in ASKED.items() if name != "results of no flow"]
    done = [(f"`POST {each.path}`", each.help) for each in ACTIONS.values() if not each.is_local]
    return _table(("request", ""), [*asked, *done])


def _later() -> str:
    groups = {
        "keys of a flow": LATER_FLOW_KEYS,
        "keys of steps": LATER_STEP_KEYS,
    }
    return _table(
        ("of", "comes later"),
        ((group, ", ".join(f"`{name}`" for name in names)) for group, names in groups.items() if names),
    )


PARTS: dict[str, Callable[[], str]] = {
    "held": _held("it says", "what to do", 1),
    "detenido": _held("dice", "qué hacer", 0),
    "takes-nothing": _takes_nothing(1, "reason", "it means", "what to do"),
    "no-acepta": _takes_nothing(0, "razón", "significa", "qué hacer"),
    "alerts": _alerts("alert", "its fields", 1),
    "alertas": _alerts("alerta", "sus campos", 0),
    "event-fields": _in(1, "field", "is", table=EVENT_FIELDS),
    "campos": _in(0, "campo", "es", table=EVENT_FIELDS),
    "event-needs": _in(1, "kind", "its rule fills", table=EVENT_NEEDS),
    "clases": _in(0, "clase", "su regla llena", table=EVENT_NEEDS),
    "auth-words": _auth_words(1, "written", "means"),
    "firmas": _auth_words(0, "escrito", "significa"),
    "flow-keys": _of("key", FLOW_KEYS),
    "start-keys": _of("key", START_KEYS),
    "step-keys": _of("key", STEP_KEYS),
    "speaking-keys": _of("key", SPEAKING_KEYS),
    "step-silence": _of("key", STEP_SILENCE),
    "flow-silence": _of("key", FLOW_SILENCE),
    "kinds": _kinds,
    "forms": _of("form", FORMS),
    "answer-types": _answer_types,
    "builtin": _builtin,
    "end-keys": _of("key", END_KEYS),
    "on-change": _of("value", ON_CHANGE),
    "plan-outcomes": _of("outcome", OUTCOMES),
    "plan-reasons": _of("reason", REASONS),
    "api": _api,
    "handoff-keys": _of("key", HANDOFF_KEYS),
    "schedule-keys": _of("key", {**SCHEDULE_KEYS, **CANCEL_KEYS}),
    "targets": _of("target", RESERVED_TARGETS),
    "names": _of("name", NAMES),
    "filters": _filters,
    "grammar": lambda: f"\n```text\n{printed()}\n```\n\n",
    "bodies": _bodies,
    "poll-names": _of("name", NAMES_OF_POLLS),
    "media-ways": _of("way", {way: f"the body has {help}" for way, help in MEDIA_WAYS.items()}),
    "test-lines": _of("line", LINES),
    "test-keys": _of("key", TEST_KEYS),
    "given-keys": _of("key", GIVEN_KEYS),
    "expect-keys": _of("key", EXPECT_KEYS),
    "settings": _settings,
    "channel": _channel,
    "later": _later,
    **{f"keys-of-{kind.name}": _of("key", kind.keys) for kind in KINDS.values()},
}

if __name__ == "__main__":
    for each in PAGES:
        each.write_text(filled(each.read_text()))
