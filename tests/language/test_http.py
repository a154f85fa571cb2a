"""`http`: what the page says of it, each ruling once, on flows as authors write them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow.samples import at, loading
from tests.turn.samples import Talk, begun

OTHER = "asides:\n  falta: [say: falta]\n  mal: [say: 'mal: {{ error }}']\n"
WAYS = "    save: x\n    on_status: {404: falta, 201: falta}\n    on_error: mal\n  - say: 'sigue {{ x }}'\n"


def request(steps: str) -> dict[str, Any]:
    """Return the request that the last of these steps makes."""
    return begun(steps).asked.request


def codes(step: str) -> list[str]:
    """Return what is wrong with a step."""
    found = loading(f"flow: f\nstart: {{words: [go]}}\nsteps:\n  - {step}\n")
    return [at(problem).partition(" ")[2] for problem in found.problems]


def asking(keys: str = WAYS) -> Talk:
    """Return a conversation that waits for a service."""
    return begun(f"  - http: POST agenda/citas\n{keys}", OTHER if "mal" in keys else "")


@pytest.mark.parametrize(
    ("step", "problems"),
    [
        ("http: GET agenda/citas", []),
        ("http: GET https://api.example.com/citas", []),
        ("http: GET nada/citas", ["unknown-service"]),
        ("http: GET http://api.example.com/citas", ["plain-http"]),
        ("http: GET https://ana:clave@api.example.com/citas", ["bad-request"]),
        ("{http: GET agenda, headers: {authorization: Bearer x}}", ["key-in-flow"]),
        ("{http: POST agenda, json: 1, form: {a: 1}}", ["two-bodies"]),
    ],
)
def test_whom(step: str, problems: list[str]) -> None:
    """A service of config.yaml or a public https address; nothing secret stands in a flow."""
    assert codes(step) == problems


def test_omit() -> None:
    """`omit` drops a key from `json`, `query`, `headers` and `form`."""
    keys = "{a: '{{ omit }}', b: '{{ 1 if nada else omit }}', c: 3}"
    steps = "  - set: {nada: }\n"
    assert request(f"{steps}  - {{http: POST agenda, json: {keys}}}\n")["json"] == {"c": 3}
    assert request(f"{steps}  - {{http: GET agenda, query: {keys}}}\n")["query"] == [["c", "3"]]
    assert request(f"{steps}  - {{http: GET agenda, headers: {keys}}}\n")["headers"] == {"c": "3"}
    assert request(f"{steps}  - {{http: POST agenda, form: {keys}}}\n")["form"] == [["c", "3"]]


def test_names_as_in_with() -> None:
    """A list of slots is each under its own name, as in `with`."""
    assert request("  - set: {a: 1, b: x}\n  - {http: GET agenda, query: [a, b]}\n")["query"] == [
        ["a", "1"],
        ["b", "x"],
    ]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (200, "sigue 7"),
        (204, "sigue 7"),
        (201, "falta"),
        (404, "falta"),
        (302, "mal: HTTP 302"),
        (500, "mal: HTTP 500"),
    ],
)
def test_ways(status: int, said: str) -> None:
    """`on_status` goes first, then a 2xx goes on, and all else goes to `on_error`."""
    found = asking()
    assert found.returns({"status": status, "headers": {}, "text": "7"}) == [said]


@pytest.mark.parametrize(("status", "kept"), [(200, {"x": 7}), (201, {"x": 7}), (404, {}), (500, {})])
def test_save_only_2xx(status: int, kept: dict[str, Any]) -> None:
    """Only a 2xx is saved, also where its status has a way of its own."""
    found = asking()
    found.returns({"status": status, "headers": {}, "text": "7"})
    assert {name: value for name, value in found.slots.items() if name == "x"} == kept


def test_error_flow() -> None:
    """Without `on_error` a refusal, or no answer, ends in the `error` flow."""
    assert asking("").returns({"status": 500, "headers": {}, "text": ""}) == ["error"]
    assert asking("").returns(error="no connection") == ["error"]


def test_said_before() -> None:
    """What was said before the call is in the leg that asks for it."""
    found = begun("  - say: Un segundo\n  - http: GET agenda\n  - say: listo\n")
    assert [send.message["text"] for send in found.sent] == ["Un segundo"]
    assert found.open
    assert found.returns({"status": 200, "headers": {}, "text": ""}) == ["listo"]


def test_key_of_each_visit() -> None:
    """Two passes over one step are two requests, each under a key of its own."""
    found = begun("  - set: {n: 0}\n  - {id: otra, http: POST agenda}\n  - {ask: q, save: r}\n  - goto: otra\n")
    first = found.asked.key
    found.returns({"status": 200, "headers": {}, "text": ""})
    found.say("sí")
    assert found.asked.key != first
