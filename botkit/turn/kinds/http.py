"""`http`: asks a web service. The request leaves after the leg is committed; the answer comes as the next event.

What is committed is the request without the service's own address and headers: those stay in config.yaml, with its
secrets, and are put in as the request leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from botkit.errors import EvaluationError
from botkit.flow.kind import StepFields
from botkit.flow.model import KEY_HEADERS, ServiceInfo
from botkit.flow.problem import Place
from botkit.flow.scope import Scope
from botkit.flow.shape import ANYTHING, DURATION, NAMED, SAVE, SCALAR, TARGET, Key, any_of, map_of, matching
from botkit.flow.source import Map, Text
from botkit.flow.text import Data
from botkit.flow.values import fits, plain
from botkit.turn.effect import Note
from botkit.turn.event import CallResult
from botkit.turn.kind import StepKind
from botkit.turn.kinds.arguments import read_named
from botkit.turn.kinds.calling import KEYS, Calling, fail, read_calling
from botkit.turn.kinds.saves import Saves, read_saves, store
from botkit.turn.kinds.target import METHODS, Target, as_text, read_target
from botkit.turn.kinds.upload import Upload, read_uploads
from botkit.turn.leg import Leg

#: Headers that botkit writes itself.
OUR_HEADERS = frozenset(
    "host content-length transfer-encoding connection keep-alive upgrade te trailer expect accept-encoding".split()
)
#: Most lists and mappings of an answer that is read as JSON: to make and weigh one takes near a microsecond.
MAX_CONTAINERS = 10_000
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_STATUS = re.compile(r"[1-5]\d\d")


@dataclass(frozen=True, slots=True)
class Http:
    """A request, where parts of its answer go, which statuses have their own way, and how the call is made."""

    target: Target | None
    query: Data | None
    headers: Data | None
    json: Data | None
    form: Data | None
    files: tuple[Upload, ...]
    saves: Saves
    statuses: frozenset[str]
    calling: Calling


# ── reading ──


def read(fields: StepFields) -> Http:
    """Read the request and what becomes of its answer."""
    target = read_target(fields, "http")
    _check_bodies(fields, target)
    _check_headers(fields)
    json = fields.get("json")
    return Http(
        target=target,
        query=_read_pairs(fields, "query"),
        headers=_read_pairs(fields, "headers"),
        json=fields.reading.data(json, ("omit",)) if json is not None else None,
        form=_read_pairs(fields, "form"),
        files=read_uploads(fields),
        saves=read_saves(fields, ("response",)),
        calling=read_calling(fields),
        statuses=_read_statuses(fields),
    )


def _read_pairs(fields: StepFields, key: str) -> Data | None:
    return read_named(fields, key, ("omit",)) if key in fields else None


def _check_bodies(fields: StepFields, target: Target | None) -> None:
    bodies = [key for key in ("json", "form", "file") if key in fields]
    if len(bodies) > 1 and bodies[0] == "json":  # a form may have fields and files
        fields.report("two-bodies", fields.node.entries[bodies[1]].key, first=bodies[0], second=bodies[1])
    if bodies and target and not METHODS.get(target.method, True):
        fields.report("body-not-sent", fields.node.entries[bodies[0]].key, method=target.method, key=bodies[0])


def _check_headers(fields: StepFields) -> None:
    node = fields.get("headers")
    for name, entry in node.entries.items() if isinstance(node, Map) else ():
        ours = OUR_HEADERS | {"content-type"} if "file" in fields else OUR_HEADERS
        if not _HEADER.fullmatch(name) or name.lower() in ours:
            fields.report("bad-header", entry.key, name=name)
        elif name.lower() in KEY_HEADERS:
            fields.report("key-in-flow", entry.key, name=name)


def _read_statuses(fields: StepFields) -> frozenset[str]:
    node = fields.get("on_status")
    if node is None:
        return frozenset()
    if not isinstance(node, Map) or not node.entries:
        fields.reading.wrong_type(node, "on_status", "un mapa: {404: destino}", "a mapping: {404: target}")
        return frozenset()
    for status, entry in node.entries.items():
        if not _STATUS.fullmatch(status):
            fields.report("bad-status", entry.key, value=status)
        elif isinstance(entry.value, Text) and entry.value.empty:
            fields.report("empty-value", entry.key, key=status)
        else:
            fields.exit("status", entry.value, status)
    return frozenset(node.entries)


# ── in a leg ──


def enter(leg: Leg, http: Http) -> None:
    """Ask for the call; the leg ends here."""
    assert http.target is not None  # a step that could not be read is never loaded
    scope, target = leg.scope(), http.target
    request = _request(http, target, scope)
    if not fits(request):
        raise EvaluationError("the request is too large", leg.step.place)
    info = (leg.flows.bot.services or {}).get(target.host) or ServiceInfo()
    leg.call("http", target.written, request, http.calling.limits(scope, info.timeout_s, info.retries))


def _request(http: Http, target: Target, scope: Scope) -> dict[str, Any]:
    place = target.place
    request: dict[str, Any] = {"method": target.method, "target": target.host, "path": target.path_for(scope)}
    if http.query is not None:
        request["query"] = _pairs(http.query.value(scope), place)
    if http.headers is not None:
        request["headers"] = {name: _header(value, place) for name, value in http.headers.value(scope).items()}
    if http.form is not None:
        request["form"] = _pairs(http.form.value(scope), place)
    if http.files:
        request["file"] = [[file.field, file.reference(scope)] for file in http.files]
    if http.json is not None:
        request["json"] = plain(http.json.value(scope))
    return request


def _pairs(values: Mapping[str, Any], place: Place) -> list[list[str]]:
    """Return names with their texts; a list gives its name several times."""
    pairs = []
    for name, value in values.items():
        several = plain(value)
        pairs += [[name, as_text(item, place)] for item in (several if isinstance(several, list) else [several])]
    return pairs


def _header(value: Any, place: Place) -> str:
    text = as_text(value, place).strip()
    if not text.isprintable():
        raise EvaluationError("a header with a line break in it", place)
    return text


def result(leg: Leg, http: Http, outcome: CallResult) -> None:
    """Save what a good answer holds; go the way of its status, else on, else the way for errors."""
    assert http.target is not None
    if outcome.error is not None:
        fail(leg, http.calling, http.target.written, outcome.error)
        return
    response = read_response(outcome.value)
    status, good = str(response["status"]), 200 <= response["status"] < 300
    if good:
        store(leg, http.saves, response["json"], response=response)
    if status in http.statuses:
        leg.move("status", status)
    elif good:
        leg.move("ok")
    else:
        told = {"request": http.target.written, "status": status, "place": str(leg.step.place)}
        place = {"flow": leg.current.flow.name, "step": leg.step.id}  # the leg may leave them, or end
        leg.effects.append(Note("http_refused", "warning", {**told, **place}))
        fail(leg, http.calling, http.target.written, f"HTTP {status}")


def read_response(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `response` means: status, headers by small letters, text, and json.

    That is none where the text is no JSON, or holds more lists and mappings than MAX_CONTAINERS (signs in texts count,
    too) or more than a slot may keep.
    """
    text: str = answer["text"]
    try:
        value = orjson.loads(text) if text.count("[") + text.count("{") <= MAX_CONTAINERS else None
    except ValueError:
        value = None
    return {**answer, "json": value if fits(value) else None}


HTTP = StepKind(
    "http",
    "calls a web service",
    {
        "http": Key(
            "METHOD service/path, with a service of config.yaml, or METHOD https://…",
            matching(rf"^\s*(?:{'|'.join(METHODS)})\s+\S"),
        ),
        "query": Key("what follows the ? of the address: name: value", NAMED),
        "headers": Key("headers of the request; keys and passwords stand in config.yaml", NAMED),
        "json": Key("the body, as JSON", ANYTHING),
        "form": Key("the body, as a form: name: value", NAMED),
        "file": Key(
            "received media, or a file of the flows folder, as part of the form; several: {field: source}",
            any_of(SCALAR, map_of(SCALAR)),
        ),
        "save": Key("the slot that takes response.json, or {slot: expression over response}, after a 2xx", SAVE),
        "on_status": Key(
            "where to go at a status: {404: target}; it comes before all else", map_of(TARGET, f"^{_STATUS.pattern}$")
        ),
        **KEYS,
        "timeout": Key("how long each attempt may take (the service's, else 10s)", DURATION),
    },
    read,
    enter=enter,
    result=result,
    meanwhile=lambda leg, http: leg.say(http.calling.meanwhile),
)
