"""What a gateway lists: in which order it is taken, what is too old, where the mark stands, how it is asked for."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import Any

import orjson
import pytest

from botkit.errors import EvaluationError, IntakeError
from botkit.gateway.client import HttpGateway
from botkit.gateway.compose import compose
from botkit.gateway.inbound import ITEMS_LIMIT
from botkit.gateway.listing import BEFORE_S, LISTED_LIMIT, Listing, Mark
from botkit.gateway.poll import Asker
from botkit.gateway.problem import ProfileProblems
from botkit.gateway.profile import Profile
from botkit.gateway.ways_in import Poll
from botkit.testing.clock import FakeClock
from tests.gateway.captured import REAL

T0 = 1_790_000_000.0
NOW = T0 + 60
RULE = {"kind": "message", "when": "type == 'text'", "fields": {"id": "id", "contact": "from", "at": "at", "text": "t"}}
POLL: dict[str, Any] = {
    "request": {"path": "/inbox", "query": {"since": "{{ last.id }}", "max": 100}},
    "items": "data.messages",
    "rules": [RULE],
}


def channel(**changes: Any) -> dict[str, Any]:
    """Return a real channel that only asks, with keys of its poll changed."""
    kept = {key: value for key, value in REAL.items() if key != "webhook"}
    return {**kept, "inbound": {"poll": {**POLL, **changes}}}


def listing(**changes: Any) -> tuple[Listing, Mark]:
    """Return a channel's listing and a mark that has read one to its end."""
    made = Listing("wa", Poll.model_validate({**POLL, **changes}))
    return made, replace(made.mark(None, T0), is_new=False)


def item(name: str, at: float | None = None, kind: str = "text") -> dict[str, Any]:
    """Return an item as the gateway lists it."""
    return {"id": name, "type": kind, "from": "59171234567", "t": name} | ({} if at is None else {"at": at})


def body(*items: Any, **rest: Any) -> bytes:
    """Return an answer."""
    return orjson.dumps({"data": {"messages": list(items)}, **rest})


#: what is listed -> in which order it is taken, and which one the mark names
ORDERS: dict[str, tuple[list[dict[str, Any]], str, str | None]] = {
    "oldest first": ([item("a", T0), item("b", T0 + 1)], "ab", "b"),
    "newest first": ([item("c", T0 + 2), item("b", T0 + 1), item("a", T0)], "abc", "c"),
    "newest first, two of a second": ([item("c", T0 + 1), item("b", T0 + 1), item("a", T0)], "abc", "c"),
    "mixed": ([item("b", T0 + 1), item("a", T0), item("c", T0 + 2)], "abc", "c"),
    "without times": ([item("a"), item("b")], "ab", "b"),
    "some without": ([item("c", T0 + 2), item("b"), item("a", T0)], "abc", "c"),
    "nothing": ([], "", None),
}


@pytest.mark.parametrize("case", ORDERS)
def test_oldest_first(case: str) -> None:
    """People are answered in the order in which they wrote, however the gateway lists it."""
    items, order, last = ORDERS[case]
    made, mark = listing()
    listed = made.read(body(*items), mark, NOW)
    assert "".join(each.gateway_id for each in listed.arrivals) == order
    assert (listed.mark.id, listed.more) == (last, False)


def test_too_many_items() -> None:
    """An answer with more items than anybody's inbox has is refused before anything is made of them."""
    made, mark = listing()
    assert len(made.read(body(*[0] * LISTED_LIMIT), mark, NOW).arrivals) == ITEMS_LIMIT
    with pytest.raises(IntakeError, match="more than 20000 items"):
        made.read(body(*[0] * (LISTED_LIMIT + 1)), mark, NOW)


def test_too_much_that_no_rule_takes() -> None:
    """Among any number of such items everybody who wrote is heard; of the items a thousand are kept."""
    made, mark = listing()
    listed = made.read(body(item("a", T0), *[{"x": 1}] * (ITEMS_LIMIT + 2), item("b", T0 + 1)), mark, NOW)
    kinds = [each.kind for each in listed.arrivals]
    assert (kinds.count("message"), kinds.count("unknown"), listed.refused) == (2, ITEMS_LIMIT, 2)


def test_little_memory() -> None:
    """What is made of items is made when it is stored: thousands at once would take 8 KB each."""
    made, mark = listing()
    answer = body(*({"x": n} for n in range(ITEMS_LIMIT)))
    tracemalloc.start()
    listed = made.read(answer, mark, NOW)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(listed.arrivals) == ITEMS_LIMIT
    assert most / ITEMS_LIMIT < 2_000


def test_what_was_said_before_is_left_alone() -> None:
    """The first listing tells of old talks: only what was said since the bot first asked is answered, ever."""
    made, mark = listing()
    listed = made.read(
        body(item("old", T0 - BEFORE_S - 1), item("new", T0 - BEFORE_S + 1)), replace(mark, is_new=True), NOW
    )
    assert ([each.gateway_id for each in listed.arrivals], listed.old) == (["new"], 1)
    assert not made.read(body(item("old", T0 - BEFORE_S - 1)), listed.mark, NOW).arrivals


def test_a_first_listing_without_times_is_only_filed() -> None:
    """To its last page; nobody knows when it was said. What a later one adds is new."""
    made, mark = listing(more="more")
    new = replace(mark, is_new=True)
    first = made.read(body(item("a"), more=True), new, NOW)
    second = made.read(body(item("b"), more=False), first.mark, NOW)
    third = made.read(body(item("c"), more=False), second.mark, NOW)
    assert [each.arrivals[0].turn for each in (first, second, third)] == [False, False, True]
    assert (first.more, second.more) == (True, False)


def test_the_same_item_is_the_same_event() -> None:
    """What is listed again has the identity that it had, without an id and unknown things too; others have another."""
    made, mark = listing()
    items = [item("", T0), item("", None), {"type": "poll_vote", "n": 1}, {"type": "poll_vote", "n": 2}]
    once, again = (made.read(body(*items), mark, NOW).arrivals for _ in range(2))
    assert [(each.gateway_id, each.unique_for_s) for each in once] == [
        (each.gateway_id, each.unique_for_s) for each in again
    ]
    assert len({each.gateway_id for each in once}) == 4
    assert min(each.unique_for_s for each in once) > 86_400


@pytest.mark.parametrize(
    ("answer", "cursor"),
    [({"next": "abc"}, "abc"), ({"next": 7}, 7), ({"next": None}, "old"), ({}, "old"), ({"next": ["x"]}, "old")],
)
def test_the_gateways_own_mark(answer: dict[str, Any], cursor: Any) -> None:
    """Where an answer names none, the last page's still counts."""
    made, mark = listing(cursor="next")
    assert made.read(body(**answer), replace(mark, cursor="old"), NOW).mark.cursor == cursor


@pytest.mark.parametrize(
    ("shown", "cursor"),
    [(r'"a\u0000\ud800b"', "a\ufffdb"), ("9" * 30, "9" * 30), (str(2**63), str(2**63)), (r'"\u0000"', "old")],
)
def test_a_mark_that_json_cannot_keep(shown: str, cursor: str) -> None:
    """Half a character, a NUL and an integer past 64 bits are made what can be kept and asked with."""
    made, mark = listing(cursor="next")
    moved = made.read(
        b'{"data": {"messages": []}, "next": ' + shown.encode() + b"}", replace(mark, cursor="old"), NOW
    ).mark
    assert moved.cursor == cursor
    assert made.mark(moved.dump(), NOW) == moved


def test_the_mark_never_moves_back() -> None:
    """A listing that repeats what is older leaves it where it stands."""
    made, mark = listing()
    mark = made.read(body(item("b", T0 + 5)), mark, NOW).mark
    assert made.read(body(item("a", T0 + 1)), mark, NOW).mark == mark


def test_a_mark_in_the_future_would_hide_what_comes() -> None:
    """A time that cannot be is answered and not kept."""
    made, mark = listing()
    listed = made.read(body(item("a", T0), item("b", T0 + 1e9)), mark, NOW)
    assert (len(listed.arrivals), listed.mark.id, listed.mark.at) == (2, "a", T0)


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b'{"data": {"messages": null}}', b'{"data": {"messages": {}}}'])
def test_what_is_no_listing(answer: bytes) -> None:
    """An answer without the list is a failure and not an empty one: a bot that hears nobody must be noticed."""
    made, mark = listing()
    with pytest.raises(IntakeError):
        made.read(answer, mark, NOW)


def test_a_mark_is_kept_and_found_again() -> None:
    """As JSON; where the request changes, what it said of how far is forgotten, not when the bot first asked."""
    made, mark = listing(cursor="next")
    moved = made.read(body(item("a", T0), next="n"), mark, NOW).mark
    assert made.mark(moved.dump(), T0 + 99) == moved
    other = Listing("wa", Poll.model_validate({**POLL, "request": {"path": "/other"}})).mark(moved.dump(), T0 + 99)
    assert (other.began, other.is_new, other.id, other.at, other.cursor) == (T0, False, None, None, None)


def asker(**request: Any) -> Asker:
    """Return what asks with a request."""
    profile: Profile = compose(channel(request={"path": "/inbox", **request}))
    assert profile.poll is not None
    return Asker(profile.poll.request, HttpGateway(profile, FakeClock()))


MARK = Mark("of", T0, False, "m/1", T0 + 1.5, "c d")


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"since": "{{ last.id }}"}, "/inbox?since=m%2F1"),
        ({"since": "{{ last.at }}"}, "/inbox?since=1790000001"),
        ({"since": "{{ last.at - 60 }}"}, "/inbox?since=1789999941"),
        ({"since": "{{ last.at_ms }}"}, "/inbox?since=1790000001500"),
        ({"since": "{{ last.at_iso }}"}, "/inbox?since=2026-09-21T14%3A13%3A21Z"),
        ({"c": "{{ cursor }}", "n": 5}, "/inbox?c=c+d&n=5"),
        ({"to": "{{ now }}", "raw": True}, "/inbox?to=1790000010&raw=true"),
        ({"x": "{{ omit }}", "y": ""}, "/inbox"),
        ({"kind": ["a", "b"]}, "/inbox?kind=a&kind=b"),
    ],
)
def test_the_request(query: dict[str, Any], path: str) -> None:
    """A query is filled in with how far the listing was read."""
    wire = asker(query=query).render(MARK, T0 + 10)
    assert (wire.method, wire.path, wire.body) == ("GET", path, b"")


def test_the_first_request() -> None:
    """What has no value yet is left out; time begins when the bot first asked."""
    query = {"id": "{{ last.id }}", "at": "{{ last.at - 60 }}", "c": "{{ cursor }}", "n": 9}
    assert asker(query=query).render(Mark("of", T0), T0 + 99).path == "/inbox?at=1789999940&n=9"


def test_a_request_with_a_body() -> None:
    """A POST asks in JSON."""
    wire = asker(method="POST", body={"after": "{{ last.id }}", "n": "{{ cursor or omit }}"}).render(Mark("", T0), T0)
    assert (wire.method, wire.path, orjson.loads(wire.body)) == ("POST", "/inbox", {"after": None})


def test_a_query_of_groups_cannot_be_written() -> None:
    """It is found when it is asked."""
    with pytest.raises(EvaluationError):
        asker(query={"filter": {"a": 1}}).render(MARK, T0)


def test_a_channel_may_only_ask() -> None:
    """Then it needs no webhook; nor does having one keep it from asking."""
    assert compose(channel()).webhook is None
    both = compose({**REAL, "inbound": {"poll": POLL}})
    assert (both.webhook is None, both.poll is None) == (False, False)


#: what of the poll is changed -> where the problem is, what is said in English, and in Spanish
WRONG: dict[str, tuple[dict[str, Any], tuple[Any, ...], str, str]] = {
    "a misspelt name": (
        {"request": {"path": "/x", "query": {"since": "{{ last.ide }}"}}},
        ("request", "query", "since"),
        "'last.ide' is no value that can stand here",
        "'last.ide' no es un valor",
    ),
    "an unknown name": (
        {"request": {"path": "/x", "query": {"n": ["{{ cursr }}"]}}},
        ("request", "query", "n", 0),
        "'cursr' is no value that can stand here",
        "'cursr' no es un valor",
    ),
    "a body with GET": ({"request": {"path": "/x", "body": {}}}, ("request", "body"), "has no body", "no lleva cuerpo"),
    "no path": ({"request": {}}, ("request", "path"), "is missing", "falta"),
    "no id": (
        {"rules": [RULE, {**RULE, "fields": {"contact": "from"}}]},
        ("rules", 1, "fields"),
        "'id' is missing",
        "falta 'id'",
    ),
    "an echo without a time": (
        {"rules": [{"kind": "echo", "fields": {"id": "id", "contact": "to"}}]},
        ("rules", 0, "fields"),
        "'at' is missing",
        "falta 'at'",
    ),
    "too often": (
        {"every": "3s"},
        ("every",),
        "this costs 20 of the key's 30 requests",
        "esto cuesta 20 de los 30 pedidos",
    ),
    "no time": ({"every": "0.1s"}, ("every",), "greater than or equal to 1", "debe ser 1 o más"),
    "a bad path": ({"items": "["}, ("items",), "", "no se entiende"),
    "a misspelt key": ({"evry": "3s"}, ("evry",), "there is no key 'evry'", "aquí no hay una clave"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_has_its_place(case: str) -> None:
    """All of it is found when a channel is composed, which `botkit check` does."""
    changes, place, english, spanish = WRONG[case]
    with pytest.raises(ProfileProblems) as found:
        compose(channel(**changes))
    (problem,) = found.value.problems
    assert problem.path == ("inbound", "poll", *place)
    assert english in problem.message
    assert spanish in problem.es
    assert (problem.hint == "") == (problem.hint_es == "")


def test_the_sandbox_can_be_asked() -> None:
    """Its dialect is built in; a channel that names the one way in has not the other."""
    asks = compose({"base_url": "sandbox", "inbound": {"poll": {}}})
    hears = compose({"base_url": "sandbox"})
    both = compose({"base_url": "sandbox", "inbound": {"poll": {}}, "webhook": {}})
    ways = [(each.poll is not None, each.webhook is not None) for each in (asks, hears, both)]
    assert ways == [(True, False), (False, True), (True, True)]
